/**
 * Reads recordings and journals, finished or cut off, ours or anybody's: every file is outside input. What is whole is
 * read, a damaged tail and entries that are none are skipped and counted.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { McapConstants, McapStreamReader, type McapTypes } from '@mcap/core';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { parseEntry } from '../../../shared/recording/entry-schema.ts';
import { bad, good, type Result } from '../lifecycle.ts';
import { type RecorderError, readError } from './errors.ts';
import { FORMAT_VERSION, METADATA_NAME, parseMetadata, type RecordingMetadata } from './format.ts';
import { loadZstd, MAX_CHUNK_BYTES } from './zstd.ts';

export interface Damage {
  /** Bytes at the end of the file that could not be read. */
  readonly unreadableBytes: number;
  /** Messages that are no entry of this format. */
  readonly invalidEntries: number;
  /** Whether the file ends as a finished recording does. */
  readonly complete: boolean;
}

export interface OpenedRecording {
  readonly path: string;
  readonly metadata: RecordingMetadata;
  readonly bytes: number;
  /** Entries in the order they were recorded, validated, at most MAX_ENTRIES_A_BATCH at a time. Can be read many times. */
  batches(): AsyncIterable<readonly JournalEntry[]>;
  /** What the last complete read found. */
  readonly damage: Damage;
}

export const MAX_ENTRIES_A_BATCH = 1000;
/** Read at once from disk. */
const BLOCK_BYTES = 64 * 1024;
/** The head of a file (header, metadata) is under a kilobyte; a file that has none within this is not one of ours. */
const HEAD_BYTES = 64 * 1024;

/** One message as it stands in the file, for copying. */
export interface RawMessage {
  readonly topic: string;
  readonly message: McapTypes.Message;
}
type Item =
  | { readonly type: 'metadata'; readonly name: string; readonly values: ReadonlyMap<string, string> }
  | ({ readonly type: 'message' } & RawMessage);

export interface ReadEnd {
  unreadableBytes: number;
  complete: boolean;
}

/**
 * Everything readable, in file order, many at a time (one promise an item would take longer than the reading); `end` is filled in when the iteration is over. Rejects only when the disk fails.
 */
export async function* readItems(
  path: string,
  end: ReadEnd,
  limitBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Item[]> {
  const zstd = await loadZstd();
  const reader = new McapStreamReader({ decompressHandlers: { zstd: zstd.decompress } });
  const topics = new Map<number, string>();
  const { size } = await stat(path);
  let fed = 0;
  let good = 0;
  for await (const block of createReadStream(path, { highWaterMark: BLOCK_BYTES })) {
    const bytes = block as Uint8Array;
    try {
      reader.append(bytes);
    } catch {
      break;
    }
    fed += bytes.byteLength;
    let broken = false;
    let items: Item[] = [];
    for (;;) {
      let record: McapTypes.TypedMcapRecord | undefined;
      try {
        record = reader.nextRecord();
      } catch {
        broken = true;
        break;
      }
      if (record === undefined) break;
      good = fed - reader.bytesRemaining();
      if (record.type === 'Channel') topics.set(record.id, record.topic);
      if (record.type === 'Metadata') items.push({ type: 'metadata', name: record.name, values: record.metadata });
      if (record.type === 'Message') {
        items.push({ type: 'message', topic: topics.get(record.channelId) ?? '', message: record });
      }
      if (items.length >= MAX_ENTRIES_A_BATCH) {
        yield items;
        items = [];
      }
    }
    if (items.length > 0) yield items;
    // A record that claims to be larger than any of ours: damage, not something to gather in memory.
    if (broken || reader.bytesRemaining() > MAX_CHUNK_BYTES || fed >= limitBytes) break;
    if (reader.done()) break;
  }
  end.complete = reader.done() && fed >= size;
  end.unreadableBytes = end.complete ? 0 : Math.max(0, size - good);
}

/** Whether the file was closed by whoever wrote it: MCAP ends with the bytes it begins with. */
export async function hasEnd(path: string): Promise<boolean> {
  const magic = Buffer.from(McapConstants.MCAP_MAGIC);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(magic.length),
      0,
      magic.length,
      Math.max(0, size - magic.length),
    );
    return size >= 2 * magic.length && buffer.subarray(0, bytesRead).equals(magic);
  } finally {
    await file.close();
  }
}

/** Metadata of a recording, from the head of the file. */
export async function readMetadata(path: string): Promise<Result<RecordingMetadata, RecorderError>> {
  try {
    const end: ReadEnd = { unreadableBytes: 0, complete: false };
    for await (const items of readItems(path, end, HEAD_BYTES)) {
      const item = items.find((one) => one.type === 'message' || one.name === METADATA_NAME);
      if (item === undefined) continue;
      if (item.type !== 'metadata') break;
      const metadata = parseMetadata(item.values);
      if (metadata === undefined) break;
      if (metadata.formatVersion > FORMAT_VERSION) {
        const message = `${path} has format ${metadata.formatVersion}, this Sidetone reads up to ${FORMAT_VERSION}: update it`;
        return bad({ code: 'newer-format', message });
      }
      return good(metadata);
    }
  } catch (error) {
    return bad(readError(error, path));
  }
  return bad({ code: 'not-a-recording', message: `${path} is not a recording of Sidetone (an .mcap file it wrote)` });
}

/** Opens any file, wherever it is, read-only. */
export async function openRecordingFile(path: string): Promise<Result<OpenedRecording, RecorderError>> {
  const metadata = await readMetadata(path);
  if (!metadata.ok) return metadata;
  const opened = metadata.value;
  let damage: Damage = { unreadableBytes: 0, invalidEntries: 0, complete: true };
  async function* batches(): AsyncGenerator<readonly JournalEntry[]> {
    const end: ReadEnd = { unreadableBytes: 0, complete: false };
    let invalidEntries = 0;
    for await (const items of readItems(path, end)) {
      const batch: JournalEntry[] = [];
      for (const item of items) {
        if (item.type !== 'message') continue;
        const entry = decode(item.message.data);
        if (entry === undefined) invalidEntries += 1;
        else batch.push(entry);
      }
      if (batch.length > 0) yield batch;
    }
    damage = { ...end, invalidEntries, complete: end.complete && opened.cut !== true };
  }
  try {
    const { size } = await stat(path);
    return good({
      ...{ path, metadata: metadata.value, bytes: size, batches },
      get damage() {
        return damage;
      },
    });
  } catch (error) {
    return bad(readError(error, path));
  }
}

function decode(data: Uint8Array): JournalEntry | undefined {
  try {
    return parseEntry(JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')));
  } catch {
    return undefined;
  }
}
