/** What every app policy shares: the call itself, its buttons, its claims, and the glue to CallKit. */

import { fromMilliseconds } from '../time/time.ts';
import { reportConnected } from './callkit.ts';
import type { OutsideStimulusName } from './interface.ts';
import { call, note, type Phone, post, schedule, tell } from './phone.ts';
import type { ClaimName } from './state.ts';

/** What the app says of itself; told when it changes. */
export const claim = (phone: Phone, name: ClaimName, value: string | boolean): void => {
  const { app } = phone;
  if (app.claims[name] === value) return;
  app.claims = { ...app.claims, [name]: value };
  tell(phone, 'app', 'claim', { name, value });
};

/** Begins the call: media are set up, and without CallKit in manual audio mode the app enables audio by itself. */
export const startMedia = (phone: Phone): void => {
  const { app, profile } = phone;
  app.call = 'live';
  app.interrupted = false;
  app.held = false;
  app.enabledOnce = false;
  app.mediaFailed = false;
  app.speakerWanted = false;
  app.attempts = 0;
  app.iceState = 'new';
  note(phone, { layer: 'policy', state: 'callStarted' });
  phone.effects.push({ kind: 'startCall' });
  claim(phone, 'uiCallState', 'connecting');
  claim(phone, 'micMuted', app.muted);
  claim(phone, 'trackEnabled', !app.muted);
  claim(phone, 'sdkAudioState', 'starting');
  if (profile.manualAudio && !profile.callKit) {
    app.enabledOnce = true;
    call(phone, { do: 'rtc.enableAudio', enabled: true });
  }
  setUpAudio(phone);
};

/** WebRTC initialises its audio device and starts both directions, as it does when tracks begin. */
export const setUpAudio = (phone: Phone): void =>
  post(
    phone,
    'audio',
    { do: 'device.init', takes: 'mediaSetUp' },
    { do: 'device.start', direction: 'playing' },
    { do: 'device.start', direction: 'recording' },
  );

const hangUp = (phone: Phone): void => {
  const { app } = phone;
  if (app.call === 'none') return;
  app.call = 'none';
  app.plan++;
  app.held = false;
  app.interrupted = false;
  note(phone, { layer: 'policy', state: 'callEnded' });
  phone.effects.push({ kind: 'hangUp' });
  claim(phone, 'uiCallState', 'ended');
  claim(phone, 'sdkAudioState', 'off');
  post(
    phone,
    'audio',
    { do: 'device.stop', direction: 'playing', takes: 'audioThreadHop' },
    { do: 'device.stop', direction: 'recording' },
  );
};

const setMuted = (phone: Phone, muted: boolean): void => {
  phone.app.muted = muted;
  claim(phone, 'micMuted', muted);
  claim(phone, 'trackEnabled', !muted);
};

/** The user chose an output in the app. */
const chooseSpeaker = (phone: Phone, speaker: boolean): void => {
  phone.app.speakerWanted = speaker;
  const hasBluetooth = phone.os.devices.length > 0;
  call(
    phone,
    { do: 'rtc.lock' },
    { do: 'session.override', port: speaker ? 'speaker' : 'none', by: 'app', takes: 'override' },
  );
  if (!speaker && hasBluetooth) call(phone, { do: 'session.preferBuiltInMic', prefer: true, by: 'app' });
  call(phone, { do: 'rtc.unlock' });
};

export const touch = (phone: Phone, button: OutsideStimulusName): void => {
  if (button === 'call.hangUp') hangUp(phone);
  else if (button === 'mic.mute' || button === 'mic.unmute') setMuted(phone, button === 'mic.mute');
  else if (button === 'route.speaker' || button === 'route.receiver') chooseSpeaker(phone, button === 'route.speaker');
};

/** The glue every RTCAudioSession app with CallKit has; whether to enable audio is the policy's. */
export const forwardActivation = (phone: Phone, enable: boolean): void => {
  call(phone, { do: 'rtc.didActivate' });
  if (!enable) return;
  phone.app.enabledOnce = true;
  call(phone, { do: 'rtc.enableAudio', enabled: true });
};

export const forwardDeactivation = (phone: Phone): void =>
  call(phone, { do: 'rtc.didDeactivate' }, { do: 'rtc.enableAudio', enabled: false });

/** ICE as every app sees it: the first connection makes the call "connected", and few look again. */
export const sawIce = (phone: Phone, state: string): void => {
  phone.app.iceState = state;
  if (state !== 'connected' || phone.app.call === 'none') return;
  reportConnected(phone);
  if (phone.app.claims.uiCallState === 'connecting') claim(phone, 'uiCallState', 'connected');
  if (phone.app.claims.sdkAudioState === 'starting') claim(phone, 'sdkAudioState', 'active');
};

/** Looks again in a while; a later plan replaces an earlier one. */
export const plan = (phone: Phone, milliseconds: number): void => {
  phone.app.plan++;
  schedule(phone, fromMilliseconds(milliseconds), { kind: 'app', plan: phone.app.plan });
};

export const dropPlan = (phone: Phone): void => {
  phone.app.plan++;
};

/** Takes the session back through RTCAudioSession, under its lock. */
export const takeBack = (phone: Phone): void =>
  call(
    phone,
    { do: 'rtc.lock' },
    { do: 'rtc.setActive', active: true, by: 'app' },
    { do: 'app.activated' },
    { do: 'rtc.unlock' },
  );

/** Our activation counted one more than WebRTC knows of: give that one back, or hanging up would leave it active. */
export const activated = (phone: Phone): void => {
  if (phone.main.error === 'none' && phone.rtc.activationCount > 1)
    call(phone, { do: 'rtc.setActive', active: false, by: 'app' });
};

export const askIceRestart = (phone: Phone, why: string): void => {
  note(phone, { layer: 'policy', call: 'iceRestart', args: { why } });
  phone.effects.push({ kind: 'iceRestart', why });
};
