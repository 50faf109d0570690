/** From an incident's course to what is shown of it: milestones, outages and the recovery figures. */
import { after, between, type DeviceTime, deviceTime, type Micros, micros } from '../time/time.ts';
import type { Fidelity } from '../wire/values.ts';
import type { Evidence, FactStore, Timed, UserAction } from './facts.ts';
import type { Incident, Milestone, MilestoneName, Outage, Recovery } from './incident.ts';
import { MILESTONES } from './incident.ts';
import type { Course, Opener } from './judge.ts';
import { LATE_MILESTONES_WITHIN, OUTAGE_MAY_PRECEDE, READ_LATE_BY, RECOVERY_UNDER_WAY, SAME_ACT } from './limits.ts';
import { type Down, endOf, type Outages } from './outages.ts';
import { type PathLoss, pathEvidence, pathLossOf } from './path.ts';

export interface Surroundings {
  readonly benchId: string;
  readonly deviceId: string;
  readonly policy: string | undefined;
  readonly os: string | undefined;
  readonly observedFidelity: Fidelity;
}

const length = (down: Down): number => endOf(down) - down.start;
/** The outage that counts: one that is not over, else the longest. */
const chief = (downs: readonly Down[]): Down | undefined =>
  downs.find((down) => down.end === undefined) ??
  downs.reduce<Down | undefined>(
    (best, down) => (best === undefined || length(down) > length(best) ? down : best),
    undefined,
  );

export function buildIncident(
  openers: readonly Opener[],
  course: Course,
  facts: FactStore,
  outages: Outages,
  around: Surroundings,
): Incident {
  const tx = chief(course.tx);
  const rx = chief(course.rx);
  const named = nameOf(openers, tx, rx);
  const path = pathOf(named.cause, openers, course, facts, rx);
  const milestones = new MilestoneList();
  const causeBegan = named.opener;
  milestones.add('causeBegan', causeBegan.at, causeBegan.evidence);
  if (course.cleared !== undefined) milestones.add('causeCleared', course.cleared.at, course.cleared.evidence);
  const stop = Math.min(tx?.start ?? Number.POSITIVE_INFINITY, rx?.start ?? Number.POSITIVE_INFINITY);
  const said = facts.said.all.find(
    (one) => one.at >= (course.cleared?.at ?? course.beganAt) && one.at <= (course.back ?? course.until),
  );
  if (said !== undefined) milestones.add('systemSaid', said.at, said.evidence);
  if (stop !== Number.POSITIVE_INFINITY) addOwnMilestones(milestones, course, facts, outages, { tx, rx, stop, path });
  else if (path?.proof !== undefined) addPathMilestones(milestones, path, path.proof);
  const heard = chief(belonging(outages.farEnd, course));
  if (heard?.end !== undefined && heard.endEvidence !== undefined) {
    milestones.add('farEndHears', heard.end, heard.endEvidence, heard.endError);
  }

  const start = startOf(course, said, causeBegan.at);
  const recoveryTx = localTx(tx, path)
    ? recoveryOf(course.tx, course, facts, start.at)
    : pathRecovery(course, path, start.at);
  const recoveryRx = recoveryOf(course.rx, course, facts, start.at);
  const outageTx = localTx(tx, path) ? outageOf(tx, tx === undefined ? undefined : path) : pathOutage(path);
  const outageRx = outageOf(rx);
  const run = facts.runs.before(causeBegan.at);
  const running = run === undefined || run.ended ? undefined : run;
  const policy = running?.policy ?? around.policy;
  const os = running?.os ?? around.os;
  // An outage may be seen to have begun before its cause: the name must not change with that.
  const first = openers.find((one) => one.kind === 'told') ?? openers[0] ?? causeBegan;
  return {
    id: `${first.evidence.deviceId}-${first.at}-${first.evidence.seq}`,
    benchId: around.benchId,
    deviceId: around.deviceId,
    cause: named.cause,
    title: named.title,
    origin: openers.some((one) => one.kind === 'told') ? 'injected' : 'observed',
    fidelity: causeBegan.kind === 'told' ? causeBegan.told.fidelity : around.observedFidelity,
    ...(running === undefined ? {} : { runId: running.runId, scenario: running.scenario }),
    ...(policy === undefined ? {} : { policy }),
    ...(os === undefined ? {} : { os }),
    ...(course.cleared === undefined ? {} : { clearedHow: course.cleared.how }),
    state: stateOf(course, path),
    beganAt: causeBegan.at,
    ...(course.over === undefined ? {} : { endedAt: course.back ?? course.over }),
    milestones: milestones.inOrder(),
    start,
    ...(outageTx === undefined ? {} : { outageTx }),
    ...(outageRx === undefined ? {} : { outageRx }),
    ...deadAir('deadAirTx', localTx(tx, path) ? tx : undefined),
    ...deadAir('deadAirRx', rx),
    recoveryTx,
    recoveryRx,
    recoveryLatency: worse(recoveryTx, recoveryRx),
    ...(heard?.end === undefined ? {} : { heardGap: between(heard.start, heard.end) }),
  };
}

