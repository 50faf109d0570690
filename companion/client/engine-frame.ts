/**
 * Frames from the engine, checked by hand: a companion stays a few kB and carries no validation library. Only what the client
 * uses is read; anything else is undefined and ignored.
 */
import type { DeviceTime } from '../../shared/time/time.ts';
import type { FrameOf } from '../../shared/wire/frames.ts';

export type EngineFrame = FrameOf<
  'welcome' | 'reject' | 'ack' | 'inject' | 'snapshot' | 'ping' | 'pong' | 'error' | 'bye'
>;

const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 4000;
const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || isText(value) || typeof value === 'number' || typeof value === 'boolean';

/** Reads one text message of the engine; undefined when it is nothing this client knows. Never throws. */
export function readEngineFrame(message: unknown): EngineFrame | undefined {
  if (typeof message !== 'string') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    t,
    proto,
    sessionId,
    resumed,
    last,
    code,
    message: words,
    fatal,
    reason,
    injectId,
    does,
    params,
    t0,
  } = value as Record<string, unknown>;
  switch (t) {
    case 'welcome':
      if (!whole(proto) || !isText(sessionId) || typeof resumed !== 'boolean' || !whole(last)) return undefined;
      return { t, proto, sessionId, resumed, last };
    case 'reject':
      return isText(code) && isText(words) ? { t, code, message: words } : undefined;
    case 'error':
      return isText(code) && isText(words) ? { t, code, message: words, fatal: fatal === true } : undefined;
    case 'ack':
      return whole(last) ? { t, last } : undefined;
    case 'inject': {
      if (!isText(injectId) || !isText(does) || typeof params !== 'object' || params === null) return undefined;
      const flat: Record<string, string | number | boolean | null> = {};
      for (const [name, scalar] of Object.entries(params)) if (isScalar(scalar)) flat[name] = scalar;
      return { t, injectId, does, params: flat };
    }
    case 'snapshot':
      return { t };
    case 'ping':
      return whole(t0) ? { t, t0: t0 as DeviceTime } : undefined;
    case 'pong': {
      const { t1, t2 } = value as Record<string, unknown>;
      if (!whole(t0) || !whole(t1) || !whole(t2)) return undefined;
      return { t, t0: t0 as DeviceTime, t1: t1 as DeviceTime, t2: t2 as DeviceTime };
    }
    case 'bye':
      return isText(reason) ? { t, reason } : undefined;
    default:
      return undefined;
  }
}
