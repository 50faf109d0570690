/**
 * The uplink on path loss. The phone goes on sending and cannot see where its packets stop, so its outage is an interval:
 *
 *   sent and answered   sent, no answer ...   answered again
 *   --------P0----------f--------------l------P1-----------> time
 *            \_________ latest _______________/      the path was whole at P0 (less reading delay) and at P1
 *                       \__ earliest __/             dead at least while requests died on the uplink
 *
 * Answers prove both ways; receiver reports only that somebody can still talk to us. Unanswered requests prove the uplink's
 * death only if it is known that not just the way back was cut.
 */
import { between, type DeviceTime, deviceTime, type Micros, micros } from '../time/time.ts';
import type { FactStore, Proof } from './facts.ts';
import { OUTAGE_MAY_PRECEDE, PACKET_SLACK, READ_LATE_BY } from './limits.ts';
import type { Down } from './outages.ts';

export interface PathLoss {
  /** The path was whole at this instant. */
  readonly wholeBefore: DeviceTime;
  /** The first proof that it is whole again; absent: not yet. */
  readonly proof?: Proof;
  /** Is it known that the uplink was lost, and not just the way back? */
  readonly lost: boolean;
  readonly earliest: Micros;
  readonly latest?: Micros;
}

/** A blackhole told, packets that leave from another port, or requests that die while the local audio flows on. */
export function pathEvidence(facts: FactStore, from: number, to: number): boolean {
  const before = facts.path.before(from - 1);
  const changed = facts.path.all.some(
    (state) =>
      state.at >= from &&
      state.at <= to &&
      ((state.blackhole !== 'none' && before?.blackhole !== state.blackhole) || state.rebinds > (before?.rebinds ?? 0)),
  );
  return changed || unansweredWithin(facts, from, to).length > 0;
}

const unansweredWithin = (facts: FactStore, from: number, to: number) =>
  facts.unanswered.all.filter((one) => one.lastSentAt >= from && one.at <= to);

/**
 * `rx`: the downlink's outage, if it was cut too. `beganAt` to `to`: the incident and the time its late milestones have.
 */
export function pathLossOf(facts: FactStore, rx: Down | undefined, beganAt: number, to: number): PathLoss {
  const from = beganAt - OUTAGE_MAY_PRECEDE;
  const stun = facts.proofs.all.some((proof) => proof.via === 'stun');
  const proofs = facts.proofs.all.filter((proof) => proof.via === 'stun' || !stun);
  // One run only: requests of a run share their first, and the next hole's run may lie within our late milestones' time.
  const all = unansweredWithin(facts, from, to);
  const firstOfRun = all.reduce((least, one) => Math.min(least, one.at), Number.POSITIVE_INFINITY);
  const dying = all.filter((one) => one.at === firstOfRun);
  const firstDead = dying.reduce((least, one) => Math.min(least, one.at), Number.POSITIVE_INFINITY);
  const lastDead = dying.reduce((most, one) => Math.max(most, one.lastSentAt), Number.NEGATIVE_INFINITY);

  // An answer seen this soon after audio stopped may have come before it; one seen after audio is back proves enough.
  const lostAt = rx?.start ?? Math.min(firstDead, beganAt);
  const freshAfter =
    rx === undefined
      ? Math.max(beganAt + READ_LATE_BY, lastDead)
      : Math.min(rx.end ?? Number.POSITIVE_INFINITY, rx.start + READ_LATE_BY);
  const proof = proofs.find((one) => one.at >= freshAfter && one.at <= to);
  const before = proofs.findLast((one) => one.at <= lostAt && one !== proof);
  const wholeBefore =
    before === undefined
      ? deviceTime(Math.min(lostAt, firstKnown(facts) ?? lostAt))
      : deviceTime(Math.max(0, before.at - before.roundTrip - READ_LATE_BY));

  const told = uplinkToldDead(facts, from, to);
  const certain = rx === undefined || told;
  // Both ends of the dying requests are known to a reading only, so both may lie that much earlier or later.
  const earliest = certain && dying.length > 0 ? Math.max(0, lastDead - firstDead - READ_LATE_BY) : 0;
  return {
    wholeBefore,
    ...(proof === undefined ? {} : { proof, latest: micros(between(wholeBefore, proof.at) + PACKET_SLACK) }),
    lost: told || earliest > 0,
    earliest: micros(earliest),
  };
}

const firstKnown = (facts: FactStore): number | undefined => facts.flows.tx.all[0]?.at;

function uplinkToldDead(facts: FactStore, from: number, to: number): boolean {
  return facts.path.all.some(
    (state) => state.at >= from && state.at <= to && (state.blackhole === 'both' || state.blackhole === 'uplink'),
  );
}
