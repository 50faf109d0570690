/**
 * One incident's course: is it over, how, and when were both directions back. Only facts up to `until` count, which is the
 * beginning of the next incident, the end of the call or the newest instant known.
 */
import { type DeviceTime, deviceTime } from '../time/time.ts';
import type { CauseBegan, CauseCleared, End, Evidence, FactStore, Hold, Sign } from './facts.ts';
import type { IncidentState } from './incident.ts';
import { GIVE_UP_AFTER, LONGEST_OPEN, OUTAGE_MAY_PRECEDE, SETTLE, STUTTER } from './limits.ts';
import { type Down, endOf, type Outages } from './outages.ts';

export type Opener =
  | { readonly kind: 'told'; readonly at: DeviceTime; readonly evidence: Evidence; readonly told: CauseBegan }
  | { readonly kind: 'sign'; readonly at: DeviceTime; readonly evidence: Evidence; readonly sign: Sign }
  | { readonly kind: 'outage'; readonly at: DeviceTime; readonly evidence: Evidence };

export interface Course {
  readonly state: IncidentState;
  readonly beganAt: DeviceTime;
  /** When the last cause was gone, if somebody told. */
  readonly cleared?: CauseCleared;
  /** From here on the app could recover: cleared, or what the phone itself can tell. */
  readonly free?: DeviceTime;
  /** Both directions flow (and did so for SETTLE, or until the next cause). */
  readonly back?: DeviceTime;
  /** When it counts as over. */
  readonly over?: DeviceTime;
  /** Outages that belong to it. */
  readonly tx: readonly Down[];
  readonly rx: readonly Down[];
  /** Facts later than this are not its own. */
  readonly until: DeviceTime;
}

export interface Limits {
  /** The next cause began; audio that flows then is taken as recovered. */
  readonly next?: DeviceTime;
  readonly now: DeviceTime;
  /** Where the incident before was over. */
  readonly after: number;
  /** Nothing more will come. */
  readonly dataEnded: boolean;
}

const clearedOf = (facts: FactStore, key: string, from: number, until: number): CauseCleared | undefined =>
  facts.cleared.all.find((one) => one.key === key && one.at >= from && one.at <= until);

export function courseOf(openers: readonly Opener[], facts: FactStore, outages: Outages, limits: Limits): Course {
  const beganAt = deviceTime(openers.reduce((least, one) => Math.min(least, one.at), Number.POSITIVE_INFINITY));
  const horizon = Math.min(limits.next ?? Number.POSITIVE_INFINITY, limits.now);
  const end = facts.ends.all.find((one) => one.at >= beganAt && one.at <= horizon && one.at > limits.after);
  const until = deviceTime(Math.min(horizon, end?.at ?? Number.POSITIVE_INFINITY));
  const cleared = lastCleared(openers, facts, until);
  const free = openers.some((one) => one.kind === 'told') ? cleared?.at : freedAt(openers, facts, until);
  const within = (down: Down) => endOf(down) > beganAt && down.start < until;
  const own = (downs: readonly Down[], last: number) => downs.filter((down) => within(down) && down.start < last);
  const common = { beganAt, ...(cleared === undefined ? {} : { cleared }), ...(free === undefined ? {} : { free }) };
  // A mute cannot touch what the user hears: a gap there is somebody else's.
  const heard = openers.every((one) => one.kind === 'told' && one.told.cause === 'mute') ? [] : outages.rx;
  const all = [...own(outages.tx, until), ...own(heard, until)];

  const back = free === undefined ? undefined : backAt(all, Math.max(free, beganAt), until);
  const settledAt = back === undefined ? undefined : back + SETTLE;
  const cutShort = limits.next !== undefined && until === limits.next;
  if (back !== undefined && settledAt !== undefined && (settledAt <= until || cutShort)) {
    const over = deviceTime(Math.min(settledAt, cutShort ? until - 1 : settledAt));
    const tx = own(outages.tx, back);
    const rx = own(heard, back);
    const state = tx.length + rx.length === 0 ? 'notAffected' : 'recovered';
    return { ...common, state, back: deviceTime(back), over, tx, rx, until };
  }
  const tx = own(outages.tx, until);
  const rx = own(heard, until);
  const open = { ...common, tx, rx, until, ...(back === undefined ? {} : { back: deviceTime(back) }) };

  const held = heldAt(facts, until, beganAt);
  if (free !== undefined && back === undefined && held?.held !== true) {
    // A call taken off hold has its time from then on; one kept on hold waits for the user, however long.
    const from = Math.max(free, beganAt, held?.at ?? 0);
    if (until >= from + GIVE_UP_AFTER) {
      const over = deviceTime(from + GIVE_UP_AFTER);
      const asOf = (downs: readonly Down[]) =>
        downs.filter((down) => down.start < over).map((down) => openAt(down, over));
      return { ...open, tx: asOf(tx), rx: asOf(rx), state: 'notRecovered', over, until: over };
    }
  }
  // What was given up before the call or the data ended stays given up.
  if (end !== undefined) return { ...open, state: endedBy(end, open.tx, open.rx, back), over: until };
  if (until >= beganAt + LONGEST_OPEN) return { ...open, state: 'unfinished', over: until };
  if (limits.dataEnded) return { ...open, state: 'unfinished' };
  const waits = free !== undefined && back === undefined && held?.held === true;
  return { ...open, state: waits ? 'held' : 'open' };
}

