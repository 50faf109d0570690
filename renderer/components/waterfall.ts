/** Geometry of the waterfall: bars from the previous milestone in time, outages on the same scale. Pure. */
import type { Incident, Milestone, Outage } from '../../shared/recovery/incident.ts';
import { phasesOf } from '../../shared/recovery/phases.ts';

export interface WaterfallBar {
  readonly milestone: Milestone;
  /** Parts of the whole width, 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** Microseconds since the milestone before; the first has none before it. */
  readonly took: number | undefined;
  /** It lies to the right of what is shown. */
  readonly beyond: boolean;
  /** Microseconds since the start that recovery is counted from; negative before it. */
  readonly sinceStart: number;
}
export interface OutageBar {
  readonly from: number;
  /** Certain dead air ends here. */
  readonly to: number;
  /** On path loss: it may have lasted until here. */
  readonly latest?: number;
  /** Not over when the incident closed, or not yet. */
  readonly open: boolean;
}
export interface Waterfall {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly bars: readonly WaterfallBar[];
  readonly tx: OutageBar | undefined;
  readonly rx: OutageBar | undefined;
}

/** Whole: from the first sign on. Recovery: from when it is counted; what lies before is cut off at the left edge. */
export type Scope = 'whole' | 'recovery';
/** How much of what led up to the start is still shown in the recovery scope, as a part of it. */
const LEAD_IN = 0.06;

/** `now`: where an unfinished incident ends for the time being. */
export function waterfallOf(incident: Incident, now: number, scope: Scope): Waterfall {
  const end = incident.endedAt ?? Math.max(now, incident.beganAt);
  const outages = [incident.outageTx, incident.outageRx].filter((outage) => outage !== undefined);
  const instants = [
    ...incident.milestones.map((milestone) => milestone.at as number),
    ...outages.flatMap((outage) => [outage.start as number, lastOf(outage, end)]),
  ];
  const first = Math.min(incident.beganAt, ...instants);
  // An incident ends only after both ways have flowed for a while: nothing happens there that is worth the width.
  const over = incident.endedAt !== undefined && incident.milestones.length > 0;
  const last = Math.max(incident.beganAt + 1, ...(over ? [] : [end]), ...instants);
  const to = scope === 'whole' ? last : Math.min(last, recoveredAt(incident, last));
  const from = scope === 'whole' ? first : Math.max(first, incident.start.at - (to - incident.start.at) * LEAD_IN);
  const part = (time: number): number => Math.min(1, Math.max(0, (time - from) / (to - from)));
  const phases = phasesOf(incident);
  const bars = incident.milestones.map((milestone, index): WaterfallBar => {
    // The first milestone has none before it: its bar begins where the picture does.
    const phase = phases[index - 1];
    return {
      milestone,
      from: part(phase?.from ?? first),
      to: part(milestone.at),
      took: phase === undefined ? undefined : phase.to - phase.from,
      beyond: milestone.at > to,
      sinceStart: milestone.at - incident.start.at,
    };
  });
  const outageBar = (outage: Outage | undefined): OutageBar | undefined => {
    if (outage === undefined) return undefined;
    const sure = outage.interval === undefined ? (outage.end ?? end) : outage.start + outage.interval.earliest;
    return {
      from: part(outage.start),
      to: part(sure),
      ...(outage.interval === undefined ? {} : { latest: part(outage.start + outage.interval.latest) }),
      open: outage.end === undefined && outage.interval === undefined,
    };
  };
  return {
    from,
    to,
    start: part(incident.start.at),
    bars,
    tx: outageBar(incident.outageTx),
    rx: outageBar(incident.outageRx),
  };
}

/** Late proofs (path, jitter buffer) may follow seconds later: what is looked at ends a little after both ways flow. */
const ROOM_AFTER = 1.3;
function recoveredAt(incident: Incident, otherwise: number): number {
  const flowing = incident.milestones.filter(({ name }) => name === 'txFlowing' || name === 'rxFlowing');
  const back = Math.max(...flowing.map(({ at }) => at as number));
  const start = incident.start.at;
  return back > start ? start + (back - start) * ROOM_AFTER : otherwise;
}

const lastOf = (outage: Outage, end: number): number =>
  outage.interval === undefined ? (outage.end ?? end) : outage.start + outage.interval.latest;
