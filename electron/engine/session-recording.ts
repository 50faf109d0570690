/**
 * When recordings begin and end. The live session is recorded by itself from its first entry, so that nothing is lost that
 * turns out to matter; a person may stop it, and start another.
 *
 *   armed --first entry--> on --asked to stop--> off --asked to start--> on (hellos first, then snapshots)
 *     ^                     |                     |
 *     +---- session ends ---+---- session ends ---+        failed: said in the status; the live view goes on
 */
import type { ContractError, EngineStatus, RecordingInfo } from '../../shared/contract/contract.ts';
import type { HelloEntry, JournalEntry } from '../../shared/recording/entry.ts';
import { bad, good, type Result } from './lifecycle.ts';
import type { Disposable } from './ports.ts';

/** The part of the recorder this needs. */
export interface RecorderPort {
  start(about: { readonly title: string; readonly simulated: boolean }): Promise<Result<RecordingInfo, ContractError>>;
  /** Never rejects; resolves when written. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  stop(): Promise<Result<RecordingInfo, ContractError>>;
  readonly state: EngineStatus['recording'];
}

export interface SessionRecordingOptions {
  readonly recorder: RecorderPort;
  /** False: nothing is recorded until asked. */
  readonly byItself: boolean;
  /** The newest hello of each device that is connected now. */
  readonly presentHellos: () => readonly HelloEntry[];
  /** Asks the devices for fresh snapshots. */
  readonly requestSnapshots: () => void;
  readonly onChanged: () => void;
}

export class SessionRecording implements Disposable {
  readonly #options: SessionRecordingOptions;
  #armed: boolean;
  #requested = false;
  #starting = false;
  /** Starting, writing and stopping go one after the other. */
  #chain: Promise<unknown> = Promise.resolve();

  constructor(options: SessionRecordingOptions) {
    this.#options = options;
    this.#armed = options.byItself;
  }

  /** A person asked for this recording: the simulation goes on for it without a page. */
  get isRequested(): boolean {
    return this.#requested;
  }

  /** A recording that a person asked for is just being begun. */
  get isStarting(): boolean {
    return this.#starting;
  }

  /** Resolves when the entries are on disk, or when it is clear that they will not be. */
  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      const { recorder } = this.#options;
      if (recorder.state.state === 'off' && this.#armed) {
        this.#armed = false;
        const hellos = entries.filter((entry) => entry.type === 'hello');
        await recorder.start(describe([...this.#options.presentHellos(), ...hellos]));
        this.#options.onChanged();
      }
      await recorder.append(entries);
    });
  }

  /** A new recording, or the one that is on already. */
  async start(): Promise<Result<{ readonly recordingId: string }, ContractError>> {
    const result = await this.#inTurn(async (): Promise<Result<{ readonly recordingId: string }, ContractError>> => {
      const { recorder } = this.#options;
      this.#armed = false;
      const { state, recordingId } = recorder.state;
      if (state === 'on' && recordingId !== undefined) return good({ recordingId });
      const hellos = this.#options.presentHellos();
      this.#starting = true;
      const started = await recorder.start(describe(hellos)).finally(() => {
        this.#starting = false;
      });
      if (!started.ok) return bad({ code: started.error.code, message: started.error.message });
      // Without these, nothing that follows could be read.
      await recorder.append(hellos);
      this.#options.requestSnapshots();
      return good({ recordingId: started.value.recordingId });
    });
    if (result.ok) this.#requested = true;
    this.#options.onChanged();
    return result;
  }

  async stop(): Promise<Result<void, ContractError>> {
    const result = await this.#inTurn(async (): Promise<Result<void, ContractError>> => {
      this.#armed = false;
      this.#requested = false;
      if (this.#options.recorder.state.state === 'off')
        return bad({ code: 'not-recording', message: 'nothing is being recorded' });
      const stopped = await this.#options.recorder.stop();
      return stopped.ok ? good(undefined) : bad({ code: stopped.error.code, message: stopped.error.message });
    });
    this.#options.onChanged();
    return result;
  }

  /** No device is here any more: what comes next is another session, recorded by itself again. */
  async endSession(): Promise<void> {
    if (this.#requested) return;
    await this.stop();
    this.#armed = this.#options.byItself;
  }

  /** Closes the recording that is on. */
  async dispose(): Promise<void> {
    await this.stop();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#chain.then(work);
    this.#chain = result.catch(() => undefined);
    return result;
  }
}

function describe(hellos: readonly HelloEntry[]): { readonly title: string; readonly simulated: boolean } {
  const probe = hellos.find((entry) => entry.hello.role === 'probe') ?? hellos[0];
  const simulated = hellos.every((entry) => entry.hello.platform === 'virtual');
  const title = simulated ? 'Simulated iPhone' : (probe?.hello.title ?? 'Live session');
  return { title, simulated };
}
