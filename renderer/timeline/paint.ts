/**
 * Paints one frame of the timeline: a function of lanes, view and size alone.
 * Nothing here walks the history: lanes go through runsOf, marks and levels through binary searches.
 */
import { formatDuration } from '../../shared/time/duration.ts';
import { deviceTime, micros } from '../../shared/time/time.ts';
import type { Mark } from '../../shared/timeline/view.ts';
import type { TimelineFrame } from './frame.ts';
import { LABEL_PADDING, labelThatFits, type Measure } from './label.ts';
import { type Row, RULER_HEIGHT } from './layout.ts';
import { paintCursor, paintIncidents, paintMeasured, paintPresent } from './paint-overlays.ts';
import type { Palette } from './palette.ts';
import { BUCKET, firstAtOrAfter, type Run, runsOf } from './runs.ts';
import { ticksOf } from './ticks.ts';
import { xOf } from './viewport.ts';

/** Level lanes show this much of the scale; below it is silence to the ear. */
const FLOOR_DBFS = -60;

export function paintTimeline(
  pen: CanvasRenderingContext2D,
  frame: TimelineFrame,
  palette: Palette,
  measure: Measure,
): void {
  pen.fillStyle = palette.background;
  pen.fillRect(0, 0, frame.width, frame.height);
  paintChosen(pen, frame, palette);
  paintRows(pen, frame, palette);
  paintGrid(pen, frame, palette, measure);
  for (const row of frame.rows) {
    if (row.id === 'levels') paintLevels(pen, frame, palette, row);
    else {
      const lane = frame.lanes.get(row.id);
      const runs = lane === undefined ? [] : runsOf(lane.segments, frame.view, frame.width, frame.now);
      for (const run of runs) paintRun(pen, run, row, frame, palette, measure);
      paintMarks(pen, frame.marks.get(row.id) ?? [], row, frame, palette);
    }
  }
  paintPresent(pen, frame, palette);
  paintIncidents(pen, frame, palette, measure);
  paintMeasured(pen, frame, palette);
  paintCursor(pen, frame, palette);
}

function paintRows(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette): void {
  for (const row of frame.rows) {
    if (row.id === frame.focusedRow) {
      pen.fillStyle = palette.accentFill;
      pen.fillRect(0, row.top, frame.width, row.height);
    }
    pen.fillStyle = palette.hairline;
    pen.fillRect(0, row.top + row.height - 0.5, frame.width, 0.5);
  }
}

/** The chosen incident's span lies under the lanes, so that their colours stay what they are. */
function paintChosen(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette): void {
  const chosen = frame.incidents.find((incident) => incident.id === frame.selected);
  if (chosen === undefined) return;
  const from = xOf(frame.view, frame.width, chosen.from);
  const to = xOf(frame.view, frame.width, chosen.to ?? frame.now);
  pen.fillStyle = palette.accentFill;
  pen.fillRect(from, RULER_HEIGHT, Math.max(1, to - from), frame.height - RULER_HEIGHT);
}

function paintGrid(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette, measure: Measure): void {
  pen.font = palette.smallFont;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  for (const tick of ticksOf(frame.view, frame.width, frame.origin)) {
    const x = Math.round(xOf(frame.view, frame.width, tick.at));
    pen.fillStyle = palette.grid;
    pen.fillRect(x, 0, 1, frame.height);
    // Half a time at the edge would be another time.
    if (x + 4 + measure(tick.label) > frame.width) continue;
    pen.fillStyle = palette.dim;
    pen.fillText(tick.label, x + 4, 9);
  }
  pen.fillStyle = palette.hairline;
  pen.fillRect(0, RULER_HEIGHT - 1, frame.width, 1);
}

