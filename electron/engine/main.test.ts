import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, until } from './testing/harness.fixture.ts';

/** The built program, as npm start runs it. */
const main = fileURLToPath(new URL('../../dist/electron/engine/main.js', import.meta.url));
let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sidetone-main-'));
});
afterEach(async () => {
  // Whatever a failed test left.
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function run(...argv: string[]) {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, said, ended };
}

describe("npm start's program", () => {
  it('says where the page is and ends on Ctrl-C with status 0, leaving no port and no open recording', async () => {
    const { child, said, ended } = run('--no-open', '--no-simulation', '--data', folder);
    const found = await until('the address', () => /http:\/\/127\.0\.0\.1:(\d+)\/#token=\S{22}/.exec(said.out));
    const port = Number(found[1]);
    expect((await ask(port, '/session')).status).toBe(401);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect(ask(port, '/session')).rejects.toThrow('ECONNREFUSED');
    expect(said.err).toBe('');
    expect((await readdir(folder, { recursive: true })).filter((name) => name !== 'recordings')).toEqual([]);
  });

  it('uses another port when the one asked for is taken, and says so', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as { port: number }).port;
    const { child, said, ended } = run('--no-open', '--no-simulation', '--data', folder, '--port', String(taken));
    await until('the address', () => /#token=/.test(said.out));
    expect(said.err).toContain(`port ${taken} is taken`);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    other.close();
  });

  it('helps, and refuses what it does not know with status 2', async () => {
    const help = run('--help');
    expect(await help.ended).toBe(0);
    for (const option of ['--data', '--port', '--no-open', '--browser', '--no-simulation'])
      expect(help.said.out).toContain(option);
    const wrong = run('--prot', '1');
    expect(await wrong.ended).toBe(2);
    expect(wrong.said.err).toContain("'--prot'");
  });
});
