/**
 * The reference: lets WebRTC handle what it handles, looks whether it did, and tries again while the call lives.
 * It goes by "is the call live and is nobody above us", never by shouldResume alone.
 */
import {
  askIceRestart,
  claim,
  dropPlan,
  forwardActivation,
  forwardDeactivation,
  plan,
  sawIce,
  setUpAudio,
  takeBack,
} from '../app.ts';
import { type Phone, post } from '../phone.ts';
import type { Policy } from './policy.ts';

/** After a lost route the OS settles first (bursts of route changes are debounced by 400 ms in the field). */
const ROUTE_SETTLES_MILLISECONDS = 300;
/** WebRTC has had its turn by then. */
const CHECK_AFTER_END_MILLISECONDS = 300;
/** While somebody holds the audio: try again, less and less often. In the field: from 100 ms, doubling, to 3.2 s. */
const RETRY_MILLISECONDS = [1000, 2000, 4000] as const;
const ICE_RETRY_MILLISECONDS = 2000;

const retryWait = (phone: Phone): number =>
  RETRY_MILLISECONDS[Math.min(phone.app.attempts++, RETRY_MILLISECONDS.length - 1)] ?? RETRY_MILLISECONDS[2];

const recovered = (phone: Phone): void => {
  const { app } = phone;
  if (app.call === 'none' || app.held) return;
  app.interrupted = false;
  app.attempts = 0;
  if (app.iceState !== 'failed') dropPlan(phone);
  claim(phone, 'sdkAudioState', 'active');
  if (app.claims.uiCallState === 'interrupted' || app.claims.uiCallState === 'held')
    claim(phone, 'uiCallState', 'connected');
};

/** Under CallKit only the OS may activate; a held call waits for it. */
const mayTakeBack = (phone: Phone): boolean => phone.app.call === 'live' && !phone.app.held && !phone.profile.callKit;

/** Is everything as it should be? If not, do something about it and look again. */
const look = (phone: Phone): void => {
  const { app, rtc } = phone;
  if (app.call === 'none') return;
  const waits: number[] = [];
  if (app.iceState === 'failed') {
    askIceRestart(phone, 'ICE still failed');
    waits.push(ICE_RETRY_MILLISECONDS);
  }
  if (app.mediaFailed) {
    // WebRTC gives up after one try: stop the tracks and start them again.
    app.mediaFailed = false;
    setUpAudio(phone);
  }
  if (app.interrupted && rtc.isActive && !rtc.isInterrupted) recovered(phone);
  else if (app.interrupted && mayTakeBack(phone)) {
    takeBack(phone);
    waits.push(retryWait(phone));
  }
  if (waits.length > 0) plan(phone, Math.min(...waits));
};

export const careful: Policy = {
  info: {
    name: 'careful',
    title: 'Careful app',
    what: 'Checks after every interruption whether audio is really back and tries again while the call lives; shows a held call as held; restarts ICE when it has failed.',
    audioDevice: 'audioUnit',
    manualAudio: 'withCallKit',
  },
  observe: (phone, seen) => {
    const { app } = phone;
    switch (seen.see) {
      case 'didActivate':
        app.held = false;
        forwardActivation(phone, true);
        return;
      case 'didDeactivate':
        forwardDeactivation(phone);
        return;
      case 'held':
        app.held = true;
        claim(phone, 'uiCallState', 'held');
        claim(phone, 'sdkAudioState', 'paused');
        return;
      case 'interruptionBegan':
        if (app.call === 'none') return;
        app.interrupted = true;
        claim(phone, 'sdkAudioState', 'interrupted');
        if (app.held) return;
        claim(phone, 'uiCallState', 'interrupted');
        if (seen.reason === 'routeDisconnected') plan(phone, ROUTE_SETTLES_MILLISECONDS);
        else plan(phone, retryWait(phone));
        return;
      case 'mediaFailed':
        if (app.call === 'none') return;
        app.mediaFailed = true;
        plan(phone, retryWait(phone));
        return;
      case 'interruptionEnded':
      case 'resumption':
      case 'foreground':
        if ((app.interrupted || app.mediaFailed) && !app.held) plan(phone, CHECK_AFTER_END_MILLISECONDS);
        return;
      case 'rtcEnded':
        // WebRTC's own handler runs without the lock: one that began before our call deactivates under it.
        if (mayTakeBack(phone) && !phone.rtc.isActive) {
          app.interrupted = true;
          plan(phone, CHECK_AFTER_END_MILLISECONDS);
          return;
        }
        if (!app.interrupted && app.claims.uiCallState !== 'held') return;
        // WebRTC says so on every return to the foreground too: believe it only when its session is active.
        if (phone.rtc.isActive) recovered(phone);
        // Not at once: RTCAudioSession says this under its lock when it was our own activation, and a second lock is a crash.
        if (app.speakerWanted)
          post(
            phone,
            'main',
            { do: 'rtc.lock' },
            { do: 'session.override', port: 'speaker', by: 'app', takes: 'override' },
            { do: 'rtc.unlock' },
          );
        return;
      case 'routeChanged':
        // What was heard in private stays private: a lost device never leads to the loudspeaker.
        if (seen.reason === 'oldDeviceUnavailable') app.speakerWanted = false;
        return;
      case 'iceState':
        sawIce(phone, seen.state);
        if (app.call === 'none') return;
        if (seen.state === 'failed') {
          claim(phone, 'uiCallState', 'reconnecting');
          askIceRestart(phone, 'ICE failed');
          plan(phone, ICE_RETRY_MILLISECONDS);
        } else if (seen.state === 'connected' && app.claims.uiCallState === 'reconnecting') {
          claim(phone, 'uiCallState', app.held ? 'held' : app.interrupted ? 'interrupted' : 'connected');
        }
        return;
      case 'iceRestarted':
        if (!seen.ok && app.call === 'live') plan(phone, ICE_RETRY_MILLISECONDS);
        return;
      case 'planDue':
        look(phone);
        return;
      default:
    }
  },
};
