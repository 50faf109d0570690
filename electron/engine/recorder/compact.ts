/**
 * Makes a finished recording of a journal: the same messages in the same order and bytes, in large compressed chunks, with
 * indexes. Atomic: written beside it, synced, renamed; the journal is removed only then.
 */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { McapWriter } from '@mcap/core';
import { ENTRY_TYPES, type EntryType } from '../../../shared/recording/entry-schema.ts';
import { channelSchema, metadataRecord, PROFILE, type RecordingMetadata } from './format.ts';
import { writeAll } from './journal.ts';
import { type ReadEnd, readItems } from './recording-file.ts';
import { loadZstd } from './zstd.ts';

/** Large enough to compress well (8:1), small enough to unpack in a few milliseconds when somebody seeks. */
const CHUNK_BYTES = 1024 * 1024;

/** Rejects, and leaves the journal as it was, when the new file cannot be written. */
export async function compactJournal(journal: string, target: string, about: RecordingMetadata): Promise<void> {
  const temporary = `${target}.${process.pid}.part`;
  const zstd = await loadZstd();
  const file = await open(temporary, 'w', 0o600);
  try {
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
    const schemas = new Map<string, number>();
    const channels = new Map<string, number>();
    const end: ReadEnd = { unreadableBytes: 0, complete: false };
    for await (const item of readItems(journal, end)) {
      if (item.type !== 'message') continue;
      let channelId = channels.get(item.topic);
      if (channelId === undefined) {
        const name = item.topic.split('/').at(-1) ?? '';
        const type: EntryType | undefined = ENTRY_TYPES.find((known) => known === name);
        if (type === undefined) continue;
        let schemaId = schemas.get(type);
        if (schemaId === undefined) {
          schemaId = await writer.registerSchema(channelSchema(type));
          schemas.set(type, schemaId);
        }
        const channel = { schemaId, topic: item.topic, messageEncoding: 'json', metadata: new Map<string, string>() };
        channelId = await writer.registerChannel(channel);
        channels.set(item.topic, channelId);
      }
      await writer.addMessage({ ...item.message, channelId });
    }
    await writer.end();
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  await rename(temporary, target);
  await syncFolder(dirname(target));
  await rm(journal, { force: true });
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
