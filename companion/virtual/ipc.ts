/**
 * What the two ends of the phone say to each other over Node's IPC channel.
 *
 *   OS end (model, never stopped)                app end (libwebrtc, probe; SIGSTOP is suspension)
 *     | <------------------------------------ ready |   libwebrtc is loaded, the link dials
 *     | startCall, gates, report, iceRestart -----> |   what the model wants done and said
 *     | <-- iceState, iceRestarted, snapshotWanted  |   what the model is told
 *     | end --------------------------------------> |   hang up, say bye, exit
 *
 * Both ends are ours and of one build, so only the discriminant is checked.
 */
import type { AudioGates, Fact, TransportStimulus } from '../../shared/iphone/interface.ts';
import type { DeviceTime } from '../../shared/time/time.ts';

export type IceState = Extract<TransportStimulus, { kind: 'webrtc.iceState' }>['state'];

export type ToApp =
  | { readonly t: 'gates'; readonly at: DeviceTime; readonly gates: AudioGates }
  | { readonly t: 'report'; readonly at: DeviceTime; readonly fact: Fact }
  | { readonly t: 'startCall' }
  | { readonly t: 'hangUp' }
  | { readonly t: 'iceRestart'; readonly why: string }
  | { readonly t: 'end' };

export type ToOs =
  | { readonly t: 'ready' }
  | { readonly t: 'iceState'; readonly state: IceState }
  | { readonly t: 'iceRestarted'; readonly ok: boolean }
  | { readonly t: 'snapshotWanted' };

const TO_APP: ReadonlySet<string> = new Set<ToApp['t']>([
  'gates',
  'report',
  'startCall',
  'hangUp',
  'iceRestart',
  'end',
]);
const TO_OS: ReadonlySet<string> = new Set<ToOs['t']>(['ready', 'iceState', 'iceRestarted', 'snapshotWanted']);

const hasDiscriminant = (message: unknown, known: ReadonlySet<string>): boolean => {
  if (typeof message !== 'object' || message === null) return false;
  const discriminant = (message as { readonly t?: unknown }).t;
  return typeof discriminant === 'string' && known.has(discriminant);
};
export const isToApp = (message: unknown): message is ToApp => hasDiscriminant(message, TO_APP);
export const isToOs = (message: unknown): message is ToOs => hasDiscriminant(message, TO_OS);
