/**
 * One thing's state over time: changes in order of time. Changes may come late (a flow edge is known only after the fact), so
 * each goes to its place; of several at one instant the last one told holds.
 */
import type { DeviceTime } from '../time/time.ts';

/** Five changes a second for an hour: more than any layer makes. Then the older half is given up (the recording keeps it). */
export const MAX_CHANGES = 18_000;

export interface Change<T> {
  readonly at: DeviceTime;
  readonly value: T;
  readonly seq?: number;
}

export class Track<T> {
  #changes: Change<T>[] = [];

  get changes(): readonly Change<T>[] {
    return this.#changes;
  }

  set(at: DeviceTime, value: T, seq?: number): void {
    const change: Change<T> = seq === undefined ? { at, value } : { at, value, seq };
    const index = this.#changes.length > 0 && at < this.#last() ? this.after(at) : this.#changes.length;
    if (index === this.#changes.length) this.#changes.push(change);
    else this.#changes.splice(index, 0, change);
    if (this.#changes.length > MAX_CHANGES) this.#changes = this.#changes.slice(MAX_CHANGES / 2);
  }

  /** Index of the first change later than `at`. */
  after(at: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.at ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** What holds at `at`; undefined before the first change. */
  valueAt(at: number): T | undefined {
    return this.#changes[this.after(at) - 1]?.value;
  }

  get newest(): T | undefined {
    return this.#changes.at(-1)?.value;
  }

  #last(): number {
    return this.#changes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  }
}
