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
export interface RowLayout {
  readonly rows: readonly Row[];
  readonly height: number;
}

export const RULER_HEIGHT = 34;
/** Space under the two bars, so that the answer stands apart from its reasons. */
const BAR_GAP = 5;
const HEIGHTS = {
  roomy: { bar: 28, lane: 21, levels: 42 },
  /** For windows of about 640 pixels: all lanes and the head of the incident list fit. */
  compact: { bar: 25, lane: 19, levels: 34 },
} as const;
/** Lower windows get compact rows. */
export const COMPACT_BELOW_PIXELS = 780;

/** Levels come last: they are the evidence one looks at after the states. */
export const ROW_IDS: readonly RowId[] = [...LANES, 'levels'];

export function layoutRows(compact: boolean): RowLayout {
  const heights = compact ? HEIGHTS.compact : HEIGHTS.roomy;
  const rows: Row[] = [];
  let top = RULER_HEIGHT;
  for (const id of ROW_IDS) {
    const bar = id === 'userHearsAgent' || id === 'agentHearsUser';
    const height = bar ? heights.bar : id === 'levels' ? heights.levels : heights.lane;
    rows.push({ id, top, height, bar });
    top += height + (id === 'agentHearsUser' ? BAR_GAP : 0);
  }
  return { rows, height: top + 4 };
}

export const ROOMY = layoutRows(false);
export const COMPACT = layoutRows(true);
