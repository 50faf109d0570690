import { describe, expect, it } from 'vitest';
import { micros } from '../time/time.ts';
import { BENCH } from '../timeline/journal.fixture.ts';
import type { Incident, Recovery } from './incident.ts';
import { phasesOf } from './phases.ts';
import { createIncidentReducer } from './reduce.ts';
import { declinedCall } from './shapes.fixture.ts';
import { bootstrapInterval, ecdf, groupIncidents, percentile, summarize } from './statistics.ts';

function declined(): Incident {
  const reducer = createIncidentReducer(BENCH);
  for (const entry of declinedCall().entries) reducer.push(entry);
  return reducer.incidents()[0] as Incident;
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => micros(index + 1));
const withRecovery = (recoveryLatency: Recovery): Incident => ({ ...declined(), recoveryLatency });

describe('percentiles', () => {
  it('are shown only when three observations lie beyond them', () => {
    expect([percentile(upTo(5), 0.5), percentile(upTo(6), 0.5)]).toEqual([undefined, 3]);
    expect([percentile(upTo(29), 0.9), percentile(upTo(30), 0.9)]).toEqual([undefined, 27]);
    expect([percentile(upTo(59), 0.95), percentile(upTo(60), 0.95)]).toEqual([undefined, 57]);
  });
  it('have an interval that the same random numbers make again and that holds them', () => {
    const seeded = () => {
      let state = 7;
      return () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
    };
    const interval = bootstrapInterval(upTo(100), 0.5, seeded());
    expect(interval).toEqual(bootstrapInterval(upTo(100), 0.5, seeded()));
    expect(interval?.low).toBeLessThan(50);
    expect(interval?.high).toBeGreaterThan(50);
    expect(bootstrapInterval(upTo(5), 0.5, seeded())).toBeUndefined();
  });
});

describe('statistics', () => {
  it('count never, byUser and unfinished as values of their own', () => {
    const summary = summarize(
      [
        ...upTo(6).map((value) => withRecovery({ kind: 'after', micros: value })),
        withRecovery({ kind: 'never' }),
        withRecovery({ kind: 'unfinished' }),
        withRecovery({ kind: 'byUser', action: 'unhold', micros: micros(9) }),
      ],
      (one) => one.recoveryLatency,
    );
    expect(summary).toEqual({
      n: 9,
      values: [1, 2, 3, 4, 5, 6],
      byUser: [9],
      never: 1,
      unfinished: 1,
      notAffected: 0,
      p50: 3,
    });
  });
  it('never pool fidelities, policies or OS versions', () => {
    const one = declined();
    const others = [one, { ...one, fidelity: 'F5' as const }, { ...one, policy: 'other' }, { ...one, os: '27' }, one];
    expect(groupIncidents(others).map((group) => group.incidents.length)).toEqual([2, 1, 1, 1]);
  });
  it('leave out incidents that are not over', () => {
    expect(groupIncidents([{ ...declined(), state: 'held' }])).toEqual([]);
  });
  it('give the share at or below each value', () => {
    expect(ecdf([micros(1), micros(2), micros(2), micros(5)])).toEqual([
      { at: 1, share: 0.25 },
      { at: 2, share: 0.75 },
      { at: 5, share: 1 },
    ]);
  });
});

describe('phases', () => {
  it('run from the milestone before in time, without holes', () => {
    const phases = phasesOf(declined());
    expect(phases[0]).toEqual({ milestone: 'causeCleared', from: 5_000_000, to: 8_000_000 });
    expect(phases).toHaveLength(10);
    for (const [index, phase] of phases.slice(1).entries()) expect(phase.from).toBe(phases[index]?.to);
  });
});
