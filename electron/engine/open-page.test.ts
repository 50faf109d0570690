import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findElectron, findOnPath, openPage } from './open-page.ts';
import { until } from './testing/harness.fixture.ts';

let folder: string;
const lines: string[] = [];
const log = { info: (line: string) => void lines.push(line), warning: (line: string) => void lines.push(line) };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sidetone-open-'));
  lines.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

describe('opening the page', () => {
  it('finds Electron by its path alone, and says why where it is not', async () => {
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toEqual({
      missing: `its binary is not at ${join(folder, 'electron')}`,
    });
    await program('electron', 'exit 0');
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toEqual({ path: join(folder, 'electron') });
  });

  it("gives Electron's window the address by environment, ends it with us, and notices when the user closes it", async () => {
    // A stand-in: the real binary was never run here.
    await program('electron', `echo "$# $SIDETONE_PAGE_URL" > ${folder}/seen; read line; exit 0`);
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    vi.stubEnv('DISPLAY', ':9');
    let closed = 0;
    const request = {
      how: 'auto' as const,
      pageUrl: () => 'http://127.0.0.1:1/#token=t',
      onWindowClosed: () => (closed += 1),
      log,
    };
    const opened = await openPage(request);
    expect(opened.by).toBe('electron');
    expect(await readFile(join(folder, 'seen'), 'utf8')).toBe('1 http://127.0.0.1:1/#token=t\n');
    await opened.dispose();
    expect(closed).toBe(0);
    await program('electron', 'sleep 1.7');
    expect((await openPage(request)).by).toBe('electron');
    await until('the news', () => closed === 1);
  });

  it('falls back to the browser in one line when Electron does not start, and to words when there is none', async () => {
    await program('electron', 'exit 1');
    await program(process.platform === 'darwin' ? 'open' : 'xdg-open', `echo "$1" > ${folder}/seen`);
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    vi.stubEnv('DISPLAY', ':9');
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    const request = {
      how: 'auto' as const,
      pageUrl: () => 'http://127.0.0.1:1/#token=u',
      onWindowClosed: () => undefined,
      log,
    };
    expect((await openPage(request)).by).toBe('browser');
    expect(await readFile(join(folder, 'seen'), 'utf8')).toBe('http://127.0.0.1:1/#token=u\n');
    expect(lines).toHaveLength(1);
    vi.stubEnv('PATH', '/nowhere');
    expect((await openPage({ ...request, how: 'browser' })).by).toBe('nobody');
    expect(lines.at(-1)).toContain('open the address above');
    expect((await openPage({ ...request, how: 'none' })).by).toBe('nobody');
  });

  it('looks for commands on the PATH only', async () => {
    await program('opener', '');
    expect(findOnPath(['nothing', 'opener'], `/nowhere::${folder}`)).toBe(join(folder, 'opener'));
    expect(findOnPath(['opener'], '/nowhere')).toBeUndefined();
  });
});
