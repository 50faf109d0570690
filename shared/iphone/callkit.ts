/**
 * CallKit: what its delegate is asked to do, and when the OS gives the session to the app's call or takes it back.
 * Orders: Twilio's interruption matrix (hold, then began, then didDeactivate; unhold, then didActivate, no `ended`) and
 * Apple DTS 783870, 749202.
 */

import { takeSession } from './interruptions.ts';
import type { CallKitAction, Job } from './jobs.ts';
import { call, delay, note, type Phone, post, schedule, tell } from './phone.ts';
import { becomeActive } from './session.ts';
import { switchOf } from './switches.ts';

type CallKitJob<D extends Job['do']> = Extract<Job, { readonly do: D }>;

export const ownCallId = (phone: Phone): string => `own-${phone.callkit.number}`;

const tellCall = (phone: Phone, state: 'ringing' | 'connecting' | 'connected' | 'held' | 'ended'): void =>
  tell(phone, 'callkit', 'callkit.call', { callId: ownCallId(phone), own: true, state });

/** Asks the app's provider delegate to do something. */
export const request = (phone: Phone, action: CallKitAction): void =>
  post(phone, 'main', { do: 'callkit.perform', action, takes: 'callKitAction' });

export const perform = (phone: Phone, { action }: CallKitJob<'callkit.perform'>): void => {
  note(phone, { layer: 'callkit', call: action });
  tell(phone, 'callkit', 'callkit.action', { action, callId: ownCallId(phone), outcome: 'performed' });
  const fulfill: Job = { do: 'callkit.fulfill', action };
  switch (action) {
    case 'start':
    case 'answer':
      // Category and mode are set before fulfilling (Speakerbox; Apple DTS 758386).
      call(
        phone,
        { do: 'rtc.lock' },
        {
          do: 'session.setCategory',
          category: 'playAndRecord',
          mode: 'voiceChat',
          options: 0x4,
          by: 'app',
          takes: 'setCategory',
        },
        { do: 'rtc.unlock' },
        fulfill,
        { do: 'app.startMedia' },
      );
      return;
    case 'hold':
      call(phone, fulfill, { do: 'app.observe', seen: { see: 'held' } });
      return;
    case 'unhold':
      call(phone, fulfill, { do: 'app.observe', seen: { see: 'unheld' } });
      return;
    case 'end':
      call(phone, { do: 'app.touch', touch: 'call.hangUp' }, fulfill);
      return;
    case 'mute':
    case 'unmute':
      call(phone, { do: 'app.touch', touch: action === 'mute' ? 'mic.mute' : 'mic.unmute' }, fulfill);
  }
};

export const fulfill = (phone: Phone, { action }: CallKitJob<'callkit.fulfill'>): void => {
  const { callkit } = phone;
  tell(phone, 'callkit', 'callkit.action', { action, callId: ownCallId(phone), outcome: 'fulfilled' });
  switch (action) {
    case 'start':
    case 'answer':
      callkit.call = 'connecting';
      callkit.audio = 'activating';
      tellCall(phone, 'connecting');
      schedule(phone, delay(phone, 'fulfillToActivate'), { kind: 'callKitActivate' });
      return;
    case 'hold':
      callkit.call = 'held';
      tellCall(phone, 'held');
      schedule(phone, delay(phone, 'holdToInterruption'), { kind: 'callKitInterrupt' });
      return;
    case 'unhold':
      callkit.call = 'connected';
      callkit.audio = 'activating';
      tellCall(phone, 'connected');
      schedule(phone, delay(phone, 'unholdToActivate'), { kind: 'callKitActivate' });
      return;
    case 'end':
      callkit.call = 'none';
      tellCall(phone, 'ended');
      schedule(phone, delay(phone, 'endToDeactivate'), { kind: 'callKitDeactivate' });
      return;
    default:
  }
};

/** The OS activates the session for the call, unless the app has been there first. */
export const activate = (phone: Phone): void => {
  const { callkit, session } = phone;
  if (callkit.audio !== 'activating') return;
  if (session.active && session.owner === 'app') {
    callkit.audio = 'stuck';
    note(phone, { layer: 'callkit', state: 'stuck' });
    return;
  }
  // Held and taken off hold, or ended and started anew, so fast that the OS has not taken it back yet: it does so first.
  if (callkit.given) {
    if (session.owner === 'callkit') giveBack(phone);
    post(phone, 'main', { do: 'callkit.didDeactivate', takes: 'notification' });
  }
  becomeActive(phone, 'callkit');
  callkit.audio = 'activated';
  callkit.given = true;
  post(phone, 'main', { do: 'callkit.didActivate', takes: 'notification' });
};

/** A held call's session went with its interruption; one that ends goes now, and is no interruption. */
const giveBack = (phone: Phone): void => {
  const { session } = phone;
  if (session.active && switchOf(phone.profile, 'postsLifecycleNotifications'))
    post(phone, 'main', { do: 'note.becameInactive', source: 'system', takes: 'notification' });
  session.active = false;
  session.owner = 'none';
};

export const interruptHeld = (phone: Phone): void => {
  if (phone.callkit.call !== 'held') return;
  takeSession(phone, 'default');
  schedule(phone, delay(phone, 'interruptionToDeactivate'), { kind: 'callKitDeactivate' });
};

export const deactivate = (phone: Phone): void => {
  const { callkit, session } = phone;
  if (callkit.call !== 'held' && callkit.call !== 'none') return;
  if (callkit.audio === 'none' || callkit.audio === 'deactivated') return;
  const wasActivated = callkit.given;
  callkit.given = false;
  callkit.audio = callkit.call === 'none' ? 'none' : 'deactivated';
  if (session.owner === 'callkit') giveBack(phone);
  if (callkit.call === 'none') session.interrupted = false;
  note(phone, { layer: 'session', state: 'inactive', args: { source: 'system', by: 'callkit' } });
  if (wasActivated) post(phone, 'main', { do: 'callkit.didDeactivate', takes: 'notification' });
};

export const didActivate = (phone: Phone): void => {
  note(phone, { layer: 'callkit', notify: 'didActivate' });
  tell(phone, 'callkit', 'callkit.audio', { state: 'didActivate' });
  tell(phone, 'callkit', 'session.active', { by: 'callkit' });
  phone.sessionTold = true;
  call(phone, { do: 'app.observe', seen: { see: 'didActivate' } });
};

export const didDeactivate = (phone: Phone): void => {
  note(phone, { layer: 'callkit', notify: 'didDeactivate' });
  tell(phone, 'callkit', 'callkit.audio', { state: 'didDeactivate' });
  // A held call has been told already, as an interruption.
  if (phone.callkit.call === 'none') tell(phone, 'callkit', 'session.inactive', { source: 'system' });
  phone.sessionTold = true;
  call(phone, { do: 'app.observe', seen: { see: 'didDeactivate' } });
};

/** The app reports its call as connected once media flow. */
export const reportConnected = (phone: Phone): void => {
  if (phone.callkit.call !== 'connecting') return;
  phone.callkit.call = 'connected';
  tellCall(phone, 'connected');
};

export const reportIncoming = (phone: Phone): void => {
  phone.callkit.call = 'ringing';
  tellCall(phone, 'ringing');
};
