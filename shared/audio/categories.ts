/**
 * AVAudioSession categories. Source: AVAudioSessionTypes.h (SDK 27) and the Audio Session Programming Guide, tables B-1
 * and B-2. Raw strings equal the Objective-C constant names.
 */
export interface CategoryRow {
  readonly raw: string;
  readonly input: boolean;
  readonly output: boolean;
  /** Does it stop other apps' non-mixable audio when no mixing option is set? */
  readonly interruptsOthers: boolean;
  /** Options an app may ask for; anything else is refused with badParam (-50). */
  readonly allowedOptions: number;
  readonly source: string;
}

const GUIDE = 'Audio Session Programming Guide table B-1; AVAudioSessionTypes.h SDK 27';
const row = (
  name: string,
  input: boolean,
  output: boolean,
  interruptsOthers: boolean,
  allowedOptions: number,
): CategoryRow => ({
  raw: `AVAudioSessionCategory${name}`,
  input,
  output,
  interruptsOthers,
  allowedOptions,
  source: GUIDE,
});

export const CATEGORIES = {
  // Mixing is always on and cannot be changed; ducking may be asked for.
  ambient: row('Ambient', false, true, false, 0x1 | 0x2),
  // What a process starts with.
  soloAmbient: row('SoloAmbient', false, true, true, 0),
  // A2DP and AirPlay are implied for output-only categories; asking for them is refused on iOS 26 (field-bugs B74).
  playback: row('Playback', false, true, true, 0x1 | 0x2 | 0x10),
  record: row('Record', true, false, true, 0x4 | 0x80 | (1 << 18)),
  playAndRecord: row(
    'PlayAndRecord',
    true,
    true,
    true,
    0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80 | (1 << 18) | (1 << 19),
  ),
  multiRoute: row('MultiRoute', true, true, true, 0x1 | 0x2 | 0x4 | 0x10 | 0x80 | (1 << 18)),
} as const satisfies Readonly<Record<string, CategoryRow>>;
export type CategoryName = keyof typeof CATEGORIES;
