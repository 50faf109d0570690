/** `sidetone open`: a recording, read-only, in the page; or its incidents as JSON. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { OpenedRecording } from '../../electron/engine/recorder/recording-file.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import { incidentResult } from '../../shared/scenario/result.ts';
import { type Command, EXIT, type ExitStatus, flagOption, type Terminal, usageError } from './command.ts';
import { pageFolder } from './places.ts';
import { untilInterrupted } from './serve.ts';

export const open: Command = {
  name: 'open',
  usage: 'open <file.mcap> [--json] [--browser] [--no-open]',
  summary: 'look at a recording in the page, or list its incidents',
  options: {
    json: { type: 'boolean', help: 'print its incidents as one JSON document instead' },
    browser: { type: 'boolean', help: 'the default browser, even where Electron is installed' },
    'no-open': { type: 'boolean', help: 'open nothing, only say the address' },
  },
  words: { least: 1, most: 1 },
  async run(values, words, terminal) {
    const path = resolve(words[0] ?? '');
    const { openRecordingFile } = await import('../../electron/engine/recorder/recording-file.ts');
    const opened = await openRecordingFile(path);
    if (!opened.ok) throw usageError(opened.error.message);
    if (flagOption(values, 'json')) return listIncidents(opened.value, terminal);
    const how = flagOption(values, 'no-open') ? 'none' : flagOption(values, 'browser') ? 'browser' : 'auto';
    return show(path, how, terminal);
  },
};

async function listIncidents(recording: OpenedRecording, terminal: Terminal): Promise<ExitStatus> {
  const reducers = new Map<string, ReturnType<typeof createIncidentReducer>>();
  let entries = 0;
  for await (const batch of recording.batches()) {
    entries += batch.length;
    for (const entry of batch) {
      let reducer = reducers.get(entry.benchId);
      if (reducer === undefined) {
        reducer = createIncidentReducer(entry.benchId);
        reducers.set(entry.benchId, reducer);
      }
      reducer.push(entry);
    }
    terminal.progress(`reading, ${entries} entries`);
  }
  terminal.progress('');
  const { unreadableBytes, invalidEntries, complete } = recording.damage;
  const { title, startedAt, simulated } = recording.metadata;
  for (const reducer of reducers.values()) reducer.finish();
  const incidents = [...reducers].flatMap(([benchId, reducer]) =>
    reducer.incidents().map((incident) => ({ benchId, ...incidentResult(incident) })),
  );
  const document = {
    schemaVersion: 1,
    recording: { title, startedAt, simulated, entries },
    incidents,
    damage: recording.damage,
  };
  terminal.print(JSON.stringify(document, undefined, 2));
  if (!complete) terminal.say('sidetone: the file was cut off; what is there was read');
  return unreadableBytes > 0 || invalidEntries > 0 || !complete ? EXIT.doneWithLoss : EXIT.good;
}

/** An engine that knows this one recording and no phone. */
async function show(path: string, how: 'auto' | 'browser' | 'none', terminal: Terminal): Promise<ExitStatus> {
  const interrupted = untilInterrupted(terminal);
  const { openPage } = await import('../../electron/engine/open-page.ts');
  const { startSession } = await import('./session.ts');
  const shelf = await mkdtemp(join(tmpdir(), 'sidetone-open-'));
  try {
    await symlink(path, join(shelf, basename(path)));
    const session = await startSession({ simulation: false, pageFolder, bundledFolder: shelf }, terminal);
    const { engine } = session;
    try {
      const { recordings } = engine.status();
      const recordingId = recordings[0]?.recordingId;
      // The engine lists files by their names: one that it cannot take as a name is ours to explain.
      if (recordingId === undefined) {
        throw usageError(`${basename(path)}: rename it to letters, digits, dots and dashes, ending in .mcap`);
      }
      // In the query, which stays in the address when the page takes the token out of it.
      const address = (): string => engine.pageUrl().replace('/#', `/?recording=${encodeURIComponent(recordingId)}#`);
      terminal.print(`Sidetone: ${address()}`);
      let closeWindow = (): void => undefined;
      const closed = new Promise<void>((done) => {
        closeWindow = () => done();
      });
      const log = {
        info: (line: string) => terminal.say(line),
        warning: (line: string) => terminal.say(`sidetone: ${line}`),
      };
      const page = await openPage({ how, pageUrl: address, onWindowClosed: () => closeWindow(), log });
      terminal.say('Ctrl-C stops.');
      await Promise.race([interrupted, closed]);
      await page.dispose();
      return EXIT.good;
    } finally {
      await session.end();
    }
  } finally {
    await rm(shelf, { recursive: true, force: true });
  }
}
