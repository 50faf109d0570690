/** WebRTC's audio device module (AudioDeviceIOS, WebRTC bb9331c); everything here runs on the audio thread. */
import { engineHeedsCanPlay, engineHeedsEnd } from './audio-engine.ts';
import type { Job } from './jobs.ts';
import { call, type Phone, post } from './phone.ts';
import { rateOf } from './routes.ts';
import { beginSession, canPlayOrRecord } from './rtc-session.ts';
import { create, tellUnit } from './voice-unit.ts';

type DeviceJob<D extends Job['do']> = Extract<Job, { readonly do: D }>;

const INITIALIZE: Job = { do: 'unit.initialize', takes: 'unitInitialize' };
const START: Job = { do: 'unit.start', takes: 'unitStart' };
const STOP: Job = { do: 'unit.stop', takes: 'unitStop' };
const UNINITIALIZE: Job = { do: 'unit.uninitialize', takes: 'unitUninitialize' };
const UNLOCK: Job = { do: 'rtc.unlock' };

const isEngine = (phone: Phone): boolean => phone.profile.audioDevice === 'audioEngine';

export const init = (phone: Phone): void => {
  if (phone.device.initialized) return;
  create(phone);
  phone.device.interrupted = phone.rtc.isInterrupted;
  call(phone, { do: 'rtc.lock' }, { do: 'device.initLocked' });
};

export const initLocked = (phone: Phone): void => {
  beginSession(phone);
  if (canPlayOrRecord(phone)) call(phone, { do: 'rtc.configure' }, { do: 'device.initConfigured' });
  else call(phone, { do: 'device.initDone' });
};

export const initConfigured = (phone: Phone): void => {
  if (phone.audio.failed) {
    // Upstream drops the unit and returns -1; the session count it raised stays raised.
    phone.unit = 'none';
    tellUnit(phone);
    call(phone, UNLOCK);
    post(phone, 'main', { do: 'app.observe', seen: { see: 'mediaFailed' } });
    return;
  }
  phone.device.configured = true;
  call(phone, INITIALIZE, { do: 'device.initDone' });
};

export const initDone = (phone: Phone): void => {
  phone.device.initialized = true;
  call(phone, UNLOCK);
  // Audio may have been enabled while init held the thread: the handler posted then found nobody registered.
  if (phone.unit === 'uninitialized' && canPlayOrRecord(phone)) updateAudioUnit(phone, true);
};

export const start = (phone: Phone, { direction }: DeviceJob<'device.start'>): void => {
  const { device } = phone;
  if (!device.initialized || device[direction]) return;
  const otherRuns = direction === 'playing' ? device.recording : device.playing;
  device[direction] = true;
  tellUnit(phone);
  // An interruption does not keep it from starting.
  if (!otherRuns && phone.unit === 'initialized') call(phone, START);
};

export const stop = (phone: Phone, { direction }: DeviceJob<'device.stop'>): void => {
  const { device } = phone;
  if (!device[direction]) return;
  const otherRuns = direction === 'playing' ? device.recording : device.playing;
  if (otherRuns) {
    device[direction] = false;
    tellUnit(phone);
    return;
  }
  call(phone, STOP, { do: 'device.stopped', direction }, UNINITIALIZE, { do: 'unit.dispose' });
  unconfigure(phone);
};

export const stopped = (phone: Phone, { direction }: DeviceJob<'device.stopped'>): void => {
  phone.device[direction] = false;
  phone.device.initialized = false;
  tellUnit(phone);
};

const unconfigure = (phone: Phone): void => {
  if (!phone.device.configured) return;
  call(
    phone,
    { do: 'rtc.lock' },
    { do: 'rtc.setActive', active: false, by: 'webrtc' },
    { do: 'rtc.endSession' },
    { do: 'device.unconfigured' },
    UNLOCK,
  );
};

/** configureWebRTCSession may have failed: upstream goes on all the same. */
export const configured = (phone: Phone): void => {
  if (!phone.audio.failed) phone.device.configured = true;
};

export const unconfigured = (phone: Phone): void => {
  phone.device.configured = false;
};

const updateAudioUnit = (phone: Phone, can: boolean): void => {
  const { device } = phone;
  if (device.interrupted || !device.initialized) return;
  const wanted = device.playing || device.recording;
  switch (phone.unit) {
    case 'uninitialized':
      if (!can) return;
      if (!device.configured)
        call(phone, { do: 'rtc.lock' }, { do: 'rtc.configure' }, { do: 'device.configured' }, UNLOCK);
      call(phone, INITIALIZE);
      if (wanted) call(phone, START);
      return;
    case 'initialized':
      if (can && wanted) call(phone, START);
      if (can) return;
      call(phone, UNINITIALIZE);
      unconfigure(phone);
      return;
    case 'started':
      if (can) return;
      call(phone, STOP, UNINITIALIZE);
      unconfigure(phone);
      return;
    default:
  }
};

export const interruptionBegin = (phone: Phone): void => {
  if (phone.unit === 'started') call(phone, STOP);
  phone.device.interrupted = true;
};

/** shouldResume has been dropped on the way here. */
export const interruptionEnd = (phone: Phone): void => {
  const heeds = !isEngine(phone) || engineHeedsEnd(phone);
  phone.device.interrupted = false;
  if (heeds) updateAudioUnit(phone, isEngine(phone) || canPlayOrRecord(phone));
};

export const canPlayOrRecordChanged = (phone: Phone, { can }: DeviceJob<'device.canPlayOrRecord'>): void => {
  if (!isEngine(phone) || engineHeedsCanPlay(phone)) updateAudioUnit(phone, can);
};

/** HandleSampleRateChange: not while interrupted, so a rate that changes then stays stale. */
export const routeChange = (phone: Phone): void => {
  const { device } = phone;
  if (device.interrupted || (phone.unit !== 'initialized' && phone.unit !== 'started')) return;
  if (rateOf(phone.session.route) === device.rate) return;
  const ran = phone.unit === 'started';
  if (ran) call(phone, STOP);
  call(phone, UNINITIALIZE, INITIALIZE);
  if (ran) call(phone, START);
};
