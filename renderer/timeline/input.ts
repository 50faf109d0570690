/** Pointer, wheel and trackpad on the timeline's canvas, turned into the controller's moves. */
import type { TimelineController } from './controller.ts';
import { RULER_HEIGHT } from './layout.ts';
import { type TimeRange, timeAt } from './viewport.ts';

/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4;
/** Inertia of a trackpad goes on after the fingers left: what a gesture began as, it stays for this long. */
const GESTURE_QUIET_MILLISECONDS = 120;
/** Pinching sends small deltas, wheels large ones; both should zoom about as fast as the hand moves. */
const PINCH_RATE = 0.01;
const WHEEL_RATE = 0.002;

export interface PointerTargets {
  readonly controller: TimelineController;
  /** A click at this time; `y` in pixels from the top of the canvas. */
  readonly onPick: (time: number, y: number) => void;
}

/** Listens until the returned function is called. */
export function listenForInput(canvas: HTMLCanvasElement, targets: PointerTargets): () => void {
  const { controller, onPick } = targets;
  const pointers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number; moved: boolean; measuring: boolean; time: number } | undefined;
  let gesture: { kind: 'pan' | 'zoom'; at: number } | undefined;
  const abort = new AbortController();
  const listen = <K extends keyof HTMLElementEventMap>(
    name: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ): void => canvas.addEventListener(name, listener, { signal: abort.signal, passive });
  const timeUnder = (x: number): number => timeAt(controller.view, canvas.clientWidth, x);
  const perPixel = (): number => controller.view.span / Math.max(1, canvas.clientWidth);

  listen('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    const time = timeUnder(event.offsetX);
    pressed = { x: event.offsetX, y: event.offsetY, moved: false, measuring: event.shiftKey, time };
    if (event.shiftKey) controller.setMeasured(undefined);
  });
  listen('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined || pressed === undefined) {
      controller.setCursor(timeUnder(event.offsetX));
      return;
    }
    if (pointers.size === 2) {
      pinch(event, before);
      return;
    }
    const far = Math.abs(event.offsetX - pressed.x) >= CLICK_PIXELS;
    if (far && !pressed.moved) pressed.moved = true;
    if (pressed.measuring) controller.setMeasured(ordered(pressed.time, timeUnder(event.offsetX)));
    else if (pressed.moved) controller.pan((before.x - event.offsetX) * perPixel());
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    controller.setCursor(timeUnder(event.offsetX));
    canvas.classList.toggle('dragging', pressed.moved && !pressed.measuring);
  });
  const lift = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    canvas.classList.remove('dragging');
    if (pressed && !pressed.moved && event.type === 'pointerup') {
      if (!pressed.measuring) controller.setMeasured(undefined);
      onPick(pressed.time, pressed.y);
    }
    if (pointers.size === 0) pressed = undefined;
  };
  listen('pointerup', lift);
  listen('pointercancel', lift);
  listen('pointerleave', () => {
    if (pointers.size === 0) controller.setCursor(undefined);
  });
  listen('dblclick', (event) => {
    if (event.offsetY >= RULER_HEIGHT) controller.zoom(0.5, timeUnder(event.offsetX));
  });
  listen(
    'wheel',
    (event) => {
      const now = event.timeStamp;
      const continued =
        gesture !== undefined && now - gesture.at < GESTURE_QUIET_MILLISECONDS ? gesture.kind : undefined;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      const wantsZoom = event.ctrlKey || event.metaKey;
      // A plain vertical wheel belongs to the scroll area around the lanes.
      if (!wantsZoom && !sideways && continued === undefined) return;
      const kind = continued ?? (wantsZoom ? 'zoom' : 'pan');
      gesture = { kind, at: now };
      event.preventDefault();
      if (kind === 'zoom') {
        const rate = Math.abs(event.deltaY) < 50 ? PINCH_RATE : WHEEL_RATE;
        controller.zoom(Math.exp(event.deltaY * rate), timeUnder(event.offsetX));
      } else {
        controller.pan((sideways && event.deltaX === 0 ? event.deltaY : event.deltaX) * perPixel());
      }
    },
    false,
  );

  function pinch(event: PointerEvent, before: { x: number; y: number }): void {
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return;
    const was = Math.max(10, Math.abs(before.x - other.x));
    const is = Math.max(10, Math.abs(event.offsetX - other.x));
    controller.zoom(was / is, timeUnder((event.offsetX + other.x) / 2));
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  }

  return () => abort.abort();
}

const ordered = (one: number, other: number): TimeRange => ({ from: Math.min(one, other), to: Math.max(one, other) });
