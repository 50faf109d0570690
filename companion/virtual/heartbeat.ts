/**
 * Did this process run? Looked at every few milliseconds and before every stamp of an event; a pause longer than a second is
 * a stop (suspension, a frozen machine), measured here and not told by anybody. It also makes `uptime`, the clock that stands
 * still meanwhile.
 */
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';

/** A busy event loop has been seen 60 ms late; iOS stops a suspended app for seconds. */
export const GAP_MICROS = 1_000_000;

/** Events are stamped seconds back at most; nobody asks about a time a hundred stops ago. */
const STOPS_KEPT = 100;

export interface Heartbeat {
  /** Looks at the clock now. Called by a timer, and before anything that must know of a stop first. */
  check(): void;
  /** `at` without the time this process did not run. */
  uptime(): DeviceTime;
  /** The same at an instant that is past; within a stop, what it was when the stop began. */
  uptimeAt(at: DeviceTime): DeviceTime;
}

/** `onGap` gets the last beat before and the first one after a stop. */
export function createHeartbeat(
  now: () => DeviceTime,
  onGap: (fromAt: DeviceTime, toAt: DeviceTime) => void,
): Heartbeat {
  let beatAt = now();
  const stops: { readonly fromAt: DeviceTime; readonly toAt: DeviceTime }[] = [];
  /** The sum of stops too old to be asked about in detail. */
  let stoppedBefore = 0;
  const check = () => {
    const at = now();
    const before = beatAt;
    beatAt = at;
    if (at - before <= GAP_MICROS) return;
    stops.push({ fromAt: before, toAt: at });
    const oldest = stops.length > STOPS_KEPT ? stops.shift() : undefined;
    if (oldest !== undefined) stoppedBefore += oldest.toAt - oldest.fromAt;
    onGap(before, at);
  };
  const uptimeAt = (at: DeviceTime) => {
    const stopped = stops.map(({ fromAt, toAt }) => Math.max(0, Math.min(at, toAt) - fromAt));
    return deviceTime(Math.max(0, at - stopped.reduce((sum, micros) => sum + micros, stoppedBefore)));
  };
  return {
    check,
    uptimeAt,
    uptime() {
      check();
      return uptimeAt(now());
    },
  };
}
