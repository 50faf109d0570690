/** The one place where the page meets the shared reducers: entries in, lanes, ladder, header, incidents and words out. */

import { headline, type NarrationLine, narrate } from '../../shared/narration/narrate.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import { createBenchTimeline } from '../../shared/timeline/bench-timeline.ts';
import type { LevelSeries } from '../../shared/timeline/levels.ts';
import type { Header, Lane, LaneId, Mark, Rung } from '../../shared/timeline/view.ts';

/** One incident told in plain words. */
export interface Story {
  readonly incident: Incident;
  readonly headline: string;
  readonly lines: readonly NarrationLine[];
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

/** The words change only when the incident does, and an incident that changed is another object. */
const told = new WeakMap<Incident, Story>();

export function storyOf(incident: Incident, origin: DeviceTime): Story {
  const known = told.get(incident);
  if (known !== undefined) return known;
  const story = { incident, headline: headline(incident), lines: narrate(incident, origin) };
  told.set(incident, story);
  return story;
}
