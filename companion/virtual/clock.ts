/**
 * The phone's clock: integer microseconds of this machine's monotonic clock since an epoch that all simulated processes
 * share, so that their stamps need no offset. It keeps counting while a process is stopped, as mach_continuous_time does.
 */
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';

const NANOS_PER_MICRO = 1000n;

export const createClock = (epochNanos: bigint): (() => DeviceTime) => {
  // Kept as a number: a subtraction of doubles is far cheaper than one of bigints, and exact for 285 years.
  const epochMicros = Number(epochNanos / NANOS_PER_MICRO);
  return () => deviceTime(Number(process.hrtime.bigint() / NANOS_PER_MICRO) - epochMicros);
};
