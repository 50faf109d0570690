/**
 * A device's link to the engine: numbers events, batches them, sends them again after a cut, and takes injections.
 *
 * Events are reliable within the bounds of the ring (100,000 events or 8 MiB; beyond that a gap is declared). Samples are
 * lossy: the newest are kept, the oldest are left out and counted. Nothing here throws because of the network.
 */
import { backoffMilliseconds } from '../../shared/link/backoff.ts';
import { CLOSE, isFinalClose } from '../../shared/link/close-codes.ts';
import { createLiveness, LIVENESS_TICK_MILLISECONDS, type Liveness } from '../../shared/link/liveness.ts';
import { createSender, SENDER_LIMITS } from '../../shared/link/sender.ts';
import { utf8Length } from '../../shared/link/utf8.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { FrameOf, Hello } from '../../shared/wire/frames.ts';
import type { EventData } from '../../shared/wire/kinds.ts';
import {
  MAX_EVENTS_PER_FRAME,
  MAX_FRAME_BYTES,
  MAX_SAMPLES_PER_FRAME,
  PROTOCOL_VERSIONS,
} from '../../shared/wire/limits.ts';
import { readEngineFrame } from './engine-frame.ts';
import { handlers } from './handlers.ts';
import type { DeviceLink, DeviceLinkOptions, InjectFrame, LinkState } from './link-types.ts';
import { hostTimers, type LinkSocket, SUBPROTOCOL } from './socket.ts';

export type {
  DeviceClock,
  DeviceHello,
  DeviceLink,
  DeviceLinkOptions,
  InjectFrame,
  LinkCounters,
  LinkState,
} from './link-types.ts';

const BATCH_MILLISECONDS = 20;
/** A quarter of the largest frame: a frame is sent and parsed in a few milliseconds and never near the limit. */
const FRAME_TARGET_BYTES = MAX_FRAME_BYTES / 4;
/** Room for the envelope around one event. */
const ENVELOPE_BYTES = 64;
/** With this much waiting in the socket, the network is slower than we are: hold back. */
const SOCKET_BACKLOG_BYTES = 512 * 1024;
/** Samples kept while nothing can be sent: one frame's worth. */
const MAX_WAITING_SAMPLES = MAX_SAMPLES_PER_FRAME;
/** A socket that neither opens nor is welcomed within this is given up. */
const WELCOME_WITHIN_MILLISECONDS = 6000;
const FLUSH_WITHIN_MILLISECONDS = 2000;
/** A connection that was welcomed and lost sooner than this failed as well: the waits go on growing. */
const HELD_MILLISECONDS = 5000;

const milliseconds = (instant: DeviceTime): number => instant / 1000;

