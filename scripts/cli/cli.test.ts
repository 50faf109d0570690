/** The built command line, spawned as a user's shell would. What needs a real call is in cli.realtime.test.ts. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../shared/scenario/result.ts';
import { runCommandLine } from './command-line.ts';

const MAIN = fileURLToPath(new URL('../../dist/scripts/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sidetone-cli-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sidetone(...args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    child.on('close', (status) => done({ status, out, err }));
  });
}

/** The same without a process of its own: for the many ways to be wrong. */
async function inProcess(...args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await runCommandLine(args, {
    print: (text) => {
      out += `${text}\n`;
    },
    say: (text) => {
      err += `${text}\n`;
    },
    progress: () => undefined,
    isInteractive: false,
    onInterrupt: () => ({ dispose: () => undefined }),
  });
  return { status, out, err };
}
const inFolder = (name: string): string => join(folder, name);

describe('sidetone', () => {
  it('tells its version and its help on stdout, with status 0', async () => {
    expect(await sidetone('--version')).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    const help = await inProcess('--help');
    expect(help.status).toBe(0);
    for (const name of ['serve', 'run', 'scenarios', 'record', 'open', 'doctor'])
      expect(help.out).toContain(`  ${name}`);
    const run = await inProcess('run', '--help');
    expect(run).toMatchObject({ status: 0, out: expect.stringContaining('--set NAME=VALUE') });
  });

  it.each([
    [[], 'usage: sidetone'],
    [['rnu'], 'did you mean run?'],
    [['run'], 'something is missing'],
    [['run', 'pstn-rejct', '--time', 'virtual'], 'did you mean pstn-reject?'],
    [
      ['run', 's02', '--policy', 'carful', '--time', 'virtual'],
      'Allowed: careful, gateOnShouldResume, neverRestartsUnit',
    ],
    [['run', 's02', '--os', '12', '--time', 'virtual'], 'Allowed: 26, 27'],
    [['run', 's02', '--time', 'fast'], 'real or virtual is needed'],
    [['run', 's02', '--polcy', 'careful'], 'did you mean --policy?'],
    [['run', 's02', '--repeat', '0', '--time', 'virtual'], 'from 1 to 1000'],
    [['run', 's02', '--set', 'ringfor=5s', '--time', 'virtual'], 'did you mean ringFor?'],
    [['run', 's02', '--set', 'ringFor=5', '--time', 'virtual'], 'a duration with a unit'],
    [['run', './none.yaml', '--time', 'virtual'], 'cannot be read'],
    [['open', 'none.mcap', '--json'], 'none.mcap'],
    [['scenarios', 'all'], 'one word too many'],
    [['record', '--seconds', 'ten'], 'a whole number'],
    [['run', 'S02', '--time', 'virtual', '--out', 'kept'], 'only a run in real time'],
    [['serve', '--port', '99999'], 'from 0 to 65535'],
  ])('answers wrong usage %j with status 2, a reason on stderr and nothing on stdout', async (args, reason) => {
    const { status, out, err } = await inProcess(...args);
    expect(err).toContain(reason);
    expect({ status, out }).toEqual({ status: 2, out: '' });
  });

  it('shows every problem of a scenario file with file, line and column, and ends with 2', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'id: S99\nname: Bad Name\nsteps: []\n');
    const { status, err } = await sidetone('run', 'bad.yaml', '--time', 'virtual');
    expect(status).toBe(2);
    expect(err).toContain('bad.yaml:2:7: name: "Bad Name" is not allowed');
    expect(err).toContain('bad.yaml:1:1: "expect" is missing');
    expect(err).toContain('bad.yaml:3:8: steps: at least one step is needed');
  });

  it('will not take a file for a recording that is none', async () => {
    writeFileSync(join(folder, 'text.mcap'), 'hello');
    const { status, err } = await inProcess('open', inFolder('text.mcap'), '--json');
    expect(status).toBe(2);
    expect(err).toContain('text.mcap');
  });

  it('says of a recording and of each of its incidents that they are simulated', async () => {
    const sample = fileURLToPath(new URL('../../shared/recording/samples/a-call-interrupted.mcap', import.meta.url));
    const { status, out } = await inProcess('open', sample, '--json');
    expect(status).toBe(0);
    const { recording, incidents } = JSON.parse(out);
    expect(recording).toMatchObject({ title: 'Simulated iPhone', simulated: true });
    expect(incidents.length).toBeGreaterThan(0);
    for (const incident of incidents) expect(incident.fidelity).toBe('F0');
  });

  it('lists the scenarios, for people and for programs', async () => {
    const list = await inProcess('scenarios');
    expect(list.status).toBe(0);
    expect(list.out.split('\n')[0]).toMatch(/^S02 {2}pstn-reject .* Phone call, declined$/);
    const { scenarios } = JSON.parse((await inProcess('scenarios', '--json')).out);
    expect(scenarios).toHaveLength(11);
    expect(scenarios[0]).toMatchObject({ id: 'S02', policy: 'careful', parameters: { ringFor: '3000ms' } });
  });
});

