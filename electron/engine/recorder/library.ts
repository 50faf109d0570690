/**
 * The folder of recordings: names, what is in it, and what an engine that died left behind.
 *
 *   <id>.mcap            a finished recording
 *   <id>.journal.mcap    a journal: being written, or left by an engine that died
 *   <id>.mcap.<pid>.part a finished recording being made
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordingInfo } from '../../../shared/contract/contract.ts';
import { compactJournal } from './compact.ts';
import type { RecordingMetadata } from './format.ts';
import { isJournalOpen } from './journal.ts';
import { hasEnd, readMetadata } from './recording-file.ts';

const FINISHED = '.mcap';
const JOURNAL = '.journal.mcap';
const PART = /\.mcap\.(\d+)\.part$/;
/** Letters, digits, dot, dash and underscore: the same name on every file system, and never a way out of the folder. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const isRecordingId = (id: string): boolean =>
  ID.test(id) && !id.includes('..') && !id.endsWith('.') && !id.endsWith('.journal') && !PART.test(id);
export const finishedPath = (folder: string, id: string): string => join(folder, `${id}${FINISHED}`);
export const journalPath = (folder: string, id: string): string => join(folder, `${id}${JOURNAL}`);

/** `20261122-191503-3f9a`: sorts by time, tells it, and differs when two start in one second. */
export function newRecordingId(startedAt: Date, random: () => number = Math.random): string {
  const [date = '', time = ''] = startedAt.toISOString().split('T');
  const suffix = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${suffix}`;
}

export interface Found {
  readonly id: string;
  readonly kind: 'finished' | 'journal';
  readonly path: string;
}

/** Recordings and journals of a folder by their names; empty when there is no such folder. */
export async function findRecordings(folder: string): Promise<readonly Found[]> {
  const names = await readdir(folder).catch(() => []);
  const found: Found[] = [];
  for (const name of names) {
    const kind = name.endsWith(JOURNAL) ? 'journal' : name.endsWith(FINISHED) ? 'finished' : undefined;
    if (kind === undefined) continue;
    const id = basename(name, kind === 'journal' ? JOURNAL : FINISHED);
    if (isRecordingId(id)) found.push({ id, kind, path: join(folder, name) });
  }
  return found;
}

/** What the page shows of a file; undefined when it is none of ours. */
export async function describe(
  found: Found,
  more: { bundled: boolean; open: boolean },
): Promise<RecordingInfo | undefined> {
  const metadata = await readMetadata(found.path);
  const size = await stat(found.path).catch(() => undefined);
  if (!metadata.ok || size === undefined) return undefined;
  const { startedAt } = metadata.value;
  const complete = found.kind === 'finished' && metadata.value.cut !== true;
  // What ships with Sidetone is named by its file; a recording of one's own by the phone, until somebody names it.
  const title = more.bundled ? titleOfFile(found.id) : metadata.value.title;
  return { recordingId: found.id, title, startedAt, bytes: size.size, ...more, complete };
}

/** `a-call-interrupted` is "A call interrupted". */
const titleOfFile = (id: string): string => `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive as well.
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/**
 * Whether another engine writes this journal now. One with our own pid that is not ours was left by an earlier process, as
 * in a container where every engine has the same pid. A pid that was given to another program meanwhile keeps the journal
 * as it is: it can be read all the same.
 */
const isWrittenElsewhere = (metadata: RecordingMetadata): boolean =>
  metadata.pid !== undefined && metadata.pid !== process.pid && isAlive(metadata.pid);

/** Makes a finished recording of a journal nobody writes any more. False: it stays a journal for now. */
export async function finishJournal(folder: string, found: Found): Promise<boolean> {
  const target = finishedPath(folder, found.id);
  if (isJournalOpen(found.path)) return false;
  // Renamed, then died before the journal was removed.
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    await rm(found.path, { force: true });
    return true;
  }
  const metadata = await readMetadata(found.path);
  if (!metadata.ok || isWrittenElsewhere(metadata.value)) return false;
  try {
    const cut = !(await hasEnd(found.path));
    await compactJournal(found.path, target, cut ? { ...metadata.value, cut } : metadata.value);
    return true;
  } catch {
    return false;
  }
}

/** Removes half-made files of engines that died. */
export async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = PART.exec(name)?.[1];
    if (pid === undefined || Number(pid) === process.pid || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
