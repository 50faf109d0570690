/** Connects the store to an engine and turns what the user asks for into calls; every refusal becomes words on screen. */
import type { CallInput, CallName } from '../../shared/contract/contract.ts';
import { type Answer, EngineClient } from '../channel/client.ts';
import { Connection, type OpenChannel } from '../channel/connection.ts';
import type { PageStore, StreamView } from './page-store.ts';

export class Session {
  private readonly store: PageStore;
  private readonly connection: Connection;
  private client: EngineClient | undefined;
  /** What to come back to after a lost connection. */
  private wanted: { readonly recordingId: string } | undefined;
  /** The newest ask for a stream wins, whatever order the answers come in. */
  private watchNumber = 0;

  /** `recordingId`: open this one instead of the live view (`sidetone open` puts it in the address). */
  constructor(store: PageStore, openChannel: OpenChannel, recordingId?: string) {
    this.store = store;
    this.wanted = recordingId === undefined ? undefined : { recordingId };
    this.connection = new Connection(openChannel, store.connection.set, (channel) => {
      const client = new EngineClient(channel, {
        onBatch: (batch) => store.takeBatch(batch),
        onStatus: (status) => store.status.set(status),
        onClose: (reason) => {
          if (this.client === client) this.client = undefined;
          this.connection.lost(reason);
        },
      });
      this.client = client;
      void this.begin();
    });
  }

  start(): void {
    void this.connection.tryNow();
  }
  tryNow(): void {
    void this.connection.tryNow();
  }
  stop(): void {
    this.connection.stop();
    this.client?.close();
  }

  /** Asks the engine; a refusal is shown as a notice as well as returned. */
  async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<Answer<N>> {
    const answer: Answer<N> = this.client
      ? await this.client.call(name, input)
      : { ok: false, error: { code: 'not-connected', message: 'Not connected to the engine; it keeps trying.' } };
    if (!answer.ok) this.store.say('error', answer.error.message);
    return answer;
  }

  async watchLive(): Promise<void> {
    this.wanted = undefined;
    const number = ++this.watchNumber;
    const answer = await this.ask('watch.live', {});
    if (!answer.ok || this.overtaken(number, answer.output.stream)) return;
    this.change({ kind: 'live', stream: answer.output.stream });
  }

  async watchRecording(recordingId: string): Promise<void> {
    const number = ++this.watchNumber;
    const answer = await this.ask('watch.recording', { recordingId });
    if (!answer.ok || this.overtaken(number, answer.output.stream)) return;
    this.wanted = { recordingId };
    const { stream, recording } = answer.output;
    this.change({ kind: 'recording', stream, recording, complete: false });
  }

  private async begin(): Promise<void> {
    // A new connection knows nothing of the old one's stream.
    this.store.show({ kind: 'none' });
    const listed = await this.ask('scenario.list', {});
    if (listed.ok) this.store.scenarios.set(listed.output.scenarios);
    await (this.wanted === undefined ? this.watchLive() : this.watchRecording(this.wanted.recordingId));
  }

  /** Was another stream asked for meanwhile? Then this one is let go. */
  private overtaken(number: number, stream: string): boolean {
    if (number === this.watchNumber) return false;
    void this.ask('watch.stop', { stream });
    return true;
  }

  /** Shows the new stream at once, because its first batch follows the answer; only then is the old one let go. */
  private change(view: StreamView): void {
    const old = this.store.view.get();
    this.store.show(view);
    if (old.kind !== 'none') void this.ask('watch.stop', { stream: old.stream });
  }
}
