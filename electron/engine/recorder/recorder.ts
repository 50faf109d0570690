/**
 * Recordings of one data folder: one being written at most, any number to read.
 *
 *   off --start--> on --stop--> off
 *                  on --a write fails--> failed {problem} --start--> on
 *
 * Whatever happens to the disk, `append` resolves: the live view never depends on the recording.
 */
import { rm, stat, statfs } from 'node:fs/promises';
import type { EngineStatus, RecordingInfo } from '../../../shared/contract/contract.ts';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { bad, good, type Result } from '../lifecycle.ts';
import type { Disposable } from '../ports.ts';
import { codeOf, type RecorderError, writeError } from './errors.ts';
import { makeFolder } from './folder.ts';
import { FORMAT_VERSION, type RecordingMetadata } from './format.ts';
import { createJournal, type Journal } from './journal.ts';
import {
  describe,
  type Found,
  findRecordings,
  finishedPath,
  finishJournal,
  isRecordingId,
  journalPath,
  newRecordingId,
  removeParts,
} from './library.ts';
import { type OpenedRecording, openRecordingFile } from './recording-file.ts';

export type { RecorderError } from './errors.ts';
export type { OpenedRecording } from './recording-file.ts';

export interface RecorderOptions {
  /** Made when it is missing. */
  readonly folder: string;
  readonly productVersion: string;
  /** Recordings that come with the product: listed and opened, never changed. */
  readonly bundledFolder?: string;
  /** Wall clock, for names and titles only. */
  readonly wallClock?: () => Date;
}

export type RecorderState = EngineStatus['recording'];

export interface Recorder extends Disposable {
  /** Checks that the folder can be written and has room, and writes the head of the journal, before anything starts. */
  start(about: { readonly title: string; readonly simulated: boolean }): Promise<Result<RecordingInfo, RecorderError>>;
  /** Resolves when the operating system has the entries (at once when nothing is recorded). Never rejects. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Ends the recording and makes the finished file. On an error the journal stays, and can be opened. */
  stop(): Promise<Result<RecordingInfo, RecorderError>>;
  readonly state: RecorderState;
  /** At each change of `state.state`; `state.bytes` grows without being told. */
  onState(listener: (state: RecorderState) => void): Disposable;
  /** Newest first. Journals that a dead engine left are finished first. */
  listRecordings(): Promise<readonly RecordingInfo[]>;
  openRecording(id: string): Promise<Result<OpenedRecording & { readonly info: RecordingInfo }, RecorderError>>;
  deleteRecording(id: string): Promise<Result<undefined, RecorderError>>;
  /** Stops a recording that is on. */
  dispose(): Promise<void>;
}

/** Less room than this and the recording would fail within minutes: said at the start instead. */
export const MIN_FREE_BYTES = 16 * 1024 * 1024;

