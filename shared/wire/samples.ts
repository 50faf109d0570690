/** Lossy periodic readings: newest wins, never numbered, never acknowledged. */
import { z } from 'zod';
import { count } from './values.ts';

const dbfs = z.number().min(-200).max(20);

export const sampleKinds = {
  /** 20 Hz. RMS of the last 50 ms in dBFS; exact digital silence is -120. */
  level: z.object({ captureDbfs: dbfs, renderDbfs: dbfs }),
  /** The far end's hearing, 20 Hz. */
  'farEnd.level': z.object({ heardDbfs: dbfs, spokenDbfs: dbfs }),
  /** 1 Hz; 10 Hz for 15 s around an event. Cumulative counters as getStats names them; absent when the stack has none. */
  stats: z.object({
    packetsSent: count.optional(),
    bytesSent: count.optional(),
    packetsReceived: count.optional(),
    packetsLost: z.int().optional(),
    bytesReceived: count.optional(),
    jitterSeconds: z.number().optional(),
    totalSamplesReceived: count.optional(),
    concealedSamples: count.optional(),
    silentConcealedSamples: count.optional(),
    jitterBufferDelaySeconds: z.number().optional(),
    jitterBufferEmittedCount: count.optional(),
    roundTripSeconds: z.number().optional(),
    remoteFractionLost: z.number().optional(),
    remoteRoundTripSeconds: z.number().optional(),
    stunRequestsSent: count.optional(),
    stunResponsesReceived: count.optional(),
    micAudioLevel: z.number().optional(),
    micTotalAudioEnergy: z.number().optional(),
  }),
  /** The relay's packet counters, 2 Hz. */
  path: z.object({ uplinkPackets: count, downlinkPackets: count, droppedPackets: count }),
} as const;

export type SampleKind = keyof typeof sampleKinds;
export type SampleData<K extends SampleKind> = z.infer<(typeof sampleKinds)[K]>;
export const SAMPLE_KINDS = Object.keys(sampleKinds) as readonly SampleKind[];