/** The last of all told causes to be cleared; undefined while one is in force, or when none was told. */
function lastCleared(openers: readonly Opener[], facts: FactStore, until: number): CauseCleared | undefined {
  let last: CauseCleared | undefined;
  for (const opener of openers) {
    if (opener.kind !== 'told') continue;
    const cleared = clearedOf(facts, opener.told.key, opener.at, until);
    if (cleared === undefined) return undefined;
    if (last === undefined || cleared.at > last.at) last = cleared;
  }
  return last;
}

/** When nobody told: each sign goes by its nature, or when the system says so. */
function freedAt(openers: readonly Opener[], facts: FactStore, until: number): DeviceTime | undefined {
  let last: DeviceTime | undefined;
  for (const opener of openers) {
    const at = opener.kind === 'sign' ? (opener.sign.clearsAt ?? saidAfter(facts, opener.sign, until)) : opener.at;
    if (at === undefined) return undefined;
    if (last === undefined || at > last) last = at;
  }
  return last;
}
function saidAfter(facts: FactStore, sign: Sign, until: number): DeviceTime | undefined {
  const over =
    sign.kind === 'hold' ? facts.otherCallEnds.all.find((one) => one.at > sign.at && one.at <= until) : undefined;
  if (over !== undefined) return over.at;
  const said = facts.said.all.find((one) => one.at > sign.at && one.at <= until);
  const unheld = facts.holds.all.find((one) => !one.held && one.at > sign.at && one.at <= until);
  if (said === undefined || unheld === undefined) return (said ?? unheld)?.at;
  return deviceTime(Math.min(said.at, unheld.at));
}

/**
 * The earliest instant from `from` on at which both flow and go on flowing for SETTLE, stutters aside; undefined when one is
 * down at `until`.
 */
function backAt(downs: readonly Down[], from: number, until: number): number | undefined {
  let at = from;
  for (const down of downs.toSorted((a, b) => a.start - b.start)) {
    if (endOf(down) <= at) continue;
    if (down.start >= at + SETTLE) break;
    if (down.end === undefined || down.end > until) return undefined;
    if (down.start > at && down.end - down.start < STUTTER) continue;
    at = Math.max(at, down.end);
  }
  return at <= until ? at : undefined;
}

/** What is known at `at`: an outage that ends later goes on. */
function openAt(down: Down, at: number): Down {
  if (down.end === undefined || down.end <= at) return down;
  const { start, startError, startEvidence } = down;
  return { start, startError, startEvidence, endError: 0 };
}

function endedBy(end: End, tx: readonly Down[], rx: readonly Down[], back: number | undefined): IncidentState {
  if (tx.length + rx.length === 0) return end.kind === 'cut' ? 'unfinished' : 'notAffected';
  if (back !== undefined) return 'recovered';
  return end.kind === 'cut' ? 'unfinished' : 'notRecovered';
}

/** The newest hold or unhold of our call since the incident began, or the hold that is the incident. */
function heldAt(facts: FactStore, until: number, beganAt: number): Hold | undefined {
  const newest = facts.holds.before(until);
  return newest === undefined || newest.at < beganAt - OUTAGE_MAY_PRECEDE ? undefined : newest;
}
