import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { McapIndexedReader } from '@mcap/core';
import fc from 'fast-check';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { everyEntry, logEntry } from './entries.fixture.ts';
import { createJournal, isJournalOpen } from './journal.ts';
import { newRecordingId } from './library.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { openRecordingFile } from './recording-file.ts';
import { loadZstd } from './zstd.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`recorder.test.ts seed ${SEED} (SEED=${SEED} repeats it)`);

const root = new URL('../../..', import.meta.url).pathname;
const folders: string[] = [];
const stops: (() => unknown)[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sidetone-recorder-'));
  folders.push(folder);
  return folder;
}
function recorderIn(folder: string, more: { bundledFolder?: string } = {}): Recorder {
  const recorder = createRecorder({ folder, productVersion: '0.1.0', ...more });
  stops.push(() => recorder.dispose());
  return recorder;
}
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const about = { title: 'Test', simulated: true };
async function must<T>(
  result: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>,
): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(settled.error.message);
  return settled.value;
}
async function readAll(recorder: Recorder, id: string) {
  const opened = await must(recorder.openRecording(id));
  const entries: JournalEntry[] = [];
  for await (const batch of opened.batches()) entries.push(...batch);
  return { entries, opened };
}

describe('a recording', () => {
  it('gives back the very entries that were appended, of every type and kind: same values, same JSON bytes', async () => {
    const recorder = recorderIn(await newFolder());
    const { recordingId } = await must(recorder.start(about));
    const live = everyEntry();
    await recorder.append(live.slice(0, 10));
    await recorder.append(live.slice(10));
    const whileOpen = await readAll(recorder, recordingId);
    expect(whileOpen.entries).toEqual(live);
    const info = await must(recorder.stop());
    expect(info).toMatchObject({ recordingId, title: 'Test', complete: true, open: false, bundled: false });
    const { entries, opened } = await readAll(recorder, recordingId);
    expect(entries).toEqual(live);
    expect(entries.map((entry) => JSON.stringify(entry))).toEqual(live.map((entry) => JSON.stringify(entry)));
    expect(opened.damage).toEqual({ unreadableBytes: 0, invalidEntries: 0, complete: true });
    expect(opened.metadata).toMatchObject({ formatVersion: 1, productVersion: '0.1.0', simulated: true });
  });

  it('is a file that other MCAP tools can open by its index, with topics, schemas and both times', async () => {
    const folder = await newFolder();
    const recorder = recorderIn(folder);
    const { recordingId } = await must(recorder.start(about));
    await recorder.append([logEntry(1), logEntry(2)]);
    await must(recorder.stop());
    const bytes = await readFile(join(folder, `${recordingId}.mcap`));
    const zstd = await loadZstd();
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(bytes.byteLength),
        read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
      },
      decompressHandlers: { zstd: zstd.decompress },
    });
    expect([...reader.channelsById.values()].map((channel) => channel.topic)).toEqual(['/bench/phone/event']);
    expect([...reader.schemasById.values()].map((schema) => schema.encoding)).toEqual(['jsonschema']);
    expect(reader.chunkIndexes.map((index) => index.compression)).toEqual(['zstd']);
    expect(reader.statistics?.messageCount).toBe(2n);
    const messages = [];
    for await (const message of reader.readMessages()) messages.push(message);
    expect(messages[0]).toMatchObject({ logTime: 100_000n, publishTime: 93_000n });
    for await (const metadata of reader.readMetadata({ name: 'sidetone' }))
      expect([...metadata.metadata.keys()]).toEqual([
        'formatVersion',
        'productVersion',
        'startedAt',
        'title',
        'simulated',
      ]);
  });

  it('keeps the order of appending, also when callers do not wait', async () => {
    const recorder = recorderIn(await newFolder());
    const { recordingId } = await must(recorder.start(about));
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => recorder.append([logEntry(2 * n + 1), logEntry(2 * n + 2)])),
    );
    const { entries } = await readAll(recorder, recordingId);
    expect(entries).toEqual(Array.from({ length: 400 }, (_, n) => logEntry(n + 1)));
  });

  it('is not finished by a listing that meets it while it is being made', async () => {
    const folder = await newFolder();
    const path = join(folder, 'new.journal.mcap');
    const making = createJournal(path, {
      formatVersion: 1,
      productVersion: '0',
      startedAt: '2026-11-22T00:00:00Z',
      ...about,
    });
    expect(isJournalOpen(path)).toBe(true);
    const journal = await making;
    await journal.close();
    expect(isJournalOpen(path)).toBe(false);
    const again = createJournal(path, {
      formatVersion: 1,
      productVersion: '0',
      startedAt: '2026-11-22T00:00:00Z',
      ...about,
    });
    await expect(again).rejects.toMatchObject({ code: 'EEXIST' });
    expect(isJournalOpen(path)).toBe(false);
  });

  it('never replaces or removes one of the same name that another engine began in the same second', async () => {
    const folder = await newFolder();
    const now = new Date('2026-11-22T19:15:03Z');
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    stops.push(() => random.mockRestore());
    const path = join(folder, `${newRecordingId(now)}.journal.mcap`);
    await writeFile(path, 'of another engine');
    const recorder = createRecorder({ folder, productVersion: '0.1.0', wallClock: () => now });
    expect((await recorder.start(about)).ok).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('of another engine');
    await recorder.dispose();
  });

  it('is left alone by another recorder of the same process', async () => {
    const folder = await newFolder();
    const recorder = recorderIn(folder);
    await must(recorder.start(about));
    await recorder.append([logEntry(1)]);
    expect(await recorderIn(folder).listRecordings()).toMatchObject([{ complete: false }]);
    await recorder.append([logEntry(2)]);
    const { recordingId } = await must(recorder.stop());
    expect((await readAll(recorderIn(folder), recordingId)).entries).toHaveLength(2);
  });

  it('says how it is doing, one at a time', async () => {
    const recorder = recorderIn(await newFolder());
    const states: string[] = [];
    recorder.onState((state) => states.push(state.state));
    expect(await recorder.stop()).toMatchObject({ error: { code: 'not-recording' } });
    await must(recorder.start(about));
    expect(await recorder.start(about)).toMatchObject({ error: { code: 'already-recording' } });
    const before = recorder.state.bytes ?? 0;
    await recorder.append([logEntry(1)]);
    expect(recorder.state.bytes).toBeGreaterThan(before);
    await must(recorder.stop());
    await recorder.append([logEntry(2)]);
    expect(states).toEqual(['on', 'off']);
  });
});

