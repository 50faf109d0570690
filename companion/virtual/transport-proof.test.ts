import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import type { StatsReading } from './stats.ts';
import { createTransportProof } from './transport-proof.ts';

const WALL_AT_ZERO = 1_700_000_000_000;
const reading = (
  milliseconds: number,
  stun: { readonly pairId?: string; readonly requests: number; readonly responses: Record<string, number> } | undefined,
  reportAt?: number,
): StatsReading => ({
  at: deviceTime(milliseconds * 1000),
  sample: { roundTripSeconds: 0.012 },
  concealmentEvents: undefined,
  dtls: 'connected',
  pair: undefined,
  stun:
    stun === undefined
      ? undefined
      : { pairId: stun.pairId ?? 'p', requests: stun.requests, responses: new Map(Object.entries(stun.responses)) },
  receiverReport:
    reportAt === undefined ? undefined : { arrivedMilliseconds: WALL_AT_ZERO + reportAt, roundTripSeconds: 0.02 },
});
const feed = (readings: readonly StatsReading[]) => {
  const proof = createTransportProof();
  return readings.flatMap((next) => proof.next(next, WALL_AT_ZERO + next.at / 1000));
};

describe('proof of the transport', () => {
  it('is each new STUN answer, on any pair, with its round trip', () => {
    const found = feed([
      reading(100, { requests: 1, responses: { p: 1 } }),
      reading(200, { requests: 1, responses: { p: 1 } }),
      reading(2700, { requests: 2, responses: { p: 2 } }),
      reading(2800, { requests: 2, responses: { p: 2, q: 1 } }),
    ]);
    expect(found.map(({ kind, at }) => [kind, at])).toEqual([
      ['transport.proof', 100_000],
      ['transport.proof', 2_700_000],
      ['transport.proof', 2_800_000],
    ]);
    expect(found[1]?.data).toEqual({ via: 'stun', provenAt: 2_700_000, roundTripMicros: 12_000 });
  });

  it('is each new receiver report, dated to its arrival and not to the reading', () => {
    const found = feed([reading(1000, undefined, 940), reading(1100, undefined, 940), reading(4600, undefined, 4580)]);
    expect(found.map(({ data }) => data)).toEqual([
      { via: 'rtcp', provenAt: 940_000, roundTripMicros: 20_000 },
      { via: 'rtcp', provenAt: 4_580_000, roundTripMicros: 20_000 },
    ]);
  });

  it('fails when requests stay unanswered for a second, told again each second as more do', () => {
    const counts = (milliseconds: number, requests: number) => reading(milliseconds, { requests, responses: { p: 1 } });
    const found = feed([
      counts(0, 1),
      counts(2500, 2),
      counts(3400, 3),
      counts(3500, 3),
      counts(3600, 3),
      counts(4400, 3),
      counts(4500, 3),
      counts(4600, 3),
    ]).slice(1);
    expect(found).toEqual([
      {
        kind: 'transport.unanswered',
        at: 3_500_000,
        data: { firstSentAt: 2_500_000, lastSentAt: 2_500_000, requests: 1 },
      },
      {
        kind: 'transport.unanswered',
        at: 4_500_000,
        data: { firstSentAt: 2_500_000, lastSentAt: 3_400_000, requests: 2 },
      },
    ]);
  });

  it('says nothing of a request that is answered within the second', () => {
    const found = feed([
      reading(0, { requests: 1, responses: { p: 1 } }),
      reading(2500, { requests: 2, responses: { p: 1 } }),
      reading(3300, { requests: 2, responses: { p: 2 } }),
      reading(5000, { requests: 2, responses: { p: 2 } }),
    ]);
    expect(found.map(({ kind }) => kind)).toEqual(['transport.proof', 'transport.proof']);
  });

  it('does not count the requests of a pair that is selected anew as unanswered', () => {
    const found = feed([
      reading(0, { requests: 5, responses: { p: 5 } }),
      reading(100, { pairId: 'q', requests: 9, responses: { p: 5, q: 1 } }),
      reading(2000, { pairId: 'q', requests: 9, responses: { p: 5, q: 1 } }),
    ]);
    expect(found.map(({ kind }) => kind)).toEqual(['transport.proof', 'transport.proof']);
  });
});
