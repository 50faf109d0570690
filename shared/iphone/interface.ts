/**
 * The simulated iPhone from outside: what it is told, what it wants done, what it says.
 *
 *   step(state, stimulus, profile) -> { state, effects, trace }
 *
 * Pure: no clock, no random source of its own. Time arrives with each stimulus; delays leave as `schedule` effects that
 * the driver (real clock in companion/virtual, virtual clock in shared/scenario) hands back as stimuli when due.
 * Randomness is a generator state inside `IphoneState`, seeded by the profile, so the same seed gives the same bytes.
 */
import type { DeviceTime, Micros } from '../time/time.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import type { EventSource } from '../wire/values.ts';

export const OS_VERSIONS = ['26', '27'] as const;
export type OsVersion = (typeof OS_VERSIONS)[number];
export const POLICIES = ['careful', 'gateOnShouldResume', 'neverRestartsUnit'] as const;
export type PolicyName = (typeof POLICIES)[number];

export interface IphoneProfile {
  readonly os: OsVersion;
  readonly policy: PolicyName;
  readonly callKit: boolean;
  /** RTCAudioSession.useManualAudio. */
  readonly manualAudio: boolean;
  readonly audioDevice: 'audioUnit' | 'audioEngine';
  readonly seed: number;
  /** Where the facts of an OS version are doubted or another one is wanted; absent: what `os` says (switches.ts). */
  readonly switches?: Partial<OsSwitches>;
}

/** What differs between OS versions, or is not known for sure. */
export interface OsSwitches {
  /** The interruption notification of iOS 6 to 26; deprecated in 27, assumed to be posted still. */
  readonly postsLegacyInterruption: boolean;
  /** didBecomeActive, didBecomeInactive, resumptionRecommendation (iOS 27). */
  readonly postsLifecycleNotifications: boolean;
  /** Deactivating while I/O runs answers isBusy (iOS 8 to 25). */
  readonly busyWhenDeactivatedRunning: boolean;
}

/**
 * Stimuli from outside (a scenario step, a touch in the page). `cause` says which incident cause it begins or clears.
 * Names are what scenarios and `inject` frames use.
 */
export const OUTSIDE_STIMULI = [
  'phone.ring',
  'phone.decline',
  'phone.callerGivesUp',
  'phone.answer',
  'phone.localHangUp',
  'phone.remoteHangUp',
  'callkit.otherCall.ring',
  'callkit.otherCall.holdAndAccept',
  'callkit.otherCall.endAndAccept',
  'callkit.otherCall.localEnd',
  'callkit.otherCall.remoteEnd',
  'user.unhold',
  'siri.start',
  'siri.end',
  'alarm.fire',
  'alarm.dismiss',
  'airpods.connect',
  'airpods.intoCase',
  'wired.plug',
  'wired.unplug',
  'route.speaker',
  'route.receiver',
  'app.background',
  'app.foreground',
  'app.suspend',
  'app.resume',
  'mic.mute',
  'mic.unmute',
  'call.start',
  'call.hangUp',
] as const;
export type OutsideStimulusName = (typeof OUTSIDE_STIMULI)[number];

/** What the phone's own WebRTC stack tells the app (the app end observes libwebrtc; virtual time models it). */
export type TransportStimulus =
  | {
      readonly kind: 'webrtc.iceState';
      readonly state: 'new' | 'checking' | 'connected' | 'disconnected' | 'failed' | 'closed';
    }
  | { readonly kind: 'webrtc.iceRestarted'; readonly ok: boolean };

export type Stimulus = { readonly at: DeviceTime } & (
  | {
      readonly kind: 'outside';
      readonly does: OutsideStimulusName;
      readonly params: Readonly<Record<string, string | number | boolean | null>>;
      readonly injectId?: string;
    }
  | TransportStimulus
  /** A scheduled effect come due; `name` and `data` are the model's own business. */
  | { readonly kind: 'timer'; readonly timerId: number; readonly name: string; readonly data: unknown }
);

/** What the phone's PCM should do now. The app end carries it out on real frames. */
export interface AudioGates {
  /** Does the audio unit deliver microphone frames? `stopped`: none reach the encoder. */
  readonly capture: 'running' | 'stopped';
  /** What those frames hold: `zeros` when the route has no input, the session is inactive, or the hardware is muted or waking. */
  readonly microphone: 'signal' | 'zeros';
  /** Does the audio unit pull playout? `stopped`: the jitter buffer stands still. */
  readonly render: 'running' | 'stopped';
  /** Does what is pulled reach a speaker? `silent` when the session is inactive while the unit runs. */
  readonly speaker: 'audible' | 'silent';
  /** The app's own mute: packets of silence go on. */
  readonly trackEnabled: boolean;
}

/** A fact in the wire's own vocabulary, as the probe (or the lab, for causes) would report it. */
export type Fact = {
  [K in EventKind]: {
    readonly kind: K;
    readonly data: EventData<K>;
    readonly source: EventSource;
    readonly from: 'probe' | 'lab';
  };
}[EventKind];

export type Effect =
  | {
      readonly kind: 'schedule';
      readonly timerId: number;
      readonly after: Micros;
      readonly name: string;
      readonly data: unknown;
    }
  | { readonly kind: 'cancel'; readonly timerId: number }
  | { readonly kind: 'report'; readonly at: DeviceTime; readonly fact: Fact }
  | { readonly kind: 'gates'; readonly at: DeviceTime; readonly gates: AudioGates }
  | { readonly kind: 'iceRestart'; readonly why: string }
  /** Freeze or thaw the app's process. Facts of a frozen app are reported after the thaw, by the model itself. */
  | { readonly kind: 'suspendProcess' }
  | { readonly kind: 'resumeProcess' }
  | { readonly kind: 'startCall' }
  | { readonly kind: 'hangUp' };

/** One line of the trace: `{at, layer, call | notify | state: ..., ...}` in microseconds. */
export interface TraceEntry {
  readonly at: DeviceTime;
  readonly layer: 'os' | 'session' | 'callkit' | 'rtc' | 'device' | 'unit' | 'policy' | 'route';
  readonly call?: string;
  readonly notify?: string;
  readonly state?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Why a stimulus cannot happen now (declining when nothing rings). Nothing has changed. */
export interface Refusal {
  readonly code:
    | 'unknownStimulus'
    | 'badParameter'
    | 'nothingRings'
    | 'alreadyRinging'
    | 'noOtherCall'
    | 'notCallKit'
    | 'notHeld'
    | 'otherCallActive'
    | 'notRunning'
    | 'alreadyRunning'
    | 'notConnected'
    | 'alreadyConnected'
    | 'noCall'
    | 'callRunning'
    | 'appSuspended'
    | 'notSuspended'
    | 'noChange';
  readonly message: string;
}

/** What one stimulus brings about. With `refused`, `effects` and `trace` are empty and `state` is the one given. */
export interface StepResult<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
  readonly trace: readonly TraceEntry[];
  readonly refused?: Refusal;
}
