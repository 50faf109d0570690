/**
 * What the timeline shows and how it is moved, outside React: pointer and keys change it many times a frame.
 * React hears only of what it draws itself (following, the summary for screen readers).
 */

import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import type { Lane, LaneId } from '../../shared/timeline/view.ts';
import { Observable } from '../store/observable.ts';
import { ROW_IDS, type RowId } from './layout.ts';
import { segmentAt } from './runs.ts';
import { preciseLabel } from './ticks.ts';
import {
  DEFAULT_SPAN,
  fitted,
  follow,
  keepInSight,
  panBy,
  sameView,
  type TimeRange,
  type Viewport,
  zoomAt,
} from './viewport.ts';

/** What the controller must know of the stream to keep the view in sight of it. */
export interface TimelineSource {
  readonly origin: number;
  readonly present: number;
  readonly live: boolean;
  readonly lanes: ReadonlyMap<LaneId, Lane>;
}

const KEY_PAN = 0.1;
const KEY_ZOOM = 0.7;
/** Motion reduced: the present moves on in steps this long instead of gliding. */
const STEP_MICROS = 500_000;

export class TimelineController {
  readonly following = new Observable(true);
  /** Read out by screen readers after a key moved the view or the cursor. */
  readonly summary = new Observable('');
  private current: Viewport = { from: 0, span: DEFAULT_SPAN };
  private at: number | undefined;
  private range: TimeRange | undefined;
  private row: RowId | undefined;
  private changes = 0;
  private readonly source: () => TimelineSource | undefined;
  private readonly calm: () => boolean;

  /** `calm`: has the user asked for reduced motion? */
  constructor(source: () => TimelineSource | undefined, calm: () => boolean) {
    this.source = source;
    this.calm = calm;
  }

  /** Counts every visible change of the controller itself. */
  get revision(): number {
    return this.changes;
  }
  get view(): Viewport {
    return this.current;
  }
  get cursor(): number | undefined {
    return this.at;
  }
  get measured(): TimeRange | undefined {
    return this.range;
  }
  get focusedRow(): RowId | undefined {
    return this.row;
  }

  /**
   * Moves along with the present; called once a frame. `step`: microseconds a pixel of the screen stands for. The view moves
   * by whole ones: a smaller move cannot be seen, and would cost a painting.
   */
  tick(step = 1): void {
    const source = this.source();
    if (source === undefined || !this.following.get()) return;
    const least = this.calm() ? Math.max(STEP_MICROS, step) : step;
    this.show(follow(this.current, Math.ceil(source.present / least) * least));
  }

  /** A new stream: a live one is followed, a recording is shown whole. */
  reset(): void {
    const source = this.source();
    this.at = undefined;
    this.range = undefined;
    this.current = { from: source?.origin ?? 0, span: DEFAULT_SPAN };
    this.following.set(source?.live ?? true);
    if (source !== undefined && !source.live) this.fitAll();
    this.changes++;
  }

  setFollowing(on: boolean): void {
    this.following.set(on && this.source()?.live === true);
    this.changes++;
  }

  pan(time: number): void {
    this.following.set(false);
    this.show(this.inSight(panBy(this.current, time)));
  }
  zoom(factor: number, anchor: number): void {
    // While following, the present stays put; otherwise what is under the pointer does.
    this.show(
      this.inSight(zoomAt(this.current, factor, this.following.get() ? (this.source()?.present ?? anchor) : anchor)),
    );
  }
  zoomMiddle(factor: number): void {
    this.zoom(factor, this.at ?? this.current.from + this.current.span / 2);
  }
  showRange(range: TimeRange): void {
    this.following.set(false);
    this.show(fitted(range));
  }
  /** Brings an instant into the middle, with the crosshair on it; the zoom stays. */
  showInstant(time: number): void {
    this.following.set(false);
    this.show({ from: time - this.current.span / 2, span: this.current.span });
    this.setCursor(time);
  }
  fitAll(): void {
    const source = this.source();
    if (source !== undefined) this.showRange({ from: source.origin, to: source.present });
  }

