import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { EventEntry, GapEntry, HelloEntry, JournalEntry, LinkEntry, RunEntry, SampleEntry } from './entry.ts';
import { ENTRY_TYPES, type EntryType, type entrySchemas, parseEntry } from './entry-schema.ts';

/** Compiles only when both types accept each other's values. */
const same = <A extends B, B extends C, C = A>(): [A?, B?, C?] => [];
type Of<T extends EntryType> = z.infer<(typeof entrySchemas)[T]>;
same<EventEntry, Of<'event'>, EventEntry>();
same<SampleEntry, Of<'sample'>, SampleEntry>();
same<HelloEntry, Of<'hello'>, HelloEntry>();
same<LinkEntry, Of<'link'>, LinkEntry>();
same<GapEntry, Of<'gap'>, GapEntry>();
same<RunEntry, Of<'run'>, RunEntry>();
same<JournalEntry['type'], EntryType, JournalEntry['type']>();

const gap = { type: 'gap', arrivedAt: 5, benchId: 'b', deviceId: 'd', gap: { from: 1, to: 2, reason: 'ring' } };

describe('an entry from outside', () => {
  it('is accepted as the very value it is, unknown fields included, so that it can be written again', () => {
    const value = { ...gap, later: 1 };
    expect(parseEntry(value)).toBe(value);
  });

  it.each([
    ['no object', 5],
    ['an unknown type', { ...gap, type: 'dance' }],
    ['a time that is no whole number', { ...gap, arrivedAt: 0.5 }],
    ['a device that could leave a folder', { ...gap, deviceId: '../x' }],
    ['a part missing', { ...gap, gap: { from: 1 } }],
  ])('is refused: %s', (_what, value) => {
    expect(parseEntry(value)).toBeUndefined();
  });

  it('has a schema for every type', () => {
    expect(ENTRY_TYPES).toEqual(['event', 'sample', 'hello', 'link', 'gap', 'run']);
  });
});
