/**
 * The sending half of a link: numbers events, keeps them until they are acknowledged, gives them out again after a cut.
 *
 *      acknowledged      |  sent, in flight  |  not sent yet
 *   ---------------------+-------------------+----------------> numbers, from 1, without holes
 *                    acked              cursor             last
 *
 * The ring is bounded by count and bytes. What falls out of it before it was sent (or before a resume) is declared as a
 * gap when its turn comes, so the receiver always knows what it does not have. No clock, no socket, no JSON in here.
 */
import { RING_MAX_BYTES, RING_MAX_EVENTS } from '../wire/limits.ts';

export interface SenderLimits {
  readonly maxEvents: number;
  /** Sum of the sizes given to `push`. */
  readonly maxBytes: number;
  /** Unacknowledged in flight: more would only wait in the socket's buffer, in front of pings. */
  readonly windowEvents: number;
  readonly windowBytes: number;
}
/** The window holds many batches between two acks (64 events or 250 ms) and is sent in well under a second. */
export const SENDER_LIMITS: SenderLimits = {
  maxEvents: RING_MAX_EVENTS,
  maxBytes: RING_MAX_BYTES,
  windowEvents: 5000,
  windowBytes: 1024 * 1024,
};

export interface Numbered<T> {
  readonly seq: number;
  readonly item: T;
}
export type Outgoing<T> =
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  | { readonly type: 'events'; readonly events: readonly Numbered<T>[] };

export interface Sender<T> {
  /** Numbers and keeps an item; returns its number. `bytes` is its size on the wire. */
  push(item: T, bytes: number): number;
  /** What to send next, at most `maxEvents` and `maxBytes` (at least one event), or undefined: nothing, or the window is full. */
  next(maxEvents: number, maxBytes: number): Outgoing<T> | undefined;
  /** The receiver has stored everything up to `last`. An ack of something never sent is ignored: false. */
  acknowledge(last: number): boolean;
  /** The same session goes on over a new socket; the receiver has everything up to `last`. False: it cannot (start a new one). */
  resume(last: number): boolean;
  /**
   * A new session: numbers count from 1 in every session, so what is kept is numbered again. What the ring lost since the
   * last ack comes first, as a gap.
   */
  restart(): void;
  readonly state: {
    /** Number of the newest event. */
    readonly last: number;
    readonly acked: number;
    /** Next number to send. */
    readonly cursor: number;
    readonly kept: number;
    readonly bytes: number;
    /** Events that fell out of the ring unacknowledged, in all sessions. */
    readonly dropped: number;
  };
}

interface Kept<T> {
  readonly item: T;
  readonly bytes: number;
}

/** Slots at the front of the array that may be empty before it is copied: keeps removal from the front cheap. */
const COMPACT_AFTER = 1024;

export function createSender<T>(limits: SenderLimits = SENDER_LIMITS): Sender<T> {
  let kept: (Kept<T> | undefined)[] = [];
  let head = 0;
  /** Number of the event at `head`. */
  let first = 1;
  let bytes = 0;
  let acked = 0;
  let cursor = 1;
  /** Furthest number ever sent in this session: after a resume the receiver may acknowledge what has not been sent again yet. */
  let sent = 0;
  let inFlightBytes = 0;
  let dropped = 0;

  const last = (): number => first + (kept.length - head) - 1;
  const at = (seq: number): Kept<T> | undefined => kept[head + (seq - first)];

  function removeFirst(): void {
    const gone = kept[head];
    kept[head] = undefined;
    head += 1;
    if (gone !== undefined) {
      bytes -= gone.bytes;
      if (first < cursor) inFlightBytes -= gone.bytes;
    }
    first += 1;
    if (head >= COMPACT_AFTER && head * 2 >= kept.length) {
      kept = kept.slice(head);
      head = 0;
    }
  }

  return {
    push(item, size) {
      kept.push({ item, bytes: size });
      bytes += size;
      while (kept.length - head > limits.maxEvents || (bytes > limits.maxBytes && kept.length - head > 1)) {
        removeFirst();
        dropped += 1;
      }
      return last();
    },

    next(maxEvents, maxBytes) {
      if (cursor < first) {
        const gap = { type: 'gap', from: cursor, to: first - 1 } as const;
        cursor = first;
        sent = Math.max(sent, cursor - 1);
        return gap;
      }
      const events: Numbered<T>[] = [];
      let size = 0;
      while (cursor <= last() && events.length < maxEvents) {
        const event = at(cursor);
        if (event === undefined) break;
        const inFlight = cursor - Math.max(acked + 1, first);
        if (inFlight >= limits.windowEvents) break;
        if (inFlight > 0 && inFlightBytes + event.bytes > limits.windowBytes) break;
        if (events.length > 0 && size + event.bytes > maxBytes) break;
        events.push({ seq: cursor, item: event.item });
        size += event.bytes;
        inFlightBytes += event.bytes;
        cursor += 1;
      }
      sent = Math.max(sent, cursor - 1);
      return events.length === 0 ? undefined : { type: 'events', events };
    },

    acknowledge(number) {
      if (!Number.isSafeInteger(number) || number < 0 || number > sent) return false;
      while (first <= number && kept.length > head) removeFirst();
      acked = Math.max(acked, number);
      cursor = Math.max(cursor, number + 1);
      return true;
    },

    resume(number) {
      if (!Number.isSafeInteger(number) || number < acked || number > last()) return false;
      while (first <= number && kept.length > head) removeFirst();
      acked = number;
      cursor = number + 1;
      inFlightBytes = 0;
      return true;
    },

    restart() {
      const lost = first - 1 - acked;
      kept = kept.slice(head);
      head = 0;
      first = lost + 1;
      acked = 0;
      cursor = 1;
      sent = 0;
      inFlightBytes = 0;
    },

    get state() {
      return { last: last(), acked, cursor, kept: kept.length - head, bytes, dropped };
    },
  };
}