describe('sidetone run --time virtual', () => {
  it('ends with 0 when the expectations hold and with 1 when they do not', async () => {
    const good = await sidetone('run', 'pstn-reject', '--time', 'virtual');
    expect(good.status).toBe(0);
    expect(good.out).toContain('Simulated (F0), virtual time');
    expect(good.out).toContain('Verdict: PASSED');
    expect(good.err).toBe('');
    const bad = await sidetone('run', 'S02', '--time', 'virtual', '--policy', 'neverRestartsUnit');
    expect(bad.status).toBe(1);
    expect(bad.out).toContain('NOT RECOVERED');
    expect(bad.out).toContain('FAIL Phone call rings: recovered by itself within 1.80 s. Got: never recovered.');
  });

  it('prints one JSON document in milliseconds, the same bytes for the same seed', async () => {
    const args = ['run', 'siri-short', '--time', 'virtual', '--json', '--seed', '9', '--repeat', '2', '--os', '27'];
    const first = await sidetone(...args);
    expect(first.status).toBe(0);
    expect((await inProcess(...args)).out).toBe(first.out);
    const result = JSON.parse(first.out) as ScenarioResult;
    expect(result).toMatchObject({
      schemaVersion: 1,
      scenario: { id: 'S11' },
      parameters: { siriFor: 4500 },
      os: '27',
      time: 'virtual',
      fidelity: 'F0',
      simulated: true,
      seed: 9,
      verdict: 'passed',
      losses: [],
    });
    expect(result.runs.map((run) => run.seed)).toEqual([9, 10]);
    const incident = result.runs[0]?.incidents[0];
    expect(incident?.milestones[0]).toMatchObject({ name: 'causeBegan', atMs: 0 });
    expect(incident?.start).toEqual({ from: 'causeCleared', atMs: 4500 });
  });

  it('runs a file of the user, with parameters set on the command line', async () => {
    const library = fileURLToPath(new URL('../../shared/scenario/library/s13-alarm-dismiss.yaml', import.meta.url));
    writeFileSync(join(folder, 'mine.yaml'), readFileSync(library, 'utf8').replace('id: S13', 'id: S99'));
    const args = [
      'run',
      inFolder('mine.yaml'),
      '--time',
      'virtual',
      '--json',
      '--set',
      'alarmFor=9s',
      '--set',
      'backWithin=1ms',
    ];
    const { status, out } = await inProcess(...args);
    const result = JSON.parse(out) as ScenarioResult;
    expect(status).toBe(1);
    expect(result.scenario.id).toBe('S99');
    expect(result.runs[0]?.incidents[0]?.start.atMs).toBe(9000);
  });

  it('writes JUnit XML, and still shows the result when it cannot, with status 3', async () => {
    const good = await inProcess('run', 's02', '--time', 'virtual', '--junit', inFolder('result.xml'));
    expect(good.status).toBe(0);
    expect(readFileSync(join(folder, 'result.xml'), 'utf8')).toContain(
      '<testsuites name="Sidetone" tests="3" failures="0"',
    );
    const bad = await sidetone('run', 's02', '--time', 'virtual', '--junit', 'no/such/folder/result.xml');
    expect(bad.status).toBe(3);
    expect(bad.out).toContain('Verdict: PASSED');
    expect(bad.err).toContain('cannot be written');
  });
});
