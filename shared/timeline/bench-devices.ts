/**
 * Who is on a bench and whose clock they go by. Reducers see entries only once the probe is known, because everything is
 * placed on its clock; what lab devices said before is kept until then and handed over in the order it came.
 */
import type { JournalEntry } from '../recording/entry.ts';
import { between, type DesktopTime, type DeviceTime, type Micros } from '../time/time.ts';

/** Lab devices start seconds before the phone's app; they say a few lines each until then. */
export const MAX_ENTRIES_BEFORE_PROBE = 5000;

export interface BenchDevices {
  /** The entries that can be reduced now: none, this one, or all that waited. */
  take(entry: JournalEntry): readonly JournalEntry[];
  readonly probeDeviceId: string | undefined;
  isProbe(deviceId: string): boolean;
  /** Is a time of this device an instant on the probe's clock? */
  sharesClock(deviceId: string): boolean;
  /** Smallest seen difference between arrival and the probe's stamp: offset of the clocks plus the least delay. */
  readonly offset: Micros | undefined;
  /** An instant of this machine on the probe's clock; undefined until the probe has said something. */
  onProbeClock(at: DesktopTime): DeviceTime | undefined;
  /** Entries that came before the probe and were more than could be kept. */
  readonly droppedBeforeProbe: number;
}

export function createBenchDevices(benchId: string): BenchDevices {
  let probe: string | undefined;
  let waiting: JournalEntry[] = [];
  let dropped = 0;
  let offset: Micros | undefined;
  const clocks = new Map<string, string>();

  const seen = (arrivedAt: DesktopTime, at: DeviceTime) => {
    // Both are microseconds; only their difference is used.
    const difference = between(at, arrivedAt as number as DeviceTime);
    if (offset === undefined || difference < offset) offset = difference;
  };
  return {
    take(entry) {
      if (entry.benchId !== benchId) return [];
      if (entry.type === 'hello') {
        clocks.set(entry.deviceId, entry.hello.clock.id);
        if (probe === undefined && entry.hello.role === 'probe') probe = entry.deviceId;
      }
      if (probe === undefined) {
        if (waiting.length < MAX_ENTRIES_BEFORE_PROBE) waiting.push(entry);
        else dropped += 1;
        return [];
      }
      if (entry.deviceId === probe) {
        if (entry.type === 'event') seen(entry.arrivedAt, entry.event.at);
        else if (entry.type === 'sample') seen(entry.arrivedAt, entry.sample.at);
        else if (entry.type === 'hello') seen(entry.arrivedAt, entry.hello.clock.now);
      }
      if (waiting.length === 0) return [entry];
      const all = [...waiting, entry];
      waiting = [];
      return all;
    },
    get probeDeviceId() {
      return probe;
    },
    isProbe: (deviceId) => deviceId === probe,
    sharesClock: (deviceId) => {
      if (probe === undefined) return false;
      if (deviceId === probe) return true;
      const clock = clocks.get(deviceId);
      return clock !== undefined && clock === clocks.get(probe);
    },
    get offset() {
      return offset;
    },
    onProbeClock: (at) => (offset === undefined ? undefined : ((at - offset) as DeviceTime)),
    get droppedBeforeProbe() {
      return dropped;
    },
  };
}