/** Which cause the incident goes by: the last one told before audio stopped; a bare outage has no name. */
function nameOf(openers: readonly Opener[], tx: Down | undefined, rx: Down | undefined) {
  const stop = Math.min(tx?.start ?? Number.POSITIVE_INFINITY, rx?.start ?? Number.POSITIVE_INFINITY);
  const told = openers.filter((one) => one.kind === 'told');
  const namer = told.findLast((one) => one.at <= stop + OUTAGE_MAY_PRECEDE) ?? told[0];
  if (namer !== undefined) {
    const titles = told.filter((one) => one.at >= namer.at).map((one) => one.told.title);
    return { opener: namer, cause: namer.told.cause, title: titles.join(', then ') };
  }
  const signs = openers.filter((one) => one.kind === 'sign');
  const sign = signs.find((one) => one.sign.cause !== 'unknown') ?? signs[0];
  if (sign !== undefined) return { opener: sign, cause: sign.sign.cause, title: sign.sign.title };
  const title =
    tx !== undefined && rx !== undefined
      ? 'Audio lost both ways'
      : rx !== undefined
        ? 'Agent not heard'
        : 'User not heard';
  const opener = openers[0];
  if (opener === undefined) throw new Error('an incident without an opener');
  return { opener, cause: 'unknown' as const, title };
}

/** Path loss told, or seen: audio is lost while the phone's own frames flow on and the transport is not answered. */
function pathOf(
  cause: Incident['cause'],
  openers: readonly Opener[],
  course: Course,
  facts: FactStore,
  rx: Down | undefined,
): PathLoss | undefined {
  const told = openers.some(
    (one) => one.kind === 'told' && (one.told.cause === 'pathLoss' || one.told.cause === 'pathChange'),
  );
  const from = course.beganAt - OUTAGE_MAY_PRECEDE;
  const to = course.back ?? course.until;
  if (!told && cause !== 'unknown' && cause !== 'suspension') return undefined;
  if (!told && !pathEvidence(facts, from, to)) return undefined;
  return pathLossOf(facts, rx, course.beganAt, to + LATE_MILESTONES_WITHIN);
}
/** The phone's own frames stopped, so it can time its uplink itself. */
const localTx = (tx: Down | undefined, path: PathLoss | undefined): boolean => tx !== undefined || path === undefined;

function startOf(course: Course, said: Timed | undefined, began: DeviceTime): Incident['start'] {
  if (course.cleared !== undefined) return { at: course.cleared.at, from: 'causeCleared' };
  if (said !== undefined) return { at: said.at, from: 'systemSaid' };
  return { at: began, from: 'causeBegan' };
}

