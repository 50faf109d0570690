/** AVAudioSession modes. Source: AVAudioSessionTypes.h (SDK 27) and the reference page of each mode. */
import type { CategoryName } from './categories.ts';

export interface ModeRow {
  readonly raw: string;
  /** First iOS version. */
  readonly since: string;
  /** Elsewhere the session behaves as mode `default`; documented not to be an error. `all` means every category. */
  readonly categories: readonly CategoryName[] | 'all';
  /** Options the OS adds by itself while this mode is set. */
  readonly impliedOptions: number;
  readonly source: string;
}

const HEADER = 'AVAudioSessionTypes.h SDK 27';
const row = (
  name: string,
  since: string,
  categories: readonly CategoryName[] | 'all',
  impliedOptions = 0,
  source = HEADER,
): ModeRow => ({ raw: `AVAudioSessionMode${name}`, since, categories, impliedOptions, source });

export const MODES = {
  default: row('Default', '5', 'all'),
  voiceChat: row('VoiceChat', '5', ['playAndRecord'], 0x4),
  // The reference page also allows `record`; the header does not, and the header wins.
  videoChat: row('VideoChat', '7', ['playAndRecord'], 0x4 | 0x8),
  gameChat: row('GameChat', '5', ['playAndRecord'], 0x4 | 0x8, 'Audio Session Programming Guide: routing as videoChat'),
  videoRecording: row('VideoRecording', '5', ['playAndRecord', 'record']),
  measurement: row('Measurement', '5', ['record', 'playAndRecord', 'playback']),
  moviePlayback: row('MoviePlayback', '6', ['playback']),
  spokenAudio: row('SpokenAudio', '9', 'all'),
  voicePrompt: row('VoicePrompt', '12', 'all'),
  shortFormVideo: row('ShortFormVideo', '26.0', ['playback']),
  dualRoute: row('DualRoute', '26.2', ['multiRoute']),
} as const satisfies Readonly<Record<string, ModeRow>>;
export type ModeName = keyof typeof MODES;

/** The mode whose behaviour applies: an unsupported one falls back to `default`. */
export const behavingMode = (category: CategoryName, mode: ModeName): ModeName => {
  const { categories } = MODES[mode];
  return categories === 'all' || (categories as readonly CategoryName[]).includes(category) ? mode : 'default';
};
