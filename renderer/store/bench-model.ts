/** Everything the page knows of one bench from one stream of entries: live or recorded, the same code. */
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { LevelSeries } from '../../shared/timeline/levels.ts';
import type { Header, Lane, LaneId, Mark, Rung } from '../../shared/timeline/view.ts';
import { createDerivation, type Story, storyOf } from './derive.ts';
import { EventLog } from './event-log.ts';

/** How far the present may run ahead of the newest entry: the relay alone reports twice a second. */
const LONGEST_EXTRAPOLATION = 1_500_000;

export class BenchModel {
  readonly benchId: string;
  readonly log = new EventLog();
  /** Counts every entry: who drew revision n has nothing to do until it changes. */
  revision = 0;
  private readonly derivation;
  /** Page time minus device time of the entry that came with the least delay. */
  private clockOffset: number | undefined;
  private simulatedOnly = true;
  private sawHello = false;
  private settled: readonly Incident[] = [];

  constructor(benchId: string) {
    this.benchId = benchId;
    this.derivation = createDerivation(benchId);
  }

  /** `pageNow`: performance.now() in microseconds. */
  push(entry: JournalEntry, pageNow: number): void {
    this.revision++;
    this.derivation.push(entry);
    if (entry.type !== 'sample') this.log.append(entry);
    if (entry.type === 'hello') {
      this.sawHello = true;
      this.simulatedOnly &&= entry.hello.platform === 'virtual';
    }
    const newest = this.derivation.lastAt;
    if (newest === undefined) return;
    const offset = pageNow - newest;
    if (this.clockOffset === undefined || offset < this.clockOffset) this.clockOffset = offset;
  }

  /** No more entries will come. */
  finish(): void {
    this.revision++;
    this.derivation.finish();
  }

  /** Do all devices of this stream say they are simulated? */
  get simulated(): boolean {
    return this.sawHello && this.simulatedOnly;
  }
  get empty(): boolean {
    return this.derivation.firstAt === undefined;
  }
  /** The time called 0:00. */
  get origin(): number {
    return this.derivation.firstAt ?? 0;
  }
  get newest(): number {
    return this.derivation.lastAt ?? 0;
  }
  get levels(): LevelSeries {
    return this.derivation.levels;
  }

  /** The present on the probe's clock, for a stream that goes on; smooth between batches, never far ahead of what came. */
  presentAt(pageNow: number): number {
    const { newest } = this;
    if (this.clockOffset === undefined) return newest;
    return Math.max(newest, Math.min(pageNow - this.clockOffset, newest + LONGEST_EXTRAPOLATION));
  }

  lanes(): ReadonlyMap<LaneId, Lane> {
    return this.derivation.lanes();
  }
  marks(): ReadonlyMap<LaneId, readonly Mark[]> {
    return this.derivation.marks();
  }
  ladder(): readonly Rung[] {
    return this.derivation.ladder(this.newest as DeviceTime);
  }
  header(): Header | undefined {
    return this.empty ? undefined : this.derivation.header();
  }
  /** As of the last `settle`. */
  incidents(): readonly Incident[] {
    return this.settled;
  }
  /** Derives incidents anew. Asked for at the pace of the panels: while one is open, deriving is real work. */
  settle(): void {
    this.settled = this.derivation.incidents();
  }
  /** The newest `most` incidents in plain words, in order of time. */
  stories(most: number): readonly Story[] {
    return this.settled.slice(-most).map((incident) => storyOf(incident, this.origin as DeviceTime));
  }
}
