/** What lies over the lanes: the present, incidents on the ruler, a measured range, the crosshair. */
import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import type { IncidentSpan, TimelineFrame } from './frame.ts';
import { labelThatFits, type Measure } from './label.ts';
import { RULER_HEIGHT } from './layout.ts';
import type { Palette } from './palette.ts';
import { BUCKET } from './runs.ts';
import { preciseLabel } from './ticks.ts';
import { xOf } from './viewport.ts';

const INCIDENT_TOP = 19;
const INCIDENT_HEIGHT = 13;

export function paintPresent(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette): void {
  const start = Math.min(frame.width, xOf(frame.view, frame.width, frame.origin));
  if (start > 0) {
    pen.fillStyle = palette.stripe;
    pen.fillRect(0, RULER_HEIGHT, start, frame.height - RULER_HEIGHT);
  }
  const x = xOf(frame.view, frame.width, frame.now);
  if (x >= frame.width) return;
  // What has not happened yet is not background: it is shaded, so that "no data" is never taken for "nothing wrong".
  pen.fillStyle = palette.stripe;
  pen.fillRect(Math.max(0, x), RULER_HEIGHT, frame.width - Math.max(0, x), frame.height - RULER_HEIGHT);
  if (x < 0) return;
  pen.fillStyle = frame.live ? palette.tones.bad.edge : palette.dim;
  pen.fillRect(x, RULER_HEIGHT - 6, 1.5, frame.height);
}

/** Incidents are in order of their beginning and rarely overlap: some before the first that begins in sight may reach in. */
const OVERLAPPING = 16;
function firstInSight(incidents: readonly IncidentSpan[], from: number): number {
  let low = 0;
  let high = incidents.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((incidents[middle]?.from ?? 0) >= from) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low - OVERLAPPING);
}

export function paintIncidents(
  pen: CanvasRenderingContext2D,
  frame: TimelineFrame,
  palette: Palette,
  measure: Measure,
): void {
  pen.font = palette.smallFont;
  let filledTo = Number.NEGATIVE_INFINITY;
  for (const incident of frame.incidents.slice(firstInSight(frame.incidents, frame.view.from))) {
    const from = xOf(frame.view, frame.width, incident.from);
    const to = xOf(frame.view, frame.width, incident.to ?? frame.now);
    if (from > frame.width) break;
    if (to < 0) continue;
    const chosen = incident.id === frame.selected;
    if (chosen) {
      pen.fillStyle = palette.accent;
      pen.fillRect(from, RULER_HEIGHT, 1, frame.height - RULER_HEIGHT);
      pen.fillRect(to, RULER_HEIGHT, 1, frame.height - RULER_HEIGHT);
    }
    // Hundreds of repetitions share pixels: each pixel is painted once.
    if (to < filledTo && !chosen) continue;
    filledTo = Math.max(filledTo, to, from + BUCKET);
    const left = Math.max(0, from);
    const width = Math.max(BUCKET, Math.min(frame.width, to) - left - 1);
    pen.fillStyle = chosen ? palette.accent : palette.tones.neutral.edge;
    pen.fillRect(left, INCIDENT_TOP, width, INCIDENT_HEIGHT);
    const text = labelThatFits([incident.label, incident.label.split(' ')[0] ?? ''], width + 6, measure);
    if (text === undefined) continue;
    pen.fillStyle = palette.background;
    pen.fillText(text, left + 5, INCIDENT_TOP + INCIDENT_HEIGHT / 2 + 0.5);
  }
}

export function paintMeasured(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette): void {
  if (frame.measured === undefined) return;
  const from = xOf(frame.view, frame.width, frame.measured.from);
  const to = xOf(frame.view, frame.width, frame.measured.to);
  pen.fillStyle = palette.accentFill;
  pen.fillRect(from, 0, to - from, frame.height);
  pen.fillStyle = palette.accent;
  pen.fillRect(from, 0, 1, frame.height);
  pen.fillRect(to, 0, 1, frame.height);
  plate(pen, formatDuration(micros(frame.measured.to - frame.measured.from)), (from + to) / 2, frame, palette, 9);
}

export function paintCursor(pen: CanvasRenderingContext2D, frame: TimelineFrame, palette: Palette): void {
  if (frame.cursor === undefined) return;
  const x = xOf(frame.view, frame.width, frame.cursor);
  if (x < 0 || x > frame.width) return;
  pen.fillStyle = palette.text;
  pen.fillRect(Math.round(x), 0, 1, frame.height);
  plate(pen, preciseLabel(frame.cursor - frame.origin), x, frame, palette, 9);
}

function plate(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  frame: TimelineFrame,
  palette: Palette,
  y: number,
): void {
  pen.font = palette.smallFont;
  const width = pen.measureText(text).width + 12;
  const left = Math.min(frame.width - width, Math.max(0, x - width / 2));
  pen.fillStyle = palette.accent;
  pen.fillRect(left, y - 8, width, 16);
  pen.fillStyle = palette.background;
  pen.fillText(text, left + 6, y + 0.5);
}
