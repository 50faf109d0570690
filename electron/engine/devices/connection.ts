/**
 * One socket of one device, from the upgrade to the close: reads frames, refuses what is wrong with a typed error and a
 * count, and pings. It knows nothing of sessions; whoever owns it gets parsed frames only.
 */
import type { RawData, WebSocket } from 'ws';
import { CLOSE } from '../../../shared/link/close-codes.ts';
import { createLiveness, LIVENESS_TICK_MILLISECONDS } from '../../../shared/link/liveness.ts';
import type { DesktopTime, DeviceTime } from '../../../shared/time/time.ts';
import type { Frame } from '../../../shared/wire/frames.ts';
import { HELLO_WITHIN_MILLISECONDS, MAX_BAD_FRAMES_PER_MINUTE } from '../../../shared/wire/limits.ts';
import { parseFrame } from '../../../shared/wire/parse.ts';

export interface Connection {
  send(frame: Frame): void;
  /** Refuses the frame just handled: error frame, count, close when there were too many. */
  refuse(code: string, message: string): void;
  /** Says why in an error frame, then closes. */
  fail(closeCode: number, code: string, message: string): void;
  close(code: number, reason: string): void;
  /** Hello was heard: the time for it no longer runs. */
  greeted(): void;
  pause(): void;
  resume(): void;
  readonly open: boolean;
}

export interface ConnectionHandlers {
  /** A valid frame other than ping and pong. */
  readonly onFrame: (frame: Frame, arrivedAt: DesktopTime) => void;
  readonly onBadFrame: () => void;
  /** A frame that breaks the schema, to save what can be saved. It is refused and counted all the same. */
  readonly onInvalid: (message: string, arrivedAt: DesktopTime) => void;
  /** Called once. */
  readonly onClosed: (code: number, reason: string) => void;
}

/** Time for the peer's close frame before the socket is cut. */
const CLOSE_WITHIN_MILLISECONDS = 1000;
const MINUTE_MICROS = 60_000_000;
/** RFC 6455: a close reason has at most 123 bytes. */
const MAX_REASON_LENGTH = 120;
/** A device that does not read what we say is not served further: our side of the talk is small. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

export function createConnection(
  socket: WebSocket,
  now: () => DesktopTime,
  handlers: ConnectionHandlers,
  helloWithinMilliseconds: number = HELLO_WITHIN_MILLISECONDS,
): Connection {
  const liveness = createLiveness(now() / 1000);
  let badFrames: DesktopTime[] = [];
  let closed = false;
  let paused = false;
  let closingReason: string | undefined;
  let cutTimer: NodeJS.Timeout | undefined;

  const helloTimer = setTimeout(() => {
    connection.fail(CLOSE.noHello, 'no-hello', `say hello within ${helloWithinMilliseconds} ms`);
  }, helloWithinMilliseconds);
  const tickTimer = setInterval(() => {
    const at = now();
    if (paused) liveness.heard(at / 1000);
    const verdict = liveness.tick(at / 1000);
    if (verdict === 'gone') connection.close(CLOSE.silent, 'nothing heard from the device');
    if (verdict === 'ping') connection.send({ t: 'ping', t0: asInstant(at) });
  }, LIVENESS_TICK_MILLISECONDS);

  const connection: Connection = {
    send(frame) {
      if (closed || closingReason !== undefined || socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify(frame), () => undefined);
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) connection.close(CLOSE.silent, 'the device does not read');
    },
    refuse(code, message) {
      handlers.onBadFrame();
      const at = now();
      badFrames = [...badFrames.filter((when) => at - when < MINUTE_MICROS), at];
      if (badFrames.length > MAX_BAD_FRAMES_PER_MINUTE) {
        connection.fail(CLOSE.badFrames, code, `${message} (and more than ${MAX_BAD_FRAMES_PER_MINUTE} bad frames)`);
      } else {
        connection.send({ t: 'error', code, message: message.slice(0, 1000), fatal: false });
      }
    },
    fail(closeCode, code, message) {
      connection.send({ t: 'error', code, message: message.slice(0, 1000), fatal: true });
      connection.close(closeCode, message);
    },
    close(code, reason) {
      if (closed || closingReason !== undefined) return;
      closingReason = reason;
      cutTimer = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MILLISECONDS);
      socket.resume();
      socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_LENGTH).toString('utf8').replaceAll('\uFFFD', ''));
    },
    greeted() {
      clearTimeout(helloTimer);
    },
    pause() {
      paused = true;
      socket.pause();
    },
    resume() {
      paused = false;
      socket.resume();
    },
    get open() {
      return !closed && closingReason === undefined;
    },
  };

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (closingReason !== undefined) return;
    const arrivedAt = now();
    liveness.heard(arrivedAt / 1000);
    if (isBinary) {
      connection.refuse('not-text', 'frames are text messages, one JSON object each');
      return;
    }
    const text = data.toString();
    const parsed = parseFrame(text);
    if (!parsed.ok) {
      if (parsed.error.code === 'invalid') handlers.onInvalid(text, arrivedAt);
      connection.refuse(parsed.error.code, parsed.error.message);
      return;
    }
    const { frame } = parsed;
    if (frame.t === 'ping') {
      connection.send({ t: 'pong', t0: frame.t0, t1: asInstant(arrivedAt), t2: asInstant(now()) });
    } else if (frame.t !== 'pong') {
      handlers.onFrame(frame, arrivedAt);
    }
  });
  // Protocol errors (too large, bad UTF-8, bad opcode): `ws` closes the socket itself, with the right code.
  socket.on('error', () => handlers.onBadFrame());
  socket.on('close', (code, reason) => {
    if (closed) return;
    closed = true;
    clearTimeout(helloTimer);
    clearTimeout(cutTimer);
    clearInterval(tickTimer);
    handlers.onClosed(code, closingReason ?? reason.toString());
  });
  return connection;
}

/** The wire's instants are whichever clock the sender has; ours is the desktop's. */
const asInstant = (at: DesktopTime): DeviceTime => at as number as DeviceTime;
