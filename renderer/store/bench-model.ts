/** Everything the page knows of one bench from one stream of entries: live or recorded, the same code. */
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import type { Header, Lane, LaneId, Mark, Rung } from '../../shared/timeline/view.ts';
import { LevelHistory } from '../timeline/levels.ts';
import { createDerivation, type Derivation } from './derive.ts';
import { EventLog } from './event-log.ts';

/** How far the present may run ahead of the newest entry: the relay alone reports twice a second. */
const LONGEST_EXTRAPOLATION = 1_500_000;

export class BenchModel {
  readonly benchId: string;
  readonly log = new EventLog();
  readonly levels = new LevelHistory();
  /** Counts every entry: who drew revision n has nothing to do until it changes. */
  revision = 0;
  private readonly derivation: Derivation;
  private firstAt: number | undefined;
  private lastAt = 0;
  /** Page time minus device time of the entry that came with the least delay. */
  private clockOffset: number | undefined;
  private simulatedOnly = true;
  private sawHello = false;

  constructor(benchId: string) {
    this.benchId = benchId;
    this.derivation = createDerivation(benchId);
  }

  /** `pageNow`: performance.now() in microseconds. */
  push(entry: JournalEntry, pageNow: number): void {
    this.revision++;
    this.derivation.push(entry);
    if (entry.type === 'sample') {
      if (entry.sample.kind === 'level') {
        this.levels.append(entry.sample.at, entry.sample.data.captureDbfs, entry.sample.data.renderDbfs);
      }
      this.seen(entry.sample.at, pageNow);
      return;
    }
    this.log.append(entry);
    if (entry.type === 'event') this.seen(entry.event.at, pageNow);
    if (entry.type === 'hello') {
      this.sawHello = true;
      this.simulatedOnly &&= entry.hello.platform === 'virtual';
      this.seen(entry.hello.clock.now, pageNow);
    }
  }

  /** Do all devices of this stream say they are simulated? */
  get simulated(): boolean {
    return this.sawHello && this.simulatedOnly;
  }
  get empty(): boolean {
    return this.firstAt === undefined;
  }
  /** The time called 0:00. */
  get origin(): number {
    return this.firstAt ?? 0;
  }
  get newest(): number {
    return this.lastAt;
  }

  /** The present on the probe's clock, for a stream that goes on; smooth between batches, never far ahead of what came. */
  presentAt(pageNow: number): number {
    if (this.clockOffset === undefined) return this.lastAt;
    return Math.max(this.lastAt, Math.min(pageNow - this.clockOffset, this.lastAt + LONGEST_EXTRAPOLATION));
  }

  lanes(): ReadonlyMap<LaneId, Lane> {
    return this.derivation.lanes();
  }
  marks(): ReadonlyMap<LaneId, readonly Mark[]> {
    return this.derivation.marks();
  }
  ladder(): readonly Rung[] {
    return this.derivation.ladder();
  }
  header(): Header | undefined {
    return this.derivation.header();
  }
  incidents(): readonly Incident[] {
    return this.derivation.incidents();
  }
  narration(): readonly NarrationLine[] {
    return this.derivation.narration();
  }

  private seen(at: number, pageNow: number): void {
    this.firstAt ??= at;
    if (at > this.lastAt) this.lastAt = at;
    const offset = pageNow - at;
    if (this.clockOffset === undefined || offset < this.clockOffset) this.clockOffset = offset;
  }
}

/** A line of plain words with the instant it belongs to. */
export interface NarrationLine {
  readonly at: number;
  readonly text: string;
  readonly tone: string;
}
