/**
 * RTCAudioSession, as in WebRTC bb9331c (2025-06-20), sdk/objc/components/audio. It ignores shouldResume: any `ended`
 * activates the session again, and whoever listens restarts.
 */
import type { Job, ThreadName } from './jobs.ts';
import { call, note, type Phone, post, tell } from './phone.ts';
import { rateOf } from './routes.ts';
import { callSetActive, readOptions } from './session.ts';

type RtcJob<D extends Job['do']> = Extract<Job, { readonly do: D }>;

/** RTCAudioSessionConfiguration.webRTCConfiguration, upstream's default. */
const CONFIGURATION = {
  category: 'playAndRecord',
  mode: 'voiceChat',
  options: 0x4,
  rate: 48_000,
  buffer: 0.02,
} as const;

export const canPlayOrRecord = (phone: Phone): boolean => !phone.rtc.useManualAudio || phone.rtc.isAudioEnabled;

const notify = (
  phone: Phone,
  callback: string,
  args: Readonly<Record<string, string | number | boolean | null>> = {},
): void => {
  note(phone, { layer: 'rtc', notify: callback, args });
  const name = `audioSession${callback.charAt(0).toUpperCase()}${callback.slice(1)}`;
  tell(phone, 'rtc', 'rtc.delegate', { callback: name, args: { ...args } });
};

/** The audio device registers itself as a delegate at init and leaves at shutdown. */
const toDevice = (phone: Phone, job: Job): void => {
  if (phone.device.initialized) post(phone, 'audio', { ...job, takes: 'audioThreadHop' });
};

/**
 * A lock that another thread holds parks the caller; the job stays at the head of its thread. Taken again by its own thread it
 * ends the app (RTC_CHECK since 2021-09, WebRTC bb9331c): no policy may do that, and the trace shows it if one does.
 */
export const lock = (phone: Phone, thread: ThreadName): boolean => {
  if (phone.rtc.lockedBy === thread) note(phone, { layer: 'rtc', state: 'lockedTwice', args: { thread } });
  if (phone.rtc.lockedBy !== 'nobody' && phone.rtc.lockedBy !== thread) {
    phone[thread].parked = true;
    return false;
  }
  phone.rtc.lockedBy = thread;
  return true;
};

export const unlock = (phone: Phone): void => {
  phone.rtc.lockedBy = 'nobody';
  phone.main.parked = false;
  phone.audio.parked = false;
};

export const setActive = (phone: Phone, thread: ThreadName, { active, by }: RtcJob<'rtc.setActive'>): void => {
  const { rtc } = phone;
  notify(phone, 'willSetActive', { active });
  const should = (active && !rtc.isActive) || (!active && rtc.isActive && rtc.activationCount === 1);
  if (should) call(phone, { do: 'session.setActive', active, by, takes: 'setActive' });
  else phone[thread].error = 'none';
  call(phone, { do: 'rtc.setActiveDone', active, should, by });
};

export const setActiveDone = (phone: Phone, thread: ThreadName, job: RtcJob<'rtc.setActiveDone'>): void => {
  const { rtc } = phone;
  const { active, should } = job;
  const { error } = phone[thread];
  const ok = error === 'none';
  if (ok && active) {
    if (should) {
      rtc.isActive = true;
      if (rtc.isInterrupted) {
        rtc.isInterrupted = false;
        notifyEnded(phone, true);
      }
    }
    rtc.activationCount++;
    notify(phone, 'didSetActive', { active: true });
  }
  if (!ok) notify(phone, 'failedToSetActive', { active, error });
  if (!active) {
    // Even when the OS refused: the count and isActive go down (and the count below zero).
    if (should) {
      rtc.isActive = false;
      notify(phone, 'didSetActive', { active: false });
    }
    rtc.activationCount--;
  }
};

/** configureWebRTCSession: the global configuration, whatever the app had set before. */
export const configure = (phone: Phone, thread: ThreadName): void => {
  const { session } = phone;
  const { category, mode, options, rate, buffer } = CONFIGURATION;
  phone[thread].failed = false;
  if (session.category !== category || session.mode !== mode || readOptions(phone) !== options)
    call(phone, { do: 'session.setCategory', category, mode, options, by: 'webrtc', takes: 'setCategory' });
  if (session.preferredRate !== rate)
    call(phone, { do: 'session.setPreferredRate', hertz: rate, by: 'webrtc', takes: 'setPreferred' });
  if (session.preferredBuffer !== buffer)
    call(phone, { do: 'session.setPreferredBuffer', seconds: buffer, by: 'webrtc', takes: 'setPreferred' });
  call(phone, { do: 'rtc.setActive', active: true, by: 'webrtc' }, { do: 'rtc.configured' });
};

