import { describe, expect, it } from 'vitest';
import type { Incident, Recovery } from '../../shared/recovery/incident.ts';
import { deviceTime, micros } from '../../shared/time/time.ts';
import { formatBytes, formatCount, formatDecibels, formatElapsed } from '../words/format.ts';
import { deadAirShort, deadAirWords, recoveryWords, resultWords } from '../words/recovery.ts';
import { passes, textOf } from './event-rows.ts';
import { dotsOf, figuresOf, percentilesOf, shareRecovered, summaryOf } from './recovery-groups.ts';
import { rovingTarget } from './roving.ts';
import { waterfallOf } from './waterfall.ts';

const second = 1_000_000;
const own = (name: Incident['milestones'][number]['name'], at: number): Incident['milestones'][number] => ({
  name,
  at: deviceTime(at),
  error: micros(0),
  clock: 'own',
  evidence: { deviceId: 'iphone-app', seq: 1 },
});
const incident = (recovery: Recovery, change: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  benchId: 'b',
  deviceId: 'iphone-app',
  cause: 'phoneCall',
  title: 'Phone call rings',
  origin: 'injected',
  fidelity: 'F0',
  state: 'recovered',
  beganAt: deviceTime(10 * second),
  endedAt: deviceTime(15 * second),
  milestones: [own('causeBegan', 10 * second), own('causeCleared', 14 * second), own('rxFlowing', 14.5 * second)],
  start: { at: deviceTime(14 * second), from: 'causeCleared' },
  recoveryTx: recovery,
  recoveryRx: recovery,
  recoveryLatency: recovery,
  ...change,
});
const back = (milliseconds: number): Recovery => ({ kind: 'after', micros: micros(milliseconds * 1000) });

describe('words for results', () => {
  it('never shows a recovery that is no number as a number', () => {
    for (const kind of ['never', 'unfinished', 'notAffected'] as const) {
      expect(recoveryWords({ kind }).short).not.toMatch(/\d/);
    }
    expect(recoveryWords({ kind: 'byUser', action: 'unhold', micros: micros(420_000) })).toMatchObject({
      short: 'by user, 420 ms',
      long: 'Back only because the user took the call off hold; 420 ms after that',
    });
    expect(resultWords(incident({ kind: 'unfinished' }, { state: 'held' })).short).toBe('held');
  });

  it('shows dead air that is only known to lie between two bounds as both bounds', () => {
    const outage = {
      start: deviceTime(0),
      error: micros(0),
      interval: { earliest: micros(8 * second), latest: micros(11.4 * second) },
    };
    const lost = incident(back(500), { outageTx: outage });
    expect(deadAirWords(lost, 'tx', 0)).toBe('8.00 s to 11.40 s');
    expect(deadAirShort(lost, 'tx', 0)).toBe('8.0–11.4 s');
  });

  it('counts on while an outage lasts', () => {
    const outage = { start: deviceTime(2 * second), error: micros(0) };
    const { endedAt: _, ...bare } = incident({ kind: 'unfinished' });
    expect(deadAirWords({ ...bare, outageRx: outage }, 'rx', 5 * second)).toBe('3.00 s so far');
    expect(deadAirWords({ ...bare, outageRx: outage }, 'tx', 5 * second)).toBe('none');
    // Given up after 40 s: what the recording holds after that does not count on.
    const given = { ...bare, outageRx: outage, endedAt: deviceTime(42 * second) };
    expect(deadAirWords(given, 'rx', 90 * second)).toBe('over 40.00 s, not back');
    expect(deadAirShort(given, 'rx', 90 * second)).toBe('> 40.00 s');
  });
});

describe('figures of repeats', () => {
  it('stay the same object while an incident goes on, and change with its result', () => {
    const group = (incidents: readonly Incident[]) =>
      ({ key: 'k', scenario: undefined, cause: 'phoneCall', policy: '', os: '', fidelity: 'F0', incidents }) as never;
    const open = { kind: 'unfinished' } as const;
    const first = figuresOf(group([incident(back(500)), incident(open, { state: 'open' })]));
    expect(figuresOf(group([incident(back(500)), incident(open, { state: 'open', heardGap: micros(1) })]))).toBe(first);
    expect(figuresOf(group([incident(back(500)), incident(back(400))]))).not.toBe(first);
  });
});

