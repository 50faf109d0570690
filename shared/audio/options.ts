/** AVAudioSession category options: raw values, what they bring along, and which combinations the OS refuses. */
import { CATEGORIES, type CategoryName } from './categories.ts';
import { behavingMode, MODES, type ModeName } from './modes.ts';

export interface OptionRow {
  readonly raw: number;
  readonly since: string;
  /** Bits that are set along with it (itself included). */
  readonly implies: number;
  readonly source: string;
}

const HEADER = 'AVAudioSessionTypes.h SDK 27';
const row = (raw: number, since: string, implies = raw): OptionRow => ({ raw, since, implies, source: HEADER });

export const OPTIONS = {
  mixWithOthers: row(0x1, '6'),
  duckOthers: row(0x2, '6', 0x2 | 0x1),
  // Called allowBluetooth before the Xcode 26 SDK; the value is the same.
  allowBluetoothHFP: row(0x4, '6'),
  defaultToSpeaker: row(0x8, '6'),
  interruptSpokenAudioAndMixWithOthers: row(0x11, '9'),
  allowBluetoothA2DP: row(0x20, '10'),
  allowAirPlay: row(0x40, '10'),
  overrideMutedMicrophoneInterruption: row(0x80, '14.5'),
  farFieldInput: row(1 << 18, '26.2'),
  bluetoothHighQualityRecording: row(1 << 19, '26.0'),
} as const satisfies Readonly<Record<string, OptionRow>>;
export type OptionName = keyof typeof OPTIONS;

const ROWS = Object.entries(OPTIONS) as readonly (readonly [OptionName, OptionRow])[];
const KNOWN_BITS = ROWS.reduce((bits, [, option]) => bits | option.raw, 0);

/** Names of the options whose every bit is set. */
export const optionNames = (options: number): OptionName[] =>
  ROWS.filter(([, option]) => (options & option.raw) === option.raw).map(([name]) => name);

/** What the session reads back: what was asked for, what those options imply, and what the mode adds. */
export const effectiveOptions = (category: CategoryName, mode: ModeName, requested: number): number => {
  let bits = requested | MODES[behavingMode(category, mode)].impliedOptions;
  if (bits & 0x2 || bits & 0x10) bits |= 0x1;
  if (category === 'ambient') bits |= 0x1;
  return bits;
};

/**
 * Does the OS accept this combination? Refusals are NSOSStatusErrorDomain -50 and leave the session unchanged.
 * Source: AVAudioSessionTypes.h SDK 27 (which option goes with which category); -50 from field reports (B73).
 */
export const optionsAllowed = (category: CategoryName, mode: ModeName, requested: number): boolean => {
  if (requested & ~KNOWN_BITS) return false;
  // The spoken-audio option is 0x11: its mix bit belongs to it and is judged with it.
  if (requested & ~CATEGORIES[category].allowedOptions) return false;
  if (requested & (1 << 19) && behavingMode(category, mode) !== 'default') return false;
  if (requested & (1 << 18) && !(effectiveOptions(category, mode, requested) & 0x4)) return false;
  return true;
};

/** May others go on playing while this session is active? */
export const isMixable = (category: CategoryName, mode: ModeName, requested: number): boolean =>
  (effectiveOptions(category, mode, requested) & 0x1) !== 0;
