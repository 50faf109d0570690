import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import type { RunResult } from './runs.ts';
import {
  isAlive,
  sleep,
  startEngine,
  TestDevice,
  type TestEngine,
  TestPage,
  until,
} from './testing/harness.fixture.ts';

let test: TestEngine;
afterEach(() => test.dispose());

const bench = (engine: Engine) => engine.status().benches.find((one) => one.benchId === 'simulated-iphone');
const isUp = (engine: Engine) =>
  bench(engine)?.state === 'running' &&
  bench(engine)?.devices.filter((device) => device.link === 'connected').length === 4;

describe('the simulated iPhone', () => {
  it('runs only while somebody watches, with all four of its devices, and records each time anew', async () => {
    test = await startEngine({ simulation: true, pauseAfterMilliseconds: 300 });
    expect(bench(test.engine)).toMatchObject({ state: 'paused', simulated: true, policy: 'careful', devices: [] });
    const page = await TestPage.open(test.engine);
    const { output } = (await page.call({ name: 'watch.live', input: {} })) as { output: { stream: string } };
    await until('the phone', () => isUp(test.engine));
    const names = bench(test.engine)
      ?.devices.map((device) => device.deviceId)
      .sort();
    expect(names).toEqual(['gateway', 'iphone-app', 'iphone-os', 'relay']);
    expect(bench(test.engine)?.abilities.map((ability) => ability.does)).toContain('phone.ring');
    await page.call({ name: 'watch.stop', input: { stream: output.stream } });
    await until('the pause', () => bench(test.engine)?.state === 'paused');
    await until('the recording to end', () => test.engine.status().recording.state === 'off');
    await page.call({ name: 'watch.live', input: {} });
    await until('the phone again', () => isUp(test.engine));
    await until('a recording of its own', () => test.engine.status().recording.state === 'on');
  });

  it('stays away while a real phone is here, and when it is switched off', async () => {
    test = await startEngine({ simulation: true });
    const phone = await TestDevice.connect(test.engine);
    const hold = test.engine.holdActive('test');
    await sleep(200);
    expect(bench(test.engine)?.state).toBe('paused');
    phone.close();
    await until('the simulation', () => isUp(test.engine));
    hold.dispose();
    await test.dispose();
    test = await startEngine({ simulation: false });
    test.engine.holdActive('test');
    await sleep(100);
    expect(bench(test.engine)).toBeUndefined();
    expect(await test.engine.call('bench.restart', { benchId: 'simulated-iphone' })).toMatchObject({ ok: false });
  });

  it('is a fresh phone with the asked policy after it is configured; dies aloud and alone; and is gone with the engine', async () => {
    test = await startEngine({ simulation: true });
    const hellos: string[] = [];
    const pids = new Map<string, number>();
    const links: string[] = [];
    test.engine.onEntries((entries) => {
      for (const entry of entries) {
        if (entry.type === 'link') links.push(`${entry.deviceId} ${entry.state}`);
        if (entry.type !== 'hello') continue;
        hellos.push(`${entry.deviceId} ${entry.hello.app.policy}`);
        pids.set(entry.deviceId, Number(/pid (\d+)/.exec(entry.hello.device.model)?.[1]));
      }
    });
    test.engine.holdActive('test');
    await until('the phone', () => isUp(test.engine));
    const benchId = 'simulated-iphone';
    const wrong = await test.engine.call('bench.configure', { benchId, policy: 'carefull' });
    expect(wrong.ok ? '' : wrong.error.message).toMatch(/careful.*gateOnShouldResume/);
    await test.engine.call('bench.configure', { benchId, policy: 'neverRestartsUnit', os: '27', callKit: true });
    await until('the new phone', () => hellos.includes('iphone-app neverRestartsUnit') && isUp(test.engine));
    expect(bench(test.engine)).toMatchObject({ policy: 'neverRestartsUnit', os: '27', callKit: true });

    // In this fixture, answering is deadly.
    await test.engine.call('bench.inject', { benchId, does: 'phone.answer', params: {} });
    await until('the news', () => bench(test.engine)?.state === 'broken', 1000);
    expect(bench(test.engine)?.problem).toMatch(/simulated iPhone is gone: iphone process ended \(killed by SIGKILL\)/);
    await until('the entry', () => links.includes('iphone-os process-ended'));
    const others = bench(test.engine)
      ?.devices.filter((device) => device.link === 'connected')
      .map((one) => one.deviceId);
    expect(others?.sort()).toEqual(['gateway', 'relay']);
    await test.engine.call('bench.restart', { benchId });
    await until('the phone again', () => isUp(test.engine));
    expect(bench(test.engine)?.problem).toBeUndefined();

    // The status knows a device before its hello has gone through the recorder.
    await until('the hellos of those that run now', () => [...pids.values()].every(isAlive));
    const running = [...pids.values()];
    expect(new Set(running).size).toBe(3);
    await test.engine.dispose();
    expect(running.filter(isAlive)).toEqual([]);
  });
});