describe('waterfall', () => {
  it('runs each bar from the milestone before it in time', () => {
    const shape = waterfallOf(incident(back(500)), 20 * second, 'whole');
    expect(shape.bars.map((bar) => bar.took)).toEqual([undefined, 4 * second, 0.5 * second]);
    expect(shape.bars.map((bar) => bar.sinceStart)).toEqual([-4 * second, 0, 0.5 * second]);
    expect(shape.bars[1]).toMatchObject({ from: 0, to: 4 / 4.5 });
    expect(shape.bars[2]?.to).toBe(1);
  });

  it('gives the recovery the width when only that is shown, and cuts what lies before', () => {
    const shape = waterfallOf(incident(back(500)), 20 * second, 'recovery');
    expect(shape.start).toBeLessThan(0.1);
    expect(shape.bars[0]).toMatchObject({ from: 0, to: 0 });
    const late = incident(back(500), {
      milestones: [
        own('causeCleared', 14 * second),
        own('rxFlowing', 14.5 * second),
        own('transportProven', 17 * second),
      ],
    });
    expect(waterfallOf(late, 20 * second, 'recovery').bars.map((bar) => bar.beyond)).toEqual([false, false, true]);
    expect(waterfallOf(late, 20 * second, 'whole').bars.some((bar) => bar.beyond)).toBe(false);
  });

  it('draws an interval as certain and possible parts, and an open outage as open', () => {
    const withOutages = incident(
      { kind: 'never' },
      {
        outageTx: {
          start: deviceTime(10 * second),
          error: micros(0),
          interval: { earliest: micros(2 * second), latest: micros(4 * second) },
        },
        outageRx: { start: deviceTime(10 * second), error: micros(0) },
      },
    );
    const { tx, rx } = waterfallOf(withOutages, 20 * second, 'whole');
    expect(tx).toMatchObject({ to: 0.4, latest: 0.8, open: false });
    expect(rx).toMatchObject({ to: 1, open: true });
  });
});

describe('recovery over repeats', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => incident(back(400 + index)));

  it('shows a percentile only when three observations lie beyond it', () => {
    const shown = (count: number) => percentilesOf(summaryOf(many(count))).map((figure) => figure.micros !== undefined);
    expect(shown(5)).toEqual([false, false, false]);
    expect(shown(6)).toEqual([true, false, false]);
    expect(shown(30)).toEqual([true, true, false]);
    expect(shown(60)).toEqual([true, true, true]);
  });

  it('shows the same interval each time, around the percentile', () => {
    const first = percentilesOf(summaryOf(many(12)))[0];
    expect(percentilesOf(summaryOf(many(12)))[0]).toEqual(first);
    expect(first?.interval?.low).toBeLessThanOrEqual(first?.micros ?? 0);
    expect(first?.interval?.high).toBeGreaterThanOrEqual(first?.micros ?? 0);
  });

  it('keeps the distribution below 100 % when some never recovered', () => {
    const summary = summaryOf([...many(3), incident({ kind: 'never' }, { state: 'notRecovered' })]);
    expect(shareRecovered(summary).at(-1)?.share).toBe(0.75);
    expect(dotsOf([incident({ kind: 'never' }), incident(back(1))])).toHaveLength(1);
  });
});

describe('lists and tables', () => {
  it('moves the roving focus inside the list', () => {
    expect(rovingTarget('ArrowDown', 2, 3)).toBe(2);
    expect(rovingTarget('ArrowUp', 2, 3)).toBe(1);
    expect(rovingTarget('End', 0, 3)).toBe(2);
    expect(rovingTarget('x', 0, 3)).toBeUndefined();
    expect(rovingTarget('ArrowDown', 0, 0)).toBeUndefined();
  });

  it('says instants inside events on the page clock and durations with a unit', () => {
    expect(textOf({ to: 'stopped', edgeAt: 3_250_000, errorMicros: 10_000 }, 1_000_000)).toBe(
      'to stopped · edge 0:02.250 · error 10 ms',
    );
  });

  it('filters by all words in any order', () => {
    const row = { at: 0, device: 'iphone-os', kind: 'cause.began', text: 'cause phoneCall' };
    expect(passes(row, 'phonecall iphone-os')).toBe(true);
    expect(passes(row, 'phonecall gateway')).toBe(false);
  });

  it('writes sizes, times and levels as people read them', () => {
    expect([0, 999, 1500, 999_600, 3_420_000, 12_000_000].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.5 KB',
      '1.0 MB',
      '3.4 MB',
      '12 MB',
    ]);
    expect([5, 65, 3661].map(formatElapsed)).toEqual(['0:05', '1:05', '1:01:01']);
    expect([formatDecibels(-120), formatDecibels(-48.4), formatDecibels(undefined)]).toEqual(['silent', '−48 dB', '–']);
    expect(formatCount(1234567)).toBe('1 234 567');
  });
});
