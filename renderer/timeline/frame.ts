/** Everything one painted frame of the timeline depends on. */
import type { LevelSeries } from '../../shared/timeline/levels.ts';
import type { Lane, LaneId, Mark } from '../../shared/timeline/view.ts';
import type { Row, RowId } from './layout.ts';
import type { TimeRange, Viewport } from './viewport.ts';

export interface IncidentSpan {
  readonly id: string;
  readonly label: string;
  readonly from: number;
  /** Absent: still open. */
  readonly to?: number;
}
export interface TimelineFrame {
  readonly view: Viewport;
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
  /** The time called 0:00. */
  readonly origin: number;
  /** Where the present is: open segments end here, and nothing is known to the right of it. */
  readonly now: number;
  readonly live: boolean;
  readonly lanes: ReadonlyMap<LaneId, Lane>;
  readonly marks: ReadonlyMap<LaneId, readonly Mark[]>;
  readonly levels: LevelSeries | undefined;
  readonly incidents: readonly IncidentSpan[];
  readonly selected: string | undefined;
  readonly cursor: number | undefined;
  readonly measured: TimeRange | undefined;
  readonly focusedRow: RowId | undefined;
}
