/** AVAudioSession port types as raw strings. Source: AVAudioSessionTypes.h SDK 27; raw values from public tables. */
export interface PortRow {
  readonly raw: string;
  readonly input: boolean;
  readonly output: boolean;
  readonly since: string;
  /** Absent when three independent public tables agree. */
  readonly doubt?: string;
}
const row = (raw: string, input: boolean, output: boolean, since = '6'): PortRow => ({ raw, input, output, since });
const doubtful = (raw: string, other: string, since: string): PortRow => ({
  ...row(raw, false, true, since),
  doubt: `public tables disagree: also ${other}`,
});

export const PORTS = {
  continuityMicrophone: row('ContinuityMicrophone', true, false, '17'),
  lineIn: row('LineIn', true, false),
  builtInMic: row('MicrophoneBuiltIn', true, false),
  headsetMic: row('MicrophoneWired', true, false),
  lineOut: row('LineOut', false, true),
  headphones: row('Headphones', false, true),
  bluetoothA2DP: row('BluetoothA2DPOutput', false, true),
  builtInReceiver: row('Receiver', false, true),
  builtInSpeaker: row('Speaker', false, true),
  hdmi: doubtful('HDMIOutput', 'HDMI', '6'),
  airPlay: row('AirPlay', false, true),
  bluetoothLE: doubtful('BluetoothLE', 'BluetoothLEOutput', '7'),
  bluetoothHFP: row('BluetoothHFP', true, true),
  usbAudio: row('USBAudio', true, true),
  carAudio: row('CarAudio', true, true, '7'),
  mediaDeviceExtension: row('MediaDeviceExtension', true, true, '27'),
} as const satisfies Readonly<Record<string, PortRow>>;
export type PortName = keyof typeof PORTS;
