/** The engine from outside: what it is started with and what the shell, the command line and the tests may ask of it. */
import type { EngineStatus } from '../../shared/contract/contract.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { BenchWatch } from '../../shared/scenario/watch.ts';
import type { DesktopTime } from '../../shared/time/time.ts';
import type { PageBackend } from './http/channel.ts';
import type { Disposable, Log, ProcessHost } from './ports.ts';
import type { RunResult } from './runs.ts';
import type { Laboratory } from './simulation.ts';

export interface EngineOptions {
  /** Recordings and settings live here; made when missing. */
  readonly dataFolder: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly host: ProcessHost;
  /** False: the simulated iPhone never starts. */
  readonly simulation: boolean;
  readonly version: string;
  /** The built page. */
  readonly pageFolder?: string;
  /** Recordings that ship with Sidetone. */
  readonly bundledFolder?: string;
  /** Makes the simulated iPhone's delays the same again. */
  readonly seed?: number;
  /** False: nothing is recorded until asked. */
  readonly recordByItself?: boolean;
  readonly laboratory?: Laboratory;
  readonly pauseAfterMilliseconds?: number;
  readonly log: Log;
}

export interface Engine extends Disposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** The port that was asked for, when it could not be had. */
  readonly portTaken: number | undefined;
  /** The page's address with a fresh one-time token in the fragment; each call makes a new one. */
  pageUrl(): string;
  /** Where devices dial in. */
  readonly linkUrl: string;
  /** The calls that the page makes, checked the same way. Never rejects. */
  readonly call: PageBackend['call'];
  status(): EngineStatus;
  onStatus(listener: () => void): Disposable;
  /** Every batch, after it is on disk. */
  onEntries(listener: (entries: readonly JournalEntry[]) => void): Disposable;
  onRunEnded(listener: (result: RunResult) => void): Disposable;
  /** Incidents and flow of one bench, over the whole life of the engine. */
  watchOf(benchId: string): BenchWatch;
  /** Keeps the simulation running without a page, until disposed. */
  holdActive(reason: string): Disposable;
  /** Microseconds since the engine's epoch. */
  now(): DesktopTime;
  dispose(): Promise<void>;
}
