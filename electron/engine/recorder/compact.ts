/**
 * Makes a finished recording of a journal: the same messages in the same order and bytes, in large compressed chunks, with
 * indexes. Atomic: written beside it, synced, renamed; the journal is removed only then.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { McapWriter } from '@mcap/core';
import { ENTRY_TYPES, type EntryType } from '../../../shared/recording/entry-schema.ts';
import { channelSchema, metadataRecord, PROFILE, type RecordingMetadata } from './format.ts';
import { writeAll } from './journal.ts';
import { type ReadEnd, readItems } from './recording-file.ts';
import { loadZstd } from './zstd.ts';

/** Large enough to compress well (over 10:1), small enough to unpack in a few milliseconds when somebody seeks. */
const CHUNK_BYTES = 1024 * 1024;

/** Rejects, and leaves the journal as it was, when the new file cannot be written. */
export async function compactJournal(journal: string, target: string, about: RecordingMetadata): Promise<void> {
  const temporary = `${target}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await copyMessages(journal, file, about);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
  await rm(journal, { force: true });
}

async function copyMessages(journal: string, file: FileHandle, about: RecordingMetadata): Promise<void> {
  const zstd = await loadZstd();
  let position = 0;
  const writer = new McapWriter({
    chunkSize: CHUNK_BYTES,
    compressChunk: (data) => ({ compression: 'zstd', compressedData: zstd.compress(data) }),
    writable: {
      async write(data) {
        await writeAll(file, data, position);
        position += data.byteLength;
      },
      position: () => BigInt(position),
    },
  });
  const { pid: _, ...finished } = about;
  await writer.start({ profile: PROFILE, library: `sidetone ${about.productVersion}` });
  await writer.addMetadata(metadataRecord(finished));
  const schemas = new Map<EntryType, number>();
  const channels = new Map<string, number>();

  async function channelOf(topic: string): Promise<number | undefined> {
    const known = channels.get(topic);
    if (known !== undefined) return known;
    const type = ENTRY_TYPES.find((name) => topic.endsWith(`/${name}`));
    if (type === undefined) return undefined;
    const schemaId = schemas.get(type) ?? (await writer.registerSchema(channelSchema(type)));
    schemas.set(type, schemaId);
    const id = await writer.registerChannel({ schemaId, topic, messageEncoding: 'json', metadata: new Map() });
    channels.set(topic, id);
    return id;
  }

  const end: ReadEnd = { unreadableBytes: 0, complete: false };
  for await (const items of readItems(journal, end)) {
    for (const item of items) {
      if (item.type !== 'message') continue;
      const channelId = await channelOf(item.topic);
      if (channelId !== undefined) await writer.addMessage({ ...item.message, channelId });
    }
  }
  await writer.end();
}

/** Makes the rename itself last. Not every system lets a folder be synced; then it lasts as the system pleases. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Nothing more can be done, and nothing is wrong yet.
  }
}
