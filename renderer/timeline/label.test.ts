import { describe, expect, it } from 'vitest';
import { labelThatFits, rememberingMeasure } from './label.ts';

/** Ten pixels a letter; labels keep seven pixels on both sides. */
const measure = (text: string): number => text.length * 10;

describe('labels in segments', () => {
  it('says as much as fits, the fullest first', () => {
    expect(labelThatFits(['Active · 3 s', 'Active'], 200, measure)).toBe('Active · 3 s');
    expect(labelThatFits(['Active · 3 s', 'Active'], 80, measure)).toBe('Active');
  });
  it('crops with an ellipsis that fits, and says nothing rather than two letters', () => {
    const cropped = labelThatFits(['Interrupted'], 100, measure);
    expect(cropped).toBe('Interru…');
    expect(measure(cropped ?? '')).toBeLessThanOrEqual(86);
    expect(labelThatFits(['Interrupted'], 40, measure)).toBeUndefined();
    expect(labelThatFits(['x'], 4, measure)).toBeUndefined();
  });
  it('asks for the width of a text once, and forgets before it grows without bound', () => {
    let asked = 0;
    const remembering = rememberingMeasure((text) => {
      asked++;
      return text.length;
    }, 2);
    for (const text of ['a', 'a', 'b', 'b', 'c', 'a']) remembering(text);
    expect(asked).toBe(4);
  });
});
