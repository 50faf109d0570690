/** A small mark of a tone: shape as well as colour, so that it is read without colour. */
import type { Tone } from '../../shared/timeline/view.ts';

const SHAPES: Readonly<Record<Tone, { readonly path: string; readonly word: string }>> = {
  good: { path: 'M5 1.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z', word: 'good' },
  busy: { path: 'M5 1.5a3.5 3.5 0 0 1 0 7z', word: 'busy' },
  warning: { path: 'M5 1.2l4 7.3H1z', word: 'warning' },
  bad: {
    path: 'M1.8 3.2L3.2 1.8 5 3.6l1.8-1.8 1.4 1.4L6.4 5l1.8 1.8-1.4 1.4L5 6.4 3.2 8.2 1.8 6.8 3.6 5z',
    word: 'bad',
  },
  neutral: { path: 'M2 4.2h6v1.6H2z', word: 'neutral' },
  unknown: {
    path: 'M5 1.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zm0 1.3a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z',
    word: 'unknown',
  },
};

export function ToneMark({ tone }: { readonly tone: Tone }) {
  return (
    <svg
      className={`mark tone-${tone}`}
      viewBox="0 0 10 10"
      width="10"
      height="10"
      role="img"
      aria-label={SHAPES[tone].word}
    >
      <path d={SHAPES[tone].path} />
    </svg>
  );
}
