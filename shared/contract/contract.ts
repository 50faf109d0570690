/**
 * Everything engine and page say to each other, on one screen. Frame types are derived from these tables.
 *
 *   page -> engine   { t:'call', ref, name, input }      one answer each: result | failed
 *   engine -> page   { t:'result', ref, output } | { t:'failed', ref, error }
 *   engine -> page   { t:'batch', stream, number, entries, dropped }   at most one unacknowledged beyond WINDOW
 *   page -> engine   { t:'ack', stream, number }
 *   engine -> page   { t:'status', status }              whenever it changes; newest wins
 */
import { z } from 'zod';
import type { JournalEntry } from '../recording/entry.ts';
import { MAX_TEXT_LENGTH } from '../wire/limits.ts';
import { type fidelity, id, userInfo } from '../wire/values.ts';

/** Batches in flight before the engine waits for the page: a slow page gets fewer, larger batches, never a longer queue. */
export const BATCH_WINDOW = 3;
/** One batch a frame of a 60 Hz display. */
export const BATCH_EVERY_MILLISECONDS = 16;
export const MAX_BATCH_ENTRIES = 2000;

const name = z.string().min(1).max(MAX_TEXT_LENGTH);
const empty = z.object({});

/** Calls: input is validated by the engine; output is ours. */
export const calls = {
  'watch.live': { input: empty },
  'watch.recording': { input: z.object({ recordingId: id }) },
  'watch.stop': { input: z.object({ stream: id }) },
  'bench.inject': { input: z.object({ benchId: id, does: name, params: userInfo }) },
  'bench.configure': {
    input: z.object({ benchId: id, policy: name.optional(), os: name.optional(), callKit: z.boolean().optional() }),
  },
  'bench.restart': { input: z.object({ benchId: id }) },
  'scenario.list': { input: empty },
  'scenario.run': {
    input: z.object({
      benchId: id,
      scenario: name,
      policy: name.optional(),
      os: name.optional(),
      repeat: z.int().min(1).max(1000).optional(),
      seed: z.int().min(0).optional(),
      /** Scenario parameters set instead of the file's own, as typed: `ringFor` to `5s`. */
      parameters: z.record(name, name).optional(),
      /** A scenario file's own text, where `scenario` is not one of the library (its name is then only shown). */
      text: z
        .string()
        .max(64 * 1024)
        .optional(),
    }),
  },
  'scenario.stop': { input: z.object({ benchId: id }) },
  'recording.list': { input: empty },
  'recording.start': { input: empty },
  'recording.stop': { input: empty },
  'recording.delete': { input: z.object({ recordingId: id }) },
} as const;
export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>;

export interface AbilityInfo {
  readonly does: string;
  readonly title: string;
  readonly fidelity: z.infer<typeof fidelity>;
  readonly cause?: string;
  readonly deviceId: string;
}
export interface DeviceInfo {
  readonly deviceId: string;
  readonly role: 'probe' | 'interrupter' | 'lab';
  readonly platform: 'ios' | 'web' | 'virtual';
  readonly title: string;
  readonly link: 'connected' | 'lost' | 'closed';
  readonly eventsReceived: number;
  readonly badFrames: number;
  readonly samplesDropped: number;
}
export interface BenchInfo {
  readonly benchId: string;
  readonly title: string;
  readonly simulated: boolean;
  readonly state: 'starting' | 'running' | 'paused' | 'broken';
  /** Why it is broken, in words, when it is. */
  readonly problem?: string;
  readonly policy: string;
  readonly policies: readonly { readonly name: string; readonly title: string }[];
  readonly os: string;
  readonly osVersions: readonly string[];
  readonly callKit: boolean;
  readonly devices: readonly DeviceInfo[];
  readonly abilities: readonly AbilityInfo[];
  readonly run?: {
    readonly runId: string;
    readonly scenario: string;
    readonly title: string;
    readonly step: string;
    readonly repetition: number;
    readonly of: number;
  };
}
export interface RecordingInfo {
  readonly recordingId: string;
  readonly title: string;
  readonly startedAt: string;
  readonly bytes: number;
  readonly bundled: boolean;
  readonly open: boolean;
  readonly complete: boolean;
}
export interface ScenarioInfo {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly fidelity: string;
  readonly policy: string;
  readonly callKit: boolean;
  readonly seconds: number;
}
export interface EngineStatus {
  readonly version: string;
  readonly benches: readonly BenchInfo[];
  readonly recording: {
    readonly state: 'off' | 'on' | 'failed';
    readonly recordingId?: string;
    readonly bytes?: number;
    readonly since?: string;
    readonly problem?: string;
  };
  readonly recordings: readonly RecordingInfo[];
  readonly refusedFrames: number;
  readonly dataFolder: string;
}

export interface CallOutput {
  'watch.live': { readonly stream: string };
  'watch.recording': { readonly stream: string; readonly recording: RecordingInfo };
  'watch.stop': Record<string, never>;
  'bench.inject': { readonly injectId: string };
  'bench.configure': Record<string, never>;
  'bench.restart': Record<string, never>;
  'scenario.list': { readonly scenarios: readonly ScenarioInfo[] };
  'scenario.run': { readonly runId: string };
  'scenario.stop': Record<string, never>;
  'recording.list': { readonly recordings: readonly RecordingInfo[] };
  'recording.start': { readonly recordingId: string };
  'recording.stop': Record<string, never>;
  'recording.delete': Record<string, never>;
}

/** An error a person can act on. */
export interface ContractError {
  readonly code: string;
  readonly message: string;
}

export type PageMessage =
  | {
      readonly [N in CallName]: {
        readonly t: 'call';
        readonly ref: number;
        readonly name: N;
        readonly input: CallInput<N>;
      };
    }[CallName]
  | { readonly t: 'ack'; readonly stream: string; readonly number: number };

export type EngineMessage =
  | { readonly t: 'result'; readonly ref: number; readonly output: CallOutput[CallName] }
  | { readonly t: 'failed'; readonly ref: number; readonly error: ContractError }
  | {
      readonly t: 'batch';
      readonly stream: string;
      readonly number: number;
      readonly entries: readonly JournalEntry[];
      /** Samples (never events) left out so far because this page was slow. */
      readonly samplesDropped: number;
      /** Events left out so far because they are older than what the engine keeps in memory; absent when none. */
      readonly eventsDropped?: number;
      /** For a recording: true in its last batch. */
      readonly complete: boolean;
    }
  | { readonly t: 'status'; readonly status: EngineStatus };
