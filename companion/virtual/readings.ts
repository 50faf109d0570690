/**
 * Reads libwebrtc's statistics ten times a second, which the flow of received audio needs, and reports what is in them:
 * `stats` samples at 1 Hz (10 Hz for 15 s after an event), proofs of the transport, the selected pair, DTLS.
 * One whole getStats costs 1.5 ms, so ten a second cost 1.2 % of a core; the binding has nothing smaller.
 */
import type { DeviceTime } from '../../shared/time/time.ts';
import { deviceTime } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { SampleData } from '../../shared/wire/samples.ts';
import type { StatsReport } from './libwebrtc.ts';
import { readStats, type StatsReading } from './stats.ts';
import { createTransportProof, type TransportFinding } from './transport-proof.ts';

export const READING_MILLISECONDS = 100;
/** decisions.md: 1 Hz; 10 Hz for 15 s around an event. */
const SAMPLE_EVERY_MICROS = 1_000_000;
const CLOSE_LOOK_MICROS = 15_000_000;
/** Half a reading of grace, so that 1 Hz does not become 0.9 Hz. */
const GRACE_MICROS = (READING_MILLISECONDS * 1000) / 2;

export interface ReadingsPorts {
  now(): DeviceTime;
  wallMilliseconds(): number;
  stats(): Promise<StatsReport | undefined>;
  onReading(reading: StatsReading): void;
  onSample(at: DeviceTime, sample: SampleData<'stats'>): void;
  onTransport(finding: TransportFinding): void;
  onPair(at: DeviceTime, pair: EventData<'webrtc.pair'>): void;
  onDtls(state: string): void;
}
export interface Readings {
  /** Something happened: look closely for a while. */
  event(): void;
  /** Reads once; to be called every READING_MILLISECONDS. Overlapping calls are left out. */
  read(): Promise<void>;
}

export function createReadings(ports: ReadingsPorts): Readings {
  let proof = createTransportProof();
  let reading = false;
  let sampledAt = Number.NEGATIVE_INFINITY;
  let closeUntil = Number.NEGATIVE_INFINITY;
  let pair = '';

  const take = (report: StatsReport) => {
    const at = stampOf(report, ports.now(), ports.wallMilliseconds());
    const read = readStats(report, at);
    ports.onReading(read);
    if (read.dtls !== undefined) ports.onDtls(read.dtls);
    for (const finding of proof.next(read, ports.wallMilliseconds() - (ports.now() - at) / 1000)) {
      ports.onTransport(finding);
    }
    if (read.pair !== undefined) {
      const words = JSON.stringify(read.pair);
      if (words !== pair) ports.onPair(at, read.pair);
      pair = words;
    }
    const every = at < closeUntil ? 0 : SAMPLE_EVERY_MICROS - GRACE_MICROS;
    if (at - sampledAt >= every) {
      sampledAt = at;
      ports.onSample(at, read.sample);
    }
  };
  return {
    event() {
      closeUntil = ports.now() + CLOSE_LOOK_MICROS;
    },
    async read() {
      if (reading) return;
      reading = true;
      try {
        // A connection that closes while it is asked refuses: then there is no call any more.
        const report = await ports.stats().catch(() => undefined);
        if (report !== undefined) take(report);
        else {
          proof = createTransportProof();
          pair = '';
        }
      } finally {
        reading = false;
      }
    },
  };
}

/** libwebrtc keeps a report for up to 50 ms and stamps it with the wall clock: back to the phone's own clock. */
const MAX_REPORT_AGE_MILLISECONDS = 200;
function stampOf(report: StatsReport, now: DeviceTime, wallMilliseconds: number): DeviceTime {
  for (const entry of report.values()) {
    if (entry['type'] !== 'transport' || typeof entry['timestamp'] !== 'number') continue;
    const age = wallMilliseconds - entry['timestamp'];
    return age < 0 || age > MAX_REPORT_AGE_MILLISECONDS ? now : deviceTime(now - age * 1000);
  }
  return now;
}
