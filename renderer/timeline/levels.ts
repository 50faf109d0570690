/**
 * Levels over time with a pyramid of maxima, so that painting an hour costs as much as painting a second.
 *
 *   level 0   one value a sample
 *   level k   the maximum of FAN values of level k-1
 *
 * Appending is amortised O(1). Bounded: beyond MAX_SAMPLES the oldest half is given up (the recording keeps it).
 */
const FAN = 8;
/** Five hours at 20 Hz; two columns of it are 5 MB. */
export const MAX_SAMPLES = 360_000;

class MaximumColumn {
  private readonly floors: number[][] = [[]];

  append(value: number): void {
    let carried = value;
    for (let level = 0; ; level++) {
      let floor = this.floors[level];
      if (floor === undefined) {
        floor = [];
        this.floors[level] = floor;
      }
      floor.push(carried);
      if (floor.length % FAN !== 0) return;
      carried = maximumOf(floor, floor.length - FAN, floor.length);
    }
  }

  /** Largest value of samples [from, to); -Infinity when empty. */
  maximum(from: number, to: number): number {
    let best = Number.NEGATIVE_INFINITY;
    let low = from;
    let high = to;
    for (let level = 0; low < high; level++) {
      const floor = this.floors[level] ?? [];
      while (low < high && low % FAN !== 0) best = Math.max(best, floor[low++] ?? best);
      while (low < high && high % FAN !== 0) best = Math.max(best, floor[--high] ?? best);
      low /= FAN;
      high /= FAN;
    }
    return best;
  }

  tail(from: number): readonly number[] {
    return (this.floors[0] ?? []).slice(from);
  }
}

function maximumOf(values: readonly number[], from: number, to: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index++) best = Math.max(best, values[index] ?? best);
  return best;
}

export class LevelHistory {
  private times: number[] = [];
  private capture = new MaximumColumn();
  private render = new MaximumColumn();

  get length(): number {
    return this.times.length;
  }

  /** Samples older than the newest are dropped: they are lossy by design, and order is what searching needs. */
  append(at: number, captureDbfs: number, renderDbfs: number): void {
    if (at < (this.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
    if (this.times.length >= MAX_SAMPLES) this.giveUpOldest();
    this.times.push(at);
    this.capture.append(captureDbfs);
    this.render.append(renderDbfs);
  }

  /** Maxima of the samples in [from, to), or undefined when there is none. */
  between(from: number, to: number): { readonly captureDbfs: number; readonly renderDbfs: number } | undefined {
    const low = this.indexAt(from);
    const high = this.indexAt(to);
    if (low >= high) return undefined;
    return { captureDbfs: this.capture.maximum(low, high), renderDbfs: this.render.maximum(low, high) };
  }

  /** The newest sample at or before `time`, unless it is older than `atMost` microseconds. */
  at(time: number, atMost: number): { readonly captureDbfs: number; readonly renderDbfs: number } | undefined {
    const index = this.indexAt(time + 1) - 1;
    const taken = this.times[index];
    if (taken === undefined || time - taken > atMost) return undefined;
    return { captureDbfs: this.capture.maximum(index, index + 1), renderDbfs: this.render.maximum(index, index + 1) };
  }

  private indexAt(time: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] ?? 0) >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private giveUpOldest(): void {
    const from = Math.floor(this.times.length / 2);
    const capture = this.capture.tail(from);
    const render = this.render.tail(from);
    this.times = this.times.slice(from);
    this.capture = new MaximumColumn();
    this.render = new MaximumColumn();
    for (const value of capture) this.capture.append(value);
    for (const value of render) this.render.append(value);
  }
}
