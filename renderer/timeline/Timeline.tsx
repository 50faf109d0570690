/** The timeline: lane names with their values at the crosshair on the left, the canvas on the right. */
import { type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import type { Incident } from '../../shared/recovery/incident.ts';
import { useObservable, usePage } from '../components/context.ts';
import { Term } from '../components/Term.tsx';
import type { BenchModel } from '../store/bench-model.ts';
import { LANE_TITLES } from '../words/lanes.ts';
import type { IncidentSpan, TimelineFrame } from './frame.ts';
import { listenForInput } from './input.ts';
import { rememberingMeasure } from './label.ts';
import { COMPACT, COMPACT_BELOW_PIXELS, ROOMY, type RowId, type RowLayout, RULER_HEIGHT } from './layout.ts';
import { paintTimeline } from './paint.ts';
import { startPainterLoop } from './painter-loop.ts';
import { type Palette, readPalette } from './palette.ts';
import { incidentAt, incidentSpans, levelWords } from './readout.ts';
import { segmentAt } from './runs.ts';
import { TimelineBar } from './TimelineBar.tsx';
import { preciseLabel } from './ticks.ts';
import { xOf } from './viewport.ts';

/** While a recording comes in: often enough to see that it does, seldom enough to leave it the time. */
const LOADING_PAINT_MILLISECONDS = 250;
/** A wide live view moves by a pixel about this often: more paintings would only cost the call its processor. */
const LIVE_PAINT_MILLISECONDS = 33;

export function Timeline() {
  const page = usePage();
  const summary = useObservable(page.timeline.summary);
  const layout = useLayout();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const gutterRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const canvas = canvasRef.current;
    const gutter = gutterRef.current;
    if (canvas === null || gutter === null) return undefined;
    return runCanvas(canvas, gutter, page, layout);
  }, [page, layout]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (page.timeline.key(event.key, event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <section className="timeline" aria-label="Timeline">
      <TimelineBar />
      {/* biome-ignore lint/a11y/useSemanticElements: a focusable drawing with keys of its own has no element */}
      <div
        className="lanes"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the timeline act here
        tabIndex={0}
        aria-label="Lanes"
        aria-roledescription="timeline"
        aria-describedby="timeline-keys"
        onKeyDown={onKeyDown}
      >
        <p id="timeline-keys" className="only-read">
          Left and right arrows move in time, up and down choose a lane, comma and full stop step through its changes,
          plus and minus zoom. The tab List of events holds the same facts as a table.
        </p>
        <div className="gutter" ref={gutterRef}>
          <div className="gutter-head" style={{ height: RULER_HEIGHT }}>
            <span className="gutter-time" data-row="time" />
          </div>
          {layout.rows.map((row) => (
            <div
              key={row.id}
              className={row.bar ? 'gutter-row bar' : 'gutter-row'}
              style={{ top: row.top, height: row.height }}
            >
              <Term name={LANE_TITLES[row.id].term} className="gutter-title">
                {LANE_TITLES[row.id].title}
              </Term>
              <span className="gutter-value" data-row={row.id} />
            </div>
          ))}
        </div>
        <div className="canvas-box" style={{ height: layout.height }}>
          <canvas ref={canvasRef} role="img" aria-label="Lanes over time" data-testid="timeline-canvas" />
        </div>
      </div>
      <p className="only-read" role="status" aria-label="Timeline summary">
        {summary}
      </p>
    </section>
  );
}

type PageParts = ReturnType<typeof usePage>;

const lowWindow = matchMedia(`(max-height: ${COMPACT_BELOW_PIXELS}px)`);
const useLayout = (): RowLayout =>
  useSyncExternalStore(
    (listener) => {
      lowWindow.addEventListener('change', listener);
      return () => lowWindow.removeEventListener('change', listener);
    },
    () => (lowWindow.matches ? COMPACT : ROOMY),
  );

function runCanvas(canvas: HTMLCanvasElement, gutter: HTMLElement, page: PageParts, layout: RowLayout): () => void {
  const pen = canvas.getContext('2d', { alpha: false });
  const box = canvas.parentElement;
  if (pen === null || box === null) return () => {};
  const { store, timeline, ui } = page;
  const values = new Map<string, HTMLElement>();
  for (const element of gutter.querySelectorAll<HTMLElement>('[data-row]')) {
    values.set(element.dataset['row'] ?? '', element);
  }
  let palette: Palette | undefined;
  let size = { width: 0, height: 0, ratio: 1 };
  let look = 0;
  let paintedRevision = -1;
  let model: BenchModel | undefined;
  let wasLoaded = true;
  let spans: { readonly of: readonly Incident[]; readonly list: readonly IncidentSpan[] } | undefined;
  let measure = rememberingMeasure((text) => pen.measureText(text).width);

  const resize = (): void => {
    const ratio = window.devicePixelRatio || 1;
    size = { width: Math.max(1, box.clientWidth), height: layout.height, ratio };
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    palette = undefined;
    look++;
  };
  const restyle = (): void => {
    palette = undefined;
    look++;
  };
  const observer = new ResizeObserver(resize);
  observer.observe(box);
  resize();
  // The theme is an attribute of the root element, or the system's own when that says so.
  const themes = new MutationObserver(restyle);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', restyle);

  const present = (): number =>
    model === undefined
      ? 0
      : store.view.get().kind === 'live'
        ? model.presentAt(performance.now() * 1000)
        : model.newest;

  /** How much time a pixel of the screen stands for. */
  const pixelMicros = (): number => timeline.view.span / (size.width * size.ratio);

  const loop = startPainterLoop({
    look: () => {
      const next = store.model();
      const view = store.view.get();
      const loaded = view.kind !== 'recording' || view.complete;
      if (next !== model || loaded !== wasLoaded) {
        // Another stream, or a recording that has come in whole: what was chosen in the old one means nothing here.
        if (next !== model) ui.incident.set(undefined);
        model = next;
        wasLoaded = loaded;
        spans = undefined;
        timeline.reset();
      }
      timeline.tick(pixelMicros());
      if (model === undefined) return `empty ${look}`;
      const edge = Math.round(xOf(timeline.view, size.width, present()) * 2);
      const shownEdge = Math.min(edge, size.width * 2 + 2);
      return `${model.revision} ${store.panelRevision.get()} ${timeline.revision} ${look} ${shownEdge} ${ui.incident.get() ?? ''}`;
    },
    pace: () => {
      if (store.loading) return LOADING_PAINT_MILLISECONDS;
      const movedByHand = timeline.revision !== paintedRevision;
      return movedByHand ? 0 : Math.min(LIVE_PAINT_MILLISECONDS, pixelMicros() / 1000);
    },
    paint: () => {
      if (palette === undefined) {
        palette = readPalette(pen);
        measure = rememberingMeasure((text) => pen.measureText(text).width);
      }
      pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      pen.textBaseline = 'middle';
      const frame = frameOf();
      paintTimeline(pen, frame, palette, measure);
      paintedRevision = timeline.revision;
      writeReadout(frame);
    },
  });

  function frameOf(): TimelineFrame {
    const incidents = model?.incidents() ?? [];
    if (spans?.of !== incidents) spans = { of: incidents, list: incidentSpans(incidents) };
    return {
      view: timeline.view,
      rows: layout.rows,
      width: size.width,
      height: size.height,
      origin: model?.origin ?? 0,
      now: present(),
      live: store.view.get().kind === 'live',
      lanes: model?.lanes() ?? new Map(),
      marks: model?.marks() ?? new Map(),
      levels: model?.levels,
      incidents: spans?.list ?? [],
      selected: ui.incident.get(),
      cursor: timeline.cursor,
      measured: timeline.measured,
      focusedRow: timeline.focusedRow,
    };
  }

  /** Values of all lanes at the crosshair, or at the present when there is none. Text nodes only: no React per frame. */
  function writeReadout(frame: TimelineFrame): void {
    const atCursor = frame.cursor !== undefined && frame.cursor <= frame.now;
    const time = atCursor ? (frame.cursor ?? frame.now) : Math.min(frame.now, frame.view.from + frame.view.span);
    gutter.classList.toggle('at-cursor', atCursor);
    write('time', model === undefined ? '' : preciseLabel(time - frame.origin));
    for (const row of layout.rows) write(row.id, valueAt(row.id, time, frame));
  }
  function valueAt(row: RowId, time: number, frame: TimelineFrame): string {
    if (row === 'levels') return levelWords(frame.levels, time);
    return segmentAt(frame.lanes.get(row)?.segments ?? [], time, frame.now)?.label ?? '–';
  }
  function write(row: string, text: string): void {
    const element = values.get(row);
    if (element === undefined || element.textContent === text) return;
    element.textContent = text;
    element.title = text;
  }

  const stopInput = listenForInput(canvas, {
    controller: timeline,
    onPick: (time) => {
      const picked = incidentAt(spans?.list ?? [], time, present());
      ui.incident.set(picked?.id);
      if (picked !== undefined) ui.tab.set('incidents');
    },
  });
  return () => {
    stopInput();
    loop.stop();
    observer.disconnect();
    themes.disconnect();
    for (const query of queries) query.removeEventListener('change', restyle);
  };
}
