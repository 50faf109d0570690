/**
 * One reading of libwebrtc's statistics, reduced to what a phone reports. Pure; the fields are those of M106
 * (domain/stack.md 1a). Cumulative counters as getStats names them, absent when the stack has none yet.
 */
import type { DeviceTime } from '../../shared/time/time.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import type { SampleData } from '../../shared/wire/samples.ts';
import type { StatsEntry, StatsReport } from './libwebrtc.ts';

export interface StunReading {
  readonly pairId: string;
  /** Requests sent on the selected pair. Other pairs may be hopeless from the start, so theirs say nothing. */
  readonly requests: number;
  /** Answers by pair: one on any pair proves a path. */
  readonly responses: ReadonlyMap<string, number>;
}
export interface StatsReading {
  /** When the counters were read, on the phone's clock. */
  readonly at: DeviceTime;
  readonly sample: SampleData<'stats'>;
  readonly concealmentEvents: number | undefined;
  readonly dtls: string | undefined;
  /** The selected candidate pair. */
  readonly pair: EventData<'webrtc.pair'> | undefined;
  readonly stun: StunReading | undefined;
  /** The newest receiver report about our own packets: its arrival in wall-clock milliseconds names it. */
  readonly receiverReport:
    | { readonly arrivedMilliseconds: number; readonly roundTripSeconds: number | undefined }
    | undefined;
}

const numberOf = (entry: StatsEntry | undefined, field: string): number | undefined => {
  const value = entry?.[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
const textOf = (entry: StatsEntry | undefined, field: string): string | undefined => {
  const value = entry?.[field];
  return typeof value === 'string' ? value : undefined;
};
/** Leaves out what is undefined. */
const present = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

export function readStats(report: StatsReport, at: DeviceTime): StatsReading {
  const byType = new Map<string, StatsEntry>();
  const responses = new Map<string, number>();
  for (const entry of report.values()) {
    const type = textOf(entry, 'type');
    if (type === 'candidate-pair') responses.set(String(entry['id']), numberOf(entry, 'responsesReceived') ?? 0);
    if (type !== undefined && entry['kind'] !== 'video') byType.set(type, entry);
  }
  const inbound = byType.get('inbound-rtp');
  const outbound = byType.get('outbound-rtp');
  const remote = byType.get('remote-inbound-rtp');
  const source = byType.get('media-source');
  const transport = byType.get('transport');
  const pairId = textOf(transport, 'selectedCandidatePairId');
  const pair = pairId === undefined ? undefined : report.get(pairId);
  const requests = (numberOf(pair, 'requestsSent') ?? 0) + (numberOf(pair, 'consentRequestsSent') ?? 0);
  const arrived = numberOf(remote, 'timestamp');
  return {
    at,
    sample: present<SampleData<'stats'>>({
      packetsSent: numberOf(outbound, 'packetsSent'),
      bytesSent: numberOf(outbound, 'bytesSent'),
      packetsReceived: numberOf(inbound, 'packetsReceived'),
      packetsLost: numberOf(inbound, 'packetsLost'),
      bytesReceived: numberOf(inbound, 'bytesReceived'),
      jitterSeconds: numberOf(inbound, 'jitter'),
      totalSamplesReceived: numberOf(inbound, 'totalSamplesReceived'),
      concealedSamples: numberOf(inbound, 'concealedSamples'),
      silentConcealedSamples: numberOf(inbound, 'silentConcealedSamples'),
      jitterBufferDelaySeconds: numberOf(inbound, 'jitterBufferDelay'),
      jitterBufferEmittedCount: numberOf(inbound, 'jitterBufferEmittedCount'),
      roundTripSeconds: numberOf(pair, 'currentRoundTripTime'),
      remoteFractionLost: numberOf(remote, 'fractionLost'),
      remoteRoundTripSeconds: numberOf(remote, 'roundTripTime'),
      stunRequestsSent: pair === undefined ? undefined : requests,
      stunResponsesReceived: numberOf(pair, 'responsesReceived'),
      micAudioLevel: numberOf(source, 'audioLevel'),
      micTotalAudioEnergy: numberOf(source, 'totalAudioEnergy'),
    }),
    concealmentEvents: numberOf(inbound, 'concealmentEvents'),
    dtls: textOf(transport, 'dtlsState'),
    pair: readPair(report, transport, pair),
    stun: pairId === undefined || pair === undefined ? undefined : { pairId, requests, responses },
    receiverReport:
      arrived === undefined
        ? undefined
        : { arrivedMilliseconds: arrived, roundTripSeconds: numberOf(remote, 'roundTripTime') },
  };
}

function readPair(
  report: StatsReport,
  transport: StatsEntry | undefined,
  pair: StatsEntry | undefined,
): EventData<'webrtc.pair'> | undefined {
  const local = report.get(textOf(pair, 'localCandidateId') ?? '');
  const remote = report.get(textOf(pair, 'remoteCandidateId') ?? '');
  if (local === undefined || remote === undefined) return undefined;
  return {
    generation: textOf(transport, 'iceLocalUsernameFragment') ?? '',
    localType: textOf(local, 'candidateType') ?? 'unknown',
    remoteType: textOf(remote, 'candidateType') ?? 'unknown',
    protocol: textOf(local, 'protocol') ?? 'unknown',
  };
}
