import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { HISTORY_START, LiveHistory } from './live-history.ts';

let serial = 0;
const common = { arrivedAt: 1, benchId: 'b', deviceId: 'd' };
const event = (): JournalEntry => {
  serial += 1;
  return { type: 'link', ...common, state: 'connected', reason: `e${serial}` } as unknown as JournalEntry;
};
const sample = (): JournalEntry => {
  serial += 1;
  const data = { captureDbfs: -1, renderDbfs: -serial / 1e6 };
  return { type: 'sample', ...common, sample: { at: serial, kind: 'level', data } } as unknown as JournalEntry;
};
const hello = (title: string): JournalEntry =>
  ({ type: 'hello', ...common, sessionId: 's', hello: { title } }) as unknown as JournalEntry;
const texts = (entries: readonly JournalEntry[]): string[] => entries.map((entry) => JSON.stringify(entry));
const ALL = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

describe('the live history', () => {
  it('gives a late reader everything so far, in the order of publication', () => {
    const history = new LiveHistory();
    const entries = [hello('one'), sample(), event(), sample(), event()];
    history.add(entries.slice(0, 2));
    history.add(entries.slice(2));
    const slice = history.read(HISTORY_START, ...ALL);
    expect(slice).toMatchObject({ entries: texts(entries), next: history.end, samplesDropped: 0, eventsDropped: 0 });
  });

  it('drops the oldest samples first, and says how many', () => {
    const history = new LiveHistory({ maxEntries: 4, maxBytes: 1e9 });
    const [a, b, c] = [event(), event(), event()];
    const last = sample();
    history.add([sample(), a, sample(), b, sample(), c, last]);
    const slice = history.read(HISTORY_START, ...ALL);
    expect(slice).toMatchObject({ entries: texts([a, b, c, last]), samplesDropped: 3, eventsDropped: 0 });
  });

  it('counts the events it had to drop, and still knows who the devices are', () => {
    const history = new LiveHistory({ maxEntries: 2, maxBytes: 1e9 });
    const kept = [event(), event()];
    history.add([hello('old'), hello('new'), event(), ...kept]);
    expect(history.read(HISTORY_START, ...ALL)).toMatchObject({ entries: texts(kept), eventsDropped: 3 });
    expect(history.hellos().map((entry) => entry.hello.title)).toEqual(['new']);
  });

  it('is bounded by bytes as well as by count, for ever', () => {
    const history = new LiveHistory({ maxEntries: 1e9, maxBytes: 20_000 });
    for (let round = 0; round < 5000; round += 1) history.add([sample(), event()]);
    expect(history.bytes).toBeLessThanOrEqual(20_000);
    expect(history.entryCount).toBeGreaterThan(50);
    const slice = history.read(HISTORY_START, ...ALL);
    expect(slice.entries.length + slice.samplesDropped + slice.eventsDropped).toBe(10_000);
  });

  it('leaves old samples out for a reader that is behind, but never an event', () => {
    const history = new LiveHistory();
    const events = [event(), event(), event()];
    history.add(events.flatMap((one) => [sample(), sample(), one]));
    const newest = sample();
    history.add([newest]);
    const slice = history.read(HISTORY_START, 1e9, 1e9, 1);
    expect(slice).toMatchObject({ entries: texts([...events, newest]), samplesDropped: 6, eventsDropped: 0 });
  });

  it('lets a reader go on where it stopped, and always move', () => {
    const history = new LiveHistory();
    const entries = [event(), sample(), event(), event()];
    history.add(entries);
    const read: string[] = [];
    let place = HISTORY_START;
    for (let step = 0; step < 4; step += 1) {
      const slice = history.read(place, 3, 1);
      expect(slice.entries).toHaveLength(1);
      read.push(...slice.entries);
      place = slice.next;
    }
    expect(read).toEqual(texts(entries));
    expect(history.read(place, 3, 1).entries).toEqual([]);
  });
});
