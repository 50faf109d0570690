/** The ports this phone can route to. Channel counts are those of a voice call. */
import { PORTS, type PortName } from '../audio/ports.ts';
import type { Port, Route } from '../wire/values.ts';

const port = (name: PortName, shown: string): Port => ({ type: PORTS[name].raw, name: shown, channels: 1 });

export const MICROPHONE = port('builtInMic', 'iPhone Microphone');
export const RECEIVER = port('builtInReceiver', 'Receiver');
export const SPEAKER = port('builtInSpeaker', 'Speaker');
export const HEADSET_MICROPHONE = port('headsetMic', 'Headset Microphone');
export const HEADPHONES = port('headphones', 'Headphones');
// The uid suffix is what devices show for HFP; the rest is a made-up, already hashed address.
export const AIRPODS: Port = { ...port('bluetoothHFP', 'AirPods'), uid: 'simulated-tsco' };
export const AIRPODS_A2DP: Port = { ...port('bluetoothA2DP', 'AirPods'), uid: 'simulated-tacl' };

/** The route of a process that has just started (soloAmbient). */
export const BUILT_IN_SPEAKER_ONLY: Route = { inputs: [], outputs: [SPEAKER] };
export const NO_ROUTE: Route = { inputs: [], outputs: [] };