describe('the list of recordings', () => {
  it('shows own and bundled ones, newest first, and nothing that is not a recording', async () => {
    const [folder, bundledFolder] = [await newFolder(), await newFolder()];
    const maker = recorderIn(bundledFolder);
    const bundled = await must(maker.start({ title: 'Sample', simulated: true }));
    await maker.append([logEntry(1)]);
    await must(maker.stop());
    await writeFile(join(folder, 'notes.mcap'), 'not an MCAP file');
    await writeFile(join(folder, 'readme.txt'), 'x');
    const recorder = recorderIn(folder, { bundledFolder });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const own = await must(recorder.start(about));
    const list = await recorder.listRecordings();
    expect(list.map(({ recordingId, bundled: isBundled, open }) => ({ recordingId, isBundled, open }))).toEqual([
      { recordingId: own.recordingId, isBundled: false, open: true },
      { recordingId: bundled.recordingId, isBundled: true, open: false },
    ]);
    expect((await readAll(recorder, bundled.recordingId)).entries).toEqual([logEntry(1)]);
    expect(await recorder.deleteRecording(bundled.recordingId)).toMatchObject({ error: { code: 'bundled' } });
    expect(await recorder.deleteRecording(own.recordingId)).toMatchObject({ error: { code: 'open' } });
    await must(recorder.stop());
    expect(await recorder.deleteRecording(own.recordingId)).toMatchObject({ ok: true });
    expect(await readdir(folder)).toEqual(['notes.mcap', 'readme.txt']);
  });

  it('never leaves its folder, whatever the id', async () => {
    const folder = await newFolder();
    const recorder = recorderIn(join(folder, 'inside'));
    await writeFile(join(folder, 'outside.mcap'), 'x');
    for (const id of [
      '../outside',
      '..',
      '.',
      '',
      '/etc/passwd',
      'a/../../outside',
      '..\\outside',
      'a\0b',
      'x'.repeat(500),
    ]) {
      expect(await recorder.openRecording(id)).toMatchObject({ error: { code: 'unknown-recording' } });
      expect(await recorder.deleteRecording(id)).toMatchObject({ error: { code: 'unknown-recording' } });
    }
    expect(existsSync(join(folder, 'outside.mcap'))).toBe(true);
  });
});