export const configured = (phone: Phone, thread: ThreadName): void => {
  const { session } = phone;
  // A failure leaves the session as it is: nothing is undone.
  if (phone[thread].failed) return;
  if (session.route.inputs.length === 0) {
    phone[thread].failed = true;
    note(phone, { layer: 'rtc', call: 'configureWebRTCSession', args: { error: 'No input path.' } });
    call(phone, { do: 'rtc.setActive', active: false, by: 'webrtc' });
    return;
  }
  const rate = rateOf(session.route);
  if (rate !== CONFIGURATION.rate)
    call(phone, { do: 'session.setPreferredRate', hertz: rate, by: 'webrtc', takes: 'setPreferred' });
};

export const began = (phone: Phone): void => {
  phone.rtc.isActive = false;
  phone.rtc.isInterrupted = true;
  notify(phone, 'didBeginInterruption');
  toDevice(phone, { do: 'device.interruptionBegin' });
};

export const ended = (phone: Phone, { shouldResume }: RtcJob<'rtc.ended'>): void => {
  phone.rtc.isInterrupted = false;
  call(phone, { do: 'rtc.afterEvent' }, { do: 'rtc.notifyEnded', shouldResume });
};

/** updateAudioSessionAfterEvent: no delegate hears how it went. */
export const afterEvent = (phone: Phone): void => {
  const active = phone.rtc.activationCount > 0;
  callSetActive(phone, active);
  call(phone, { do: 'rtc.afterEventDone', active });
};

export const afterEventDone = (phone: Phone, thread: ThreadName, job: RtcJob<'rtc.afterEventDone'>): void => {
  if (phone[thread].error === 'none') phone.rtc.isActive = job.active;
};

export const notifyEnded = (phone: Phone, shouldResume: boolean): void => {
  notify(phone, 'didEndInterruption', { shouldResume });
  toDevice(phone, { do: 'device.interruptionEnd' });
  call(phone, { do: 'app.observe', seen: { see: 'rtcEnded', shouldResume } });
};

/** On every return to the foreground it says "interruption ended", interrupted or not. */
export const foreground = (phone: Phone): void => {
  if (phone.rtc.isInterrupted) {
    phone.rtc.isInterrupted = false;
    call(phone, { do: 'rtc.afterEvent' });
  }
  call(phone, { do: 'rtc.notifyEnded', shouldResume: true });
};

export const notifyMedia = (phone: Phone, { state }: RtcJob<'rtc.notifyMedia'>): void =>
  // The device's handlers for both are empty: nothing rebuilds the unit.
  notify(phone, state === 'lost' ? 'mediaServerTerminated' : 'mediaServerReset');

export const didActivate = (phone: Phone): void => {
  phone.rtc.activationCount++;
  phone.rtc.isActive = true;
  phone.rtc.isInterrupted = false;
  notifyEnded(phone, true);
};

/** No didBeginInterruption: a device that waits for an edge will not restart after this. */
export const didDeactivate = (phone: Phone): void => {
  phone.rtc.isActive = false;
  phone.rtc.activationCount--;
};

export const enableAudio = (phone: Phone, enabled: boolean): void => {
  const { rtc } = phone;
  rtc.isAudioEnabled = enabled;
  const can = canPlayOrRecord(phone);
  if (can === rtc.cachedCanPlayOrRecord) return;
  rtc.cachedCanPlayOrRecord = can;
  notify(phone, 'didChangeCanPlayOrRecord', { canPlayOrRecord: can });
  toDevice(phone, { do: 'device.canPlayOrRecord', can });
};

export const beginSession = (phone: Phone): void => {
  phone.rtc.webRTCSessionCount++;
  notify(phone, 'didStartPlayOrRecord');
};

export const endSession = (phone: Phone): void => {
  phone.rtc.webRTCSessionCount--;
  notify(phone, 'didStopPlayOrRecord');
};

/** Tells rtc.state when it has changed since it was last told. */
export const tellRtcState = (phone: Phone): void => {
  const { rtc, probe } = phone;
  const text = `${rtc.isActive} ${rtc.isInterrupted} ${rtc.activationCount} ${rtc.webRTCSessionCount} ${rtc.isAudioEnabled}`;
  if (text === probe.rtcTold) return;
  probe.rtcTold = text;
  tell(phone, 'rtc', 'rtc.state', {
    isActive: rtc.isActive,
    isInterrupted: rtc.isInterrupted,
    activationCount: rtc.activationCount,
    webRTCSessionCount: rtc.webRTCSessionCount,
    useManualAudio: rtc.useManualAudio,
    isAudioEnabled: rtc.isAudioEnabled,
    canPlayOrRecord: canPlayOrRecord(phone),
  });
};