function recoveryOf(downs: readonly Down[], course: Course, facts: FactStore, start: DeviceTime): Recovery {
  if (downs.length === 0)
    return course.state === 'open' || course.state === 'unfinished'
      ? unfinishedUnless(course)
      : { kind: 'notAffected' };
  const last = downs.reduce((latest, down) => ((down.end ?? Infinity) > (latest.end ?? Infinity) ? down : latest));
  if (last.end === undefined || (course.back === undefined && last.end > course.until)) {
    return course.state === 'notRecovered' ? { kind: 'never' } : { kind: 'unfinished' };
  }
  const action = actionBefore(last.end, course, facts);
  if (action !== undefined) return { kind: 'byUser', action: action.action, micros: between(action.at, last.end) };
  // Audio that was back before the cause was gone waited for nothing.
  return { kind: 'after', micros: micros(Math.max(0, between(start, last.end))) };
}
const unfinishedUnless = (course: Course): Recovery =>
  course.free !== undefined && course.back !== undefined ? { kind: 'notAffected' } : { kind: 'unfinished' };

/** The user's action that brought audio back: after the cause was gone, with nothing else under way. */
function actionBefore(flowing: DeviceTime, course: Course, facts: FactStore): UserAction | undefined {
  const free = course.free;
  if (free === undefined) return undefined;
  const action = facts.users.all.findLast((one) => one.at > free + SAME_ACT && one.at <= flowing);
  if (action === undefined) return undefined;
  const underWay = (one: Timed) => one.at > free && one.at < action.at && one.at >= action.at - RECOVERY_UNDER_WAY;
  const already =
    facts.session.all.some((one) => one.active && underWay(one)) ||
    facts.unit.all.some((one) => one.started && underWay(one));
  return already ? undefined : action;
}

function pathRecovery(course: Course, path: PathLoss | undefined, start: DeviceTime): Recovery {
  if (path?.lost !== true && course.state === 'notAffected') return { kind: 'notAffected' };
  if (path?.proof !== undefined) return { kind: 'after', micros: micros(Math.max(0, between(start, path.proof.at))) };
  return course.state === 'notRecovered' ? { kind: 'never' } : { kind: 'unfinished' };
}

const SEVERITY = ['notAffected', 'after', 'byUser', 'unfinished', 'never'] as const;
function worse(a: Recovery, b: Recovery): Recovery {
  if (a.kind === b.kind && 'micros' in a && 'micros' in b) return a.micros >= b.micros ? a : b;
  return SEVERITY.indexOf(a.kind) >= SEVERITY.indexOf(b.kind) ? a : b;
}

/** An uplink lost on the path is an outage although the phone's own frames flowed. */
function stateOf(course: Course, path: PathLoss | undefined): Incident['state'] {
  return course.state === 'notAffected' && path?.lost === true ? 'recovered' : course.state;
}

function outageOf(down: Down | undefined, path?: PathLoss): Outage | undefined {
  if (down === undefined) return undefined;
  const error = micros(down.startError + down.endError);
  if (down.end === undefined) return { start: down.start, error };
  const own = between(down.start, down.end);
  // The phone's frames stopped and the path was lost as well: beyond its own stop it can only bound the uplink.
  const reach = path?.proof === undefined ? 0 : between(down.start, path.proof.at) + error;
  const interval =
    reach > own ? { interval: { earliest: micros(Math.max(0, own - error)), latest: micros(reach) } } : {};
  return { start: down.start, end: down.end, error, ...interval };
}
function pathOutage(path: PathLoss | undefined): Outage | undefined {
  if (path === undefined) return undefined;
  if (path.proof === undefined || path.latest === undefined) return { start: path.wholeBefore, error: micros(0) };
  return {
    start: path.wholeBefore,
    end: path.proof.at,
    error: micros(path.latest - path.earliest),
    interval: { earliest: path.earliest, latest: path.latest },
  };
}
const deadAir = <K extends string>(key: K, down: Down | undefined): Partial<Record<K, Micros>> =>
  down?.end === undefined ? {} : ({ [key]: between(down.start, down.end) } as Record<K, Micros>);

const belonging = (downs: readonly Down[], course: Course): readonly Down[] => {
  const to = course.back ?? course.until;
  return downs.filter((down) => endOf(down) > course.beganAt && down.start < to);
};

