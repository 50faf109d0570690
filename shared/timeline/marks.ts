/** Marks in order of time, bounded. */
import type { Mark } from './view.ts';

/** Two marks a second for hours; the oldest go first (the recording keeps them). */
export const MAX_MARKS = 20_000;

export class Marks {
  #marks: Mark[] = [];
  #shown: readonly Mark[] | undefined;
  dropped = 0;

  add(mark: Mark): void {
    this.#shown = undefined;
    let index = this.#marks.length;
    while (index > 0 && (this.#marks[index - 1]?.at ?? 0) > mark.at) index -= 1;
    if (index === this.#marks.length) this.#marks.push(mark);
    else this.#marks.splice(index, 0, mark);
    if (this.#marks.length > MAX_MARKS) {
      // A quarter at once: dropping one by one would move the whole array each time.
      this.#marks = this.#marks.slice(MAX_MARKS / 4);
      this.dropped += MAX_MARKS / 4;
    }
  }

  /** The same array as long as nothing was added. */
  all(): readonly Mark[] {
    this.#shown ??= this.#marks.slice();
    return this.#shown;
  }
}
