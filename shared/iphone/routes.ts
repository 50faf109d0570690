/** Which route the OS takes. Rules for playAndRecord: iOS audio facts 3.3 (AVAudioSession.h SDK 27, QA1754, QA1799). */
import { CATEGORIES } from '../audio/categories.ts';
import { effectiveOptions } from '../audio/options.ts';
import type { RouteChangeReason } from '../audio/reasons.ts';
import type { Route } from '../wire/values.ts';
import { delay, note, type Phone, post, schedule } from './phone.ts';
import {
  AIRPODS,
  AIRPODS_A2DP,
  HEADPHONES,
  HEADSET_MICROPHONE,
  MICROPHONE,
  NO_ROUTE,
  RECEIVER,
  SPEAKER,
} from './ports.ts';
import type { ExternalDevice, OsState, SessionState } from './state.ts';

const BLUETOOTH_HFP = 0x4;
const DEFAULT_TO_SPEAKER = 0x8;
/** AirPods in HFP: one channel at 24 kHz (comment in the LiveKit audio device). */
const AIRPODS_RATE = 24_000;
/** Built-in microphone and speaker (Apple staff, forum 72961). */
const BUILT_IN_RATE = 48_000;

export const isHfp = (route: Route): boolean => route.inputs.some((port) => port.type === AIRPODS.type);
export const rateOf = (route: Route): number => (isHfp(route) ? AIRPODS_RATE : BUILT_IN_RATE);

/** The newest connected device that the options let in. */
const usable = (devices: readonly ExternalDevice[], options: number): ExternalDevice | undefined =>
  devices.findLast((device) => device === 'wired' || (options & BLUETOOTH_HFP) !== 0);

const routeFor = (os: OsState, session: SessionState): Route => {
  if (os.mediaServer === 'lost') return NO_ROUTE;
  const { input, output } = CATEGORIES[session.category];
  if (!input) {
    const last = os.devices.at(-1);
    const port = last === 'airpods' ? AIRPODS_A2DP : last === 'wired' ? HEADPHONES : SPEAKER;
    return { inputs: [], outputs: [port] };
  }
  const options = effectiveOptions(session.category, session.mode, session.options);
  const outputs = (port: typeof SPEAKER): readonly (typeof SPEAKER)[] => (output ? [port] : []);
  const builtIn = options & DEFAULT_TO_SPEAKER ? SPEAKER : RECEIVER;
  if (session.override === 'speaker') return { inputs: [MICROPHONE], outputs: [SPEAKER] };
  if (session.preferBuiltInMic) return { inputs: [MICROPHONE], outputs: [...outputs(builtIn)] };
  switch (usable(os.devices, options)) {
    case 'airpods':
      return { inputs: [AIRPODS], outputs: [...outputs(AIRPODS)] };
    case 'wired':
      return { inputs: [HEADSET_MICROPHONE], outputs: [...outputs(HEADPHONES)] };
    default:
      return { inputs: [MICROPHONE], outputs: [...outputs(builtIn)] };
  }
};

export const availableInputs = (os: OsState, session: SessionState): string[] => {
  if (!CATEGORIES[session.category].input || os.mediaServer === 'lost') return [];
  const options = effectiveOptions(session.category, session.mode, session.options);
  const inputs = [MICROPHONE.type];
  for (const device of os.devices) {
    if (device === 'wired') inputs.push(HEADSET_MICROPHONE.type);
    else if (options & BLUETOOTH_HFP) inputs.push(AIRPODS.type);
  }
  return inputs;
};

const samePorts = (one: Route, other: Route): boolean => {
  const types = (route: Route) => [...route.inputs, { type: '/' }, ...route.outputs].map((port) => port.type).join();
  return types(one) === types(other);
};

/**
 * Looks again which route applies, and if it is another one, takes it and posts one notification. An override lasts
 * until the route changes for any other reason (AVAudioSession.h).
 */
export const recomputeRoute = (phone: Phone, reason: RouteChangeReason): void => {
  const { session } = phone;
  const previous = session.route;
  if (reason === 'newDeviceAvailable' || reason === 'oldDeviceUnavailable') {
    session.override = 'none';
    session.preferBuiltInMic = false;
  }
  const current = routeFor(phone.os, session);
  if (samePorts(previous, current)) return;
  if (reason === 'categoryChange' && session.override !== 'none') session.override = 'none';
  session.route = current;
  session.routeGeneration++;
  session.hfpWaking = isHfp(current);
  if (session.hfpWaking)
    schedule(phone, delay(phone, 'hfpWake'), { kind: 'hfpAwake', generation: session.routeGeneration });
  const rate = rateOf(current);
  note(phone, { layer: 'route', notify: 'routeChange', args: { reason, rate } });
  post(phone, 'main', { do: 'note.routeChanged', reason, previous, current, rate, takes: 'notification' });
};

/** A device has come or gone, as far as routing is concerned. */
export const deviceChanged = (phone: Phone, device: ExternalDevice, connected: boolean): void => {
  const { os } = phone;
  const others = os.devices.filter((other) => other !== device);
  os.devices = connected ? [...others, device] : others;
  recomputeRoute(phone, connected ? 'newDeviceAvailable' : 'oldDeviceUnavailable');
};

export const hfpAwake = (phone: Phone, generation: number): void => {
  if (phone.session.routeGeneration === generation) phone.session.hfpWaking = false;
};
