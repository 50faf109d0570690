/**
 * A small seeded generator (mulberry32, public domain). Its whole state is one unsigned 32-bit number that lives in
 * `IphoneState`, so equal seeds give equal bytes.
 */
export interface Draw {
  /** In [0, 1). */
  readonly value: number;
  readonly next: number;
}

export const seedToRandom = (seed: number): number => (Math.imul(seed | 0, 0x9e3779b1) ^ 0x85ebca6b) >>> 0;

export const draw = (random: number): Draw => {
  const next = (random + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return { value: ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, next };
};
