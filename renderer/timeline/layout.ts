/** Where each row of the timeline is, in CSS pixels from the top of the canvas. Pure. */
import { LANES, type LaneId } from '../../shared/timeline/view.ts';

export type RowId = LaneId | 'levels';
export interface Row {
  readonly id: RowId;
  readonly top: number;
  readonly height: number;
  /** The two direction bars on top: drawn stronger than the lanes that explain them. */
  readonly bar: boolean;
}

export const RULER_HEIGHT = 34;
const BAR_HEIGHT = 30;
const LANE_HEIGHT = 23;
const LEVELS_HEIGHT = 46;
/** Space under the two bars, so that the answer stands apart from its reasons. */
const BAR_GAP = 5;

const heightOf = (id: RowId): number =>
  id === 'userHearsAgent' || id === 'agentHearsUser' ? BAR_HEIGHT : id === 'levels' ? LEVELS_HEIGHT : LANE_HEIGHT;

/** Levels come last: they are the evidence one looks at after the states. */
export const ROW_IDS: readonly RowId[] = [...LANES, 'levels'];

export const ROWS: readonly Row[] = ROW_IDS.reduce<Row[]>((rows, id) => {
  const last = rows.at(-1);
  const top = last === undefined ? RULER_HEIGHT : last.top + last.height + (last.id === 'agentHearsUser' ? BAR_GAP : 0);
  rows.push({ id, top, height: heightOf(id), bar: id === 'userHearsAgent' || id === 'agentHearsUser' });
  return rows;
}, []);

export const TIMELINE_HEIGHT = ROWS.reduce((bottom, row) => Math.max(bottom, row.top + row.height), 0) + 4;

export const rowAt = (y: number): Row | undefined => ROWS.find((row) => y >= row.top && y < row.top + row.height);
