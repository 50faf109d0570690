/** Calls with typed answers over a Channel, and acknowledgement of batches. Carrier-independent; nothing here throws. */
import type { Channel } from '../../shared/contract/channel.ts';
import type {
  CallInput,
  CallName,
  CallOutput,
  ContractError,
  EngineMessage,
  PageMessage,
} from '../../shared/contract/contract.ts';

export type Answer<N extends CallName> =
  | { readonly ok: true; readonly output: CallOutput[N] }
  | { readonly ok: false; readonly error: ContractError };
export type Batch = Extract<EngineMessage, { t: 'batch' }>;
export type Status = Extract<EngineMessage, { t: 'status' }>['status'];
export type EngineChannel = Channel<PageMessage, EngineMessage>;

export interface ClientListener {
  onBatch(batch: Batch): void;
  onStatus(status: Status): void;
  onClose(reason: string): void;
}

export class EngineClient {
  private readonly channel: EngineChannel;
  private readonly waiting = new Map<number, (answer: Answer<CallName>) => void>();
  private nextRef = 1;
  private closed = false;

  constructor(channel: EngineChannel, listener: ClientListener) {
    this.channel = channel;
    channel.onMessage((message) => {
      if (message.t === 'batch') {
        listener.onBatch(message);
        // Acknowledged after it was taken in: that is what holds a fast engine back for a slow page.
        if (!this.closed) channel.send({ t: 'ack', stream: message.stream, number: message.number });
      } else if (message.t === 'status') {
        listener.onStatus(message.status);
      } else {
        const settle = this.waiting.get(message.ref);
        this.waiting.delete(message.ref);
        settle?.(message.t === 'result' ? { ok: true, output: message.output } : { ok: false, error: message.error });
      }
    });
    channel.onClose((reason) => {
      if (this.closed) return;
      this.end(reason);
      listener.onClose(reason);
    });
  }

  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Answer<N>> {
    if (this.closed) return Promise.resolve({ ok: false, error: notConnected });
    const ref = this.nextRef++;
    return new Promise((resolve) => {
      // The engine answers a call with that call's output: the table in contract.ts ties the two together.
      this.waiting.set(ref, resolve as (answer: Answer<CallName>) => void);
      this.channel.send({ t: 'call', ref, name, input } as unknown as PageMessage);
    });
  }

  close(): void {
    if (this.closed) return;
    this.end('closed by the page');
    this.channel.close();
  }

  private end(reason: string): void {
    this.closed = true;
    for (const settle of this.waiting.values())
      settle({ ok: false, error: { code: 'channel-closed', message: reason } });
    this.waiting.clear();
  }
}

const notConnected: ContractError = {
  code: 'not-connected',
  message: 'Sidetone is not connected to its engine right now; it keeps trying.',
};
