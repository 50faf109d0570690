import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessEnd } from './ports.ts';
import { createNodeProcessHost } from './process-host.ts';
import { fixturePath, isAlive, until } from './testing/harness.fixture.ts';

const child = fixturePath('child.fixture.mjs');
let host = createNodeProcessHost({ programs: { relay: child }, readyWithinMilliseconds: 1000 });
afterEach(async () => {
  await host.dispose();
  host = createNodeProcessHost({ programs: { relay: child }, readyWithinMilliseconds: 1000 });
});

async function startGood(configuration: unknown = {}) {
  const result = await host.start('relay', configuration);
  if (!result.ok) throw new Error(result.error.message);
  return result.process;
}

describe('the process host', () => {
  it('waits for the ready line, whatever the child says before, and knows where it serves', async () => {
    const process = await startGood();
    expect(process.ready.http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await fetch(process.ready.http ?? '');
    expect(await answer.text()).toBe('ok');
  });

  it("says in the child's own words why it did not come up", async () => {
    const result = await host.start('relay', { behaviour: 'fails' });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'ended-early', lastLines: ['the microphone is on fire'] },
    });
    expect(result.ok ? '' : result.error.message).toContain('exit status 7');
  });

  it('gives up on a child that never says it is ready, and leaves none behind', async () => {
    const result = await host.start('relay', { behaviour: 'silent' });
    expect(result).toMatchObject({ ok: false, error: { code: 'not-ready' } });
  });

  it('says that a program is not built instead of failing', async () => {
    expect(await host.start('gateway', {})).toMatchObject({ ok: false, error: { code: 'unknown-program' } });
    const missing = createNodeProcessHost({ programs: { relay: '/nowhere/relay.js' } });
    expect(await missing.start('relay', {})).toMatchObject({ ok: false, error: { code: 'unknown-program' } });
  });

  it('tells that a child was killed, once, and by what', async () => {
    const started = await startGood();
    const ends: ProcessEnd[] = [];
    started.onEnded((end) => ends.push(end));
    process.kill(started.pid, 'SIGKILL');
    await until('the end', () => ends.length > 0);
    expect(ends).toMatchObject([{ code: undefined, signal: 'SIGKILL' }]);
  });

  it('ends a child by closing its stdin', async () => {
    const started = await startGood();
    expect(await started.stop()).toMatchObject({ code: 0, signal: undefined });
    expect(isAlive(started.pid)).toBe(false);
  });

  it('kills a child that ignores its stdin and SIGTERM, within bounded time', async () => {
    const started = await startGood({ behaviour: 'stubborn' });
    expect(await started.stop()).toMatchObject({ signal: 'SIGKILL' });
    expect(isAlive(started.pid)).toBe(false);
  });

  it('stops all that still run when it is disposed, and starts nothing after', async () => {
    const pids = [(await startGood()).pid, (await startGood()).pid];
    await host.dispose();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await host.start('relay', {})).toMatchObject({ ok: false, error: { code: 'cannot-start' } });
  });

  it('leaves no child when the engine itself is killed without warning', async () => {
    const engine = spawn(process.execPath, [fixturePath('engine-to-kill.fixture.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: engine.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    engine.kill('SIGKILL');
    await until('the child to end', () => !isAlive(pid), 3000);
  });
});
