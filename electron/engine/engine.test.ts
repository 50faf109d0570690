import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_BATCH_ENTRIES } from '../../shared/contract/contract.ts';
import { createEngine } from './engine.ts';
import { createNodeProcessHost } from './process-host.ts';
import { logIn, sleep, startEngine, TestDevice, type TestEngine, TestPage, until } from './testing/harness.fixture.ts';

let test: TestEngine;
afterEach(() => test.dispose());

const messagesOf = (page: TestPage): string[] =>
  page.entries.flatMap((entry) =>
    entry.type === 'event' && entry.event.kind === 'log' ? [entry.event.data.message] : [],
  );

/** The bytes of the recording that is being written. */
async function journalText(): Promise<string> {
  const folder = join(test.folder, 'recordings');
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1').catch(() => '')));
  return texts.join('');
}

describe('a device that dials in', () => {
  it('appears in the status with what it can do, and is gone from it when it goes', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    const bench = await until('the bench', () => test.engine.status().benches.find((one) => one.benchId === 'desk'));
    expect(bench).toMatchObject({
      title: 'Phone on the desk',
      simulated: false,
      state: 'running',
      os: '26.1',
      abilities: [{ does: 'mic.mute', deviceId: 'phone-1' }],
    });
    device.close();
    await until('the loss', () => test.engine.status().benches[0]?.devices[0]?.link !== 'connected');
    expect(test.engine.status().benches[0]).toMatchObject({ state: 'paused', abilities: [] });
  });

  it('cannot, by naming benches without end, push the simulated phone out of memory', async () => {
    test = await startEngine();
    const simulated = test.engine.watchOf('simulated-iphone');
    const first = test.engine.watchOf('bench-0');
    for (let index = 1; index <= 100; index += 1) test.engine.watchOf(`bench-${index}`);
    expect(test.engine.watchOf('simulated-iphone')).toBe(simulated);
    // Bounded all the same.
    expect(test.engine.watchOf('bench-0')).not.toBe(first);
  });

  it('is told when the engine stops, so that it does not take it for a fault', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    await test.engine.dispose();
    await until('the goodbye', () => device.frames.find((frame) => frame.t === 'bye'));
  });

  it('is on disk before a page sees it', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    const page = await TestPage.open(test.engine);
    await page.call({ name: 'watch.live', input: {} });
    const onDisk: boolean[] = [];
    page.socket.on('message', (text) => {
      const found = /"message":"(fact-\d+)"/.exec(String(text))?.[1];
      if (found !== undefined) void journalText().then((journal) => onDisk.push(journal.includes(found)));
    });
    for (let number = 1; number <= 5; number += 1) {
      device.log(`fact-${number}`);
      await until('the fact', () => messagesOf(page).includes(`fact-${number}`));
    }
    await until('the looks at the disk', () => onDisk.length >= 5);
    expect(onDisk).not.toContain(false);
  });

  it('is asked to do what the page asks for, and what it cannot do is said with what it can', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    const page = await TestPage.open(test.engine);
    const input = { benchId: 'desk', does: 'mic.mute', params: {} };
    const answer = await page.call({ name: 'bench.inject', input });
    const asked = await until('the inject frame', () => device.frames.find((frame) => frame.t === 'inject'));
    expect(answer).toMatchObject({ t: 'result', output: { injectId: asked['injectId'] } });
    const wrong = await page.call({ name: 'bench.inject', input: { ...input, does: 'mic.mut' } });
    expect(wrong).toMatchObject({ t: 'failed', error: { code: 'unknown-ability' } });
    expect(wrong.t === 'failed' && wrong.error.message).toContain('mic.mute');
  });
});

