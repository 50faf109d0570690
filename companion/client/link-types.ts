/** What a device says to its link, and hears from it. */
import type { SenderLimits } from '../../shared/link/sender.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { FrameOf, Hello } from '../../shared/wire/frames.ts';
import type { EventData, EventKind } from '../../shared/wire/kinds.ts';
import type { SampleData, SampleKind } from '../../shared/wire/samples.ts';
import type { EventSource } from '../../shared/wire/values.ts';
import type { OpenSocket, Timers } from './socket.ts';

/** Who the device is; protocol, time and resume are the link's own business. */
export type DeviceHello = Omit<Hello, 't' | 'proto' | 'resume' | 'clock'> & { readonly clock: { readonly id: string } };

/** Integer microseconds of the device: `now` keeps counting in sleep, `uptime` stops. */
export interface DeviceClock {
  now(): DeviceTime;
  uptime(): DeviceTime;
  /** Uptime as it was at an instant that is past; without it, no stop is assumed to lie in between. */
  uptimeAt?(at: DeviceTime): DeviceTime;
}

/**
 * connecting: a socket is being opened, or the engine has not welcomed us yet
 * connected: welcomed; `resumed` when the engine still knew the session
 * waiting: cut off; dials again after the wait
 * refused: the engine will not have this device, or another one took its place; nothing more is tried
 * closed: `close` was called
 */
export type LinkState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected'; readonly sessionId: string; readonly resumed: boolean }
  | { readonly state: 'waiting'; readonly reason: string; readonly retryInMilliseconds: number }
  | { readonly state: 'refused'; readonly code: string; readonly message: string }
  | { readonly state: 'closed'; readonly reason: string };

export interface LinkCounters {
  readonly eventsSent: number;
  readonly eventsLost: number;
  readonly eventsWaiting: number;
  readonly samplesDropped: number;
  readonly reconnects: number;
  /** Error frames the engine answered with: each means a bug in this device. */
  readonly errors: number;
}

export interface DeviceLinkOptions {
  /** ws://127.0.0.1:PORT/link */
  readonly url: string;
  readonly hello: DeviceHello;
  readonly clock: DeviceClock;
  /** `(url, protocol) => new WebSocket(url, protocol)`, of a browser or of `ws`. */
  readonly openSocket: OpenSocket;
  readonly timers?: Timers;
  /** In [0, 1); spreads reconnects. */
  readonly random?: () => number;
  /** Longest an event waits for company; 20 by default. After an idle spell it goes out at once. */
  readonly batchMilliseconds?: number;
  readonly ring?: SenderLimits;
}

export type InjectFrame = FrameOf<'inject'>;

export interface DeviceLink {
  /**
   * A reliable fact. `at` is when it happened if that was not just now. Returns its number in this session (numbers begin
   * again when the engine has forgotten the session).
   */
  event<K extends EventKind>(kind: K, data: EventData<K>, source: EventSource, at?: DeviceTime): number;
  /** A lossy reading. */
  sample<K extends SampleKind>(kind: K, data: SampleData<K>, at?: DeviceTime): void;
  /** Handlers stay until the returned function is called. */
  onInject(handler: (frame: InjectFrame) => void): () => void;
  /** The engine asks for a `session.snapshot`. */
  onSnapshot(handler: () => void): () => void;
  /** Called at once with the present state, then at each change. */
  onState(handler: (state: LinkState) => void): () => void;
  /** An error frame of the engine: something this device sent was refused. */
  onError(handler: (frame: FrameOf<'error'>) => void): () => void;
  readonly counters: LinkCounters;
  /** Sends what is left, waits (2 s at most) until the engine has stored it, says bye. Never rejects. */
  close(reason: string): Promise<void>;
}
