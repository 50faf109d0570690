/**
 * Sidetone's use of MCAP (https://mcap.dev/spec): JSON messages, one channel for each device and entry type.
 *
 *   Header  profile "sidetone"
 *   Metadata "sidetone"  formatVersion, productVersion, startedAt, title, simulated; in a journal also pid
 *   Chunk*   Schema, Channel (before their first message), Message: the JSON of one entry
 *            logTime = arrivedAt, publishTime = the device's own time, both in nanoseconds; sequence = place in the file
 *   (a finished recording only: indexes, statistics, footer)
 *
 * Topics are /<benchId>/<deviceId>/<entry type>. The order of entries is the order of the file.
 */
import { z } from 'zod';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { type EntryType, entrySchemas } from '../../../shared/recording/entry-schema.ts';
import { EVENT_KINDS } from '../../../shared/wire/kinds.ts';
import { SAMPLE_KINDS } from '../../../shared/wire/samples.ts';

/** Version of the file, not of the product: raised when a reader of the old one would misread the new one. */
export const FORMAT_VERSION = 1;
export const METADATA_NAME = 'sidetone';
export const PROFILE = 'sidetone';

export interface RecordingMetadata {
  readonly formatVersion: number;
  readonly productVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly title: string;
  readonly simulated: boolean;
  /** Of the engine that writes the journal; absent in a finished recording. */
  readonly pid?: number;
  /** Made of a journal that nobody closed: its engine was killed, or could not write any more. */
  readonly cut?: boolean;
}

export const metadataRecord = (about: RecordingMetadata): { name: string; metadata: Map<string, string> } => ({
  name: METADATA_NAME,
  metadata: new Map(
    Object.entries(about).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const])),
  ),
});

export function parseMetadata(values: ReadonlyMap<string, string>): RecordingMetadata | undefined {
  const formatVersion = Number(values.get('formatVersion'));
  const startedAt = values.get('startedAt') ?? '';
  if (!Number.isSafeInteger(formatVersion) || formatVersion < 1 || Number.isNaN(Date.parse(startedAt)))
    return undefined;
  const pid = Number(values.get('pid'));
  return {
    formatVersion,
    productVersion: (values.get('productVersion') ?? 'unknown').slice(0, 100),
    startedAt,
    title: (values.get('title') ?? 'Recording').slice(0, 500),
    simulated: values.get('simulated') === 'true',
    ...(Number.isSafeInteger(pid) && pid > 0 ? { pid } : {}),
    ...(values.get('cut') === 'true' ? { cut: true } : {}),
  };
}

/** Names inside a chunk are few and repeat; what a device calls itself is limited by the wire's `id`. */
export const topicOf = (entry: JournalEntry): string => `/${entry.benchId}/${entry.deviceId}/${entry.type}`;

/** The device's own stamp where the entry has one, in microseconds. */
export function stampOf(entry: JournalEntry): number {
  if (entry.type === 'event') return entry.event.at;
  return entry.type === 'sample' ? entry.sample.at : entry.arrivedAt;
}
export const nanoseconds = (microseconds: number): bigint => BigInt(Math.round(microseconds)) * 1000n;

/** Small on purpose (the wire's table has every kind in full): enough for other tools to show columns. */
const anyData = z.record(z.string(), z.unknown());
const outline: Readonly<Record<EntryType, z.ZodType>> = {
  ...entrySchemas,
  event: entrySchemas.event.extend({
    event: z.object({
      seq: z.int(),
      at: z.int(),
      uptime: z.int(),
      kind: z.enum(EVENT_KINDS as [string, ...string[]]),
      source: z.string(),
      data: anyData,
    }),
  }),
  sample: entrySchemas.sample.extend({
    sample: z.object({ at: z.int(), kind: z.enum(SAMPLE_KINDS as [string, ...string[]]), data: anyData }),
  }),
};
const schemaBytes = new Map<EntryType, Uint8Array>();

/** JSON Schema of a channel's messages. */
export function channelSchema(type: EntryType): { name: string; encoding: 'jsonschema'; data: Uint8Array } {
  let data = schemaBytes.get(type);
  if (data === undefined) {
    data = Buffer.from(JSON.stringify(z.toJSONSchema(outline[type], { unrepresentable: 'any' })));
    schemaBytes.set(type, data);
  }
  return { name: `sidetone.${type}`, encoding: 'jsonschema', data };
}
