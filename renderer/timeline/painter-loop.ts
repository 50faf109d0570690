/**
 * One requestAnimationFrame loop. Paints only when data, view, size or theme changed; stands still while the page is
 * hidden, because nobody can see it and a debugger must not cost the call its processor.
 */
export interface LoopWork {
  /** Brings things up to date and returns what the picture depends on; undefined: nothing to show. */
  readonly look: () => string | undefined;
  readonly paint: () => void;
  /** Milliseconds between two paintings at least; 0: every frame. */
  readonly pace: () => number;
}

export function startPainterLoop(work: LoopWork): { readonly repaint: () => void; readonly stop: () => void } {
  let request: number | undefined;
  let painted: string | undefined;
  let paintedAt = Number.NEGATIVE_INFINITY;
  const frame = (now: number): void => {
    request = requestAnimationFrame(frame);
    if (now - paintedAt < work.pace()) return;
    const wanted = work.look();
    if (wanted === undefined || wanted === painted) return;
    painted = wanted;
    paintedAt = now;
    work.paint();
  };
  const onVisibility = (): void => {
    if (document.hidden) {
      if (request !== undefined) cancelAnimationFrame(request);
      request = undefined;
    } else if (request === undefined) {
      request = requestAnimationFrame(frame);
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return {
    repaint: () => {
      painted = undefined;
    },
    stop: () => {
      document.removeEventListener('visibilitychange', onVisibility);
      if (request !== undefined) cancelAnimationFrame(request);
    },
  };
}
