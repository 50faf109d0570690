import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MILESTONES } from '../../shared/recovery/incident.ts';
import type { IncidentResult } from '../../shared/scenario/result.ts';
import { incidentLines } from './report.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`report.test.ts seed ${SEED} (SEED=${SEED} repeats it)`);

const incidentAt = (instants: readonly number[]): IncidentResult => ({
  id: 'i1',
  cause: 'routeLoss',
  title: 'Wired headset unplugged',
  origin: 'injected',
  fidelity: 'F0',
  state: 'recovered',
  start: { from: 'causeCleared', atMs: 0 },
  milestones: instants.map((atMs, index) => ({
    name: MILESTONES[index % MILESTONES.length] ?? 'causeBegan',
    atMs,
    errorMs: 0,
    clock: 'own',
  })),
  recoveryTx: { kind: 'after', milliseconds: 1 },
  recoveryRx: { kind: 'after', milliseconds: 1 },
  recoveryLatency: { kind: 'after', milliseconds: 1 },
  deadAirTxMs: 1,
  deadAirRxMs: 1,
});
const bars = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => (line.includes('|') && line.includes('█') ? [line.slice(line.indexOf('|') + 1)] : []));

describe('the waterfall on the terminal', () => {
  it('runs from the first milestone to the last, each bar from the one before, also when one lies before the cause', () => {
    const [began, lost, cleared, back] = bars(incidentLines(incidentAt([-1000, 0, 0, 1000])));
    expect(began?.indexOf('█')).toBe(0);
    expect(lost?.lastIndexOf('█')).toBe(19);
    expect(cleared?.indexOf('█')).toBe(20);
    expect(back?.indexOf('█')).toBe(20);
    expect(back?.lastIndexOf('█')).toBe(39);
  });
  it('has a bar of one width for every milestone, wherever they lie', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -600_000, max: 600_000 }), { minLength: 1, maxLength: 12 }),
        (instants) => {
          const drawn = bars(incidentLines(incidentAt(instants.toSorted((a, b) => a - b))));
          expect(drawn).toHaveLength(instants.length);
          for (const bar of drawn) expect(bar.trimEnd()).toMatch(/^ *█+ *\|$/);
          expect(new Set(drawn.map((bar) => bar.length)).size).toBe(1);
        },
      ),
      { seed: SEED },
    );
  });
});
