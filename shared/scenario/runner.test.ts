import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../recording/entry.ts';
import type { Incident } from '../recovery/incident.ts';
import { after, type DesktopTime, desktopTime, deviceTime } from '../time/time.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import { parseScenario } from './parse.ts';
import { resolveScenario } from './resolve.ts';
import { createScenarioRunner, type RunnerAction, SETTLE_LIMIT, SETTLE_QUIET } from './runner.ts';
import type { ResolvedScenario } from './scenario.ts';
import { createBenchWatch } from './watch.ts';

function scenarioWith(steps: string): ResolvedScenario {
  const parsed = parseScenario(`id: S99
name: try-it
title: Try it
description: Only for the test.
app: { callKit: false }
steps:
${steps}
expect:
  - { cause: phoneCall, recoveredWithin: 1.5s }
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const resolved = resolveScenario(parsed.scenario);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.scenario;
}

/** A bench by hand: says what it is told to, and keeps what the runner wants done, with the second it wanted it. */
function bench(steps: string) {
  let now: DesktopTime = desktopTime(0);
  let incidents: readonly Incident[] = [];
  let seq = 0;
  const watch = createBenchWatch({ push: () => undefined, incidents: () => incidents });
  const runner = createScenarioRunner(scenarioWith(steps), { runId: 'run-1', watch, startedAt: now });
  const log: string[] = [];
  const keep = (actions: readonly RunnerAction[]): void => {
    for (const action of actions) {
      const second = now / 1_000_000;
      if (action.kind === 'inject') log.push(`${second} inject ${action.does} ${action.injectId}`);
      if (action.kind === 'began') log.push(`${second} began`);
      if (action.kind === 'done') {
        const reason = action.outcome.kind === 'completed' ? '' : `: ${action.outcome.reason}`;
        log.push(`${second} done ${action.outcome.kind}${reason}`);
      }
    }
  };
  const say = <K extends EventKind>(kind: K, data: EventData<K>): void => {
    seq += 1;
    const at = deviceTime(now);
    const event = { seq, at, uptime: at, kind, data, source: 'probe' };
    const entry = { type: 'event', arrivedAt: now, benchId: 'b', deviceId: 'd', sessionId: 's', event } as JournalEntry;
    watch.push(entry);
    keep(runner.push(entry));
  };
  return {
    log,
    runner,
    say,
    /** Lets time pass, calling the runner only when it asked to be called. */
    until(second: number): void {
      const end = desktopTime(second * 1_000_000);
      for (let due = runner.nextDue(); due !== undefined && due <= end; due = runner.nextDue()) {
        now = due > now ? due : now;
        keep(runner.tick(now));
      }
      now = end;
    },
    flow(tx: boolean, rx: boolean): void {
      const edge = (to: boolean) => ({
        from: to ? ('stopped' as const) : ('flowing' as const),
        to: to ? ('flowing' as const) : ('stopped' as const),
        edgeAt: deviceTime(now),
        errorMicros: 0,
      });
      say('tx.flow', edge(tx));
      say('rx.flow', edge(rx));
    },
    incident(state: Incident['state'], id = 'i1'): void {
      const never = { kind: 'never' } as const;
      const known = incidents.filter((one) => one.id !== id);
      incidents = [
        ...known,
        {
          id,
          benchId: 'b',
          deviceId: 'd',
          cause: 'phoneCall',
          title: 'Phone call rings',
          origin: 'injected',
          fidelity: 'F0',
          state,
          beganAt: deviceTime(now),
          milestones: [],
          start: { at: deviceTime(now), from: 'causeBegan' },
          recoveryTx: never,
          recoveryRx: never,
          recoveryLatency: never,
        },
      ];
    },
  };
}

const RING = '  - { at: 0s, do: phone.ring }\n  - { at: 3s, do: phone.decline }';

describe('a scenario run', () => {
  it('waits until both directions flow for a second, then fires its steps on time', () => {
    const run = bench(RING);
    run.until(2);
    run.flow(true, false);
    run.until(4);
    run.flow(true, true);
    run.until(60);
    expect(run.log.slice(0, 3)).toEqual(['5 began', '5 inject phone.ring run-1-1', '8 inject phone.decline run-1-2']);
  });

  it('starts the waiting again when a direction stops before time zero', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(0.5);
    run.flow(true, false);
    run.until(3);
    run.flow(true, true);
    run.until(4);
    expect(run.log[0]).toBe('4 began');
  });

  it('gives up when there is no call, and says which direction is missing', () => {
    const run = bench(RING);
    run.flow(true, false);
    run.until(70);
    expect(run.log).toEqual(['60 done noCall: no two-way call within 1 min 00 s: the user hears nothing']);
    expect(run.runner.nextDue()).toBeUndefined();
  });

  it('ends some seconds after the last incident closed', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(1.5);
    run.incident('open');
    run.until(6);
    run.incident('recovered');
    run.say('log', { level: 'info', message: 'recovered' });
    run.until(60);
    expect(run.log.at(-1)).toBe(`${6.5 + SETTLE_QUIET / 1e6} done completed`);
    expect(run.runner.incidents().map((one) => one.id)).toEqual(['i1']);
  });

  it('waits on when an incident opens again while it settles', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(5);
    run.incident('open', 'late');
    run.say('log', { level: 'info', message: 'again' });
    run.until(9);
    expect(run.log.at(-1)).toBe('4 inject phone.decline run-1-2');
    run.incident('recovered', 'late');
    run.say('log', { level: 'info', message: 'over' });
    run.until(60);
    expect(run.log.at(-1)).toBe('12.5 done completed');
  });

  it('ends at the limit with the reason when an incident does not close', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(1.5);
    run.incident('open');
    run.until(100);
    const second = after(desktopTime(4_000_000), SETTLE_LIMIT) / 1e6;
    expect(run.log.at(-1)).toBe(`${second} done settleLimit: Phone call rings: not over 36.00 s after the last step`);
  });

  it('leaves incidents from before time zero out', () => {
    const run = bench(RING);
    run.incident('open', 'old');
    run.flow(true, true);
    run.until(60);
    expect(run.runner.incidents()).toEqual([]);
    expect(run.log.at(-1)).toBe('7 done completed');
  });

  it('fires an event-triggered step after its event, once, with its delay', () => {
    const steps =
      '  - { at: 0s, do: phone.ring }\n  - { after: { event: session.interruption, where: { type: began } }, plus: 250ms, do: phone.decline }';
    const run = bench(steps);
    run.say('session.interruption', { type: 'began' });
    run.flow(true, true);
    run.until(2);
    run.say('session.interruption', { type: 'ended', shouldResume: true });
    run.until(3);
    run.say('session.interruption', { type: 'began' });
    run.say('session.interruption', { type: 'began' });
    run.until(60);
    expect(run.log.filter((line) => line.includes('inject'))).toEqual([
      '1 inject phone.ring run-1-1',
      '3.25 inject phone.decline run-1-2',
    ]);
  });

  it('gives up on an event that does not come within its time', () => {
    const run = bench(
      '  - { after: { event: siri.over, within: 5s }, do: siri.end }'.replace('siri.over', 'app.state'),
    );
    run.flow(true, true);
    run.until(60);
    expect(run.log.at(-1)).toContain('6 done stepMissed: step 1 (siri.end) waited 5.00 s for app.state');
  });

  it('ends when an injection cannot be done, and ignores the failures of others', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(2);
    run.say('inject.state', { injectId: 'other', does: 'x', phase: 'failed', fidelity: 'F0' });
    expect(run.log.at(-1)).toContain('inject phone.ring');
    run.say('inject.state', {
      injectId: 'run-1-1',
      does: 'phone.ring',
      phase: 'failed',
      fidelity: 'F0',
      reason: 'busy',
    });
    expect(run.log.at(-1)).toBe('2 done injectFailed: phone.ring could not be done: busy');
    expect(run.runner.stop('late')).toEqual([]);
  });

  it('can be stopped at any time, and does nothing more', () => {
    const run = bench(RING);
    run.flow(true, true);
    run.until(2);
    const actions = run.runner.stop('by the user');
    expect(actions).toEqual([{ kind: 'done', outcome: { kind: 'stopped', reason: 'by the user' } }]);
    run.until(60);
    expect(run.log.filter((line) => line.includes('decline'))).toEqual([]);
    expect(run.runner.progress()).toEqual({ phase: 'done', step: 2, of: 2 });
  });
});
