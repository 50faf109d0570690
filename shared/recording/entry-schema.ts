/** The journal's entries as schemas: a recording is input from outside like any other. */
import { z } from 'zod';
import type { DesktopTime } from '../time/time.ts';
import { frames, helloFrame, wireEvent, wireSample } from '../wire/frames.ts';
import { count, id, text } from '../wire/values.ts';
import type { JournalEntry } from './entry.ts';

const common = {
  arrivedAt: z.int().min(0) as unknown as z.ZodType<DesktopTime>,
  benchId: id,
  deviceId: id,
};

export const entrySchemas = {
  event: z.object({ type: z.literal('event'), ...common, sessionId: id, event: wireEvent }),
  sample: z.object({ type: z.literal('sample'), ...common, sample: wireSample }),
  hello: z.object({
    type: z.literal('hello'),
    ...common,
    sessionId: id,
    hello: helloFrame.omit({ t: true, resume: true }),
  }),
  link: z.object({
    type: z.literal('link'),
    ...common,
    state: z.enum(['connected', 'resumed', 'lost', 'closed', 'process-ended']),
    reason: text,
  }),
  gap: z.object({ type: z.literal('gap'), ...common, gap: frames.gap.omit({ t: true }) }),
  run: z.object({
    type: z.literal('run'),
    ...common,
    runId: id,
    state: z.enum(['began', 'ended', 'stopped']),
    scenario: text,
    title: text,
    repetition: count,
    policy: text,
    os: text,
  }),
} as const;

export type EntryType = JournalEntry['type'];
export const ENTRY_TYPES = Object.keys(entrySchemas) as readonly EntryType[];

/** One entry of any type. That types and schemas agree is checked where they are tested. */
export const journalEntry = z.discriminatedUnion('type', [
  entrySchemas.event,
  entrySchemas.sample,
  entrySchemas.hello,
  entrySchemas.link,
  entrySchemas.gap,
  entrySchemas.run,
]) as unknown as z.ZodType<JournalEntry>;

/**
 * Reads one entry. What comes back is the value as it was written, not a copy made by the validator, so that writing it
 * again gives the same bytes. Undefined when it is no entry.
 */
export function parseEntry(value: unknown): JournalEntry | undefined {
  return journalEntry.safeParse(value).success ? (value as JournalEntry) : undefined;
}
