/**
 * Frames: what travels in one WebSocket text message, one JSON object each.
 *
 *   device                                engine
 *     | hello ------------------------------> |   who I am, what I can report and perform, last known session
 *     | <------------------- welcome | reject |   session, and the last event it has (resume from there)
 *     | events (numbered) ------------------> |   reliable, acknowledged
 *     | samples ----------------------------> |   lossy
 *     | <--------------------------------ack |   cumulative
 *     | <----------------------------- inject |   do this; progress comes back as inject.state events
 *     | ping/pong both ways, bye from either |
 *
 * Unknown fields are ignored; an unknown `t` is answered with an error frame and counted.
 */
import { z } from 'zod';
import type { DeviceTime } from '../time/time.ts';
import { EVENT_KINDS, type EventData, type EventKind, eventKinds } from './kinds.ts';
import { MAX_EVENTS_PER_FRAME, MAX_SAMPLES_PER_FRAME } from './limits.ts';
import { SAMPLE_KINDS, type SampleData, type SampleKind, sampleKinds } from './samples.ts';
import { count, type EventSource, eventSource, fidelity, id, instant, text, userInfo } from './values.ts';

export const role = z.enum(['probe', 'interrupter', 'lab']);
export type Role = z.infer<typeof role>;
export const platform = z.enum(['ios', 'web', 'virtual']);
export type Platform = z.infer<typeof platform>;

/** One reliable fact. `seq` counts from 1 per session without holes; `at` keeps counting in sleep, `uptime` stops. */
export type WireEvent<K extends EventKind = EventKind> = {
  [P in K]: {
    readonly seq: number;
    readonly at: DeviceTime;
    readonly uptime: DeviceTime;
    readonly kind: P;
    readonly source: EventSource;
    readonly data: EventData<P>;
  };
}[K];
export type WireSample<K extends SampleKind = SampleKind> = {
  [P in K]: { readonly at: DeviceTime; readonly kind: P; readonly data: SampleData<P> };
}[K];

const eventRow = <K extends EventKind>(kind: K) =>
  z.object({
    seq: z.int().min(1),
    at: instant,
    uptime: instant,
    kind: z.literal(kind),
    source: eventSource,
    data: eventKinds[kind].data as unknown as z.ZodType<EventData<K>>,
  });
export const wireEvent = z.discriminatedUnion(
  'kind',
  EVENT_KINDS.map(eventRow) as unknown as [ReturnType<typeof eventRow>, ...ReturnType<typeof eventRow>[]],
) as unknown as z.ZodType<WireEvent>;

const sampleRow = <K extends SampleKind>(kind: K) =>
  z.object({ at: instant, kind: z.literal(kind), data: sampleKinds[kind] as unknown as z.ZodType<SampleData<K>> });
export const wireSample = z.discriminatedUnion(
  'kind',
  SAMPLE_KINDS.map(sampleRow) as unknown as [ReturnType<typeof sampleRow>, ...ReturnType<typeof sampleRow>[]],
) as unknown as z.ZodType<WireSample>;

/** A thing a device can be asked to do: `does` is the name a scenario step or the palette uses. */
export const ability = z.object({ does: text, title: text, fidelity, cause: text.optional() });

export const helloFrame = z.object({
  t: z.literal('hello'),
  proto: z.array(z.int()).min(1).max(8),
  deviceId: id,
  benchId: id,
  role,
  platform,
  title: text,
  device: z.object({ model: text, os: text, osVersion: text }),
  app: z.object({ name: text, version: text, sdk: text.optional(), policy: text.optional() }),
  /** Devices with the same clock id share one clock: no offset is estimated between them. */
  clock: z.object({ id: text, now: instant }),
  /** Kinds of events and samples this device can report: absence of an event differs from absence of the sensor. */
  reports: z.array(text).max(100),
  performs: z.array(ability).max(200),
  resume: z.object({ sessionId: id, last: count }).optional(),
});
export const frames = {
  hello: helloFrame,
  welcome: z.object({ t: z.literal('welcome'), proto: z.int(), sessionId: id, resumed: z.boolean(), last: count }),
  reject: z.object({ t: z.literal('reject'), code: text, message: text }),
  events: z.object({ t: z.literal('events'), events: z.array(wireEvent).min(1).max(MAX_EVENTS_PER_FRAME) }),
  samples: z.object({ t: z.literal('samples'), samples: z.array(wireSample).min(1).max(MAX_SAMPLES_PER_FRAME) }),
  ack: z.object({ t: z.literal('ack'), last: count }),
  /**
   * Events `from` to `to` will never come: lost on the device (`ring`, `suspended`), or refused by the engine one by one
   * because they broke the schema (`invalid`).
   */
  gap: z.object({
    t: z.literal('gap'),
    from: z.int().min(1),
    to: z.int().min(1),
    reason: z.enum(['ring', 'suspended', 'invalid']),
  }),
  inject: z.object({ t: z.literal('inject'), injectId: id, does: text, params: userInfo }),
  snapshot: z.object({ t: z.literal('snapshot') }),
  ping: z.object({ t: z.literal('ping'), t0: instant }),
  pong: z.object({ t: z.literal('pong'), t0: instant, t1: instant, t2: instant }),
  error: z.object({ t: z.literal('error'), code: text, message: text, fatal: z.boolean() }),
  bye: z.object({ t: z.literal('bye'), reason: text }),
} as const;

export const frame = z.discriminatedUnion('t', [
  frames.hello,
  frames.welcome,
  frames.reject,
  frames.events,
  frames.samples,
  frames.ack,
  frames.gap,
  frames.inject,
  frames.snapshot,
  frames.ping,
  frames.pong,
  frames.error,
  frames.bye,
]);
export type Frame = z.infer<typeof frame>;
export type Hello = z.infer<typeof frames.hello>;
export type FrameOf<T extends Frame['t']> = Extract<Frame, { t: T }>;