describe('a file from outside', () => {
  async function journalFile(batches: number): Promise<string> {
    const path = join(await newFolder(), 'x.journal.mcap');
    const head = { formatVersion: 1, productVersion: '0.1.0', startedAt: '2026-01-01T00:00:00Z', ...about };
    const journal = await createJournal(path, head);
    for (let n = 1; n <= batches; n += 1) await journal.append([logEntry(n)]);
    await journal.close();
    return path;
  }
  const numbers = async (path: string) => {
    const opened = await must(openRecordingFile(path));
    const seen: number[] = [];
    for await (const batch of opened.batches())
      for (const entry of batch) if (entry.type === 'event') seen.push(entry.event.seq);
    return { seen, damage: opened.damage };
  };

  it('cut off anywhere opens with every whole chunk before the cut, and says how much is unreadable', async () => {
    const path = await journalFile(20);
    const whole = await readFile(path);
    const cut = `${path}.cut`;
    let least = 20;
    for (let size = whole.byteLength; size > 600; size -= 37) {
      await writeFile(cut, whole.subarray(0, size));
      const { seen, damage } = await numbers(cut);
      expect(seen).toEqual(seen.map((_, index) => index + 1));
      expect(seen.length).toBeLessThanOrEqual(least);
      least = seen.length;
      if (size < whole.byteLength && seen.length === 19) expect(damage.unreadableBytes).toBeGreaterThan(0);
    }
    expect(least).toBeLessThan(3);
  });

  it('with a damaged chunk opens up to it', async () => {
    const path = await journalFile(20);
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.byteLength - 60, bytes.byteLength - 50);
    await writeFile(path, bytes);
    const { seen, damage } = await numbers(path);
    expect(seen).toHaveLength(19);
    expect(damage.unreadableBytes).toBeGreaterThan(0);
  });

  it('with messages that are no entries is read without them, and they are counted', async () => {
    const path = join(await newFolder(), 'x.mcap');
    const head = { formatVersion: 1, productVersion: '0.1.0', startedAt: '2026-01-01T00:00:00Z', ...about };
    const journal = await createJournal(path, head);
    const wrong = { ...logEntry(2), arrivedAt: -1 } as unknown as JournalEntry;
    const unknownKind = JSON.parse(JSON.stringify(logEntry(3)).replace('"log"', '"dance"')) as JournalEntry;
    await journal.append([
      logEntry(1),
      { ...wrong, arrivedAt: 5.5 } as unknown as JournalEntry,
      unknownKind,
      logEntry(4),
    ]);
    await journal.close();
    expect(await numbers(path)).toMatchObject({ seen: [1, 4], damage: { invalidEntries: 2, unreadableBytes: 0 } });
  });

  it('with any bytes changed is read as far as it goes, or refused, and never throws', async () => {
    const folder = await newFolder();
    const recorder = recorderIn(folder);
    const { recordingId } = await must(recorder.start(about));
    for (let n = 0; n < 30; n += 1) await recorder.append(everyEntry());
    const journal = await readFile(join(folder, `${recordingId}.journal.mcap`));
    await must(recorder.stop());
    const finished = await readFile(join(folder, `${recordingId}.mcap`));
    const mutations = fc.sample(
      fc.tuple(
        fc.constantFrom(finished, journal),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.boolean(),
      ),
      { seed: SEED, numRuns: 150 },
    );
    const path = join(folder, 'mutated.mcap');
    let refused = 0;
    let damaged = 0;
    for (const [bytes, changes, atHead] of mutations) {
      const copy = Buffer.from(bytes);
      for (const [place, value] of changes) copy[Math.floor((place / 1e6) * (atHead ? 2000 : copy.byteLength))] = value;
      await writeFile(path, copy);
      const opened = await openRecordingFile(path);
      if (!opened.ok) {
        refused += 1;
        expect(opened.error.message.length).toBeGreaterThan(20);
        continue;
      }
      for await (const batch of opened.value.batches()) expect(batch.length).toBeGreaterThan(0);
      const { unreadableBytes, invalidEntries } = opened.value.damage;
      if (unreadableBytes > 0 || invalidEntries > 0) damaged += 1;
    }
    expect(refused).toBeGreaterThan(0);
    expect(damaged).toBeGreaterThan(20);
  });

  it('that is no recording, or from the future, or missing, is refused in words', async () => {
    const folder = await newFolder();
    const text = join(folder, 'a.mcap');
    await writeFile(text, 'hello '.repeat(100_000));
    expect(await openRecordingFile(text)).toMatchObject({ error: { code: 'not-a-recording' } });
    await writeFile(text, '');
    expect(await openRecordingFile(text)).toMatchObject({ error: { code: 'not-a-recording' } });
    const future = join(folder, 'b.mcap');
    const head = { formatVersion: 9, productVersion: '9', startedAt: '2026-01-01T00:00:00Z', ...about };
    await (await createJournal(future, head)).close();
    expect(await openRecordingFile(future)).toMatchObject({ error: { code: 'newer-format' } });
    expect(await openRecordingFile(join(folder, 'c.mcap'))).toMatchObject({ error: { code: 'unknown-recording' } });
    expect(await openRecordingFile(folder)).toMatchObject({ error: { code: 'unreadable' } });
  });
});

