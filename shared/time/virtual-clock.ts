/**
 * A clock without time: jumps from one due action to the next. Actions due at the same instant run in the order they were
 * scheduled, so a run is the same each time.
 */
import { after, type DeviceTime, type Micros } from './time.ts';

interface Due {
  readonly at: DeviceTime;
  /** Order of scheduling; breaks ties. */
  readonly order: number;
  readonly run: () => void;
}

/** Handle of a scheduled action. */
export type VirtualTimer = number & { readonly timer?: never };

export class VirtualClock {
  /** A binary heap: the parent is never later than its children. */
  readonly #heap: Due[] = [];
  readonly #cancelled = new Set<number>();
  #now: DeviceTime;
  #order = 0;

  constructor(start: DeviceTime) {
    this.#now = start;
  }

  get now(): DeviceTime {
    return this.#now;
  }

  /** Runs `action` `delay` from now; at once, but after what is due now, when it is not positive. */
  schedule(delay: Micros, action: () => void): VirtualTimer {
    return this.scheduleAt(after(this.#now, delay), action);
  }

  /** An instant in the past is now. */
  scheduleAt(at: DeviceTime, action: () => void): VirtualTimer {
    this.#order += 1;
    const due: Due = { at: at < this.#now ? this.#now : at, order: this.#order, run: action };
    this.#heap.push(due);
    this.#rise(this.#heap.length - 1);
    return due.order as VirtualTimer;
  }

  /** Does nothing when it already ran. */
  cancel(timer: VirtualTimer): void {
    this.#cancelled.add(timer);
  }

  /** When the next action is due; a cancelled one may be counted still. */
  get nextAt(): DeviceTime | undefined {
    return this.#heap[0]?.at;
  }

  /** Lets time pass up to an instant not after `nextAt`, without running anything. */
  advanceTo(at: DeviceTime): void {
    if (at > this.#now) this.#now = at;
  }

  /** Runs the next due action; false when nothing is left. */
  step(): boolean {
    for (let due = this.#take(); due !== undefined; due = this.#take()) {
      if (this.#cancelled.delete(due.order)) continue;
      this.#now = due.at;
      due.run();
      return true;
    }
    this.#cancelled.clear();
    return false;
  }

  #take(): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent, heap)) return;
      index = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let index = 0;
    while (true) {
      const left = 2 * index + 1;
      const right = left + 1;
      const rightDue = heap[right];
      const leftDue = heap[left];
      if (leftDue === undefined) return;
      const child = rightDue !== undefined && isEarlier(rightDue, leftDue) ? right : left;
      if (!this.#swapIfEarlier(child, index, heap)) return;
      index = child;
    }
  }

  /** Puts the earlier of a child and its parent on top; false when it already was. */
  #swapIfEarlier(child: number, parent: number, heap: Due[]): boolean {
    const low = heap[child];
    const high = heap[parent];
    if (low === undefined || high === undefined || !isEarlier(low, high)) return false;
    heap[parent] = low;
    heap[child] = high;
    return true;
  }
}

const isEarlier = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
