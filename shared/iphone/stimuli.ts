/** What each stimulus from outside sets off, and why it is refused when it cannot happen now. */

import { reportIncoming, request } from './callkit.ts';
import { causeAtOnce, causeBegan, causeCleared } from './causes.ts';
import type { DelayName } from './delays.ts';
import type { OutsideStimulusName, Refusal } from './interface.ts';
import { takeSession } from './interruptions.ts';
import {
  answer,
  type EndWord,
  endAndAccept,
  holdAndAccept,
  otherCallEnds,
  otherCallRings,
  ring,
  ringEnds,
} from './other-call.ts';
import { delay, note, type Phone, post, schedule, tell } from './phone.ts';
import { isHfp } from './routes.ts';
import type { ExternalDevice } from './state.ts';

export type Params = Readonly<Record<string, string | number | boolean | null>>;
type Handler = (phone: Phone, params: Params, injectId: string | undefined) => Refusal | undefined;

const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message });
const SUSPENDED = refuse('appSuspended', 'The app is suspended: its user must resume it first.');

/** Real phones differ in what they say at the end (field-bugs B08, B22), so it can be set. */
const endWord = (params: Params): EndWord => ({
  shouldResume: params['shouldResume'] !== false,
  delivered: params['ended'] !== false && params['endedDelivered'] !== false,
});

const begin =
  (which: 'siri' | 'alarm', title: string): Handler =>
  (phone, _, injectId) => {
    if (phone.os[which]) return refuse('alreadyRunning', `${title}: that is going on already.`);
    phone.os[which] = true;
    causeBegan(phone, which, title, injectId);
    schedule(phone, delay(phone, 'causeToInterruption'), {
      kind: 'interrupt',
      holder: { token: which, source: which },
    });
    return undefined;
  };

const end =
  (which: 'siri' | 'alarm', how: string, takes: DelayName): Handler =>
  (phone, params) => {
    if (!phone.os[which]) return refuse('notRunning', `There is no ${which} that could end.`);
    phone.os[which] = false;
    causeCleared(phone, which, how);
    schedule(phone, delay(phone, takes), { kind: 'release', source: which, ...endWord(params) });
    return undefined;
  };

const connect =
  (device: ExternalDevice, title: string, how: string): Handler =>
  (phone, _, injectId) => {
    if (phone.os.devices.includes(device)) return refuse('alreadyConnected', `${title}: already so.`);
    causeAtOnce(phone, 'routeConnect', title, how, injectId);
    schedule(phone, delay(phone, 'deviceToRoute'), { kind: 'device', device, connected: true });
    return undefined;
  };

const airpodsIntoCase: Handler = (phone, _, injectId) => {
  if (!phone.os.devices.includes('airpods')) return refuse('notConnected', 'No AirPods are connected.');
  causeAtOnce(phone, 'routeLoss', 'AirPods into their case', 'the route is gone', injectId);
  // Since iOS 17 the loss of the route in use interrupts, and no `ended` ever follows (field-bugs 0.3). The header
  // limits it to Now Playing sessions and those that opted in: this app has opted in.
  if (isHfp(phone.session.route)) takeSession(phone, 'routeDisconnected');
  schedule(phone, delay(phone, 'caseToRoute'), { kind: 'device', device: 'airpods', connected: false });
  return undefined;
};

const wiredUnplug: Handler = (phone, _, injectId) => {
  if (!phone.os.devices.includes('wired')) return refuse('notConnected', 'No wired headset is plugged in.');
  causeAtOnce(phone, 'routeLoss', 'Wired headset unplugged', 'the route is gone', injectId);
  schedule(phone, delay(phone, 'deviceToRoute'), { kind: 'device', device: 'wired', connected: false });
  return undefined;
};

const mute =
  (muted: boolean): Handler =>
  (phone, _, injectId) => {
    const { os, app, callkit } = phone;
    if (os.app === 'suspended') return SUSPENDED;
    // The app may not have done yet what it was asked to a moment ago.
    const wanted = muted && os.causes.mute !== undefined;
    if (app.muted === muted || wanted) return refuse('noChange', muted ? 'Muted already.' : 'Not muted.');
    if (muted) causeBegan(phone, 'mute', 'Microphone muted', injectId);
    else {
      tell(phone, 'lab', 'user.action', { action: 'unmute' }, 'lab');
      causeCleared(phone, 'mute', 'unmuted');
    }
    if (callkit.call !== 'none') request(phone, muted ? 'mute' : 'unmute');
    else post(phone, 'main', { do: 'app.touch', touch: muted ? 'mic.mute' : 'mic.unmute' });
    return undefined;
  };

const chooseRoute =
  (touch: 'route.speaker' | 'route.receiver'): Handler =>
  (phone) => {
    if (phone.os.app === 'suspended') return SUSPENDED;
    if (phone.app.call === 'none') return refuse('noCall', 'There is no call whose route could be chosen.');
    post(phone, 'main', { do: 'app.touch', touch });
    return undefined;
  };

const startCall: Handler = (phone, params) => {
  const { os, app, callkit } = phone;
  if (os.app === 'suspended') return SUSPENDED;
  if (app.call !== 'none' || callkit.call !== 'none') return refuse('callRunning', 'The app is in a call already.');
  if (!phone.profile.callKit) {
    post(phone, 'main', { do: 'app.startMedia' });
    return undefined;
  }
  callkit.number++;
  if (params['incoming'] === true) {
    reportIncoming(phone);
    request(phone, 'answer');
  } else request(phone, 'start');
  return undefined;
};

