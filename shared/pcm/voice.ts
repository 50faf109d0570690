/**
 * Test voices, deterministic by seed, cheap enough to run 100 times a second beside a call.
 *
 *   speech  syllables of a pitched voice with three moving formants, grouped into phrases with pauses between them
 *   sweep   one tone whose frequency rises linearly from 500 to 2500 Hz in 1.0 s and wraps, phase-continuous, -12 dBFS peak:
 *           it never pauses, and a frequency that stands still or repeats betrays concealment without any help of ours
 */
import { amplitudeOf, FRAME_SAMPLES, FULL_SCALE, SAMPLE_RATE_HZ } from './frame.ts';

export const VOICE_KINDS = ['speech', 'sweep'] as const;
export type VoiceKind = (typeof VOICE_KINDS)[number];

export interface Voice {
  /** The next 10 ms: 480 samples, a fresh array each time (libwebrtc reads it later, on its own thread). */
  next(): Int16Array;
}

export const SWEEP_LOW_HZ = 500;
export const SWEEP_HIGH_HZ = 2500;
export const SWEEP_SECONDS = 1;
export const SWEEP_DBFS = -12;

export const createVoice = (kind: VoiceKind, seed = 1): Voice =>
  kind === 'sweep' ? createSweep() : createSpeech(seed);

function createSweep(): Voice {
  const amplitude = amplitudeOf(SWEEP_DBFS) * (FULL_SCALE - 1);
  const period = SWEEP_SECONDS * SAMPLE_RATE_HZ;
  let position = 0;
  let phase = 0;
  return {
    next() {
      const frame = new Int16Array(FRAME_SAMPLES);
      for (let index = 0; index < FRAME_SAMPLES; index += 1) {
        frame[index] = Math.round(amplitude * Math.sin(phase));
        const hertz = SWEEP_LOW_HZ + ((SWEEP_HIGH_HZ - SWEEP_LOW_HZ) * position) / period;
        phase = (phase + (2 * Math.PI * hertz) / SAMPLE_RATE_HZ) % (2 * Math.PI);
        position = (position + 1) % period;
      }
      return frame;
    },
  };
}

/** Formant centres in Hz of five vowels (rounded from Peterson and Barney 1952, male means). */
const VOWELS: readonly (readonly [number, number, number])[] = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
];
const FORMANT_GAINS = [1, 0.5, 0.25] as const;
/** Room noise under the voice, so that a pause is quiet but never exact zeros: zeros are evidence of a gate. */
const NOISE_AMPLITUDE = 12;
const SPEECH_PEAK = amplitudeOf(-9) * FULL_SCALE;
const TABLE_SIZE = 4096;
const SINE = Float64Array.from({ length: TABLE_SIZE }, (_, index) => Math.sin((2 * Math.PI * index) / TABLE_SIZE));
const sine = (turns: number): number => SINE[(turns * TABLE_SIZE) & (TABLE_SIZE - 1)] as number;

/** xorshift32: 0 <= x < 1, never stuck at zero. */
export function createRandom(seed: number): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x6a09e667) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

interface Syllable {
  readonly samples: number;
  readonly gapSamples: number;
  readonly loudness: number;
  readonly pitchHz: number;
  readonly glide: number;
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
}

function createSpeech(seed: number): Voice {
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const vowel = () => VOWELS[Math.floor(random() * VOWELS.length)] ?? [500, 1500, 2500];
  const basePitch = between(95, 190);
  let leftInPhrase = 0;
  const nextSyllable = (): Syllable => {
    if (leftInPhrase === 0) leftInPhrase = 4 + Math.floor(random() * 8);
    leftInPhrase -= 1;
    return {
      samples: Math.round(between(0.11, 0.24) * SAMPLE_RATE_HZ),
      gapSamples: Math.round((leftInPhrase === 0 ? between(0.35, 0.9) : between(0.01, 0.06)) * SAMPLE_RATE_HZ),
      loudness: between(0.55, 1),
      pitchHz: basePitch * between(0.85, 1.2),
      glide: between(-0.15, 0.1),
      from: vowel(),
      to: vowel(),
    };
  };

  let syllable = nextSyllable();
  let position = 0;
  // Turns of the glottal pulse and of each formant: a formant restarts with every pulse and decays, as a vocal tract rings.
  let pulse = 0;
  let sincePulse = 0;
  return {
    next() {
      const frame = new Int16Array(FRAME_SAMPLES);
      for (let index = 0; index < FRAME_SAMPLES; index += 1) {
        let value = (random() - 0.5) * 2 * NOISE_AMPLITUDE;
        if (position < syllable.samples) {
          const progress = position / syllable.samples;
          const seconds = sincePulse / SAMPLE_RATE_HZ;
          const decay = 1 / (1 + seconds * 260);
          let ring = 0;
          for (let formant = 0; formant < 3; formant += 1) {
            const start = syllable.from[formant] as number;
            const hertz = start + ((syllable.to[formant] as number) - start) * progress;
            ring += (FORMANT_GAINS[formant] as number) * sine(hertz * seconds);
          }
          const envelope = Math.min(1, 8 * progress, 5 * (1 - progress));
          value += (SPEECH_PEAK / 1.75) * syllable.loudness * envelope * decay * decay * ring;
          pulse += (syllable.pitchHz * (1 + syllable.glide * progress)) / SAMPLE_RATE_HZ;
          sincePulse += 1;
          if (pulse >= 1) {
            pulse -= 1;
            sincePulse = 0;
          }
        }
        frame[index] = Math.round(value);
        position += 1;
        if (position >= syllable.samples + syllable.gapSamples) {
          syllable = nextSyllable();
          position = 0;
          sincePulse = 0;
        }
      }
      return frame;
    },
  };
}