function paintRun(
  pen: CanvasRenderingContext2D,
  run: Run,
  row: Row,
  frame: TimelineFrame,
  palette: Palette,
  measure: Measure,
): void {
  const inset = row.bar ? 3 : 2.5;
  const top = row.top + inset;
  const height = row.height - 2 * inset;
  const width = Math.max(1, run.x1 - run.x0);
  if (run.kind === 'many') {
    pen.fillStyle = palette.stripe;
    pen.fillRect(run.x0, top, width, height);
    if (palette.many) {
      pen.fillStyle = palette.many;
      pen.fillRect(run.x0, top, width, height);
    }
    pen.font = palette.smallFont;
    const text = labelThatFits(
      [`${run.count} states: zoom in`, `${run.count} states`, String(run.count)],
      width,
      measure,
    );
    if (text !== undefined) {
      const plate = measure(text) + 8;
      pen.fillStyle = palette.background;
      pen.fillRect(run.x0 + width / 2 - plate / 2, top + 2, plate, height - 4);
      pen.fillStyle = palette.manyText;
      pen.textAlign = 'center';
      pen.fillText(text, run.x0 + width / 2, top + height / 2 + 0.5);
      pen.textAlign = 'left';
    }
    return;
  }
  const { segment } = run;
  const paint = palette.tones[segment.tone];
  // A hair of space between neighbours, so that two segments of one tone are two.
  const drawn = width > 4 ? width - 1 : width;
  pen.fillStyle = row.bar ? paint.barFill : paint.fill;
  pen.fillRect(run.x0, top, drawn, height);
  const texture = row.bar ? paint.barPattern : paint.pattern;
  if (texture !== undefined && drawn >= BUCKET) {
    pen.fillStyle = texture;
    pen.fillRect(run.x0, top, drawn, height);
  }
  if (!row.bar && !run.fromBefore) {
    pen.fillStyle = paint.edge;
    pen.fillRect(run.x0, top, Math.min(2, drawn), height);
  }
  pen.font = row.bar ? palette.boldFont : palette.font;
  const length = formatDuration(micros((segment.to ?? frame.now) - segment.from));
  const choices = row.bar || segment.tone === 'bad' ? [`${segment.label} · ${length}`, segment.label] : [segment.label];
  const text = labelThatFits(choices, drawn, measure);
  if (text === undefined) return;
  if (texture !== undefined) {
    // Words on a pattern get a plate of the plain fill: contrast is the fill's, not the pattern's.
    pen.fillStyle = row.bar ? paint.barFill : paint.fill;
    pen.fillRect(run.x0 + LABEL_PADDING - 3, top + 1, measure(text) + 6, height - 2);
  }
  pen.fillStyle = row.bar ? paint.barText : paint.text;
  pen.fillText(text, run.x0 + LABEL_PADDING, top + height / 2 + 0.5);
}

function paintMarks(
  pen: CanvasRenderingContext2D,
  marks: readonly Mark[],
  row: Row,
  frame: TimelineFrame,
  palette: Palette,
): void {
  const perPixel = frame.view.span / frame.width;
  const end = frame.view.from + frame.view.span;
  let index = firstAtOrAfter(marks, frame.view.from);
  while (index < marks.length) {
    const mark = marks[index];
    if (mark === undefined || mark.at >= end) return;
    const x = xOf(frame.view, frame.width, mark.at);
    const paint = palette.tones[mark.tone];
    pen.fillStyle = palette.background;
    diamond(pen, x, row.top + row.height - 5, 5);
    pen.fillStyle = paint.edge;
    diamond(pen, x, row.top + row.height - 5, 3.6);
    // The next one that would not sit on this one.
    index = Math.max(index + 1, firstAtOrAfter(marks, mark.at + perPixel * 3));
  }
}

function diamond(pen: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  pen.beginPath();
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.closePath();
  pen.fill();
}

const loudness = (dbfs: number): number => Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS));

/** Microphone grows upwards from the middle, speaker downwards: they are told apart without colour. */
function paintLevels(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette, row: Row): void {
  const middle = row.top + row.height / 2;
  const reach = row.height / 2 - 2;
  const perPixel = frame.view.span / frame.width;
  // Samples come every 50 ms: narrower columns than that would show gaps that are none.
  const columnPixels = Math.max(1, Math.ceil(60_000 / perPixel));
  // Columns stand on a grid in time, not on the screen, so that panning does not make the levels shimmer.
  const columnTime = columnPixels * perPixel;
  const first = Math.floor(frame.view.from / columnTime) * columnTime;
  const last = Math.min(frame.now, frame.view.from + frame.view.span);
  const columns = Math.max(0, Math.ceil((last - first) / columnTime));
  const drawn = columnPixels > 3 ? columnPixels - 1 : columnPixels;
  for (const [name, colour, upwards] of [
    ['capture', palette.capture, true],
    ['render', palette.render, false],
  ] as const) {
    pen.fillStyle = colour;
    const end = deviceTime(first + columns * columnTime);
    frame.levels?.window(name, deviceTime(first), end, columns).forEach((level, index) => {
      if (level === undefined) return;
      const height = loudness(level.max) * reach;
      const x = xOf(frame.view, frame.width, first + index * columnTime);
      pen.fillRect(x, upwards ? middle - height : middle, drawn, height);
    });
  }
  pen.fillStyle = palette.dim;
  pen.fillRect(0, middle - 0.25, frame.width, 0.5);
}
