/** Which words fit into a segment. Pure: `measure` says how wide a text is. */

export type Measure = (text: string) => number;

/** Space left and right of a label. */
export const LABEL_PADDING = 7;
/** A cropped word shorter than this says nothing. */
const LEAST_LETTERS = 3;

/** The fullest of `choices` (best first) that fits; else the last one cropped; undefined when not even that. */
export function labelThatFits(choices: readonly string[], width: number, measure: Measure): string | undefined {
  const room = width - 2 * LABEL_PADDING;
  if (room <= 0) return undefined;
  for (const choice of choices) if (measure(choice) <= room) return choice;
  const last = choices.at(-1) ?? '';
  // Proportional guess first, then correct downwards: two or three measurements, whatever the length.
  let letters = Math.min(last.length - 1, Math.floor((room / Math.max(1, measure(last))) * last.length));
  while (letters >= LEAST_LETTERS) {
    const cropped = `${last.slice(0, letters).trimEnd()}…`;
    if (measure(cropped) <= room) return cropped;
    letters--;
  }
  return undefined;
}

/** A measure that asks the canvas once a text. Bounded, because labels carry changing durations. */
export function rememberingMeasure(measure: Measure, most = 2000): Measure {
  const known = new Map<string, number>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const width = measure(text);
    known.set(text, width);
    return width;
  };
}
