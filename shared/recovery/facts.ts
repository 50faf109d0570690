/**
 * What the reducer remembers of the entries: facts by sort, each in order of the device's time (not of arrival), so that a late
 * edge changes nothing but its own place. Only facts on the probe's clock are here.
 */
import type { DeviceTime } from '../time/time.ts';
import type { Cause, Fidelity, Flow } from '../wire/values.ts';
import { MAX_FACTS } from './limits.ts';

export interface Evidence {
  readonly deviceId: string;
  readonly seq: number;
}
export interface Timed {
  readonly at: DeviceTime;
}
type Proven = Timed & { readonly evidence: Evidence };

export type Edge = Proven & { readonly to: Flow; readonly error: number };
export type CauseBegan = Proven & {
  readonly key: string;
  readonly cause: Cause;
  readonly title: string;
  readonly fidelity: Fidelity;
};
export type CauseCleared = Proven & { readonly key: string; readonly how: string };
/** Something the phone itself saw that may be the beginning of an incident nobody told. */
export type Sign = Proven & {
  readonly kind: 'interruption' | 'hold' | 'route' | 'stop' | 'media';
  readonly cause: Cause;
  readonly title: string;
  /** When it is gone by its nature; absent: when the system says so. */
  readonly clearsAt?: DeviceTime;
};
export type UserAction = Proven & { readonly action: string };
export type Proof = Proven & { readonly via: 'stun' | 'rtcp'; readonly roundTrip: number };
export type Unanswered = Proven & { readonly lastSentAt: DeviceTime };
export type SessionChange = Proven & { readonly active: boolean };
export type UnitChange = Proven & { readonly started: boolean };
/** Mean stay in the jitter buffer between two readings, seconds a sample. */
export type BufferDelay = Timed & { readonly since: DeviceTime; readonly delay: number };
/** The call or its telemetry ended. */
export type End = Timed & { readonly kind: 'hangUp' | 'terminated' | 'cut' };
export type Hold = Proven & { readonly held: boolean };
export type Claimed = Timed & { readonly value: boolean };
export type Path = Timed & { readonly blackhole: 'none' | 'uplink' | 'downlink' | 'both'; readonly rebinds: number };
export type Run = Timed & {
  readonly ended: boolean;
  readonly runId: string;
  readonly scenario: string;
  readonly policy: string;
  readonly os: string;
};

/** Facts of one sort in order of time; equal times stay in order of arrival. */
export class Facts<T extends Timed> {
  #all: T[] = [];

  get all(): readonly T[] {
    return this.#all;
  }
  add(fact: T): void {
    let index = this.#all.length;
    while (index > 0 && (this.#all[index - 1]?.at ?? 0) > fact.at) index -= 1;
    if (index === this.#all.length) this.#all.push(fact);
    else this.#all.splice(index, 0, fact);
    if (this.#all.length > MAX_FACTS) this.#all = this.#all.slice(MAX_FACTS / 4);
  }
  /** Forgets what lies before `at`, but for the newest `keep` of it. */
  forgetBefore(at: number, keep: number): void {
    let index = 0;
    while (index < this.#all.length && (this.#all[index]?.at ?? at) < at) index += 1;
    const drop = index - keep;
    if (drop > 0) this.#all = this.#all.slice(drop);
  }
  /** The newest at or before `at`. */
  before(at: number): T | undefined {
    return this.#all.findLast((fact) => fact.at <= at);
  }
}

export const FLOWS = ['tx', 'rx', 'capture', 'render', 'farEnd'] as const;
export type FlowName = (typeof FLOWS)[number];

export class FactStore {
  readonly flows: Readonly<Record<FlowName, Facts<Edge>>> = {
    tx: new Facts(),
    rx: new Facts(),
    capture: new Facts(),
    render: new Facts(),
    farEnd: new Facts(),
  };
  readonly began = new Facts<CauseBegan>();
  readonly cleared = new Facts<CauseCleared>();
  readonly signs = new Facts<Sign>();
  readonly said = new Facts<Proven>();
  readonly users = new Facts<UserAction>();
  readonly proofs = new Facts<Proof>();
  readonly unanswered = new Facts<Unanswered>();
  readonly session = new Facts<SessionChange>();
  readonly unit = new Facts<UnitChange>();
  readonly buffer = new Facts<BufferDelay>();
  readonly ends = new Facts<End>();
  readonly holds = new Facts<Hold>();
  /** The call beside ours ended. */
  readonly otherCallEnds = new Facts<Timed>();
  readonly muted = new Facts<Claimed>();
  readonly idle = new Facts<Claimed>();
  readonly path = new Facts<Path>();
  readonly runs = new Facts<Run>();

  forgetBefore(at: number): void {
    const { flows, buffer, ...others } = this;
    // Two edges tell what flowed and since when; thirty readings make a median.
    for (const name of FLOWS) flows[name].forgetBefore(at, 4);
    buffer.forgetBefore(at, 30);
    for (const facts of Object.values(others)) facts.forgetBefore(at, 4);
  }
}
