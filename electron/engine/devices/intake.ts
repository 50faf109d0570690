/**
 * The one queue between all devices and whoever takes entries (journal first, then the page): what arrived first is taken
 * first, whichever device it came from. While a batch is being taken, the next one gathers.
 *
 * Events are never dropped: when too much waits, `full` tells the listeners to stop reading their sockets. Samples are: the
 * oldest waiting ones of the device that sends too many.
 */
import type { JournalEntry } from '../../../shared/recording/entry.ts';

export type Accept = (entries: readonly JournalEntry[]) => void | Promise<void>;

/** Entries taken at once: bounded so that one chunk of the journal and one message to the page stay small. */
export const MAX_ENTRIES_AT_ONCE = 1000;
/** Waiting samples of one device: 2,000 are over half a minute of a real one. */
export const MAX_WAITING_SAMPLES = 2000;
/** Waiting entries of all devices at which sockets are no longer read. About 5 MB. */
export const MAX_WAITING_ENTRIES = 10_000;

export interface QueuedEntry<O> {
  readonly entry: JournalEntry;
  /** Whose it is: told, and asked to take back what follows, when it could not be taken. */
  readonly owner?: O;
  /** Called once the entry has been taken. */
  readonly done?: () => void;
}

export interface IntakeOptions<O> {
  readonly accept: Accept;
  readonly onSampleDropped: (benchId: string, deviceId: string) => void;
  /** `accept` rejected: nothing of the batch was taken. */
  readonly onNotTaken: (owner: O) => void;
  /** Stop or go on reading sockets. */
  readonly onFull: (full: boolean) => void;
}

export interface Intake<O> {
  push(items: readonly QueuedEntry<O>[]): void;
  /** Takes back the waiting entries of an owner. */
  withdraw(owner: O): void;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
  readonly waiting: number;
}

export function createIntake<O>(options: IntakeOptions<O>): Intake<O> {
  let queue: QueuedEntry<O>[] = [];
  const samples = new Map<string, number>();
  let running: Promise<void> | undefined;
  let full = false;

  const keyOf = (entry: JournalEntry): string => `${entry.benchId}/${entry.deviceId}`;
  const countSample = (entry: JournalEntry, step: number): void => {
    if (entry.type === 'sample') samples.set(keyOf(entry), (samples.get(keyOf(entry)) ?? 0) + step);
  };

  function setFull(next: boolean): void {
    if (next === full) return;
    full = next;
    options.onFull(full);
  }

  async function run(): Promise<void> {
    // One turn of patience: everything that this turn of the event loop brings makes one batch.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue.slice(0, MAX_ENTRIES_AT_ONCE);
      queue = queue.slice(batch.length);
      for (const item of batch) countSample(item.entry, -1);
      try {
        await options.accept(batch.map((item) => item.entry));
        for (const item of batch) item.done?.();
      } catch {
        const owners = new Set(batch.flatMap((item) => (item.owner === undefined ? [] : [item.owner])));
        for (const owner of owners) options.onNotTaken(owner);
      }
      if (queue.length < MAX_WAITING_ENTRIES / 2) setFull(false);
    }
    running = undefined;
  }

  return {
    push(items) {
      for (const item of items) {
        countSample(item.entry, 1);
        if (item.entry.type === 'sample' && (samples.get(keyOf(item.entry)) ?? 0) > MAX_WAITING_SAMPLES) {
          const key = keyOf(item.entry);
          const oldest = queue.findIndex(({ entry }) => entry.type === 'sample' && keyOf(entry) === key);
          if (oldest >= 0) queue.splice(oldest, 1);
          countSample(item.entry, -1);
          options.onSampleDropped(item.entry.benchId, item.entry.deviceId);
          if (oldest < 0) continue;
        }
        queue.push(item);
      }
      if (queue.length > MAX_WAITING_ENTRIES) setFull(true);
      if (queue.length > 0) running ??= run();
    },
    withdraw(owner) {
      queue = queue.filter((item) => {
        if (item.owner !== owner) return true;
        countSample(item.entry, -1);
        return false;
      });
    },
    async drained() {
      while (running !== undefined) await running;
    },
    get waiting() {
      return queue.length;
    },
  };
}
