/** The field's names as people say them: `AVAudioSessionCategoryPlayAndRecord` is `Play and record`. */
import type { Route } from '../wire/values.ts';

/** `VoiceChat` -> `Voice chat`; letters that belong together (USB, HFP) stay together. */
function spaced(camel: string): string {
  const words = camel
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  return words
    .map((word, index) =>
      index === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : /^[A-Z]{2,}/.test(word) ? word : word.toLowerCase(),
    )
    .join(' ');
}

export const categoryInWords = (category: string): string => spaced(category.replace(/^AVAudioSessionCategory/, ''));
export const modeInWords = (mode: string): string => spaced(mode.replace(/^AVAudioSessionMode/, ''));

const OPTION_WORDS: Readonly<Record<string, string>> = {
  mixWithOthers: 'mixes with others',
  duckOthers: 'ducks others',
  allowBluetooth: 'Bluetooth HFP',
  allowBluetoothHFP: 'Bluetooth HFP',
  defaultToSpeaker: 'speaker by default',
  interruptSpokenAudioAndMixWithOthers: 'interrupts spoken audio',
  allowBluetoothA2DP: 'Bluetooth A2DP',
  allowAirPlay: 'AirPlay',
  overrideMutedMicrophoneInterruption: 'stays when the microphone is muted',
  farFieldInput: 'far-field input',
  bluetoothHighQualityRecording: 'Bluetooth high quality recording',
};
/** Raw value of AVAudioSession.CategoryOptions by name (AVAudioSessionTypes.h SDK 27), for snapshots that send only the number. */
const OPTION_BITS: readonly (readonly [number, string])[] = [
  [0x1, 'mixWithOthers'],
  [0x2, 'duckOthers'],
  [0x4, 'allowBluetoothHFP'],
  [0x8, 'defaultToSpeaker'],
  [0x10, 'interruptSpokenAudioAndMixWithOthers'],
  [0x20, 'allowBluetoothA2DP'],
  [0x40, 'allowAirPlay'],
  [0x80, 'overrideMutedMicrophoneInterruption'],
  [1 << 18, 'farFieldInput'],
  [1 << 19, 'bluetoothHighQualityRecording'],
];
export function optionsInWords(options: number, names: readonly string[]): string {
  const known = names.length > 0 ? names : OPTION_BITS.filter(([bit]) => (options & bit) !== 0).map(([, name]) => name);
  if (known.length > 0) return known.map((name) => OPTION_WORDS[name] ?? name).join(', ');
  return options === 0 ? 'none' : `0x${options.toString(16)}`;
}

const portNames = (ports: Route['inputs']): string => ports.map((port) => port.name || port.type).join(' + ');
export function routeInWords(route: Route): string {
  const from = portNames(route.inputs) || 'no input';
  const to = portNames(route.outputs) || 'no output';
  return `${from} → ${to}`;
}

/** `oldDeviceUnavailable` -> `old device unavailable`. */
export const lowerWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** An OS error as engineers search for it: `!pri (insufficientPriority)`. */
export function errorInWords(error: {
  readonly code: number;
  readonly fourCC?: string | undefined;
  readonly name?: string | undefined;
}): string {
  const short = error.fourCC !== undefined && error.fourCC !== '' ? `'${error.fourCC}'` : String(error.code);
  return error.name === undefined ? short : `${short} ${error.name}`;
}
