/** Tells that the status changed, without telling it for every frame: counters move all the time. */
import { Emitter } from './lifecycle.ts';
import type { Disposable } from './ports.ts';

/** What a person waits for: several changes in one turn become one. */
const NOW_MILLISECONDS = 30;
/** Counters of a running bench. */
const LATER_MILLISECONDS = 1000;

export class StatusNews implements Disposable {
  readonly #emitter: Emitter<void>;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #disposed = false;

  constructor(onListenerError: (error: unknown) => void) {
    this.#emitter = new Emitter(onListenerError);
  }

  on(listener: () => void): Disposable {
    return this.#emitter.on(listener);
  }

  now(): void {
    this.#within(NOW_MILLISECONDS);
  }

  later(): void {
    this.#within(LATER_MILLISECONDS);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #within(milliseconds: number): void {
    const dueAt = performance.now() + milliseconds;
    if (this.#disposed || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#emitter.emit();
    }, milliseconds);
  }
}
