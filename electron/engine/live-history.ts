/**
 * What the engine keeps of the live session in memory: every entry, serialized once, so that a page that connects later
 * is given the session so far, and so that a slow page costs a number (how far it has read) instead of a queue.
 *
 *   order of publication   1 2 3 4 5 6 7 8 ...
 *   lasting                1   3   5          events, hellos, links, gaps, runs
 *   samples                  2   4   6 7 8    lossy; the oldest of these go first when there is no room
 */
import type { HelloEntry, JournalEntry } from '../../shared/recording/entry.ts';

/** About an hour of one simulated phone (50 to 60 entries a second, mostly samples). */
export const HISTORY_MAX_ENTRIES = 200_000;
/** A page must be able to hold the same in its own memory. */
export const HISTORY_MAX_BYTES = 64 * 1024 * 1024;

/** Devices whose newest hello is kept; those that said it longest ago make room. */
export const MAX_HELLOS = 128;

interface Item {
  /** Place in the order of publication, over both queues. */
  readonly ordinal: number;
  readonly json: string;
}

/** How far a reader has read: the number of lasting entries and of samples that are behind it. */
export interface HistoryPlace {
  readonly lasting: number;
  readonly samples: number;
}
export const HISTORY_START: HistoryPlace = { lasting: 0, samples: 0 };

export interface HistorySlice {
  /** JSON of each entry, in order. */
  readonly entries: readonly string[];
  readonly next: HistoryPlace;
  /** Samples that lay between and were dropped here, or thinned for this reader. */
  readonly samplesDropped: number;
  /** Events that lay between and were dropped here: the reader must be told. */
  readonly eventsDropped: number;
}

export interface HistoryLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export class LiveHistory {
  readonly #limits: HistoryLimits;
  readonly #lasting = new Queue();
  readonly #samples = new Queue();
  /** The newest hello of each device: a new recording, and a page that comes after it was dropped, start with these. */
  readonly #hellos = new Map<string, HelloEntry>();
  #bytes = 0;
  #lastOrdinal = 0;

  constructor(limits: HistoryLimits = { maxEntries: HISTORY_MAX_ENTRIES, maxBytes: HISTORY_MAX_BYTES }) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get entryCount(): number {
    return this.#lasting.size + this.#samples.size;
  }

  /** Where a reader stands who has read everything. */
  get end(): HistoryPlace {
    return { lasting: this.#lasting.end, samples: this.#samples.end };
  }

  /** The newest hello of every device seen. */
  hellos(): readonly HelloEntry[] {
    return [...this.#hellos.values()];
  }

  add(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      this.#lastOrdinal += 1;
      const item = { ordinal: this.#lastOrdinal, json: JSON.stringify(entry) };
      this.#bytes += item.json.length;
      if (entry.type === 'sample') this.#samples.push(item);
      else this.#lasting.push(item);
      if (entry.type === 'hello') this.#keepHello(entry);
    }
    while (this.entryCount > this.#limits.maxEntries || this.#bytes > this.#limits.maxBytes) {
      const dropped = this.#samples.shift() ?? this.#lasting.shift();
      if (dropped === undefined) return;
      this.#bytes -= dropped.json.length;
    }
  }

  #keepHello(entry: HelloEntry): void {
    const key = `${entry.benchId}/${entry.deviceId}`;
    this.#hellos.delete(key);
    this.#hellos.set(key, entry);
    const [oldest] = this.#hellos.keys();
    if (this.#hellos.size > MAX_HELLOS && oldest !== undefined) this.#hellos.delete(oldest);
  }

  /**
   * Entries after `from`: at most `maxEntries`, and no more than `maxBytes` (but at least one, so that a reader always
   * moves). Of samples, all but the newest `newestSamples` are left out; events never are.
   */
  read(
    from: HistoryPlace,
    maxEntries: number,
    maxBytes: number,
    newestSamples = Number.POSITIVE_INFINITY,
  ): HistorySlice {
    const entries: string[] = [];
    const lastingStart = Math.max(from.lasting, this.#lasting.start);
    const samplesStart = Math.max(from.samples, this.#samples.start, this.#samples.end - newestSamples);
    let lasting = lastingStart;
    let samples = samplesStart;
    let bytes = 0;
    while (entries.length < maxEntries) {
      const nextLasting = this.#lasting.at(lasting);
      const nextSample = this.#samples.at(samples);
      const sampleFirst =
        nextSample !== undefined && (nextLasting === undefined || nextSample.ordinal < nextLasting.ordinal);
      const item = sampleFirst ? nextSample : nextLasting;
      if (item === undefined || (entries.length > 0 && bytes + item.json.length > maxBytes)) break;
      entries.push(item.json);
      bytes += item.json.length;
      if (sampleFirst) samples += 1;
      else lasting += 1;
    }
    return {
      entries,
      next: { lasting, samples },
      samplesDropped: samplesStart - from.samples,
      eventsDropped: lastingStart - from.lasting,
    };
  }
}

/** First in, first out, addressed by how many came before; dropping from the front costs nothing on average. */
class Queue {
  #items: Item[] = [];
  #head = 0;
  /** How many were dropped: the address of the oldest still here. */
  #start = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#start + this.size;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#start += 1;
    // Only now and then, so that a drop is cheap; not never, so that what was dropped is freed.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  at(address: number): Item | undefined {
    return address < this.#start ? undefined : this.#items[this.#head + address - this.#start];
  }
}