  setCursor(time: number | undefined): void {
    if (time === this.at) return;
    this.at = time;
    this.changes++;
  }
  setMeasured(range: TimeRange | undefined): void {
    this.range = range;
    this.changes++;
  }
  setFocusedRow(row: RowId | undefined): void {
    if (row === this.row) return;
    this.row = row;
    this.changes++;
  }

  /** The keys of the focused timeline. True when the key was one of them. */
  key(key: string, shift: boolean): boolean {
    const { span } = this.current;
    const pan = span * KEY_PAN * (shift ? 5 : 1);
    switch (key) {
      case 'ArrowLeft':
        this.pan(-pan);
        break;
      case 'ArrowRight':
        this.pan(pan);
        break;
      case 'ArrowUp':
        this.moveRow(-1);
        break;
      case 'ArrowDown':
        this.moveRow(1);
        break;
      case '+':
      case '=':
        this.zoomMiddle(KEY_ZOOM);
        break;
      case '-':
      case '_':
        this.zoomMiddle(1 / KEY_ZOOM);
        break;
      case 'Home':
        this.pan((this.source()?.origin ?? 0) - this.current.from - span * 0.05);
        break;
      case 'End':
        if (this.source()?.live) this.setFollowing(true);
        else this.pan((this.source()?.present ?? 0) - this.current.from - span * 0.95);
        break;
      case ',':
        this.stepChange(-1);
        return true;
      case '.':
        this.stepChange(1);
        return true;
      default:
        return false;
    }
    this.summarise();
    return true;
  }

  private moveRow(by: number): void {
    const index = this.row === undefined ? (by > 0 ? 0 : ROW_IDS.length - 1) : ROW_IDS.indexOf(this.row) + by;
    this.setFocusedRow(ROW_IDS[Math.min(ROW_IDS.length - 1, Math.max(0, index))]);
  }

  /** Puts the cursor on the next (1) or previous (-1) change of the focused lane. */
  private stepChange(direction: 1 | -1): void {
    const source = this.source();
    const row = this.row ?? 'userHearsAgent';
    if (source === undefined || row === 'levels') return;
    this.setFocusedRow(row);
    const segments = source.lanes.get(row)?.segments ?? [];
    const from = this.at ?? (direction > 0 ? this.current.from : this.current.from + this.current.span);
    // Binary search for the neighbour: the first change after, or the last before, the cursor.
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = segments[middle]?.from ?? 0;
      if (direction > 0 ? change > from : change >= from) high = middle;
      else low = middle + 1;
    }
    const next = segments[direction > 0 ? low : low - 1];
    if (next === undefined) {
      this.summary.set(direction > 0 ? 'No later change in this lane.' : 'No earlier change in this lane.');
      return;
    }
    this.following.set(false);
    this.at = next.from;
    this.changes++;
    const { from: left, span } = this.current;
    if (next.from < left || next.from > left + span) this.show(panBy(this.current, next.from - left - span / 2));
    this.summarise();
  }

  private summarise(): void {
    const source = this.source();
    if (source === undefined) return;
    const { from, span } = this.current;
    const clock = (time: number): string => preciseLabel(time - source.origin);
    const lane = this.row === undefined || this.row === 'levels' ? undefined : source.lanes.get(this.row);
    const time = this.at ?? Math.min(source.present, from + span);
    const held = lane === undefined ? undefined : segmentAt(lane.segments, time, source.present);
    const said = lane === undefined ? '' : ` ${lane.title} at ${clock(time)}: ${held?.label ?? 'nothing known'}.`;
    this.summary.set(`Showing ${clock(from)} to ${clock(from + span)}, ${formatDuration(micros(span))}.${said}`);
  }

  private inSight(view: Viewport): Viewport {
    const source = this.source();
    return source === undefined ? view : keepInSight(view, { from: source.origin, to: source.present });
  }

  private show(view: Viewport): void {
    if (sameView(view, this.current)) return;
    this.current = view;
    this.changes++;
  }
}
