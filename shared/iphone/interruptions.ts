/**
 * The OS as arbiter: who holds the audio of the phone, and what the app is told when it loses it or may have it back.
 *
 * The session is inactive before the notification is sent. After the end it is inactive still: an app has to activate it
 * again. Sources: AVAudioSessionTypes.h SDK 27; "Handling audio interruptions" (2026).
 */
import type { InterruptionReason } from '../audio/reasons.ts';
import { note, type Phone, post } from './phone.ts';
import { recomputeRoute } from './routes.ts';
import type { Holder, InterrupterSource } from './state.ts';
import { switchOf } from './switches.ts';

/** Takes the session away from the app and tells it. */
export const takeSession = (phone: Phone, reason: InterruptionReason): void => {
  const { session } = phone;
  if (!session.active) return;
  session.active = false;
  session.interrupted = true;
  if (session.owner === 'app') session.owner = 'none';
  note(phone, { layer: 'session', state: 'interrupted', args: { reason } });
  if (switchOf(phone.profile, 'postsLegacyInterruption'))
    post(phone, 'main', { do: 'note.interruptionBegan', reason, takes: 'notification' });
  if (switchOf(phone.profile, 'postsLifecycleNotifications'))
    post(phone, 'main', { do: 'note.becameInactive', source: 'system', reason, takes: 'notification' });
  // "Any route change or interruption" ends an override (QA1754).
  if (session.override !== 'none') {
    session.override = 'none';
    recomputeRoute(phone, 'override');
  }
};

export const hold = (phone: Phone, holder: Holder): void => {
  phone.os.holders = [...phone.os.holders, holder];
  note(phone, { layer: 'os', state: 'holds', args: { source: holder.source } });
};

/** Somebody with a higher priority takes the phone's audio. */
export const interrupt = (phone: Phone, holder: Holder): void => {
  hold(phone, holder);
  takeSession(phone, 'default');
};

const remove = (phone: Phone, source: InterrupterSource): boolean => {
  const { os } = phone;
  const index = os.holders.findIndex((holder) => holder.source === source);
  if (index < 0) return false;
  os.holders = os.holders.filter((_, at) => at !== index);
  note(phone, { layer: 'os', state: 'released', args: { source } });
  return true;
};

/** Gives the audio free without a word: how a call ends for an app with CallKit. */
export const releaseSilently = (phone: Phone, source: InterrupterSource): void => {
  remove(phone, source);
};

/**
 * The interrupter is done. `delivered: false` is an `ended` that never comes (documented: no guarantee); iOS 27's
 * recommendation comes all the same, being independent of it.
 */
export const release = (phone: Phone, source: InterrupterSource, shouldResume: boolean, delivered: boolean): void => {
  const { session } = phone;
  remove(phone, source);
  if (phone.os.holders.length > 0 || !session.interrupted) return;
  const lifecycle = switchOf(phone.profile, 'postsLifecycleNotifications');
  if (delivered || lifecycle) session.interrupted = false;
  if (delivered && switchOf(phone.profile, 'postsLegacyInterruption'))
    post(phone, 'main', { do: 'note.interruptionEnded', shouldResume, takes: 'notification' });
  if (lifecycle) post(phone, 'main', { do: 'note.resumption', shouldResume, takes: 'notification' });
};
