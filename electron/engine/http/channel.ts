/** One page's end of the contract, over a WebSocket: calls in, results, status and batches out. */

import type { WebSocket } from 'ws';
import { z } from 'zod';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  type ContractError,
  calls,
  type EngineMessage,
  type EngineStatus,
  type RecordingInfo,
} from '../../../shared/contract/contract.ts';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { type Result, textOf } from '../lifecycle.ts';
import type { LiveHistory } from '../live-history.ts';
import type { Disposable } from '../ports.ts';
import { liveSource, PageStream, recordingSource } from './streams.ts';

/** A call is a few hundred bytes; the text of a scenario file may take 64 Ki characters, escaped. */
export const MAX_PAGE_MESSAGE_BYTES = 256 * 1024;
/** Answers owed to one page; a page that asks faster is told to wait. */
export const MAX_CALLS_IN_FLIGHT = 32;
/** The live session and a few recordings side by side. */
export const MAX_STREAMS = 8;
/** A page of ours sends none; more than these and it is not ours. */
export const MAX_BAD_MESSAGES = 20;
/** Above this the page does not read: the newest status waits until it does. */
const STATUS_BUFFER_BYTES = 256 * 1024;
/** Above this even answers are not read: the page is gone in all but name. */
const MAX_BUFFER_BYTES = 8 * 1024 * 1024;
const STATUS_RETRY_MILLISECONDS = 250;
/** A tab that was closed without a word (machine asleep) is noticed by its missing pong. */
const PING_EVERY_MILLISECONDS = 15_000;

const CLOSE_POLICY = 1008;
const CLOSE_GOING_AWAY = 1001;

const names = Object.keys(calls) as [CallName, ...CallName[]];
const pageMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), ref: z.int().min(0), name: z.enum(names), input: z.unknown() }),
  z.object({ t: z.literal('ack'), stream: z.string().max(100), number: z.int().min(0) }),
]);

/** Calls that make sense without a page: all but watching. */
export type EngineCallName = Exclude<CallName, 'watch.live' | 'watch.recording' | 'watch.stop'>;
export type CallResult<N extends CallName> = Result<CallOutput[N], ContractError>;

/** A recording opened for reading. */
export interface OpenedRecording {
  readonly recording: RecordingInfo;
  readonly entries: AsyncIterable<readonly JournalEntry[]>;
}

/** What a page needs of the engine. */
export interface PageBackend {
  readonly history: LiveHistory;
  status(): EngineStatus;
  onStatus(listener: () => void): Disposable;
  /** After entries were added to the history. */
  onPublished(listener: () => void): Disposable;
  call<N extends EngineCallName>(name: N, input: CallInput<N>): Promise<CallResult<N>>;
  openRecording(recordingId: string): Promise<Result<OpenedRecording, ContractError>>;
  /** A page began to watch the live session; dispose when it stops. */
  beginWatching(): Disposable;
}

/** Validates the input of a call, whoever makes it. */
export function parseInput<N extends CallName>(name: N, input: unknown): Result<CallInput<N>, ContractError> {
  const result = calls[name].input.safeParse(input);
  if (result.success) return { ok: true, value: result.data as CallInput<N> };
  const issue = result.error.issues[0];
  const message = `${name}: ${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'invalid'}`;
  return { ok: false, error: { code: 'invalid-input', message } };
}

export class PageChannel implements Disposable {
  readonly #socket: WebSocket;
  readonly #backend: PageBackend;
  readonly #streams = new Map<string, PageStream>();
  readonly #watching = new Map<string, Disposable>();
  readonly #subscriptions: Disposable[];
  readonly #pingTimer: NodeJS.Timeout;
  #statusTimer: NodeJS.Timeout | undefined;
  #streamsMade = 0;
  #callsInFlight = 0;
  #badMessages = 0;
  #isAlive = true;
  #closed = false;

  constructor(socket: WebSocket, backend: PageBackend, onClosed: () => void) {
    this.#socket = socket;
    this.#backend = backend;
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? undefined : String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('close', () => {
      this.#end();
      onClosed();
    });
    this.#subscriptions = [
      backend.onStatus(() => this.#sendStatus()),
      backend.onPublished(() => {
        for (const stream of this.#streams.values()) stream.wake();
      }),
    ];
    this.#pingTimer = setInterval(() => {
      if (!this.#isAlive) return socket.terminate();
      this.#isAlive = false;
      socket.ping();
    }, PING_EVERY_MILLISECONDS);
    this.#sendStatus();
  }

