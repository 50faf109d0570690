/**
 * Does anybody need the simulation? Reasons come and go (a page watches, a recording was asked for, a run is under way);
 * it stays wanted for a while after the last, so that a page that reloads finds its call alive.
 */
import type { Disposable } from './ports.ts';

/** A reload takes a second; half a minute forgives a closed window that is opened again. */
export const PAUSE_AFTER_SECONDS = 30;

export class Demand implements Disposable {
  readonly #onChanged: (wanted: boolean) => void;
  readonly #pauseAfterMilliseconds: number;
  readonly #reasons = new Set<symbol>();
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;

  constructor(onChanged: (wanted: boolean) => void, pauseAfterMilliseconds = PAUSE_AFTER_SECONDS * 1000) {
    this.#onChanged = onChanged;
    this.#pauseAfterMilliseconds = pauseAfterMilliseconds;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Holds it wanted until disposed. */
  hold(reason: string): Disposable {
    const key = Symbol(reason);
    this.#reasons.add(key);
    clearTimeout(this.#timer);
    this.#set(true);
    return { dispose: () => this.#release(key) };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#reasons.clear();
  }

  #release(key: symbol): void {
    if (!this.#reasons.delete(key) || this.#reasons.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set(false), this.#pauseAfterMilliseconds);
    this.#timer.unref();
  }

  #set(wanted: boolean): void {
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    this.#onChanged(wanted);
  }
}