describe('a scenario run', () => {
  const text = `id: S90
name: two-steps
title: Two steps
description: For a test of the engine.
app: { callKit: false, policy: gateOnShouldResume }
os: "26"
fidelity: F0
from: []
steps:
  - { at: 0s, do: phone.ring, title: Rings }
  - { at: 200ms, do: phone.decline, title: Declined }
expect:
  - { cause: phoneCall, recoveredWithin: 5s }
`;
  const benchId = 'simulated-iphone';

  it("starts the phone with the scenario's app, plays its steps in order, gives a result, and can be stopped", async () => {
    test = await startEngine({ simulation: true, seed: 5 });
    const done: RunResult[] = [];
    test.engine.onRunEnded((result) => done.push(result));
    const steps = new Set<string>();
    test.engine.onStatus(() => {
      const run = bench(test.engine)?.run;
      if (run !== undefined) steps.add(`${run.repetition}/${run.of} ${run.step}`);
    });
    const facts: string[] = [];
    test.engine.onEntries((entries) => {
      for (const entry of entries) {
        if (entry.type === 'run')
          facts.push(`run ${entry.state} ${entry.repetition} ${entry.policy} ${entry.deviceId}`);
        if (entry.type === 'event' && entry.event.kind === 'inject.state') facts.push(entry.event.data.does);
      }
    });
    const started = await test.engine.call('scenario.run', { benchId, scenario: 'mine.yaml', text, repeat: 2 });
    expect(started).toMatchObject({ ok: true });
    expect(await test.engine.call('scenario.run', { benchId, scenario: 'S02' })).toMatchObject({
      ok: false,
      error: { code: 'run-active' },
    });
    await until(
      'the second settling',
      () => bench(test.engine)?.run?.step === 'waiting for recovery' && steps.has('2/2 waiting for recovery'),
      30_000,
    );
    expect(await test.engine.call('scenario.stop', { benchId })).toMatchObject({ ok: true });
    const result = await until('the end', () => done[0]);
    expect(result.problem).toMatchObject({ code: 'stopped' });
    expect(result.repetitions.map((one) => one.outcome.kind)).toEqual(['completed', 'stopped']);
    const once = (repetition: number, end: string) => [
      `run began ${repetition} gateOnShouldResume iphone-app`,
      'phone.ring',
      'phone.decline',
      `run ${end} ${repetition} gateOnShouldResume iphone-app`,
    ];
    expect(facts).toEqual([...once(1, 'ended'), ...once(2, 'stopped')]);
    expect(bench(test.engine)?.run).toBeUndefined();
  }, 40_000);

  it('that is unknown, broken or wrongly parameterized is refused in words', async () => {
    test = await startEngine({ simulation: true });
    const run = (input: object) => test.engine.call('scenario.run', { benchId, scenario: 'S02', ...input });
    const messages = await Promise.all(
      [
        { scenario: 'pstn-rejct' },
        { policy: 'nice' },
        { os: '12' },
        { parameters: { nope: '1s' } },
        { text: 'id: [' },
      ].map(run),
    );
    expect(messages.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual([
      'unknown-scenario',
      'bad-parameter',
      'bad-parameter',
      'bad-parameter',
      'bad-scenario',
    ]);
    expect(messages[0]?.ok === false && messages[0].error.message).toContain('pstn-reject');
    expect(messages[1]?.ok === false && messages[1].error.message).toContain('neverRestartsUnit');
  });
});
