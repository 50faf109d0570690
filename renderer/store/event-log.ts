/** The newest events, for the table. Bounded: what is older is in the recording, and the count says how many were let go. */
import type { JournalEntry } from '../../shared/recording/entry.ts';

/** About an hour of a busy call; 40 MB at worst. */
export const MAX_LOGGED = 60_000;

export type LoggedEntry = Exclude<JournalEntry, { type: 'sample' }>;

export class EventLog {
  private items: LoggedEntry[] = [];
  private forgotten = 0;

  get entries(): readonly LoggedEntry[] {
    return this.items;
  }
  get forgottenCount(): number {
    return this.forgotten;
  }

  append(entry: LoggedEntry): void {
    if (this.items.length >= MAX_LOGGED) {
      // A tenth at once, so that dropping the oldest stays amortised O(1).
      const many = Math.floor(MAX_LOGGED / 10);
      this.items = this.items.slice(many);
      this.forgotten += many;
    }
    this.items.push(entry);
  }
}
