/**
 * How long frames take to start and stop in virtual time (the transport's own times are in iphone/transport.ts). Modelled,
 * never measured in that run: every figure made from them is F0. "M106" figures were measured on libwebrtc M106 through a
 * UDP relay on loopback; `assumed` ones were not.
 */
import { draw } from '../iphone/random.ts';
import { fromMilliseconds, type Micros } from '../time/time.ts';

export interface Timing {
  readonly leastMilliseconds: number;
  readonly mostMilliseconds: number;
  readonly source: string;
}
const row = (leastMilliseconds: number, mostMilliseconds: number, source: string): Timing => ({
  leastMilliseconds,
  mostMilliseconds,
  source,
});

export const VIRTUAL_TIMING = {
  /** The unit runs; its first buffer of microphone samples is there. */
  captureStart: row(1, 11, 'the simulated phone in real time: 2 to 10 ms after the unit runs (5 runs)'),
  captureStop: row(0, 10, 'assumed: the last frame before the stop'),
  renderStart: row(
    15,
    35,
    'the simulated phone in real time: 18 to 33 ms after the unit runs (5 runs); decoded audio with it',
  ),
  /** What the jitter buffer still holds when packets stop. */
  jitterBufferDrain: row(20, 80, 'assumed: 20 to 80 ms of audio in hand'),
  /** Until the next connectivity check of a restart that was begun while the path was dead. */
  concealedToSilence: row(80, 700, 'M106: concealment fades to exact zeros in 0.08 to 0.7 s'),
  resumeBack: row(10, 20, 'M106: audio within 20 ms both ways after a stopped process goes on'),
  farEndDelay: row(5, 20, 'the simulated phone in real time: 5 to 16 ms (4 of 5 runs)'),
  roundTrip: row(0.3, 1.2, 'loopback'),
} as const satisfies Readonly<Record<string, Timing>>;
export type TimingName = keyof typeof VIRTUAL_TIMING;

/** M106: a STUN request every 2.5 s on the selected pair. */
export const STUN_EVERY: Micros = fromMilliseconds(2500);
/** A request this old counts as unanswered, as the probe of the simulated phone has it. */
export const UNANSWERED_AFTER: Micros = fromMilliseconds(1000);
/** M106: a receiver report every 2.9 to 3.8 s. */
export const RTCP_EVERY: Micros = fromMilliseconds(3300);
/** Edges are found on 10 ms frames. */
export const EDGE_ERROR: Micros = fromMilliseconds(10);

/** Draws timings, evenly between least and most; the same seed draws the same. */
export class Chance {
  #random: number;

  constructor(random: number) {
    this.#random = random;
  }

  next(name: TimingName): Micros {
    const { leastMilliseconds, mostMilliseconds } = VIRTUAL_TIMING[name];
    const { value, next } = draw(this.#random);
    this.#random = next;
    return fromMilliseconds(leastMilliseconds + value * (mostMilliseconds - leastMilliseconds));
  }
}