export function createRecorder(options: RecorderOptions): Recorder {
  const { folder, productVersion, bundledFolder } = options;
  const wallClock = options.wallClock ?? ((): Date => new Date());
  const listeners = new Set<(state: RecorderState) => void>();
  const finishing = new Map<string, Promise<boolean>>();
  let current: { readonly id: string; readonly journal: Journal; readonly metadata: RecordingMetadata } | undefined;
  let state: RecorderState = { state: 'off' };
  /** Starting and stopping go one after the other. */
  let chain: Promise<unknown> = Promise.resolve();

  function enter(next: RecorderState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = chain.then(work);
    chain = result.catch(() => undefined);
    return result;
  }

  async function start(about: { readonly title: string; readonly simulated: boolean }) {
    if (current !== undefined) {
      return bad<RecorderError>({ code: 'already-recording', message: 'a recording is on already: stop it first' });
    }
    const now = wallClock();
    const id = newRecordingId(now);
    const startedAt = now.toISOString();
    const path = journalPath(folder, id);
    const metadata = { formatVersion: FORMAT_VERSION, productVersion, startedAt, ...about, pid: process.pid };
    try {
      await makeFolder(folder);
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < MIN_FREE_BYTES) throw Object.assign(new Error('almost full'), { code: 'ENOSPC' });
      current = { id, journal: await createJournal(path, metadata), metadata };
    } catch (error) {
      // A file that was there before is another engine's recording of the same second.
      if (codeOf(error) !== 'EEXIST') await rm(path, { force: true }).catch(() => undefined);
      const problem = writeError(error, folder);
      enter({ state: 'failed', problem: problem.message });
      return bad(problem);
    }
    enter({ state: 'on', recordingId: id, since: startedAt });
    return good(infoOf(current, true));
  }

  const infoOf = (what: NonNullable<typeof current>, open: boolean): RecordingInfo => ({
    ...{ recordingId: what.id, title: what.metadata.title, startedAt: what.metadata.startedAt },
    ...{ bytes: what.journal.bytes, bundled: false, open, complete: false },
  });

  async function append(entries: readonly JournalEntry[]): Promise<void> {
    const target = current;
    if (target === undefined) return;
    try {
      await target.journal.append(entries);
    } catch (error) {
      if (current !== target) return;
      current = undefined;
      const { message } = writeError(error, target.journal.path);
      enter({ state: 'failed', recordingId: target.id, bytes: target.journal.bytes, problem: message });
      await target.journal.close().catch(() => undefined);
    }
  }

  async function stop(): Promise<Result<RecordingInfo, RecorderError>> {
    const ended = current;
    if (ended === undefined) {
      if (state.state === 'failed') enter({ state: 'off' });
      return bad({ code: 'not-recording', message: 'nothing is being recorded' });
    }
    const { id, journal } = ended;
    const found: Found = { id, kind: 'journal', path: journal.path };
    // In one step with `current`, so that no listing takes the journal for a dead engine's while it is still being closed.
    const finishedLater = finish(found, () => journal.close().catch(() => undefined));
    current = undefined;
    const finished = await finishedLater;
    enter({ state: 'off' });
    if (!finished) {
      const message = `the recording could not be finished (no room?): it is kept as it is in ${journal.path}`;
      return bad({ code: 'write-failed', message });
    }
    const info = await describe(
      { id, kind: 'finished', path: finishedPath(folder, id) },
      { bundled: false, open: false },
    );
    return info === undefined ? bad({ code: 'unreadable', message: `${id} cannot be read back` }) : good(info);
  }

  /** Each journal is finished by one caller at a time. */
  function finish(found: Found, before?: () => Promise<void>): Promise<boolean> {
    let running = finishing.get(found.id);
    if (running === undefined) {
      running = (async () => {
        await before?.();
        return await finishJournal(folder, found);
      })().finally(() => finishing.delete(found.id));
      finishing.set(found.id, running);
    }
    return running;
  }

  /** Our own files as they are now, leftovers finished where that is possible. */
  async function ownFiles(): Promise<readonly Found[]> {
    for (const found of await findRecordings(folder)) {
      if (found.kind === 'journal' && found.id !== current?.id) await finish(found);
    }
    await removeParts(folder);
    const files = await findRecordings(folder);
    const finished = new Set(files.filter((found) => found.kind === 'finished').map((found) => found.id));
    return files.filter((found) => found.kind === 'finished' || !finished.has(found.id));
  }

  async function find(id: string): Promise<Result<{ found: Found; bundled: boolean }, RecorderError>> {
    if (isRecordingId(id)) {
      const own = (await ownFiles()).find((found) => found.id === id);
      if (own !== undefined) return good({ found: own, bundled: false });
      const bundled = bundledFolder === undefined ? [] : await findRecordings(bundledFolder);
      const match = bundled.find((found) => found.id === id);
      if (match !== undefined) return good({ found: match, bundled: true });
    }
    return bad({ code: 'unknown-recording', message: `there is no recording ${JSON.stringify(id.slice(0, 80))}` });
  }

  return {
    start: (about) => inTurn(() => start(about)),
    append,
    stop: () => inTurn(stop),
    get state() {
      return current === undefined ? state : { ...state, bytes: current.journal.bytes };
    },
    onState(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    async listRecordings() {
      const own = (await ownFiles()).map((found) =>
        describe(found, { bundled: false, open: found.id === current?.id }),
      );
      const bundled = (bundledFolder === undefined ? [] : await findRecordings(bundledFolder)).map((found) =>
        describe(found, { bundled: true, open: false }),
      );
      const all = (await Promise.all([...own, ...bundled])).filter((info) => info !== undefined);
      return all.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    },
    async openRecording(id) {
      const where = await find(id);
      if (!where.ok) return where;
      const { found, bundled } = where.value;
      const opened = await openRecordingFile(found.path);
      if (!opened.ok) return opened;
      const info = await describe(found, { bundled, open: id === current?.id });
      if (info === undefined) return bad({ code: 'unreadable', message: `${id} cannot be read` });
      const { path, metadata, bytes, batches } = opened.value;
      return good({
        ...{ path, metadata, bytes, batches, info },
        get damage() {
          return opened.value.damage;
        },
      });
    },
    deleteRecording: (id) =>
      inTurn(async () => {
        const where = await find(id);
        if (!where.ok) return where;
        if (where.value.bundled) {
          return bad({ code: 'bundled', message: 'this recording comes with Sidetone and stays' });
        }
        if (id === current?.id) return bad({ code: 'open', message: 'this recording is being written: stop it first' });
        try {
          await stat(where.value.found.path);
          await rm(where.value.found.path);
          return good(undefined);
        } catch (error) {
          return bad(writeError(error, where.value.found.path));
        }
      }),
    async dispose() {
      await inTurn(async () => {
        if (current !== undefined) await stop();
      });
    },
  };
}
