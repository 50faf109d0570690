/** The one place where the page meets the shared reducers: entries in, lanes, ladder, header, incidents and words out. */
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import { createBenchTimeline } from '../../shared/timeline/bench-timeline.ts';
import type { LevelSeries } from '../../shared/timeline/levels.ts';
import type { Header, Lane, LaneId, Mark, Rung, Tone } from '../../shared/timeline/view.ts';

/** A line of plain words with the instant it belongs to. */
export interface StoryLine {
  readonly at: DeviceTime;
  readonly text: string;
  readonly tone: Tone;
}

export interface Derivation {
  push(entry: JournalEntry): void;
  /** The data ends here: what is open stays unfinished. */
  finish(): void;
  readonly firstAt: DeviceTime | undefined;
  readonly lastAt: DeviceTime | undefined;
  readonly levels: LevelSeries;
  lanes(): ReadonlyMap<LaneId, Lane>;
  marks(): ReadonlyMap<LaneId, readonly Mark[]>;
  ladder(now: DeviceTime | undefined): readonly Rung[];
  header(): Header;
  incidents(): readonly Incident[];
  story(): readonly StoryLine[];
}

export function createDerivation(benchId: string): Derivation {
  const timeline = createBenchTimeline(benchId);
  const recovery = createIncidentReducer(benchId);
  const lanes = new Map<LaneId, Lane>();
  const marks = new MarksByLane();
  return {
    push: (entry) => {
      timeline.push(entry);
      recovery.push(entry);
    },
    finish: () => recovery.finish(),
    get firstAt() {
      return timeline.firstAt;
    },
    get lastAt() {
      return timeline.lastAt;
    },
    levels: timeline.levels,
    lanes: () => {
      for (const lane of timeline.lanes()) lanes.set(lane.id, lane);
      return lanes;
    },
    marks: () => marks.of(timeline.marks()),
    ladder: (now) => timeline.ladder(now),
    header: () => timeline.header(),
    incidents: () => recovery.incidents(),
    story: () => [],
  };
}

/** Marks of one list, split by lane. Sorted anew only when the list is another one. */
class MarksByLane {
  private source: readonly Mark[] | undefined;
  private length = 0;
  private byLane = new Map<LaneId, Mark[]>();

  of(marks: readonly Mark[]): ReadonlyMap<LaneId, readonly Mark[]> {
    if (marks === this.source && marks.length === this.length) return this.byLane;
    this.source = marks;
    this.length = marks.length;
    this.byLane = new Map();
    for (const mark of marks) {
      const lane = this.byLane.get(mark.lane);
      if (lane === undefined) this.byLane.set(mark.lane, [mark]);
      else lane.push(mark);
    }
    return this.byLane;
  }
}