class MilestoneList {
  readonly #all = new Map<MilestoneName, Milestone>();
  add(name: MilestoneName, at: DeviceTime, evidence: Evidence, error = 0): void {
    this.#all.set(name, { name, at, error: micros(error), clock: 'own', evidence });
  }
  inOrder(): readonly Milestone[] {
    const rank = (one: Milestone) => MILESTONES.indexOf(one.name);
    return [...this.#all.values()].toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
  }
}

interface Lost {
  readonly tx: Down | undefined;
  readonly rx: Down | undefined;
  readonly stop: number;
  readonly path: PathLoss | undefined;
}
function addOwnMilestones(list: MilestoneList, course: Course, facts: FactStore, outages: Outages, lost: Lost): void {
  const to = course.back ?? course.until;
  const from = lost.stop;
  // An app may try several times: the first success after the session was last taken away counts.
  const takenAt =
    facts.session.all.findLast((one) => !one.active && one.at >= from - OUTAGE_MAY_PRECEDE && one.at <= to)?.at ?? from;
  const active = facts.session.all.find((one) => one.active && one.at >= takenAt && one.at >= from && one.at <= to);
  if (active !== undefined) list.add('sessionActive', active.at, active.evidence);
  const stoppedAt = facts.unit.all.findLast(
    (one) => !one.started && one.at >= from - OUTAGE_MAY_PRECEDE && one.at <= to,
  )?.at;
  const unit = facts.unit.all.find(
    (one) => one.started && one.at >= (stoppedAt ?? from) && one.at > from && one.at <= to,
  );
  if (unit !== undefined) list.add('unitRunning', unit.at, unit.evidence);
  addEnd(list, 'captureFlowing', belonging(outages.capture, course));
  addEnd(list, 'renderFlowing', belonging(outages.render, course));
  addEnd(list, 'txFlowing', course.tx);
  addEnd(list, 'rxFlowing', course.rx);
  if (lost.path?.proof !== undefined) {
    if (lost.tx === undefined) addPathMilestones(list, lost.path, lost.path.proof);
    else list.add('transportProven', lost.path.proof.at, lost.path.proof.evidence, READ_LATE_BY);
  } else if (lost.path === undefined && course.free !== undefined) {
    // Where the path was never in question, answers that came while the cause still stood are no step of the recovery.
    const free = Math.max(from, course.free);
    const proof = facts.proofs.all.find((one) => one.at > free && one.at <= to + LATE_MILESTONES_WITHIN);
    if (proof !== undefined) list.add('transportProven', proof.at, proof.evidence);
  }
  addOnTime(list, course, facts);
}
function addPathMilestones(list: MilestoneList, path: PathLoss, proof: NonNullable<PathLoss['proof']>): void {
  list.add('transportProven', proof.at, proof.evidence, READ_LATE_BY);
  // Upper bound: the uplink may have been whole for as long as nobody asked.
  list.add('txFlowing', proof.at, proof.evidence, micros((path.latest ?? 0) - path.earliest));
}
function addEnd(list: MilestoneList, name: MilestoneName, downs: readonly Down[]): void {
  const last = downs.findLast((down) => down.end !== undefined);
  if (last?.end === undefined || last.endEvidence === undefined || downs.some((down) => down.end === undefined)) return;
  list.add(name, last.end, last.endEvidence, last.endError);
}

/** The jitter buffer holds what it held before: the mean stay is at most twice its earlier median. */
function addOnTime(list: MilestoneList, course: Course, facts: FactStore): void {
  const last = course.rx.at(-1);
  if (last?.end === undefined || last.endEvidence === undefined) return;
  const end = last.end;
  const before = facts.buffer.all
    .filter((one) => one.at < course.beganAt)
    .slice(-30)
    .map((one) => one.delay)
    .toSorted((a, b) => a - b);
  const median = before[Math.floor(before.length / 2)];
  if (median === undefined) return;
  const reading = facts.buffer.all.find(
    (one) => one.since >= end && one.at <= end + LATE_MILESTONES_WITHIN && one.delay <= 2 * median,
  );
  if (reading === undefined) return;
  const error = micros(between(reading.since, reading.at));
  list.add('rxOnTime', deviceTime(after(reading.at, micros(0))), last.endEvidence, error);
}