  /** Says goodbye; the page tries to come back by itself. */
  dispose(): void {
    this.#socket.close(CLOSE_GOING_AWAY, 'Sidetone stops');
    this.#end();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pingTimer);
    clearTimeout(this.#statusTimer);
    for (const item of [...this.#subscriptions, ...this.#watching.values(), ...this.#streams.values()]) item.dispose();
    this.#streams.clear();
    this.#watching.clear();
  }

  #receive(text: string | undefined): void {
    if (this.#closed) return;
    const message = text === undefined ? undefined : parseMessage(text);
    if (message === undefined) this.#refuseMessage('not a message of the contract');
    else if (message.t === 'ack') this.#streams.get(message.stream)?.acknowledge(message.number);
    else this.#receiveCall(message);
  }

  #receiveCall(message: Extract<z.infer<typeof pageMessage>, { t: 'call' }>): void {
    if (this.#callsInFlight >= MAX_CALLS_IN_FLIGHT) {
      this.#fail(message.ref, { code: 'busy', message: 'too many calls at once: wait for an answer' });
      return;
    }
    const input = parseInput(message.name, message.input);
    if (!input.ok) {
      this.#fail(message.ref, input.error);
      this.#refuseMessage(undefined);
      return;
    }
    this.#callsInFlight += 1;
    this.#call(message.name, input.value)
      .catch((error: unknown) => ({ ok: false as const, error: { code: 'internal', message: textOf(error) } }))
      .then((result) => {
        this.#callsInFlight -= 1;
        if (result.ok) this.#send({ t: 'result', ref: message.ref, output: result.value });
        else this.#fail(message.ref, result.error);
        // Only now, so that a page knows a stream's name before its first batch.
        for (const stream of this.#streams.values()) stream.wake();
      });
  }

  async #call(name: CallName, input: CallInput<CallName>): Promise<CallResult<CallName>> {
    switch (name) {
      case 'watch.live':
        return this.#watchLive();
      case 'watch.recording':
        return this.#watchRecording((input as CallInput<'watch.recording'>).recordingId);
      case 'watch.stop':
        this.#stopStream((input as CallInput<'watch.stop'>).stream);
        return { ok: true, value: {} };
      default:
        return this.#backend.call(name, input as never);
    }
  }

  #watchLive(): CallResult<'watch.live'> {
    if (this.#streams.size >= MAX_STREAMS) return tooManyStreams();
    const stream = this.#addStream(liveSource(this.#backend.history));
    this.#watching.set(stream, this.#backend.beginWatching());
    return { ok: true, value: { stream } };
  }

  async #watchRecording(recordingId: string): Promise<CallResult<'watch.recording'>> {
    if (this.#streams.size >= MAX_STREAMS) return tooManyStreams();
    const opened = await this.#backend.openRecording(recordingId);
    if (!opened.ok) return opened;
    const source = recordingSource(opened.value.entries);
    if (this.#closed) {
      source.close?.();
      return { ok: false, error: { code: 'closed', message: 'the page is gone' } };
    }
    return { ok: true, value: { stream: this.#addStream(source), recording: opened.value.recording } };
  }

  #addStream(source: ConstructorParameters<typeof PageStream>[1]): string {
    this.#streamsMade += 1;
    const id = `s${this.#streamsMade}`;
    const stream = new PageStream(
      id,
      source,
      (frame) => this.#sendText(frame),
      () => this.#stopStream(id),
    );
    this.#streams.set(id, stream);
    return id;
  }

  #stopStream(id: string): void {
    this.#streams.get(id)?.dispose();
    this.#streams.delete(id);
    this.#watching.get(id)?.dispose();
    this.#watching.delete(id);
  }

  /** Newest wins: while the page does not read, it is not sent older ones. */
  #sendStatus(): void {
    if (this.#closed || this.#statusTimer !== undefined) return;
    if (this.#socket.bufferedAmount > STATUS_BUFFER_BYTES) {
      this.#statusTimer = setTimeout(() => {
        this.#statusTimer = undefined;
        this.#sendStatus();
      }, STATUS_RETRY_MILLISECONDS);
      return;
    }
    this.#send({ t: 'status', status: this.#backend.status() });
  }

  #refuseMessage(reason: string | undefined): void {
    this.#badMessages += 1;
    if (reason !== undefined) this.#fail(-1, { code: 'bad-message', message: reason });
    if (this.#badMessages > MAX_BAD_MESSAGES) this.#socket.close(CLOSE_POLICY, 'too many bad messages');
  }

  #fail(ref: number, error: ContractError): void {
    this.#send({ t: 'failed', ref, error });
  }

  #send(message: EngineMessage): void {
    this.#sendText(JSON.stringify(message));
  }

  #sendText(text: string): void {
    if (this.#closed || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BUFFER_BYTES) this.#socket.terminate();
    else this.#socket.send(text);
  }
}

function tooManyStreams(): Result<never, ContractError> {
  return { ok: false, error: { code: 'too-many-streams', message: `a page watches ${MAX_STREAMS} streams at most` } };
}

function parseMessage(text: string): z.infer<typeof pageMessage> | undefined {
  try {
    const result = pageMessage.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
