/**
 * Sees that the app's process on the simulated iPhone is gone. It is a child of the phone's OS end, so that no exit reaches the
 * engine: its link breaks, and does not come back.
 */
import type { Disposable } from './ports.ts';

/** A killed app is not back by itself in this time; a link that only broke is. */
const APP_BACK_WITHIN_MILLISECONDS = 900;

export class AppWatch implements Disposable {
  readonly #isGone: () => boolean;
  readonly #onGone: (deviceId: string, reason: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `isGone`: the phone should be running, and still no app is connected. */
  constructor(isGone: () => boolean, onGone: (deviceId: string, reason: string) => void) {
    this.#isGone = isGone;
    this.#onGone = onGone;
  }

  /** What became of the app's link. */
  linkChanged(deviceId: string, state: string, reason: string): void {
    clearTimeout(this.#timer);
    // Silence is not death: a suspended app says nothing, but its socket stays open.
    if (state !== 'lost' || !reason.startsWith('socket closed')) return;
    this.#timer = setTimeout(() => {
      if (this.#isGone()) this.#onGone(deviceId, `the app's process on the simulated iPhone ended (${reason})`);
    }, APP_BACK_WITHIN_MILLISECONDS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
