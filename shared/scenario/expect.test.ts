import { describe, expect, it } from 'vitest';
import type { Incident } from '../recovery/incident.ts';
import { deviceTime, fromMilliseconds, fromSeconds } from '../time/time.ts';
import { judge } from './expect.ts';
import { toJUnit } from './junit.ts';
import { parseScenario } from './parse.ts';
import { resolveScenario } from './resolve.ts';
import { causeStatistics, incidentResult, type RepetitionResult, scenarioResult } from './result.ts';
import type { ResolvedScenario } from './scenario.ts';
import { distribution } from './statistics.ts';

function expecting(...lines: string[]): ResolvedScenario {
  const parsed = parseScenario(`id: S99
name: try-it
title: Try it
description: Only for the test.
app: { callKit: false }
parameters: { limit: 1.5s }
steps:
  - { at: 0s, do: phone.ring }
expect:
${lines.map((line) => `  - ${line}`).join('\n')}
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const resolved = resolveScenario(parsed.scenario);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.scenario;
}

function incident(change: Partial<Incident> = {}): Incident {
  const recovered = { kind: 'after', micros: fromMilliseconds(800) } as const;
  return {
    id: 'i1',
    benchId: 'b',
    deviceId: 'd',
    cause: 'phoneCall',
    title: 'Phone call rings',
    origin: 'injected',
    fidelity: 'F0',
    state: 'recovered',
    beganAt: deviceTime(10_000_000),
    endedAt: deviceTime(14_000_000),
    milestones: [
      {
        name: 'txFlowing',
        at: deviceTime(13_800_000),
        error: fromMilliseconds(10),
        clock: 'own',
        evidence: { deviceId: 'd', seq: 7 },
      },
    ],
    start: { at: deviceTime(13_000_000), from: 'causeCleared' },
    outageTx: { start: deviceTime(10_000_000), end: deviceTime(13_800_000), error: fromMilliseconds(10) },
    deadAirTx: fromMilliseconds(3800),
    recoveryTx: recovered,
    recoveryRx: recovered,
    recoveryLatency: recovered,
    ...change,
  };
}

const checks = (scenario: ResolvedScenario, ...incidents: Incident[]) =>
  judge(scenario, incidents).checks.map((check) => `${check.ok ? 'ok' : 'BAD'} ${check.expected} | ${check.got}`);

describe('judging a run', () => {
  it('compares the recovery with the limit, the limit itself being good', () => {
    const scenario = expecting('{ cause: phoneCall, recoveredWithin: 800ms }');
    expect(checks(scenario, incident())).toEqual(['ok recovered by itself within 800 ms | recovered after 800 ms']);
    const late = incident({ recoveryLatency: { kind: 'after', micros: fromMilliseconds(800.001) } });
    expect(judge(scenario, [late]).result).toBe('failed');
  });

  it('never takes "never", "unfinished", "not affected" or the user\'s help for a recovery', () => {
    const scenario = expecting('{ cause: phoneCall, recoveredWithin: $limit }');
    for (const kind of ['never', 'unfinished', 'notAffected'] as const) {
      expect(judge(scenario, [incident({ recoveryLatency: { kind } })]).result, kind).toBe('failed');
    }
    const byUser = { kind: 'byUser', action: 'unhold', micros: fromMilliseconds(10) } as const;
    expect(checks(scenario, incident({ recoveryLatency: byUser }))).toEqual([
      "BAD recovered by itself within 1.50 s | recovered 10 ms after the user's unhold",
    ]);
  });

  it('can ask for the user and how soon after', () => {
    const scenario = expecting('{ cause: phoneCall, byUser: unhold, recoveredWithin: $limit }');
    const by = (action: string, milliseconds: number) =>
      incident({ recoveryLatency: { kind: 'byUser', action, micros: fromMilliseconds(milliseconds) } });
    expect(judge(scenario, [by('unhold', 1400)]).result).toBe('passed');
    expect(judge(scenario, [by('unhold', 1600)]).result).toBe('failed');
    expect(judge(scenario, [by('redial', 10)]).result).toBe('failed');
    expect(judge(scenario, [incident()]).result).toBe('failed');
  });

  it('judges dead air by its longest possible length, and no outage as none', () => {
    const scenario = expecting('{ cause: phoneCall, deadAirAtMost: { tx: 4s, rx: 4s } }');
    expect(checks(scenario, incident())).toEqual([
      'ok agent does not hear the user for at most 4.00 s | 3.80 s',
      'ok user does not hear the agent for at most 4.00 s | none',
    ]);
    const outage = {
      start: deviceTime(0),
      end: deviceTime(5_000_000),
      error: fromMilliseconds(10),
      interval: { earliest: fromSeconds(2), latest: fromSeconds(5) },
    };
    const between = incident({ outageTx: outage, deadAirTx: fromSeconds(3) });
    expect(checks(scenario, between)[0]).toBe(
      'BAD agent does not hear the user for at most 4.00 s | between 2.00 s and 5.00 s',
    );
    const { deadAirTx: _, ...open } = incident({ outageTx: { start: deviceTime(0), error: fromSeconds(0) } });
    expect(checks(scenario, open)[0]).toBe('BAD agent does not hear the user for at most 4.00 s | not back');
  });

  it('wants every incident of the cause to hold, and at least one to be there', () => {
    const scenario = expecting('{ cause: phoneCall, state: recovered }');
    expect(judge(scenario, [incident(), incident({ id: 'i2', state: 'held' })]).result).toBe('failed');
    expect(checks(scenario, incident({ cause: 'siri' }))).toEqual(['BAD an incident with cause phoneCall | only siri']);
    expect(checks(scenario)).toEqual(['BAD an incident with cause phoneCall | no incident at all']);
  });

  it('can expect that nothing recovers, or that nothing was touched', () => {
    const never = incident({ state: 'notRecovered', recoveryLatency: { kind: 'never' } });
    expect(judge(expecting('{ cause: phoneCall, notRecovered: true }'), [never]).result).toBe('passed');
    expect(judge(expecting('{ cause: phoneCall, notRecovered: true }'), [incident()]).result).toBe('failed');
    const untouched = incident({ state: 'notAffected', recoveryLatency: { kind: 'notAffected' } });
    expect(judge(expecting('{ cause: phoneCall, notAffected: true }'), [untouched]).result).toBe('passed');
    expect(judge(expecting('{ cause: phoneCall, notAffected: true }'), [incident()]).result).toBe('failed');
  });

  it('fails a run that could not do its steps, and does not judge one that was stopped', () => {
    const scenario = expecting('{ cause: phoneCall, recoveredWithin: $limit }');
    const missed = judge(scenario, [incident()], { kind: 'stepMissed', reason: 'step 1 waited' });
    expect(missed.result).toBe('failed');
    expect(missed.checks[0]).toMatchObject({ ok: false, got: 'step 1 waited' });
    expect(judge(scenario, [], { kind: 'stopped', reason: 'by the user' }).result).toBe('notJudged');
  });
});

describe('the result document', () => {
  const scenario = expecting('{ cause: phoneCall, recoveredWithin: 500ms }');
  const run = (number: number, one: Incident): RepetitionResult => ({
    repetition: number,
    seed: number,
    outcome: { kind: 'completed' },
    incidents: [incidentResult(one)],
    verdict: judge(scenario, [one]),
  });

  it('gives milliseconds relative to the beginning of the incident', () => {
    expect(incidentResult(incident())).toMatchObject({
      start: { from: 'causeCleared', atMs: 3000 },
      endedAtMs: 4000,
      milestones: [{ name: 'txFlowing', atMs: 3800, errorMs: 10, clock: 'own' }],
      recoveryLatency: { kind: 'after', milliseconds: 800 },
      deadAirTxMs: 3800,
      deadAirRxMs: 0,
    });
  });

  it('counts what did not recover by itself apart from the numbers', () => {
    const statistics = causeStatistics([
      run(1, incident()),
      run(2, incident({ recoveryLatency: { kind: 'never' } })),
      run(3, incident({ recoveryLatency: { kind: 'byUser', action: 'unhold', micros: fromMilliseconds(9) } })),
    ]);
    expect(statistics).toMatchObject([
      { cause: 'phoneCall', incidents: 3, recovered: 1, never: 1, byUser: 1, recoveryLatencyMs: { n: 1, max: 800 } },
    ]);
  });

  it('shows a percentile only with three observations beyond it', () => {
    const values = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
    expect(distribution(values(5))).toEqual({ n: 5, min: 1, max: 5 });
    expect(distribution(values(6)).p50).toBe(3);
    expect(distribution(values(29)).p90).toBeUndefined();
    expect(distribution(values(30)).p90).toBe(27);
    expect(distribution(values(59)).p95).toBeUndefined();
    expect(distribution(values(60)).p95).toBe(57);
    expect(distribution([])).toEqual({ n: 0 });
  });

  it('becomes JUnit XML with one failure for each check that did not hold', () => {
    const header = {
      sidetone: '0.1.0',
      policy: 'careful',
      os: '26',
      time: 'virtual',
      simulated: true,
      seed: 1,
      losses: [],
    } as const;
    const odd = incident({ title: 'A <call> & "more" \u0007' });
    const result = scenarioResult(scenario, header, [run(1, odd)]);
    expect(result.verdict).toBe('failed');
    const xml = toJUnit([result]);
    expect(xml).toContain('<testsuites name="Sidetone" tests="1" failures="1" skipped="0">');
    expect(xml).toContain('A &lt;call&gt; &amp; &quot;more&quot; \ufffd');
    expect(xml).toContain('message="recovered by itself within 500 ms: recovered after 800 ms"');
  });
});
