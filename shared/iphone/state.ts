/**
 * Everything the simulated iPhone remembers: plain data, safe to keep, compare and serialise.
 *
 * Each layer is one flat record. A step works on a copy of the records; whatever lies below them (routes, job lists) is
 * replaced, never changed in place.
 */
import type { CategoryName } from '../audio/categories.ts';
import type { ErrorName } from '../audio/errors.ts';
import type { ModeName } from '../audio/modes.ts';
import { type DeviceTime, deviceTime } from '../time/time.ts';
import type { Cause, Route } from '../wire/values.ts';
import type { AudioGates, IphoneProfile } from './interface.ts';
import type { Job, ThreadName } from './jobs.ts';
import { BUILT_IN_SPEAKER_ONLY } from './ports.ts';
import { seedToRandom } from './random.ts';

export type ExternalDevice = 'wired' | 'airpods';
export type InterrupterSource = 'phoneCall' | 'siri' | 'alarm';
/** Something that holds the audio of the phone; while one is there the app cannot have it. */
export interface Holder {
  readonly token: string;
  readonly source: InterrupterSource;
}

export interface OsState {
  app: 'active' | 'background' | 'suspended';
  /** Where a suspended app goes back to. */
  suspendedFrom: 'active' | 'background';
  /** The call that is not the app's: a cellular one, or another app's under CallKit. */
  call: 'none' | 'ringing' | 'active';
  siri: boolean;
  alarm: boolean;
  holders: readonly Holder[];
  devices: readonly ExternalDevice[];
  mediaServer: 'up' | 'lost';
  /** Causes begun and not cleared: kind to id. */
  causes: Readonly<Partial<Record<Cause, string>>>;
  nextCause: number;
}

export interface SessionState {
  category: CategoryName;
  mode: ModeName;
  /** As asked for; what an app reads back is effectiveOptions(). */
  options: number;
  active: boolean;
  interrupted: boolean;
  owner: 'none' | 'app' | 'callkit';
  override: 'none' | 'speaker';
  /** setPreferredInput(built-in microphone), to leave a Bluetooth route. */
  preferBuiltInMic: boolean;
  preferredRate: number;
  preferredBuffer: number;
  route: Route;
  /** The Bluetooth microphone has been chosen but does not deliver yet. */
  hfpWaking: boolean;
  /** Counts route changes, so that an old wake-up is known as such. */
  routeGeneration: number;
}

export interface RtcState {
  isActive: boolean;
  isInterrupted: boolean;
  activationCount: number;
  webRTCSessionCount: number;
  useManualAudio: boolean;
  isAudioEnabled: boolean;
  /** The cached instance variable: starts NO in every mode. */
  cachedCanPlayOrRecord: boolean;
  lockedBy: ThreadName | 'nobody';
}

export interface DeviceState {
  initialized: boolean;
  playing: boolean;
  recording: boolean;
  interrupted: boolean;
  configured: boolean;
  /** The rate the unit was initialised with. */
  rate: number;
}
export type UnitState = 'none' | 'uninitialized' | 'initialized' | 'started';

export interface CallKitState {
  call: 'none' | 'ringing' | 'connecting' | 'connected' | 'held';
  number: number;
  /** `stuck`: the app activated the session itself, so CallKit cannot, and says nothing (iOS behaviour S9a). */
  audio: 'none' | 'activating' | 'activated' | 'deactivated' | 'stuck';
  /** didActivate was told, didDeactivate not yet. */
  given: boolean;
}

/** What an app policy remembers; each uses what it needs. */
export interface AppState {
  call: 'none' | 'live';
  muted: boolean;
  claims: Readonly<Partial<Record<ClaimName, string | boolean>>>;
  interrupted: boolean;
  held: boolean;
  /** Has audio been enabled in this call (manual audio)? */
  enabledOnce: boolean;
  mediaFailed: boolean;
  speakerWanted: boolean;
  attempts: number;
  /** Counts plans, so that an outdated timer is known as such. */
  plan: number;
  iceState: string;
}
export type ClaimName = 'uiCallState' | 'micMuted' | 'trackEnabled' | 'sdkAudioState' | 'agentState';

