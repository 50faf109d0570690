/** What the probe in the app reads rather than being told: the session as a whole. */
import { CATEGORIES } from '../audio/categories.ts';
import { MODES } from '../audio/modes.ts';
import { effectiveOptions, optionNames } from '../audio/options.ts';
import type { EventData } from '../wire/kinds.ts';
import type { Fact } from './interface.ts';
import type { Phone } from './phone.ts';
import { availableInputs, rateOf } from './routes.ts';
import type { IphoneState } from './state.ts';

/** What a phone reports before anything was preferred: 1024 frames at 48 kHz (assumed). */
const DEFAULT_BUFFER_SECONDS = 1024 / 48_000;
const VOLUME = 0.6;

export type SnapshotReason = EventData<'session.snapshot'>['why'];
type Readable = Pick<IphoneState, 'os' | 'session'>;

export const snapshotOf = (state: Readable | Phone, why: SnapshotReason): EventData<'session.snapshot'> => {
  const { os, session } = state;
  const options = effectiveOptions(session.category, session.mode, session.options);
  const othersPlay = os.holders.length > 0;
  return {
    category: CATEGORIES[session.category].raw,
    mode: MODES[session.mode].raw,
    options,
    optionNames: optionNames(options),
    active: session.active,
    interrupted: session.interrupted,
    route: { inputs: [...session.route.inputs], outputs: [...session.route.outputs] },
    availableInputs: availableInputs(os, session),
    ...(session.preferBuiltInMic ? { preferredInput: 'MicrophoneBuiltIn' } : {}),
    outputOverride: session.override,
    sampleRateHz: rateOf(session.route),
    ioBufferSeconds: session.preferredBuffer === 0 ? DEFAULT_BUFFER_SECONDS : session.preferredBuffer,
    inputChannels: session.route.inputs.length,
    outputChannels: session.route.outputs.length,
    outputVolume: VOLUME,
    inputMuted: false,
    otherAudioPlaying: othersPlay,
    secondaryAudioShouldBeSilenced: othersPlay,
    recordPermission: 'granted',
    why,
  };
};

/** The session as the app could read it now. The driver asks for it periodically. */
export const snapshotFact = (state: IphoneState, why: SnapshotReason = 'periodic'): Fact => ({
  kind: 'session.snapshot',
  data: snapshotOf(state, why),
  source: 'probe',
  from: 'probe',
});
