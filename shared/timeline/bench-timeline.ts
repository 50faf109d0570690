/** Entries of one bench in, lanes, marks, levels, header and ladder out. Constant work an entry; reading is lazy. */
import type { EventEntry, JournalEntry } from '../recording/entry.ts';
import type { DeviceTime, Micros } from '../time/time.ts';
import { createBenchDevices } from './bench-devices.ts';
import { headerOf } from './header.ts';
import { ladderOf } from './ladder.ts';
import { createAppLane } from './lanes/app.ts';
import { createCallkitLane } from './lanes/callkit.ts';
import { createCauseLane } from './lanes/cause.ts';
import { createDirectionLanes } from './lanes/direction.ts';
import { createLinkLane } from './lanes/link.ts';
import { createSessionLanes } from './lanes/session.ts';
import { createTransportLanes } from './lanes/transport.ts';
import { createUnitLane } from './lanes/unit.ts';
import { LevelHistory, type LevelSeries } from './levels.ts';
import { Marks } from './marks.ts';
import type { AddMark, Placed } from './placed.ts';
import { Presence } from './presence.ts';
import { Present } from './present.ts';
import { type Header, LANES, type Lane, type Mark, type Rung } from './view.ts';

/** What the timeline does not show, for honesty. */
export interface TimelineCounts {
  readonly segmentsMerged: number;
  readonly marksDropped: number;
  /** Events of devices on another clock: they cannot be placed until offsets are known. */
  readonly otherClockEvents: number;
  /** Events devices had to give up. */
  readonly gapEvents: number;
  readonly droppedBeforeProbe: number;
}

export interface BenchTimeline {
  /** Entries of other benches are ignored. */
  push(entry: JournalEntry): void;
  /** Counts the entries of this bench. */
  readonly revision: number;
  readonly probeDeviceId: string | undefined;
  /** All lanes in the order of LANES; each the same object as long as nothing in it changed. */
  lanes(): readonly Lane[];
  /** In order of time. */
  marks(): readonly Mark[];
  /** `now` ages the evidence of a live view; absent: the newest instant seen. */
  ladder(now?: DeviceTime): readonly Rung[];
  header(): Header;
  readonly levels: LevelSeries;
  /** First and newest instant on the probe's clock. */
  readonly firstAt: DeviceTime | undefined;
  readonly lastAt: DeviceTime | undefined;
  /** Arrival minus the probe's stamp, the smallest seen. */
  readonly offset: Micros | undefined;
  readonly counts: TimelineCounts;
}

export function createBenchTimeline(benchId: string): BenchTimeline {
  return new Timeline(benchId);
}

class Timeline implements BenchTimeline {
  revision = 0;
  firstAt: DeviceTime | undefined;
  lastAt: DeviceTime | undefined;
  readonly levels = new LevelHistory();
  readonly #benchId: string;
  readonly #devices;
  readonly #presence = new Presence();
  readonly #reducers = [
    createDirectionLanes(this.#presence),
    createCauseLane(),
    createSessionLanes(this.#presence),
    createCallkitLane(this.#presence),
    createUnitLane(this.#presence),
    createTransportLanes(this.#presence),
    createAppLane(this.#presence),
    createLinkLane(),
  ];
  readonly #lanes = LANES.map((id) =>
    this.#reducers.flatMap((reducer) => reducer.lanes).find((lane) => lane.id === id),
  );
  readonly #marks = new Marks();
  readonly #present = new Present();
  #otherClock = 0;
  #gapEvents = 0;

  constructor(benchId: string) {
    this.#benchId = benchId;
    this.#devices = createBenchDevices(benchId);
  }

  push(entry: JournalEntry): void {
    if (entry.benchId !== this.#benchId) return;
    this.revision += 1;
    for (const ready of this.#devices.take(entry)) this.#take(ready);
  }

  get probeDeviceId(): string | undefined {
    return this.#devices.probeDeviceId;
  }
  get offset(): Micros | undefined {
    return this.#devices.offset;
  }
  get counts(): TimelineCounts {
    return {
      segmentsMerged: this.#lanes.reduce((sum, lane) => sum + (lane?.merged ?? 0), 0),
      marksDropped: this.#marks.dropped,
      otherClockEvents: this.#otherClock,
      gapEvents: this.#gapEvents,
      droppedBeforeProbe: this.#devices.droppedBeforeProbe,
    };
  }
  lanes(): readonly Lane[] {
    return this.#lanes.flatMap((lane) => (lane === undefined ? [] : [lane.lane()]));
  }
  marks(): readonly Mark[] {
    return this.#marks.all();
  }
  ladder(now?: DeviceTime): readonly Rung[] {
    return ladderOf(this.#present, Math.max(now ?? 0, this.lastAt ?? 0) as DeviceTime);
  }
  header(): Header {
    return headerOf(this.#present, this.levels);
  }

  #take(entry: JournalEntry): void {
    const own = this.#devices.isProbe(entry.deviceId);
    if (entry.type === 'sample') {
      if (own || this.#devices.sharesClock(entry.deviceId)) this.#sample(entry);
      return;
    }
    if (entry.type === 'event') {
      if (!own && !this.#devices.sharesClock(entry.deviceId)) {
        this.#otherClock += 1;
        return;
      }
      this.#seen(entry.event.at);
      this.#place({ type: 'event', deviceId: entry.deviceId, own, event: entry.event }, entry);
      return;
    }
    if (entry.type === 'gap') this.#gapEvents += entry.gap.to - entry.gap.from + 1;
    const at = own && entry.type === 'hello' ? entry.hello.clock.now : this.#devices.onProbeClock(entry.arrivedAt);
    if (at === undefined) return;
    // What this desktop saw is placed by the smallest delay: it must not lie before the beginning.
    const placedAt = Math.max(at, this.firstAt ?? at) as DeviceTime;
    this.#seen(placedAt);
    this.#place({ type: 'other', deviceId: entry.deviceId, own, at: placedAt, entry }, entry);
  }

  #place(placed: Placed, entry: EventEntry | Exclude<JournalEntry, { type: 'sample' }>): void {
    const changedAt = placed.type === 'other' ? this.#presence.push(placed) : undefined;
    const mark: AddMark = (made) => this.#marks.add({ deviceId: entry.deviceId, ...made });
    for (const reducer of this.#reducers) reducer.push(placed, mark);
    if (changedAt !== undefined) {
      for (const reducer of this.#reducers) for (const lane of reducer.lanes) lane.touch(changedAt);
      this.#present.setAway(this.#presence.away, this.#presence.beganAt === changedAt);
    }
    this.#present.push(placed);
  }

  #sample({ sample, deviceId }: Extract<JournalEntry, { type: 'sample' }>): void {
    this.#seen(sample.at);
    if (sample.kind === 'level' && this.#devices.isProbe(deviceId)) {
      this.levels.append('capture', sample.at, sample.data.captureDbfs);
      this.levels.append('render', sample.at, sample.data.renderDbfs);
    } else if (sample.kind === 'farEnd.level') {
      this.levels.append('farEnd', sample.at, sample.data.heardDbfs);
    } else if (sample.kind === 'stats' && this.#devices.isProbe(deviceId)) {
      this.#present.stats(sample.at, sample.data);
    }
  }

  #seen(at: DeviceTime): void {
    if (this.firstAt === undefined || at < this.firstAt) this.firstAt = at;
    if (this.lastAt === undefined || at > this.lastAt) this.lastAt = at;
  }
}