export function connectDevice(options: DeviceLinkOptions): DeviceLink {
  const { url, hello, clock } = options;
  const timers = options.timers ?? hostTimers;
  const random = options.random ?? Math.random;
  const batchMilliseconds = options.batchMilliseconds ?? BATCH_MILLISECONDS;
  /** Each kept event is its JSON without the number: `"at":…}`. */
  const sender = createSender<string>(options.ring ?? SENDER_LIMITS);
  const injects = handlers<InjectFrame>();
  const snapshots = handlers<void>();
  const states = handlers<LinkState>();
  const errors = handlers<FrameOf<'error'>>();

  let state: LinkState = { state: 'connecting' };
  let socket: LinkSocket | undefined;
  let sessionId: string | undefined;
  let liveness: Liveness | undefined;
  let samples: string[] = [];
  /** Dials since the last connection that held. */
  let attempt = 0;
  let welcomedAt: number | undefined;
  let flushTimer: unknown;
  let flushSoon = false;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let redialTimer: unknown;
  let tickTimer: unknown;
  let settled: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  const counters = { eventsSent: 0, samplesDropped: 0, reconnects: 0, errors: 0 };

  function enter(next: LinkState): void {
    state = next;
    states.emit(next);
  }

  // ---- sending

  function sendData(text: string): void {
    flushedAt = milliseconds(clock.now());
    sendText(text);
  }

  function sendText(text: string): void {
    if (socket === undefined) return;
    try {
      socket.send(text);
    } catch (error) {
      drop(socket, CLOSE.normal, `send failed: ${String(error)}`);
    }
  }

  function flush(): void {
    timers.clearTimeout(flushTimer);
    flushTimer = undefined;
    if (state.state !== 'connected' || socket === undefined) return;
    while (socket !== undefined && socket.bufferedAmount < SOCKET_BACKLOG_BYTES) {
      const out = sender.next(MAX_EVENTS_PER_FRAME, FRAME_TARGET_BYTES);
      if (out === undefined) break;
      if (out.type === 'gap') {
        sendData(JSON.stringify({ t: 'gap', from: out.from, to: out.to, reason: 'ring' }));
      } else {
        counters.eventsSent += out.events.length;
        const list = out.events.map(({ seq, item }) => `{"seq":${seq},${item}`).join(',');
        sendData(`{"t":"events","events":[${list}]}`);
      }
    }
    if (socket === undefined) return;
    if (samples.length > 0 && socket.bufferedAmount < SOCKET_BACKLOG_BYTES) {
      const list = samples;
      samples = [];
      sendData(`{"t":"samples","samples":[${list.join(',')}]}`);
    }
    if (socket.bufferedAmount >= SOCKET_BACKLOG_BYTES) {
      flushedAt = milliseconds(clock.now());
      schedule();
    }
  }

  function schedule(): void {
    if (state.state !== 'connected' || flushTimer !== undefined || flushSoon) return;
    const since = milliseconds(clock.now()) - flushedAt;
    if (since >= batchMilliseconds || since < 0) {
      // After an idle spell: at once, but with everything else this turn has to say.
      flushSoon = true;
      void Promise.resolve().then(() => {
        flushSoon = false;
        flush();
      });
    } else {
      flushTimer = timers.setTimeout(flush, batchMilliseconds);
    }
  }

  // ---- the socket's life

  function dial(): void {
    redialTimer = undefined;
    enter({ state: 'connecting' });
    let opened: LinkSocket;
    try {
      opened = options.openSocket(url, SUBPROTOCOL);
    } catch (error) {
      waitAndRedial(`no socket: ${String(error)}`);
      return;
    }
    socket = opened;
    liveness = undefined;
    const giveUp = timers.setTimeout(
      () => drop(opened, CLOSE.normal, 'no welcome in time'),
      WELCOME_WITHIN_MILLISECONDS,
    );
    opened.onopen = () => {
      if (socket !== opened) return;
      const { deviceId, benchId, role, platform, title, device, app, reports, performs } = hello;
      const frame: Hello = {
        ...{ t: 'hello', proto: [...PROTOCOL_VERSIONS], deviceId, benchId, role, platform, title, device, app },
        clock: { id: hello.clock.id, now: clock.now() },
        ...{ reports, performs },
        ...(sessionId === undefined ? {} : { resume: { sessionId, last: sender.state.acked } }),
      };
      sendText(JSON.stringify(frame));
    };
    opened.onmessage = (event: { readonly data: unknown }) => {
      if (socket !== opened) return;
      liveness?.heard(milliseconds(clock.now()));
      receive(opened, event.data, giveUp);
    };
    // A close always follows an error.
    opened.onerror = () => undefined;
    opened.onclose = (event: { readonly code: number; readonly reason: string }) => {
      timers.clearTimeout(giveUp);
      if (socket === opened) lost(event.code, event.reason);
    };
  }

  /** Gives a socket up without waiting for its close event, which may never come on a dead path. */
  function drop(which: LinkSocket, code: number, reason: string): void {
    if (socket !== which) return;
    lost(CLOSE.silent, reason);
    try {
      which.close(code, reason.slice(0, 100));
    } catch {
      // Already closed.
    }
  }

  function lost(code: number, reason: string): void {
    socket = undefined;
    liveness = undefined;
    timers.clearTimeout(flushTimer);
    timers.clearTimeout(tickTimer);
    flushTimer = undefined;
    if (welcomedAt !== undefined && milliseconds(clock.now()) - welcomedAt >= HELD_MILLISECONDS) attempt = 0;
    welcomedAt = undefined;
    if (state.state === 'closed' || state.state === 'refused') return;
    const words = reason === '' ? `socket closed (${code})` : reason;
    if (isFinalClose(code)) {
      enter({ state: 'refused', code: String(code), message: words });
      settled?.();
    } else {
      waitAndRedial(words);
    }
  }

  function waitAndRedial(reason: string): void {
    const wait = backoffMilliseconds(attempt, random());
    attempt += 1;
    redialTimer = timers.setTimeout(dial, wait);
    enter({ state: 'waiting', reason, retryInMilliseconds: wait });
  }

  function tick(): void {
    tickTimer = undefined;
    if (socket === undefined || liveness === undefined) return;
    const verdict = liveness.tick(milliseconds(clock.now()));
    if (verdict === 'gone') {
      drop(socket, CLOSE.silent, 'the engine has gone silent');
      return;
    }
    if (verdict === 'ping') sendText(JSON.stringify({ t: 'ping', t0: clock.now() }));
    tickTimer = timers.setTimeout(tick, LIVENESS_TICK_MILLISECONDS);
  }

  // ---- receiving

  function receive(from: LinkSocket, data: unknown, giveUp: unknown): void {
    const arrivedAt = clock.now();
    const frame = readEngineFrame(data);
    switch (frame?.t) {
      case 'welcome': {
        if (state.state === 'connected') return;
        timers.clearTimeout(giveUp);
        if (frame.resumed && (frame.sessionId !== sessionId || !sender.resume(frame.last))) {
          // The engine resumes something we do not have: only a new session gets both ends to one count again.
          sessionId = undefined;
          drop(from, CLOSE.protocol, 'cannot resume there');
          return;
        }
        const { resumed } = frame;
        if (!resumed) sender.restart();
        if (sessionId !== undefined) counters.reconnects += 1;
        sessionId = frame.sessionId;
        welcomedAt = milliseconds(arrivedAt);
        liveness = createLiveness(milliseconds(arrivedAt));
        tickTimer = timers.setTimeout(tick, LIVENESS_TICK_MILLISECONDS);
        enter({ state: 'connected', sessionId, resumed });
        flush();
        return;
      }
      case 'reject':
        enter({ state: 'refused', code: frame.code, message: frame.message });
        settled?.();
        from.close(CLOSE.normal, 'rejected');
        return;
      case 'ack':
        sender.acknowledge(frame.last);
        if (sender.state.kept === 0) settled?.();
        else schedule();
        return;
      case 'inject':
        injects.emit(frame);
        return;
      case 'snapshot':
        snapshots.emit();
        return;
      case 'ping':
        sendText(JSON.stringify({ t: 'pong', t0: frame.t0, t1: arrivedAt, t2: clock.now() }));
        return;
      case 'error':
        counters.errors += 1;
        errors.emit(frame);
        return;
      default:
        // bye: the close that follows says the rest. pong: a sign of life, nothing more until offsets are estimated.
        return;
    }
  }

  async function closeOnce(reason: string): Promise<void> {
    if (state.state !== 'refused' && sender.state.kept > 0) {
      flush();
      let limit: unknown;
      await new Promise<void>((resolve) => {
        settled = resolve;
        limit = timers.setTimeout(resolve, FLUSH_WITHIN_MILLISECONDS);
      });
      timers.clearTimeout(limit);
    }
    sendText(JSON.stringify({ t: 'bye', reason }));
    const last = socket;
    enter({ state: 'closed', reason });
    for (const timer of [flushTimer, redialTimer, tickTimer]) timers.clearTimeout(timer);
    socket = undefined;
    last?.close(CLOSE.normal, reason.slice(0, 100));
  }

  dial();
  return {
    event(kind, data, source, at) {
      const now = clock.now();
      const stamp = at ?? now;
      const uptime = clock.uptimeAt?.(stamp) ?? Math.max(0, clock.uptime() - (now - stamp));
      let body = `${JSON.stringify({ at: stamp, uptime, kind, source, data }).slice(1)}`;
      let bytes = utf8Length(body);
      if (bytes > MAX_FRAME_BYTES - ENVELOPE_BYTES) {
        const log: EventData<'log'> = { level: 'error', message: `${kind} of ${bytes} bytes is too large to send` };
        body = JSON.stringify({ at: stamp, uptime, kind: 'log', source, data: log }).slice(1);
        bytes = utf8Length(body);
      }
      const seq = sender.push(body, bytes);
      schedule();
      return seq;
    },
    sample(kind, data, at) {
      samples.push(JSON.stringify({ at: at ?? clock.now(), kind, data }));
      if (samples.length > MAX_WAITING_SAMPLES) {
        samples.shift();
        counters.samplesDropped += 1;
      }
      schedule();
    },
    onInject: injects.add,
    onSnapshot: snapshots.add,
    onState(handler) {
      handler(state);
      return states.add(handler);
    },
    onError: errors.add,
    get counters() {
      const { dropped, kept } = sender.state;
      return { ...counters, eventsLost: dropped, eventsWaiting: kept };
    },
    close(reason) {
      closing ??= closeOnce(reason);
      return closing;
    },
  };
}
