/**
 * When a direction did not flow.
 *
 *   flowing --edge--> anything else   the outage starts with the last flowing frame
 *   anything --edge--> flowing        it ends with the first
 *   the process ended                 the outage is cut: its end will never be known
 *
 * What never flowed cannot have stopped: an outage starts from `flowing` only.
 */
import { type DeviceTime, deviceTime } from '../time/time.ts';
import type { Claimed, Edge, End, Evidence, FactStore, Facts } from './facts.ts';
import { BLINK, HANG_UP_STOPS_WITHIN, SHORTEST_OUTAGE } from './limits.ts';

export interface Down {
  readonly start: DeviceTime;
  readonly startError: number;
  readonly startEvidence: Evidence;
  readonly end?: DeviceTime;
  readonly endError: number;
  readonly endEvidence?: Evidence;
  /** The process or the call ended during it. */
  readonly cutAt?: DeviceTime;
}

/** Outages of one flow, in order. `excused`: edges that look like an end of flow and are none. */
export function downsOf(edges: Facts<Edge>, ends: Facts<End>, excused?: (edge: Edge) => boolean): readonly Down[] {
  const downs: Down[] = [];
  const cuts = cutsOf(ends);
  let open: Pick<Down, 'start' | 'startError' | 'startEvidence'> | undefined;
  let flowed = false;
  let next = 0;
  const cutBefore = (at: number) => {
    for (let cutAt = cuts[next]; cutAt !== undefined && cutAt < at; cutAt = cuts[++next]) {
      if (open !== undefined) downs.push({ ...open, endError: 0, cutAt });
      open = undefined;
      flowed = false;
    }
  };
  for (const edge of edges.all) {
    cutBefore(edge.at);
    if (edge.to === 'flowing' || excused?.(edge) === true) {
      if (open !== undefined) downs.push({ ...open, end: edge.at, endError: edge.error, endEvidence: edge.evidence });
      open = undefined;
      flowed = true;
    } else if (flowed && open === undefined) {
      open = { start: edge.at, startError: edge.error, startEvidence: edge.evidence };
    }
  }
  cutBefore(Number.POSITIVE_INFINITY);
  if (open !== undefined) downs.push({ ...open, endError: 0 });
  return downs;
}

/** A call that is hung up does not stop flowing: it is over, and so is what its process told when that ended. */
const cutsOf = (ends: Facts<End>): readonly DeviceTime[] =>
  ends.all
    .map((end) => (end.kind === 'cut' ? end.at : deviceTime(end.at - HANG_UP_STOPS_WITHIN)))
    .toSorted((a, b) => a - b);

/** Several flows that must all flow: their outages as one list. Parts with only a blink of sound between them are one. */
function joined(lists: readonly (readonly Down[])[]): readonly Down[] {
  const merged: Down[] = [];
  for (const down of lists.flat().toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || down.start > endOf(last) + (last.end === undefined ? 0 : BLINK)) merged.push(down);
    else if (endOf(down) > endOf(last)) {
      const { start, startError, startEvidence } = last;
      merged[merged.length - 1] = { ...down, start, startError, startEvidence };
    }
  }
  return merged.filter((down) => endOf(down) - down.start >= SHORTEST_OUTAGE);
}

export const isOpen = (down: Down): boolean => down.end === undefined && down.cutAt === undefined;
/** When it ended or was cut; Infinity while it goes on. */
export const endOf = (down: Down): number => down.end ?? down.cutAt ?? Number.POSITIVE_INFINITY;

const holds = (claims: Facts<Claimed>, at: number): boolean => claims.before(at)?.value === true;

export interface Outages {
  /** The agent cannot hear the user: frames into the encoder. */
  readonly tx: readonly Down[];
  /** The user cannot hear the agent: decoded and played, both. */
  readonly rx: readonly Down[];
  readonly capture: readonly Down[];
  readonly render: readonly Down[];
  readonly farEnd: readonly Down[];
  /** Directions the probe has measured at all. */
  readonly measured: { readonly tx: boolean; readonly rx: boolean };
}

/**
 * `muting`: a mute somebody told as a cause is an outage; otherwise silence the user asked for is not.
 */
export function outagesOf(facts: FactStore, muting: boolean): Outages {
  const { flows, ends } = facts;
  const asked = (edge: Edge) => !muting && edge.to === 'zeros' && holds(facts.muted, edge.at + BLINK);
  // Silence that was decoded and played is what the agent sent; a decoder without frames is at rest when the agent is.
  const silence = (edge: Edge) => edge.to === 'zeros' || (edge.to === 'stopped' && holds(facts.idle, edge.at + BLINK));
  const sentSilence = (edge: Edge) => edge.to === 'zeros' && flows.rx.before(edge.at + BLINK)?.to === 'zeros';
  const one = (edges: Facts<Edge>, excused?: (edge: Edge) => boolean) => downsOf(edges, ends, excused);
  const capture = one(flows.capture);
  const render = one(flows.render, sentSilence);
  const sent = flows.tx.all.length > 0 ? one(flows.tx, asked) : capture;
  return {
    tx: joined([sent]),
    rx: joined([one(flows.rx, silence), render]),
    capture: joined([capture]),
    render: joined([render]),
    farEnd: joined([one(flows.farEnd)]),
    measured: {
      tx: flows.tx.all.length + flows.capture.all.length > 0,
      rx: flows.rx.all.length + flows.render.all.length > 0,
    },
  };
}
