/**
 * How long libwebrtc and the network take in virtual time. Modelled, never measured in that run: every figure made from
 * them is F0. "M106" figures were measured on libwebrtc M106 through a UDP relay on loopback; `assumed` ones were not.
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
  connect: row(60, 66, 'M106: connected 60 to 66 ms after signalling'),
  firstAudio: row(20, 33, 'M106: first audio 20 to 33 ms after connected'),
  /** The unit runs; its first buffer of microphone samples is there. */
  captureStart: row(10, 30, 'assumed: one 20 ms I/O buffer, cut into 10 ms frames'),
  captureStop: row(0, 10, 'assumed: the last frame before the stop'),
  renderStart: row(5, 20, 'assumed: the first pull of a 20 ms I/O buffer'),
  /** Packets kept arriving while playout stood still. */
  playoutBack: row(40, 300, 'M106: audio within 300 ms of playout starting again; least assumed'),
  /** What the jitter buffer still holds when packets stop. */
  jitterBufferDrain: row(20, 80, 'assumed: 20 to 80 ms of audio in hand'),
  pathBack: row(25, 36, 'M106: audio back 25 to 36 ms after a short hole'),
  pathBackDisconnected: row(45, 63, 'M106: connected and audio back 54 ms after an 8 s hole; spread assumed'),
  disconnectedAfter: row(5280, 7500, 'M106: disconnected 5.3 to 7.5 s into a hole'),
  failedAfter: row(9990, 10_010, 'M106: failed 10.0 s after disconnected'),
  restartAnswered: row(8, 12, 'M106: an ICE restart is negotiated in 8 to 12 ms'),
  restartConnected: row(120, 145, 'M106: connected 120 to 145 ms after an ICE restart on a living path'),
  restartAudio: row(28, 56, 'M106: audio 28 to 56 ms after connected'),
  /** Until the next connectivity check of a restart that was begun while the path was dead. */
  restartCheck: row(0, 480, 'assumed: checks on a pair that is not writable go out at least every 480 ms'),
  restartFailsAfter: row(14_000, 16_000, 'assumed: a restart that gets no answer fails like a call that gets none'),
  rebindUplink: row(1700, 2100, 'M106: the far end hears again 1.9 s after a rebinding; spread assumed'),
  rebindDownlink: row(2400, 3000, 'M106: the phone hears again 2.7 s after a rebinding; spread assumed'),
  resumeBack: row(10, 20, 'M106: audio within 20 ms both ways after a stopped process goes on'),
  farEndDelay: row(20, 40, 'assumed: one packet and the far jitter buffer'),
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
