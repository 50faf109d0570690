/**
 * What a thread has to do, as data. A thread does one job at a time, in order; a job that makes a call puts the call's
 * own jobs in front of the rest. A job with `takes` blocks its thread for that long, and happens when the time is over:
 * that is when the call returns.
 *
 *   main   notifications, CallKit's delegate, the app's own code
 *   audio  WebRTC's device thread: handlers posted by RTCAudioSession run here, never in between
 */
import type { CategoryName } from '../audio/categories.ts';
import type { ModeName } from '../audio/modes.ts';
import type { InterruptionReason, RouteChangeReason } from '../audio/reasons.ts';
import type { Micros } from '../time/time.ts';
import type { Route } from '../wire/values.ts';
import type { DelayName } from './delays.ts';
import type { OutsideStimulusName } from './interface.ts';

export type ThreadName = 'main' | 'audio';
/** Who made a call on AVAudioSession. */
export type Caller = 'app' | 'webrtc';
export type CallKitAction = 'start' | 'answer' | 'hold' | 'unhold' | 'end' | 'mute' | 'unmute';

/** What an app policy can see. */
export type Observed =
  | { readonly see: 'interruptionBegan'; readonly reason: InterruptionReason }
  | { readonly see: 'interruptionEnded'; readonly shouldResume: boolean }
  | { readonly see: 'resumption'; readonly shouldResume: boolean }
  | { readonly see: 'rtcEnded'; readonly shouldResume: boolean }
  | { readonly see: 'routeChanged'; readonly reason: RouteChangeReason; readonly previous: Route }
  /** The audio device could not be initialised: the session could not be activated. */
  | { readonly see: 'mediaFailed' }
  | { readonly see: 'foreground' }
  | { readonly see: 'held' }
  | { readonly see: 'unheld' }
  | { readonly see: 'didActivate' }
  | { readonly see: 'didDeactivate' }
  | { readonly see: 'iceState'; readonly state: string }
  | { readonly see: 'iceRestarted'; readonly ok: boolean }
  | { readonly see: 'planDue' };

export type JobBody =
  // Calls on AVAudioSession.
  | {
      readonly do: 'session.setCategory';
      readonly category: CategoryName;
      readonly mode: ModeName;
      readonly options: number;
      readonly by: Caller;
    }
  | { readonly do: 'session.setActive'; readonly active: boolean; readonly by: Caller }
  | { readonly do: 'session.setPreferredRate'; readonly hertz: number; readonly by: Caller }
  | { readonly do: 'session.setPreferredBuffer'; readonly seconds: number; readonly by: Caller }
  | { readonly do: 'session.override'; readonly port: 'none' | 'speaker'; readonly by: Caller }
  | { readonly do: 'session.preferBuiltInMic'; readonly prefer: boolean; readonly by: Caller }
  // Notifications that reach the app.
  | { readonly do: 'note.interruptionBegan'; readonly reason: InterruptionReason }
  | { readonly do: 'note.interruptionEnded'; readonly shouldResume: boolean }
  | { readonly do: 'note.becameActive' }
  /** `reason`: of the interruption, if it was one. */
  | { readonly do: 'note.becameInactive'; readonly source: 'app' | 'system'; readonly reason?: InterruptionReason }
  | { readonly do: 'note.resumption'; readonly shouldResume: boolean }
  | {
      readonly do: 'note.routeChanged';
      readonly reason: RouteChangeReason;
      readonly previous: Route;
      readonly current: Route;
      readonly rate: number;
    }
  | { readonly do: 'note.appState'; readonly state: 'active' | 'inactive' | 'background' | 'resumed' }
  | { readonly do: 'note.mediaServices'; readonly state: 'lost' | 'reset' }
  // RTCAudioSession.
  | { readonly do: 'rtc.lock' }
  | { readonly do: 'rtc.unlock' }
  | { readonly do: 'rtc.setActive'; readonly active: boolean; readonly by: Caller }
  | { readonly do: 'rtc.setActiveDone'; readonly active: boolean; readonly should: boolean; readonly by: Caller }
  | { readonly do: 'rtc.configure' }
  | { readonly do: 'rtc.configured' }
  | { readonly do: 'rtc.began' }
  | { readonly do: 'rtc.ended'; readonly shouldResume: boolean }
  | { readonly do: 'rtc.afterEvent' }
  | { readonly do: 'rtc.afterEventDone'; readonly active: boolean }
  | { readonly do: 'rtc.notifyEnded'; readonly shouldResume: boolean }
  | { readonly do: 'rtc.notifyMedia'; readonly state: 'lost' | 'reset' }
  | { readonly do: 'rtc.foreground' }
  | { readonly do: 'rtc.endSession' }
  | { readonly do: 'rtc.enableAudio'; readonly enabled: boolean }
  | { readonly do: 'rtc.didActivate' }
  | { readonly do: 'rtc.didDeactivate' }
  // WebRTC's audio device.
  | { readonly do: 'device.init' }
  | { readonly do: 'device.initLocked' }
  | { readonly do: 'device.initConfigured' }
  | { readonly do: 'device.initDone' }
  | { readonly do: 'device.start'; readonly direction: 'playing' | 'recording' }
  | { readonly do: 'device.stop'; readonly direction: 'playing' | 'recording' }
  | { readonly do: 'device.stopped'; readonly direction: 'playing' | 'recording' }
  | { readonly do: 'device.interruptionBegin' }
  | { readonly do: 'device.interruptionEnd' }
  | { readonly do: 'device.canPlayOrRecord'; readonly can: boolean }
  | { readonly do: 'device.routeChange' }
  | { readonly do: 'device.configured' }
  | { readonly do: 'device.unconfigured' }
  | { readonly do: 'unit.initialize' }
  | { readonly do: 'unit.start' }
  | { readonly do: 'unit.stop' }
  | { readonly do: 'unit.uninitialize' }
  | { readonly do: 'unit.dispose' }
  // CallKit's delegate and the app.
  | { readonly do: 'callkit.perform'; readonly action: CallKitAction }
  | { readonly do: 'callkit.fulfill'; readonly action: CallKitAction }
  | { readonly do: 'callkit.didActivate' }
  | { readonly do: 'callkit.didDeactivate' }
  | { readonly do: 'app.observe'; readonly seen: Observed }
  | { readonly do: 'app.startMedia' }
  | { readonly do: 'app.touch'; readonly touch: OutsideStimulusName }
  | { readonly do: 'app.activated' }
  | { readonly do: 'probe.snapshot'; readonly why: 'start' | 'event' };

export type Job = JobBody & { readonly takes?: DelayName; readonly took?: Micros };
