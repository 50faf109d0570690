import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Vector, wireJsonSchema, wireReadme, wireVectors } from './document.ts';
import { EVENT_KINDS } from './kinds.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import { parseFrame } from './parse.ts';

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const vectors = JSON.parse(file('vectors/frames.json')) as readonly Vector[];

describe('golden vectors', () => {
  it.each(vectors)('$name', (vector) => {
    const result = parseFrame(vector.message);
    expect(result.ok).toBe(vector.valid);
    if (!result.ok) expect(result.error.code).toBe(vector.code);
    // What was accepted says the same thing when written again: nothing was dropped or invented.
    else if (!vector.message.includes('"future"'))
      expect(JSON.stringify(sorted(result.frame))).toBe(JSON.stringify(sorted(JSON.parse(vector.message))));
  });
  it('hold one event of every kind', () => {
    const covered = vectors.filter((vector) => vector.name.startsWith('event ')).map((vector) => vector.name.slice(6));
    expect(covered).toEqual(EVENT_KINDS);
  });
});

describe('files made from the table', () => {
  it('are up to date (node dist/scripts/wire/write.js)', () => {
    expect(vectors).toEqual(JSON.parse(JSON.stringify(wireVectors())));
    expect(file('README.md')).toBe(wireReadme());
    expect(JSON.parse(file('schema.json'))).toEqual(JSON.parse(JSON.stringify(wireJsonSchema())));
  });
});

describe('parseFrame', () => {
  it('refuses an oversized frame before reading it, and says what to do', () => {
    const result = parseFrame('x'.repeat(MAX_FRAME_BYTES + 1));
    expect(result).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });
  it('names the path of what is wrong', () => {
    const result = parseFrame('{"t":"ack","last":-1}');
    expect(result.ok ? '' : result.error.message).toMatch(/^ack frame: last: /);
  });
  it('never throws, whatever it is given', () => {
    const mutated = fc.tuple(
      fc.constantFrom(...vectors.map((vector) => vector.message)),
      fc.nat(),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), mutated), (input) => {
        const message = typeof input === 'string' ? input : splice(...input);
        const result = parseFrame(message);
        expect(typeof result.ok).toBe('boolean');
        if (!result.ok) expect(result.error.message.length).toBeGreaterThan(10);
      }),
      { numRuns: 3000 },
    );
  });
});

function splice(message: string, at: number, insert: string): string {
  const place = at % (message.length + 1);
  return message.slice(0, place) + insert + message.slice(place + insert.length);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
