/** The command line with a real engine, real processes and a real call. Runs alone. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../shared/scenario/result.ts';

const MAIN = fileURLToPath(new URL('../../dist/scripts/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sidetone-cli-realtime-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}
/** `until`: what on stdout makes it be told to stop; `after`: milliseconds until then. */
function sidetone(args: readonly string[], until?: RegExp, after?: number): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      // Temporary data of a run goes where this test can look whether any of it is left.
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), after);
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      if (until?.test(out) === true) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      done({ status, out, err });
    });
  });
}
const leftovers = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('sidetone-'));

describe('sidetone with a real call', () => {
  it('runs a scenario, judges it, keeps the recording, and the recording tells the same incident', {
    timeout: 90_000,
  }, async () => {
    const args = ['run', 'pstn-reject', '--set', 'ringFor=1s', '--json', '--out', 'kept'];
    const { status, out, err } = await sidetone(args);
    expect(status, err).toBe(0);
    const result = JSON.parse(out) as ScenarioResult;
    expect(result).toMatchObject({ time: 'real', fidelity: 'F0', simulated: true, verdict: 'passed', losses: [] });
    const [incident] = result.runs[0]?.incidents ?? [];
    expect(incident).toMatchObject({ cause: 'phoneCall', state: 'recovered', start: { from: 'causeCleared' } });
    expect(incident?.deadAirTxMs).toBeGreaterThan(1000);

    const recordings = readdirSync(join(folder, 'kept', 'recordings')).filter((name) => name.endsWith('.mcap'));
    expect(recordings).toHaveLength(1);
    const opened = await sidetone(['open', join('kept', 'recordings', recordings[0] ?? ''), '--json']);
    expect(opened.status, opened.err).toBe(0);
    const again = JSON.parse(opened.out).incidents;
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ recoveryLatency: incident?.recoveryLatency, deadAirTxMs: incident?.deadAirTxMs });
    expect(leftovers()).toEqual([]);
  });

  it('opens a recording in the page and serves the engine until told to stop, leaving nothing', {
    timeout: 60_000,
  }, async () => {
    const file = join('kept', 'recordings', readdirSync(join(folder, 'kept', 'recordings'))[0] ?? '');
    const opened = await sidetone(['open', file, '--no-open'], /Sidetone: http/);
    expect(opened.out).toMatch(/^Sidetone: http:\/\/127\.0\.0\.1:\d+\/\?recording=[\w.-]+#token=/);
    expect(opened.status, opened.err).toBe(0);
    const served = await sidetone(['serve', '--no-simulation', '--data', 'served'], /Sidetone: http/);
    expect(served.status, served.err).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('a run that is stopped by Ctrl-C ends with 4, leaves nothing, and claims no recording that it could not keep', {
    timeout: 60_000,
  }, async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const { status, out, err } = await sidetone(['run', 's58', '--out', join('a-file', 'below')], undefined, 6000);
    expect(status, err).toBe(4);
    expect(`${out}${err}`).toContain('stop');
    expect(err).toContain('not recorded: cannot write');
    expect(err).not.toContain('recording kept');
    expect(leftovers()).toEqual([]);
  });

  it('records for as long as it was told', { timeout: 60_000 }, async () => {
    const { status, out, err } = await sidetone(['record', '--seconds', '3', '--data', 'recorded']);
    expect(status, err).toBe(0);
    expect(existsSync(out.trim())).toBe(true);
  });

  it('the doctor finds what is needed, and says what to do where it is not', { timeout: 60_000 }, async () => {
    const good = await sidetone(['doctor', '--data', folder]);
    expect(good.status, good.out).toBe(0);
    expect(good.out).toContain('ok    libwebrtc in Node: loads, and offers a call');
    const bad = await sidetone(['doctor', '--json', '--data', '/proc/sidetone/nothing']);
    expect(bad.status).toBe(process.platform === 'linux' ? 3 : bad.status);
    const { findings } = JSON.parse(bad.out) as { findings: { check: string; result: string; remedy?: string }[] };
    for (const finding of findings) if (finding.result !== 'ok') expect(finding.remedy).toBeTruthy();
  });
});
