/** "Did you mean": the known word with the fewest edits, when it is near enough to be a slip. */

function edits(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** Words longer than this are not typed by hand: comparing them would only cost time. */
const MAX_WORD = 60;

export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > MAX_WORD) return undefined;
  const lower = word.toLowerCase();
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const inside = lower.length >= 3 && (other.includes(lower) || lower.includes(other));
    const distance = inside ? 1 : edits(lower, other);
    const near = distance <= Math.max(2, Math.floor(other.length / 3)) && distance < other.length;
    if (near && (best === undefined || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}

/** `"siri-shrot" is not known; did you mean siri-short? Known: a, b, c` */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return `${what} ${JSON.stringify(word.slice(0, 80))} is not known${guess === undefined ? '.' : `; did you mean ${guess}?`} Allowed: ${known.join(', ')}`;
}