export interface ThreadState {
  jobs: readonly Job[];
  /** The timer of the call that blocks the thread; 0 when none does. */
  busyTimer: number;
  /** Waits for the RTCAudioSession lock. */
  parked: boolean;
  /** Result of the last call, for the job that made it. */
  error: ErrorName | 'noInputPath' | 'none';
  /** Did any call since the last clear fail? */
  failed: boolean;
}

/** What the OS has set itself to do later. */
export type OsTimer =
  | { readonly kind: 'thread'; readonly thread: ThreadName }
  | { readonly kind: 'interrupt'; readonly holder: Holder }
  | {
      readonly kind: 'release';
      readonly source: InterrupterSource;
      readonly shouldResume: boolean;
      readonly delivered: boolean;
    }
  | { readonly kind: 'lifecycle'; readonly to: 'active' | 'background' }
  | { readonly kind: 'device'; readonly device: ExternalDevice; readonly connected: boolean }
  | { readonly kind: 'hfpAwake'; readonly generation: number }
  | { readonly kind: 'callKitActivate' }
  | { readonly kind: 'callKitInterrupt' }
  | { readonly kind: 'callKitDeactivate' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'app'; readonly plan: number };

export interface PendingTimer {
  readonly id: number;
  readonly what: OsTimer;
}

export interface ProbeState {
  started: boolean;
  snapshotPending: boolean;
  /** Last rtc.state told, as text to compare with. */
  rtcTold: string;
  unitTold: string;
}

export interface IphoneState {
  readonly at: DeviceTime;
  readonly random: number;
  readonly nextTimer: number;
  readonly timers: readonly PendingTimer[];
  readonly os: Readonly<OsState>;
  readonly session: Readonly<SessionState>;
  readonly rtc: Readonly<RtcState>;
  readonly device: Readonly<DeviceState>;
  readonly unit: UnitState;
  readonly callkit: Readonly<CallKitState>;
  readonly app: Readonly<AppState>;
  readonly main: Readonly<ThreadState>;
  readonly audio: Readonly<ThreadState>;
  readonly probe: Readonly<ProbeState>;
  readonly gates: AudioGates;
}

const IDLE: ThreadState = { jobs: [], busyTimer: 0, parked: false, error: 'none', failed: false };
export const CLOSED_GATES: AudioGates = {
  capture: 'stopped',
  microphone: 'zeros',
  render: 'stopped',
  speaker: 'silent',
  trackEnabled: true,
};

/** A phone that has just started the app: no call, nothing connected. */
export const createIphone = (profile: IphoneProfile, at: DeviceTime = deviceTime(0)): IphoneState => ({
  at,
  random: seedToRandom(profile.seed),
  nextTimer: 1,
  timers: [],
  os: {
    app: 'active',
    suspendedFrom: 'active',
    call: 'none',
    siri: false,
    alarm: false,
    holders: [],
    devices: [],
    mediaServer: 'up',
    causes: {},
    nextCause: 1,
  },
  session: {
    category: 'soloAmbient',
    mode: 'default',
    options: 0,
    active: false,
    interrupted: false,
    owner: 'none',
    override: 'none',
    preferBuiltInMic: false,
    preferredRate: 0,
    preferredBuffer: 0,
    route: BUILT_IN_SPEAKER_ONLY,
    hfpWaking: false,
    routeGeneration: 0,
  },
  rtc: {
    isActive: false,
    isInterrupted: false,
    activationCount: 0,
    webRTCSessionCount: 0,
    useManualAudio: profile.manualAudio,
    isAudioEnabled: false,
    cachedCanPlayOrRecord: false,
    lockedBy: 'nobody',
  },
  device: {
    initialized: false,
    playing: false,
    recording: false,
    interrupted: false,
    configured: false,
    rate: 48_000,
  },
  unit: 'none',
  callkit: { call: 'none', number: 0, audio: 'none', given: false },
  app: {
    call: 'none',
    muted: false,
    claims: {},
    interrupted: false,
    held: false,
    enabledOnce: false,
    mediaFailed: false,
    speakerWanted: false,
    attempts: 0,
    plan: 0,
    iceState: 'new',
  },
  main: IDLE,
  audio: IDLE,
  probe: { started: false, snapshotPending: false, rtcTold: '', unitTold: '' },
  gates: CLOSED_GATES,
});
