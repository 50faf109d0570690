/**
 * What only a living path can bring: STUN answers and fresh receiver reports, found between two readings of the counters.
 * And its opposite: STUN requests that stay without an answer.
 *
 * Both are slow in libwebrtc (M106): a STUN request every 2.5 s, a receiver report every 3 to 4 s; more often while ICE doubts.
 */
import { type DeviceTime, deviceTime, fromSeconds } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { StatsReading } from './stats.ts';

/** A request this old is called unanswered: longer than any round trip a call can be held over. */
export const UNANSWERED_AFTER_MICROS = 1_000_000;

/** libwebrtc asks ten times a second once it doubts: each event counts all requests so far, so one a second says as much. */
const TELL_EVERY_MICROS = 1_000_000;

export type TransportFinding =
  | { readonly kind: 'transport.proof'; readonly at: DeviceTime; readonly data: EventData<'transport.proof'> }
  | {
      readonly kind: 'transport.unanswered';
      readonly at: DeviceTime;
      readonly data: EventData<'transport.unanswered'>;
    };

export interface TransportProof {
  /** `wallMilliseconds` is Date.now() at `reading.at`: receiver reports are stamped with the wall clock. */
  next(reading: StatsReading, wallMilliseconds: number): readonly TransportFinding[];
}

export function createTransportProof(): TransportProof {
  let pairId: string | undefined;
  let requests = 0;
  let responses: ReadonlyMap<string, number> | undefined;
  let reportArrived: number | undefined;
  /** Requests without an answer, by when they were first seen in the counters. */
  let open: DeviceTime[] = [];
  let told = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const stun = (reading: StatsReading): TransportFinding[] => {
    const found: TransportFinding[] = [];
    const now = reading.stun;
    if (now === undefined) return found;
    if (now.pairId === pairId) {
      for (let sent = requests; sent < now.requests; sent += 1) open.push(reading.at);
    } else {
      // A pair selected anew has counters of its own: requests on it are counted from here on.
      open = [];
      told = 0;
      toldAt = Number.NEGATIVE_INFINITY;
    }
    const before = responses;
    const answered = [...now.responses].some(([id, count]) => count > (before?.get(id) ?? 0));
    if (answered) {
      const roundTrip = reading.sample.roundTripSeconds;
      found.push({
        kind: 'transport.proof',
        at: reading.at,
        data: {
          via: 'stun',
          provenAt: reading.at,
          ...(roundTrip === undefined ? {} : { roundTripMicros: fromSeconds(roundTrip) }),
        },
      });
      open = [];
      told = 0;
      toldAt = Number.NEGATIVE_INFINITY;
    }
    ({ pairId, requests, responses } = now);
    const unanswered = open.filter((sentAt) => reading.at - sentAt >= UNANSWERED_AFTER_MICROS);
    const first = unanswered[0];
    const last = unanswered.at(-1);
    if (
      first !== undefined &&
      last !== undefined &&
      unanswered.length > told &&
      reading.at - toldAt >= TELL_EVERY_MICROS
    ) {
      told = unanswered.length;
      toldAt = reading.at;
      found.push({
        kind: 'transport.unanswered',
        at: reading.at,
        data: { firstSentAt: first, lastSentAt: last, requests: unanswered.length },
      });
    }
    return found;
  };

  const rtcp = (reading: StatsReading, wallMilliseconds: number): TransportFinding[] => {
    const report = reading.receiverReport;
    if (report === undefined || report.arrivedMilliseconds === reportArrived) return [];
    reportArrived = report.arrivedMilliseconds;
    const ageMicros = Math.max(0, (wallMilliseconds - report.arrivedMilliseconds) * 1000);
    const roundTrip = report.roundTripSeconds;
    return [
      {
        kind: 'transport.proof',
        at: reading.at,
        data: {
          via: 'rtcp',
          provenAt: deviceTime(Math.max(0, reading.at - ageMicros)),
          ...(roundTrip === undefined ? {} : { roundTripMicros: fromSeconds(roundTrip) }),
        },
      },
    ];
  };

  return { next: (reading, wallMilliseconds) => [...stun(reading), ...rtcp(reading, wallMilliseconds)] };
}
