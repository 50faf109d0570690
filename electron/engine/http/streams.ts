/**
 * What one page watches, in acknowledged batches.
 *
 *   engine                         page
 *     | batch 1, 2, 3 -------------> |   at most BATCH_WINDOW unacknowledged, one each BATCH_EVERY_MILLISECONDS
 *     |                 (slow page)  |   nothing more is sent; the history goes on without it
 *     | <---------------------- ack 1|
 *     | batch 4 -------------------> |   larger, with old samples left out (counted), events never
 *
 * A live stream keeps no queue of its own: it is a place in the history. So a page that never acknowledges costs what is in
 * flight and nothing more.
 */
import { BATCH_EVERY_MILLISECONDS, BATCH_WINDOW, MAX_BATCH_ENTRIES } from '../../../shared/contract/contract.ts';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { HISTORY_START, type HistoryPlace, type LiveHistory } from '../live-history.ts';
import type { Disposable } from '../ports.ts';

/** Three of these in flight is what a slow page may hold of our memory. */
export const MAX_BATCH_BYTES = 512 * 1024;
/**
 * Once a page has caught up, this many unread samples wait for it at most: 4 s of 20 devices at 20 Hz. It is given the
 * whole history first, as long as it reads it.
 */
export const MAX_UNREAD_SAMPLES = 2000;

export interface Batch {
  /** JSON of each entry. */
  readonly entries: readonly string[];
  readonly samplesDropped: number;
  readonly eventsDropped: number;
  /** True in the last batch of a recording. */
  readonly complete: boolean;
}

/** Where batches come from: `undefined` when there is nothing now. */
interface BatchSource {
  next(): Promise<Batch | undefined> | Batch | undefined;
  /** Nobody reads on: lets go of the file. */
  close?(): void;
}

/** One stream of one page: paces, numbers and waits. */
export class PageStream implements Disposable {
  readonly id: string;
  readonly #source: BatchSource;
  readonly #send: (frame: string) => void;
  readonly #fail: (error: unknown) => void;
  #sent = 0;
  #acknowledged = 0;
  #lastSentAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #ended = false;

  constructor(id: string, source: BatchSource, send: (frame: string) => void, fail: (error: unknown) => void) {
    this.id = id;
    this.#source = source;
    this.#send = send;
    this.#fail = fail;
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#ended || this.#reading || this.#timer !== undefined) return;
    if (this.#sent - this.#acknowledged >= BATCH_WINDOW) return;
    const wait = Math.max(0, this.#lastSentAt + BATCH_EVERY_MILLISECONDS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendNext().catch((error: unknown) => {
        this.dispose();
        this.#fail(error);
      });
    }, wait);
  }

  /** Cumulative. A number that was never sent is ignored. */
  acknowledge(number: number): void {
    if (number > this.#sent || number <= this.#acknowledged) return;
    this.#acknowledged = number;
    this.wake();
  }

  dispose(): void {
    if (!this.#ended) this.#source.close?.();
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #sendNext(): Promise<void> {
    this.#reading = true;
    const batch = await this.#source.next();
    this.#reading = false;
    if (batch === undefined || this.#ended) return;
    this.#sent += 1;
    this.#lastSentAt = performance.now();
    this.#send(batchFrame(this.id, this.#sent, batch));
    if (batch.complete) this.dispose();
    else this.wake();
  }
}

/** The entries are serialized already, once for all pages. */
function batchFrame(stream: string, number: number, batch: Batch): string {
  const events = batch.eventsDropped === 0 ? '' : `,"eventsDropped":${batch.eventsDropped}`;
  const head = `{"t":"batch","stream":${JSON.stringify(stream)},"number":${number}`;
  return `${head},"samplesDropped":${batch.samplesDropped}${events},"complete":${batch.complete},"entries":[${batch.entries.join(',')}]}`;
}

export function liveSource(history: LiveHistory): BatchSource {
  let place: HistoryPlace = HISTORY_START;
  let hasCaughtUp = false;
  let samplesDropped = 0;
  let eventsDropped = 0;
  return {
    next() {
      const newestSamples = hasCaughtUp ? MAX_UNREAD_SAMPLES : Number.POSITIVE_INFINITY;
      const slice = history.read(place, MAX_BATCH_ENTRIES, MAX_BATCH_BYTES, newestSamples);
      place = slice.next;
      const end = history.end;
      hasCaughtUp ||= place.lasting === end.lasting && place.samples === end.samples;
      samplesDropped += slice.samplesDropped;
      eventsDropped += slice.eventsDropped;
      if (slice.entries.length === 0) return undefined;
      // What was dropped may hold the hellos without which the rest cannot be read.
      const hellos = slice.eventsDropped === 0 ? [] : history.hellos().map((hello) => JSON.stringify(hello));
      return { entries: [...hellos, ...slice.entries], samplesDropped, eventsDropped, complete: false };
    },
  };
}

/** A recording, read as fast as the page takes it. */
export function recordingSource(entries: AsyncIterable<readonly JournalEntry[]>): BatchSource {
  const iterator = entries[Symbol.asyncIterator]();
  let waiting: readonly JournalEntry[] = [];
  let ended = false;
  return {
    close: () => void iterator.return?.(),
    async next() {
      const texts: string[] = [];
      let bytes = 0;
      while (!ended && texts.length < MAX_BATCH_ENTRIES && bytes < MAX_BATCH_BYTES) {
        if (waiting.length === 0) {
          const step = await iterator.next();
          if (step.done === true) ended = true;
          else waiting = step.value;
          continue;
        }
        let taken = 0;
        for (const entry of waiting) {
          if (texts.length >= MAX_BATCH_ENTRIES || bytes >= MAX_BATCH_BYTES) break;
          const text = JSON.stringify(entry);
          texts.push(text);
          bytes += text.length;
          taken += 1;
        }
        waiting = waiting.slice(taken);
      }
      return { entries: texts, samplesDropped: 0, eventsDropped: 0, complete: ended };
    },
  };
}