describe('a disk that does not take it', () => {
  it('is said before anything starts when the folder cannot be made', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), 'x');
    const recorder = recorderIn(join(folder, 'file', 'recordings'));
    const started = await recorder.start(about);
    expect(started).toMatchObject({ error: { code: 'not-writable', message: expect.stringContaining('--data') } });
    expect(recorder.state).toMatchObject({ state: 'failed' });
    await recorder.append([logEntry(1)]);
    expect(await recorder.listRecordings()).toEqual([]);
  });

  it('that is full stops the recording with a problem, and everything written before stays readable', async (context) => {
    const folder = await newFolder();
    const [almostFull, full] = [join(folder, 'almost'), join(folder, 'full')];
    try {
      await Promise.all([mkdir(almostFull), mkdir(full)]);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', almostFull], { stdio: 'pipe' });
      stops.push(() => execFileSync('umount', [almostFull]));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', full], { stdio: 'pipe' });
      stops.push(() => execFileSync('umount', [full]));
    } catch {
      context.skip('a small file system can be mounted by root on Linux only; a file size limit stands in below');
    }
    expect(await recorderIn(full).start(about)).toMatchObject({ error: { code: 'disk-full' } });
    expect(await readdir(full)).toEqual([]);

    const recorder = recorderIn(almostFull);
    const { recordingId } = await must(recorder.start(about));
    let written = 0;
    for (let n = 0; recorder.state.state === 'on' && n < 3000; n += 1) {
      await recorder.append(Array.from({ length: 100 }, (_, k) => logEntry(n * 100 + k + 1, 'x'.repeat(200))));
      if (recorder.state.state === 'on') written += 100;
    }
    expect(recorder.state).toMatchObject({ state: 'failed', problem: expect.stringContaining('no space left') });
    await recorder.append([logEntry(1)]);
    const { entries } = await readAll(recorder, recordingId);
    expect(entries).toHaveLength(written);
    expect((await readdir(almostFull)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a process that dies', () => {
  const output = join(root, 'node_modules', '.cache', `sidetone-recorder-test-${process.pid}`);
  beforeAll(async () => {
    await build({
      ...{ root, configFile: false, logLevel: 'silent' },
      build: { ssr: join(root, 'electron/engine/recorder/recorder.ts'), outDir: output, emptyOutDir: true },
    });
  }, 60_000);
  afterAll(() => rm(output, { recursive: true, force: true }));

  const childSource = (folder: string): string => `
    import { createRecorder } from ${JSON.stringify(join(output, 'recorder.js'))};
    const recorder = createRecorder({ folder: ${JSON.stringify(folder)}, productVersion: '0.1.0' });
    const started = await recorder.start({ title: 'Child', simulated: true });
    process.stdout.write(started.value.recordingId + '\\n');
    const entry = (seq) => ({ type: 'event', arrivedAt: seq, benchId: 'bench', deviceId: 'phone', sessionId: 's',
      event: { seq, at: seq, uptime: seq, kind: 'log', source: 'probe', data: { level: 'info', message: 'm'.repeat(seq % 300) } } });
    for (let batch = 0; recorder.state.state === 'on' && batch < 1e6; batch += 1) {
      await recorder.append(Array.from({ length: 7 }, (_, k) => entry(batch * 7 + k + 1)));
      if (recorder.state.state === 'on') process.stdout.write(batch + '\\n');
      else process.stdout.write(JSON.stringify(recorder.state) + '\\n');
    }
  `;

  it('by SIGKILL at any moment has everything it published in its recording, which the next engine finishes', async () => {
    for (const milliseconds of [40, 150, 400]) {
      const folder = await newFolder();
      const child = spawn(process.execPath, ['--input-type=module', '-e', childSource(folder)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        if (lines.push(line) === 1) setTimeout(() => child.kill('SIGKILL'), milliseconds);
      }
      const [id = '', ...batches] = lines;
      const published = (batches.length === 0 ? 0 : Number(batches.at(-1)) + 1) * 7;
      expect(published).toBeGreaterThan(0);
      expect(await readdir(folder)).toEqual([`${id}.journal.mcap`]);

      // Straight from the journal, then through the next engine.
      const journal = await must(openRecordingFile(join(folder, `${id}.journal.mcap`)));
      let direct = 0;
      for await (const batch of journal.batches()) direct += batch.length;
      expect(direct).toBeGreaterThanOrEqual(published);

      const recorder = recorderIn(folder);
      expect(await recorder.listRecordings()).toMatchObject([{ recordingId: id, complete: false, open: false }]);
      expect(await readdir(folder)).toEqual([`${id}.mcap`]);
      const { entries } = await readAll(recorder, id);
      const seqs = entries.map((entry) => (entry.type === 'event' ? entry.event.seq : 0));
      expect(seqs).toEqual(Array.from({ length: direct }, (_, index) => index + 1));
    }
  });

  it('while another engine reads the folder keeps its journal to itself until then', async () => {
    const folder = await newFolder();
    const child = spawn(process.execPath, ['--input-type=module', '-e', childSource(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for await (const line of createInterface({ input: child.stdout })) if (line === '20') break;
    const recorder = recorderIn(folder);
    expect(await recorder.listRecordings()).toMatchObject([{ complete: false }]);
    child.kill('SIGKILL');
    await ended;
    // Finished now, and for ever known to have been cut off.
    expect(await recorder.listRecordings()).toMatchObject([{ complete: false, open: false }]);
    expect((await readdir(folder)).filter((name) => name.includes('journal'))).toEqual([]);
  });

  it('or may not write any further (a file size limit) reports it, and what was published stays', async () => {
    const folder = await newFolder();
    const child = spawn(
      'sh',
      ['-c', 'ulimit -f 256; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', childSource(folder)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    const state = JSON.parse(lines.at(-1) ?? '{}') as { state?: string; problem?: string };
    expect(state).toMatchObject({ state: 'failed', problem: expect.stringContaining('no space left') });
    const recorder = recorderIn(folder);
    const { entries } = await readAll(recorder, lines[0] ?? '');
    expect(entries).toHaveLength((Number(lines.at(-2)) + 1) * 7);
  });

  it('between the rename and the removal of the journal leaves one recording, not two', async () => {
    const folder = await newFolder();
    const recorder = recorderIn(folder);
    const { recordingId } = await must(recorder.start(about));
    await recorder.append([logEntry(1)]);
    const journal = await readFile(join(folder, `${recordingId}.journal.mcap`));
    await must(recorder.stop());
    await writeFile(join(folder, `${recordingId}.journal.mcap`), journal);
    await writeFile(join(folder, `${recordingId}.mcap.999999999.part`), 'half');
    expect(await recorder.listRecordings()).toHaveLength(1);
    expect(await readdir(folder)).toEqual([`${recordingId}.mcap`]);
    expect((await stat(join(folder, `${recordingId}.mcap`))).size).toBeGreaterThan(0);
  });
});
