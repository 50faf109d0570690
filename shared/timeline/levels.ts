/**
 * Levels over time with a pyramid of minima, maxima and sums, so that drawing an hour costs as much as drawing a second.
 *
 *   floor 0   one value a sample
 *   floor k   FAN entries of floor k-1 in one
 *
 * Appending is amortised constant. Memory is bounded by MAX_SAMPLES; beyond it the older half is given up.
 */
import type { DeviceTime } from '../time/time.ts';

const FAN = 16;
/** Five hours at 20 Hz; time and value of three series are 17 MB. */
export const MAX_SAMPLES = 360_000;

export interface LevelBucket {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}
export type LevelName = 'capture' | 'render' | 'farEnd';

export interface LevelSeries {
  /** One bucket a pixel, dBFS; undefined where there is no sample. */
  window(name: LevelName, from: DeviceTime, to: DeviceTime, pixels: number): readonly (LevelBucket | undefined)[];
  /** The newest sample at or before `at`, unless older than `oldest`. */
  at(name: LevelName, at: DeviceTime, oldest: number): number | undefined;
  readonly newest: Readonly<Record<LevelName, number | undefined>>;
}

class Column {
  #times: number[] = [];
  #minima: number[][] = [[]];
  #maxima: number[][] = [[]];
  #sums: number[][] = [[]];

  /** Samples are lossy: one that comes after a newer one is left out. */
  append(at: number, value: number): void {
    if (at < (this.#times.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
    if (this.#times.length >= MAX_SAMPLES) this.#giveUpOlderHalf();
    this.#times.push(at);
    this.#add(value);
  }

  get newest(): number | undefined {
    return this.#minima[0]?.at(-1);
  }

  at(at: number, oldest: number): number | undefined {
    const index = this.#indexAt(at + 1) - 1;
    const time = this.#times[index];
    return time === undefined || at - time > oldest ? undefined : this.#minima[0]?.[index];
  }

  window(from: number, to: number, pixels: number): (LevelBucket | undefined)[] {
    const buckets: (LevelBucket | undefined)[] = [];
    let low = this.#indexAt(from);
    for (let pixel = 1; pixel <= pixels; pixel += 1) {
      const high = this.#indexAt(from + ((to - from) * pixel) / pixels);
      buckets.push(this.#between(low, high));
      low = high;
    }
    return buckets;
  }

  #between(from: number, to: number): LevelBucket | undefined {
    if (from >= to) return undefined;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let low = from;
    let high = to;
    const take = (floor: number, index: number) => {
      min = Math.min(min, this.#minima[floor]?.[index] ?? min);
      max = Math.max(max, this.#maxima[floor]?.[index] ?? max);
      sum += this.#sums[floor]?.[index] ?? 0;
    };
    for (let floor = 0; low < high; floor += 1) {
      while (low < high && low % FAN !== 0) take(floor, low++);
      while (low < high && high % FAN !== 0) take(floor, --high);
      low /= FAN;
      high /= FAN;
    }
    return { min, max, mean: sum / (to - from) };
  }

  #add(value: number): void {
    let min = value;
    let max = value;
    let sum = value;
    for (let floor = 0; ; floor += 1) {
      const minima = floorOf(this.#minima, floor);
      const maxima = floorOf(this.#maxima, floor);
      const sums = floorOf(this.#sums, floor);
      minima.push(min);
      maxima.push(max);
      sums.push(sum);
      if (minima.length % FAN !== 0) return;
      min = Math.min(...minima.slice(-FAN));
      max = Math.max(...maxima.slice(-FAN));
      sum = sums.slice(-FAN).reduce((total, one) => total + one, 0);
    }
  }

  #indexAt(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #giveUpOlderHalf(): void {
    const kept = (this.#minima[0] ?? []).slice(MAX_SAMPLES / 2);
    this.#times = this.#times.slice(MAX_SAMPLES / 2);
    this.#minima = [[]];
    this.#maxima = [[]];
    this.#sums = [[]];
    for (const value of kept) this.#add(value);
  }
}

function floorOf(floors: number[][], floor: number): number[] {
  const found = floors[floor];
  if (found !== undefined) return found;
  const made: number[] = [];
  floors[floor] = made;
  return made;
}

export class LevelHistory implements LevelSeries {
  readonly #columns: Readonly<Record<LevelName, Column>> = {
    capture: new Column(),
    render: new Column(),
    farEnd: new Column(),
  };

  append(name: LevelName, at: DeviceTime, dbfs: number): void {
    this.#columns[name].append(at, dbfs);
  }
  window(name: LevelName, from: DeviceTime, to: DeviceTime, pixels: number): readonly (LevelBucket | undefined)[] {
    return this.#columns[name].window(from, to, pixels);
  }
  at(name: LevelName, at: DeviceTime, oldest: number): number | undefined {
    return this.#columns[name].at(at, oldest);
  }
  get newest(): Readonly<Record<LevelName, number | undefined>> {
    const { capture, render, farEnd } = this.#columns;
    return { capture: capture.newest, render: render.newest, farEnd: farEnd.newest };
  }
}
