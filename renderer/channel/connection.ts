/**
 * Keeps one channel to the engine open: tries, and says what it is doing; waits longer after each failure.
 * Refused for good (a token already used, a session that ended) is told apart from not reachable.
 */
import type { EngineChannel } from './client.ts';

export type OpenResult =
  | { readonly kind: 'open'; readonly channel: EngineChannel }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };
export type OpenChannel = () => Promise<OpenResult>;

export type ConnectionState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

const FIRST_WAIT_MILLISECONDS = 250;
/** Someone who restarts the engine by hand should not wait longer than this for the page. */
const LONGEST_WAIT_MILLISECONDS = 5000;

/** Doubles up to the limit; up to a quarter is random so that many pages do not return at once. `random` in [0, 1). */
export function waitBefore(attempt: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** Math.max(0, attempt - 1));
  return Math.round(wait * (0.75 + 0.25 * random));
}

export class Connection {
  private readonly openChannel: OpenChannel;
  private readonly onState: (state: ConnectionState) => void;
  private readonly onOpen: (channel: EngineChannel) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private stopped = false;
  private busy = false;

  constructor(
    openChannel: OpenChannel,
    onState: (state: ConnectionState) => void,
    onOpen: (channel: EngineChannel) => void,
  ) {
    this.openChannel = openChannel;
    this.onState = onState;
    this.onOpen = onOpen;
  }

  /** Tries now; also what "Try now" does. */
  async tryNow(): Promise<void> {
    if (this.stopped || this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    this.attempt++;
    this.onState({ kind: 'connecting', attempt: this.attempt });
    const result = await this.openChannel();
    this.busy = false;
    if (this.stopped) {
      if (result.kind === 'open') result.channel.close();
    } else if (result.kind === 'open') {
      this.attempt = 0;
      this.onState({ kind: 'open' });
      this.onOpen(result.channel);
    } else if (result.kind === 'refused') {
      this.onState({ kind: 'refused', reason: result.reason });
    } else {
      this.retryLater(result.reason);
    }
  }

  /** The open channel ended. */
  lost(reason: string): void {
    if (!this.stopped) this.retryLater(reason);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private retryLater(reason: string): void {
    const wait = waitBefore(Math.max(1, this.attempt), Math.random());
    this.onState({ kind: 'waiting', attempt: this.attempt, retryAt: Date.now() + wait, reason });
    this.timer = setTimeout(() => void this.tryNow(), wait);
  }
}