const hangUp: Handler = (phone) => {
  const { os, app, callkit } = phone;
  if (os.app === 'suspended') return SUSPENDED;
  if (app.call === 'none' && callkit.call === 'none') return refuse('noCall', 'There is no call to hang up.');
  tell(phone, 'lab', 'user.action', { action: 'hangUp' }, 'lab');
  if (callkit.call === 'none') post(phone, 'main', { do: 'app.touch', touch: 'call.hangUp' });
  else request(phone, 'end');
  return undefined;
};

const unhold: Handler = (phone) => {
  if (phone.callkit.call !== 'held') return refuse('notHeld', 'The call is not on hold.');
  if (phone.os.call !== 'none') return refuse('otherCallActive', 'The other call is still going on.');
  tell(phone, 'lab', 'user.action', { action: 'unhold' }, 'lab');
  request(phone, 'unhold');
  return undefined;
};

/** The app comes to the front or leaves it. */
export const moveTo = (phone: Phone, to: 'active' | 'background'): void => {
  if (phone.os.app === to || phone.os.app === 'suspended') return;
  phone.os.app = to;
  post(phone, 'main', { do: 'note.appState', state: to });
};

const move =
  (to: 'active' | 'background'): Handler =>
  (phone) => {
    if (phone.os.app === 'suspended') return SUSPENDED;
    if (phone.os.app === to) return refuse('noChange', `The app is ${to} already.`);
    if (to === 'active') tell(phone, 'lab', 'user.action', { action: 'foreground' }, 'lab');
    moveTo(phone, to);
    return undefined;
  };

const suspend: Handler = (phone, _, injectId) => {
  if (phone.os.app === 'suspended') return refuse('appSuspended', 'The app is suspended already.');
  phone.os.suspendedFrom = phone.os.app;
  phone.os.app = 'suspended';
  note(phone, { layer: 'os', state: 'suspended' });
  causeBegan(phone, 'suspension', 'App suspended', injectId);
  tell(phone, 'lab', 'app.state', { state: 'suspended' }, 'lab');
  phone.effects.push({ kind: 'suspendProcess' });
  return undefined;
};

const resume: Handler = (phone) => {
  const { os, main } = phone;
  if (os.app !== 'suspended') return refuse('notSuspended', 'The app is not suspended.');
  os.app = os.suspendedFrom;
  note(phone, { layer: 'os', state: 'resumed' });
  causeCleared(phone, 'suspension', 'resumed');
  phone.effects.push({ kind: 'resumeProcess' });
  // The app first learns that it runs again; a call it was blocked in returns before that.
  const blocked = main.jobs.slice(0, main.jobs[0]?.took === undefined ? 0 : 1);
  const rest = main.jobs.slice(blocked.length);
  main.jobs = [...blocked, { do: 'note.appState', state: 'resumed' }, ...rest];
  return undefined;
};

export const HANDLERS: Readonly<Record<OutsideStimulusName, Handler>> = {
  'phone.ring': (phone, _, injectId) => ring(phone, injectId),
  'phone.decline': (phone, params) => ringEnds(phone, 'declined', endWord(params)),
  'phone.callerGivesUp': (phone, params) => ringEnds(phone, 'the caller gave up', endWord(params)),
  'phone.answer': (phone, _, injectId) => answer(phone, injectId),
  'phone.localHangUp': (phone, params) => otherCallEnds(phone, 'user', endWord(params)),
  'phone.remoteHangUp': (phone, params) => otherCallEnds(phone, 'remote', endWord(params)),
  'callkit.otherCall.ring': (phone) => otherCallRings(phone),
  'callkit.otherCall.holdAndAccept': (phone, _, injectId) => holdAndAccept(phone, injectId),
  'callkit.otherCall.endAndAccept': (phone) => endAndAccept(phone),
  'callkit.otherCall.localEnd': (phone, params) => otherCallEnds(phone, 'user', endWord(params)),
  'callkit.otherCall.remoteEnd': (phone, params) => otherCallEnds(phone, 'remote', endWord(params)),
  'user.unhold': unhold,
  'siri.start': begin('siri', 'Siri listens'),
  'siri.end': end('siri', 'dismissed', 'siriToEnded'),
  'alarm.fire': begin('alarm', 'Alarm sounds'),
  'alarm.dismiss': end('alarm', 'dismissed', 'alarmToEnded'),
  'airpods.connect': connect('airpods', 'AirPods connect', 'connected'),
  'airpods.intoCase': airpodsIntoCase,
  'wired.plug': connect('wired', 'Wired headset plugged in', 'plugged in'),
  'wired.unplug': wiredUnplug,
  'route.speaker': chooseRoute('route.speaker'),
  'route.receiver': chooseRoute('route.receiver'),
  'app.background': move('background'),
  'app.foreground': move('active'),
  'app.suspend': suspend,
  'app.resume': resume,
  'mic.mute': mute(true),
  'mic.unmute': mute(false),
  'call.start': startCall,
  'call.hangUp': hangUp,
};