describe('a page', () => {
  it('that comes late is given the session so far, in order', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    const messages = Array.from({ length: 3 * MAX_BATCH_ENTRIES }, (_, index) => `m${index}`);
    for (let from = 0; from < messages.length; from += 500) device.log(...messages.slice(from, from + 500));
    await until(
      'them to arrive',
      () => test.engine.status().benches[0]?.devices[0]?.eventsReceived === messages.length,
    );
    const page = await TestPage.open(test.engine);
    await page.call({ name: 'watch.live', input: {} });
    await until('all of it', () => messagesOf(page).length >= messages.length);
    expect(messagesOf(page)).toEqual(messages);
    expect(page.entries[0]?.type).toBe('hello');
    expect(Math.max(...page.batches.map((batch) => batch.entries.length))).toBeLessThanOrEqual(MAX_BATCH_ENTRIES);
  });

  it('that never acknowledges holds up nobody, costs a bounded amount, and misses no event when it comes round', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    const cookie = await logIn(test.engine);
    const slow = await TestPage.open(test.engine, cookie);
    const quick = await TestPage.open(test.engine, cookie);
    await slow.call({ name: 'watch.live', input: {} });
    await quick.call({ name: 'watch.live', input: {} });
    await until('the hello', () => slow.entries.length > 0 && quick.entries.length > 0);
    slow.acknowledges = false;
    for (let round = 0; round < 200; round += 1) {
      device.levels(50);
      device.log(`round-${round}`);
      if (round % 10 === 0) await sleep(5);
    }
    await until('the quick page to have it all', () => messagesOf(quick).length === 200);
    await sleep(100);
    // Three batches are in flight at most; everything else waits in the shared history.
    const unanswered = slow.batches.length;
    device.log('one more');
    await until('the quick page to go on', () => messagesOf(quick).includes('one more'));
    expect(slow.batches.length).toBe(unanswered);
    expect(slow.socket.bufferedAmount).toBe(0);
    slow.acknowledges = true;
    const last = slow.batches.at(-1);
    slow.socket.send(JSON.stringify({ t: 'ack', stream: last?.stream, number: last?.number }));
    await until('the slow page to catch up', () => messagesOf(slow).includes('one more'));
    expect(messagesOf(slow)).toEqual([...Array.from({ length: 200 }, (_, round) => `round-${round}`), 'one more']);
    expect(slow.batches.at(-1)?.samplesDropped).toBeGreaterThan(1000);
    expect(quick.batches.at(-1)?.eventsDropped).toBeUndefined();
  });

  it('that sends nonsense gets typed failures, and is closed when it goes on', async () => {
    test = await startEngine();
    const page = await TestPage.open(test.engine);
    const unknown = await page.call({ name: 'bench.explode' as never, input: {} as never }).constructor;
    expect(unknown).toBeDefined();
    await until('a failure', () => page.failures.some((failure) => failure.error.code === 'bad-message'));
    const invalid = await page.call({ name: 'recording.delete', input: { recordingId: '../etc' } });
    expect(invalid).toMatchObject({ t: 'failed', error: { code: 'invalid-input' } });
    for (let count = 0; count < 25; count += 1) page.socket.send('{"t":"what"}');
    await until('the close', () => page.closed?.code === 1008);
  });

  it('is told when the engine stops', async () => {
    test = await startEngine();
    const page = await TestPage.open(test.engine);
    await test.engine.dispose();
    await until('the close', () => page.closed?.code === 1001);
  });
});

describe('recording', () => {
  it('begins by itself, is listed, and is given back to a page as it was', async () => {
    test = await startEngine();
    const device = await TestDevice.connect(test.engine);
    device.log('one', 'two');
    const page = await TestPage.open(test.engine);
    await page.call({ name: 'watch.live', input: {} });
    await until('the events', () => messagesOf(page).length === 2);
    const live = page.entries.length;
    expect(test.engine.status().recording.state).toBe('on');
    expect(await page.call({ name: 'recording.stop', input: {} })).toMatchObject({ t: 'result' });
    const recordingId = await until(
      'the list',
      () => test.engine.status().recordings.find((one) => one.complete)?.recordingId,
    );
    page.batches.length = 0;
    const opened = await page.call({ name: 'watch.recording', input: { recordingId } });
    expect(opened).toMatchObject({ t: 'result', output: { recording: { recordingId, open: false } } });
    await until('its end', () => page.batches.some((batch) => batch.complete));
    expect(messagesOf(page)).toEqual(['one', 'two']);
    expect(page.entries.length).toBeGreaterThanOrEqual(live);
    expect(await page.call({ name: 'recording.delete', input: { recordingId } })).toMatchObject({ t: 'result' });
    await until('it to be gone', () => !test.engine.status().recordings.some((one) => one.recordingId === recordingId));
  });

  it('started later begins with who is there, and asks them how things stand', async () => {
    test = await startEngine({ recordByItself: false });
    const device = await TestDevice.connect(test.engine);
    device.log('before');
    await until('it', () => test.engine.status().benches[0]?.devices[0]?.eventsReceived === 1);
    await sleep(50);
    const started = await test.engine.call('recording.start', {});
    if (!started.ok) throw new Error(started.error.message);
    await until('the question', () => device.frames.some((frame) => frame.t === 'snapshot'));
    device.log('after');
    await until('it', () => test.engine.status().benches[0]?.devices[0]?.eventsReceived === 2);
    await sleep(50);
    await test.engine.call('recording.stop', {});
    const page = await TestPage.open(test.engine);
    const { recordingId } = started.value;
    await page.call({ name: 'watch.recording', input: { recordingId } });
    await until('its end', () => page.batches.some((batch) => batch.complete));
    expect(page.entries[0]).toMatchObject({ type: 'hello', deviceId: 'phone-1' });
    expect(messagesOf(page)).toEqual(['after']);
  });

  it('that cannot be written is said, and the live view goes on', async () => {
    test = await startEngine();
    const file = join(test.folder, 'a-file');
    await writeFile(file, '');
    const lines: string[] = [];
    const log = { info: (line: string) => lines.push(line), warning: (line: string) => lines.push(line) };
    const engine = await createEngine({
      ...{ dataFolder: file, simulation: false, version: '0', host: createNodeProcessHost(), log },
    });
    const device = await TestDevice.connect(engine);
    const page = await TestPage.open(engine);
    await page.call({ name: 'watch.live', input: {} });
    device.log('still here');
    await until('the event', () => messagesOf(page).includes('still here'));
    expect(engine.status().recording).toMatchObject({ state: 'failed' });
    const { problem } = engine.status().recording;
    expect(problem).toContain(file);
    // On the terminal too, once: there may be no page to look at.
    expect(lines).toEqual([`not recorded: ${problem}`]);
    const asked = await engine.call('recording.start', {});
    expect(asked).toMatchObject({ ok: false, error: { message: problem } });
    expect(lines).toHaveLength(1);
    await engine.dispose();
  });
});
