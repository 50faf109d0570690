import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/recovery/incident.ts';
import { broken, compare, type Deed, spreadOf, summarize, table } from './compare.ts';

const deed: Deed = { kind: 'declined call', onPath: false, from: 0, to: 10_000_000 };
const incident = (change: object): Incident =>
  ({
    beganAt: 1_000_000,
    outageRx: { start: 1_000_000, end: 4_000_000, error: 0 },
    outageTx: { start: 1_000_000, end: 4_010_000, error: 0 },
    ...change,
  }) as unknown as Incident;
const outage = { start: 1_005_000, end: 4_025_000 };
const truth = { speaker: [outage], uplink: [outage], farEnd: [outage] };

describe('the comparison with ground truth', () => {
  it('is the difference of lengths, signed', () => {
    const result = compare(deed, [incident({ heardGap: 3_000_000 })], truth);
    expect(result).toMatchObject({
      found: 1,
      rxError: -20_000,
      txError: -10_000,
      heardGap: 3_000_000,
      trueHeardGap: 3_020_000,
    });
    expect(result.problem).toBeUndefined();
  });
  it('calls an incident that was not found missed, a second one invented, and an outage without truth invented', () => {
    expect(compare(deed, [], truth).problem).toBe('no incident');
    const twice = summarize('x', [compare(deed, [incident({}), incident({ beganAt: 5_000_000 })], truth)]);
    expect(twice.invented).toBe(1);
    expect(compare(deed, [incident({})], { ...truth, speaker: [] }).problem).toBe('rx: invented');
    expect(compare(deed, [incident({ outageTx: undefined })], truth).problem).toBe('tx: missed');
  });
  it('on path loss asks whether the interval holds the truth', () => {
    const path = { ...deed, onPath: true };
    const within = (earliest: number, latest: number): boolean | undefined =>
      compare(path, [incident({ outageTx: { start: 0, error: 0, interval: { earliest, latest } } })], truth).txHeld;
    expect(within(2_000_000, 4_000_000)).toBe(true);
    expect(within(3_100_000, 4_000_000)).toBe(false);
    expect(within(0, 3_000_000)).toBe(false);
    expect(compare(path, [incident({})], truth).problem).toBe('tx: no interval');
  });
  it('breaks when a bound is passed, and when nothing was compared', () => {
    const good = summarize('all', [compare(deed, [incident({})], truth)]);
    expect(broken(good, [good])).toEqual([]);
    const late = summarize('all', [
      compare(deed, [incident({ outageRx: { start: 0, end: 9_000_000, error: 0 } })], truth),
    ]);
    expect(broken(late, [late])).toEqual(['outage rx: p95 5980 ms']);
    expect(broken(summarize('all', []), [])).toHaveLength(2);
    expect(table([good])).toContain('| all | 1 | 0 / 0 | 20 / 20 / 20 | 10 / 10 / 10 |');
    expect(spreadOf([])).toBeUndefined();
  });
});
