/** What the path does to packets, decided one by one. Pure: chance is handed in. */
import { type Micros, micros } from '../../../shared/time/time.ts';

export type Direction = 'uplink' | 'downlink';
export type Blackhole = 'none' | 'uplink' | 'downlink' | 'both';

export interface PathFaults {
  readonly blackhole: Blackhole;
  /** 0 to 1, each packet by itself. */
  readonly lossRatio: number;
  readonly delay: Micros;
  /** Added on top of `delay`, evenly between 0 and this. Packets keep their order, as on a single path. */
  readonly jitter: Micros;
}

export const NO_FAULTS: PathFaults = { blackhole: 'none', lossRatio: 0, delay: micros(0), jitter: micros(0) };

export type Fate = { readonly forward: false } | { readonly forward: true; readonly delay: Micros };
const DROPPED: Fate = { forward: false };
const AT_ONCE: Fate = { forward: true, delay: micros(0) };

/** `chance` gives 0 <= x < 1; it is drawn only when a fault needs it, so an undisturbed path costs nothing. */
export function fateOf(faults: PathFaults, direction: Direction, chance: () => number): Fate {
  if (faults.blackhole === 'both' || faults.blackhole === direction) return DROPPED;
  if (faults.lossRatio > 0 && chance() < faults.lossRatio) return DROPPED;
  if (faults.delay === 0 && faults.jitter === 0) return AT_ONCE;
  return { forward: true, delay: micros(faults.delay + faults.jitter * chance()) };
}

/** A path slower than this is no call any more; it also bounds what the relay holds (10 s of 100 packets/s). */
export const MAX_DELAY_MILLISECONDS = 10_000;

export type FaultChange =
  | { readonly ok: true; readonly faults: PathFaults }
  | { readonly ok: false; readonly message: string };
type Params = Readonly<Record<string, string | number | boolean | null>>;

const failure = (message: string): FaultChange => ({ ok: false, message });
const inRange = (value: unknown, most: number): value is number =>
  typeof value === 'number' && value >= 0 && value <= most;

/** What `path.blackhole`, `path.heal`, `path.loss` and `path.delay` make of the faults in force. */
export function changeFaults(faults: PathFaults, does: string, params: Params): FaultChange {
  switch (does) {
    case 'path.blackhole': {
      const direction = params['direction'] ?? 'both';
      return direction === 'both' || direction === 'uplink' || direction === 'downlink'
        ? { ok: true, faults: { ...faults, blackhole: direction } }
        : failure('"direction" must be both, uplink or downlink');
    }
    case 'path.heal':
      return { ok: true, faults: NO_FAULTS };
    case 'path.loss': {
      const ratio = params['ratio'];
      return inRange(ratio, 1)
        ? { ok: true, faults: { ...faults, lossRatio: ratio } }
        : failure('"ratio" must be a number from 0 to 1');
    }
    case 'path.delay': {
      const milliseconds = params['milliseconds'];
      const jitter = params['jitterMilliseconds'] ?? 0;
      return inRange(milliseconds, MAX_DELAY_MILLISECONDS) && inRange(jitter, MAX_DELAY_MILLISECONDS)
        ? { ok: true, faults: { ...faults, delay: micros(milliseconds * 1000), jitter: micros(jitter * 1000) } }
        : failure(`"milliseconds" and "jitterMilliseconds" must be from 0 to ${MAX_DELAY_MILLISECONDS}`);
    }
    default:
      return failure(`the relay does not know ${does}`);
  }
}
