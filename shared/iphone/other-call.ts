/**
 * The call that is not the app's. Without CallKit it interrupts at the ring. With CallKit a ring does nothing, answering
 * it holds the app's call, and when its remote party ends it iOS does nothing at all (Apple DTS 749202: intentional).
 */

import { request } from './callkit.ts';
import { causeBegan, causeCleared } from './causes.ts';
import type { Refusal } from './interface.ts';
import { hold, releaseSilently } from './interruptions.ts';
import { delay, type Phone, schedule } from './phone.ts';

const PHONE_CALL = { source: 'phoneCall' } as const;
export type EndWord = { readonly shouldResume: boolean; readonly delivered: boolean };
const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message });

const ownCallLives = (phone: Phone): boolean =>
  phone.callkit.call === 'connecting' || phone.callkit.call === 'connected';

export const ring = (phone: Phone, injectId: string | undefined): Refusal | undefined => {
  const { os } = phone;
  if (os.call === 'ringing') return refuse('alreadyRinging', 'A call rings already.');
  if (os.call === 'active') return refuse('otherCallActive', 'A phone call is going on already.');
  os.call = 'ringing';
  causeBegan(phone, 'phoneCall', 'Phone call rings', injectId);
  if (!phone.profile.callKit)
    schedule(phone, delay(phone, 'causeToInterruption'), {
      kind: 'interrupt',
      holder: { token: 'phoneCall', ...PHONE_CALL },
    });
  return undefined;
};

/** Declined, or the caller gave up. */
export const ringEnds = (phone: Phone, how: string, word: EndWord): Refusal | undefined => {
  if (phone.os.call !== 'ringing') return refuse('nothingRings', 'No call rings that could be declined or given up.');
  phone.os.call = 'none';
  causeCleared(phone, 'phoneCall', how);
  if (!phone.profile.callKit)
    schedule(phone, delay(phone, 'declineToEnded'), { kind: 'release', ...PHONE_CALL, ...word });
  return undefined;
};

export const otherCallRings = (phone: Phone): Refusal | undefined => {
  if (!phone.profile.callKit) return refuse('notCallKit', 'The app does not use CallKit: use phone.ring.');
  if (phone.os.call !== 'none') return refuse('alreadyRinging', 'There is another call already.');
  phone.os.call = 'ringing';
  return undefined;
};

export const holdAndAccept = (phone: Phone, injectId: string | undefined): Refusal | undefined => {
  const { os } = phone;
  if (!phone.profile.callKit) return refuse('notCallKit', 'The app does not use CallKit: use phone.answer.');
  if (os.call === 'active') return refuse('otherCallActive', 'The other call has been accepted already.');
  if (!ownCallLives(phone)) return refuse('noCall', 'There is no call of the app that could be held.');
  os.call = 'active';
  causeCleared(phone, 'phoneCall', 'answered');
  causeBegan(phone, 'hold', 'Held for another call', injectId);
  hold(phone, { token: 'hold', ...PHONE_CALL });
  request(phone, 'hold');
  return undefined;
};

export const endAndAccept = (phone: Phone): Refusal | undefined => {
  const { os, callkit } = phone;
  if (!phone.profile.callKit) return refuse('notCallKit', 'The app does not use CallKit.');
  if (os.call === 'active') return refuse('otherCallActive', 'The other call has been accepted already.');
  if (callkit.call === 'none') return refuse('noCall', 'There is no call of the app that could be ended.');
  os.call = 'active';
  causeCleared(phone, 'phoneCall', 'answered');
  hold(phone, { token: 'endAndAccept', ...PHONE_CALL });
  request(phone, 'end');
  return undefined;
};

export const answer = (phone: Phone, injectId: string | undefined): Refusal | undefined => {
  const { os } = phone;
  if (os.call !== 'ringing') return refuse('nothingRings', 'No call rings that could be answered.');
  if (phone.profile.callKit && ownCallLives(phone)) return holdAndAccept(phone, injectId);
  os.call = 'active';
  if (phone.profile.callKit) hold(phone, { token: 'answer', ...PHONE_CALL });
  // The phone's own screen comes to the front.
  schedule(phone, delay(phone, 'answerToBackground'), { kind: 'lifecycle', to: 'background' });
  return undefined;
};

/** The other call is over. */
export const otherCallEnds = (phone: Phone, by: 'user' | 'remote', word: EndWord): Refusal | undefined => {
  const { os, callkit } = phone;
  if (os.call !== 'active') return refuse('noOtherCall', 'No other call is going on.');
  os.call = 'none';
  const how = by === 'user' ? 'hung up by the user' : 'ended by its remote party';
  if (!phone.profile.callKit) {
    causeCleared(phone, 'phoneCall', how);
    schedule(phone, delay(phone, 'hangUpToEnded'), { kind: 'release', ...PHONE_CALL, ...word });
    schedule(phone, delay(phone, 'hangUpToForeground'), { kind: 'lifecycle', to: 'active' });
    return undefined;
  }
  causeCleared(phone, 'hold', how);
  causeCleared(phone, 'phoneCall', how);
  releaseSilently(phone, 'phoneCall');
  if (by === 'user' && callkit.call === 'held') request(phone, 'unhold');
  return undefined;
};
