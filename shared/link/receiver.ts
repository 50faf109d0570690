/**
 * The receiving half of a link: what is new, what was here before, what is missing, and when an ack is owed.
 *
 * Two marks: `received` (handed on) and `stored` (safe with whoever took it). Duplicates are judged by `received`, acks and
 * resumes tell `stored`: an event is acknowledged only once it cannot be lost here.
 */
import { ACK_AFTER_EVENTS, ACK_AFTER_MILLISECONDS } from '../wire/limits.ts';

export interface HoleError {
  readonly code: 'hole';
  readonly message: string;
}
export type Received<E> =
  | { readonly ok: true; readonly fresh: readonly E[]; readonly duplicates: number }
  | { readonly ok: false; readonly error: HoleError };
export type GapReceived =
  | { readonly ok: true; readonly gap: { readonly from: number; readonly to: number } | undefined }
  | { readonly ok: false; readonly error: HoleError };

export interface Receiver {
  /** Sorts out the events of one frame; all or nothing: after a hole none of the frame is taken. */
  events<E extends { readonly seq: number }>(events: readonly E[]): Received<E>;
  /** Takes a declared gap; `gap` is the part of it that really is missing here, undefined when nothing is. */
  gap(from: number, to: number): GapReceived;
  /** Everything up to `last` is safe. */
  stored(last: number, nowMilliseconds: number): void;
  /** The ack to send now, if one is owed: many events stored, or the first of them stored long enough ago. */
  ack(nowMilliseconds: number): number | undefined;
  /** Milliseconds until `ack` will answer, undefined when nothing is owed. */
  ackDue(nowMilliseconds: number): number | undefined;
  /**
   * A new socket: the number to resume from. What was received and is not stored yet comes again and is dropped as a
   * duplicate, unless it turned out that it cannot be stored.
   */
  resume(): number;
  /** What was received and is not stored never will be: it must come again. */
  rollBack(): void;
  readonly state: { readonly received: number; readonly stored: number; readonly acked: number };
}

const hole = (expected: number, found: number): HoleError => ({
  code: 'hole',
  message: `event ${found} came where ${expected} was next: send what lies between, or declare it with a gap frame`,
});

export function createReceiver(): Receiver {
  let received = 0;
  let stored = 0;
  let acked = 0;
  let owedSince: number | undefined;

  return {
    events(events) {
      let expected = received + 1;
      const fresh = [];
      for (const event of events) {
        if (event.seq < expected) continue;
        if (event.seq > expected) return { ok: false, error: hole(expected, event.seq) };
        fresh.push(event);
        expected += 1;
      }
      received = expected - 1;
      return { ok: true, fresh, duplicates: events.length - fresh.length };
    },

    gap(from, to) {
      if (to < from || from > received + 1) return { ok: false, error: hole(received + 1, from) };
      if (to <= received) return { ok: true, gap: undefined };
      const missing = { from: received + 1, to };
      received = to;
      return { ok: true, gap: missing };
    },

    stored(last, now) {
      const mark = Math.min(last, received);
      if (mark <= stored) return;
      stored = mark;
      owedSince ??= now;
    },

    ack(now) {
      if (stored <= acked) return undefined;
      const long = owedSince !== undefined && now - owedSince >= ACK_AFTER_MILLISECONDS;
      if (stored - acked < ACK_AFTER_EVENTS && !long) return undefined;
      acked = stored;
      owedSince = undefined;
      return stored;
    },

    ackDue(now) {
      if (stored <= acked) return undefined;
      if (stored - acked >= ACK_AFTER_EVENTS) return 0;
      return Math.max(0, (owedSince ?? now) + ACK_AFTER_MILLISECONDS - now);
    },

    resume() {
      acked = stored;
      owedSince = undefined;
      return stored;
    },

    rollBack() {
      received = stored;
    },

    get state() {
      return { received, stored, acked };
    },
  };
}
