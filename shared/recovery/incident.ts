/**
 * An incident: one cause with all that followed until two-way audio is back, or not.
 *
 *   start            = causeCleared, else systemSaid, else causeBegan     (the number keeps which: `from`)
 *   recoveryTx       = txFlowing - start, recoveryRx likewise
 *   recoveryLatency  = max of both, or a value of its own: never | byUser | unfinished | notAffected
 *   deadAir          = length of the outage: last flowing frame to the next
 *
 * All instants are on the probe's own clock. Far-end figures are columns of their own and never added in.
 */
import type { DeviceTime, Micros } from '../time/time.ts';
import type { Cause, Fidelity } from '../wire/values.ts';

export const MILESTONES = [
  'causeBegan',
  'causeCleared',
  'systemSaid',
  'sessionActive',
  'unitRunning',
  'captureFlowing',
  'renderFlowing',
  'transportProven',
  'txFlowing',
  'rxFlowing',
  'rxOnTime',
  'farEndHears',
] as const;
export type MilestoneName = (typeof MILESTONES)[number];

export interface Milestone {
  readonly name: MilestoneName;
  readonly at: DeviceTime;
  /** Error bound, either way. */
  readonly error: Micros;
  /** Whose clock: the probe's own, or another device's (then `error` includes the offset's uncertainty). */
  readonly clock: 'own' | 'other';
  /** The event that proves it. */
  readonly evidence: { readonly deviceId: string; readonly seq: number };
}

/** An outage known exactly, up to `error`. `end` absent: not back when the incident closed, or not yet. */
export interface Outage {
  readonly start: DeviceTime;
  readonly end?: DeviceTime;
  readonly error: Micros;
  /** On path loss the phone cannot time its uplink: dead air is only known to lie between these. */
  readonly interval?: { readonly earliest: Micros; readonly latest: Micros };
}

export type Recovery =
  | { readonly kind: 'after'; readonly micros: Micros }
  /** Back only because the user acted; `micros` counts from that action. */
  | { readonly kind: 'byUser'; readonly action: string; readonly micros: Micros }
  | { readonly kind: 'never' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'notAffected' };

export type IncidentState = 'open' | 'held' | 'recovered' | 'notRecovered' | 'notAffected' | 'unfinished';

export interface Incident {
  readonly id: string;
  readonly benchId: string;
  readonly deviceId: string;
  readonly cause: Cause;
  /** In words: `Phone call rings`. */
  readonly title: string;
  /** `observed` when nobody injected it. */
  readonly origin: 'injected' | 'observed';
  readonly fidelity: Fidelity;
  readonly runId?: string;
  readonly scenario?: string;
  /** What the app does about incidents, and the phone's OS version: statistics are never pooled over them. */
  readonly policy?: string;
  readonly os?: string;
  /** How its cause went, in the words of whoever told: `declined`. */
  readonly clearedHow?: string;
  readonly state: IncidentState;
  readonly beganAt: DeviceTime;
  readonly endedAt?: DeviceTime;
  /** In order of time. */
  readonly milestones: readonly Milestone[];
  readonly start: { readonly at: DeviceTime; readonly from: 'causeCleared' | 'systemSaid' | 'causeBegan' };
  readonly outageTx?: Outage;
  readonly outageRx?: Outage;
  readonly deadAirTx?: Micros;
  readonly deadAirRx?: Micros;
  readonly recoveryTx: Recovery;
  readonly recoveryRx: Recovery;
  readonly recoveryLatency: Recovery;
  /** The far end's own figure of what it did not hear. */
  readonly heardGap?: Micros;
}

/** A bar of the waterfall: from the previous milestone in time to this one. */
export interface Phase {
  readonly milestone: MilestoneName;
  readonly from: DeviceTime;
  readonly to: DeviceTime;
}
