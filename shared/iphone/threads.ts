/** Runs the jobs of the two threads, as far as time and suspension allow. */
import { activated, startMedia, touch } from './app.ts';
import * as device from './audio-device.ts';
import * as callkit from './callkit.ts';
import type { Job, ThreadName } from './jobs.ts';
import * as notes from './notifications.ts';
import { delay, type Phone, schedule, tell } from './phone.ts';
import { policyOf } from './policies/index.ts';
import { snapshotOf } from './probe.ts';
import * as rtc from './rtc-session.ts';
import * as session from './session.ts';
import * as unit from './voice-unit.ts';

/** `false`: the job could not be done and stays where it is (it waits for the lock). */
const perform = (phone: Phone, thread: ThreadName, job: Job): boolean => {
  switch (job.do) {
    case 'session.setCategory':
      session.setCategory(phone, thread, job);
      break;
    case 'session.setActive':
      session.setActive(phone, thread, job);
      break;
    case 'session.setPreferredRate':
      session.setPreferredRate(phone, thread, job);
      break;
    case 'session.setPreferredBuffer':
      session.setPreferredBuffer(phone, thread, job);
      break;
    case 'session.override':
      session.overrideOutput(phone, thread, job);
      break;
    case 'session.preferBuiltInMic':
      session.preferBuiltInMic(phone, thread, job);
      break;
    case 'note.interruptionBegan':
      notes.interruptionBegan(phone, job);
      break;
    case 'note.interruptionEnded':
      notes.interruptionEnded(phone, job);
      break;
    case 'note.becameActive':
      notes.becameActive(phone);
      break;
    case 'note.becameInactive':
      notes.becameInactive(phone, job);
      break;
    case 'note.resumption':
      notes.resumption(phone, job);
      break;
    case 'note.routeChanged':
      notes.routeChanged(phone, job);
      break;
    case 'note.appState':
      notes.appState(phone, job);
      break;
    case 'note.mediaServices':
      notes.mediaServices(phone, job);
      break;
    case 'rtc.lock':
      return rtc.lock(phone, thread);
    case 'rtc.unlock':
      rtc.unlock(phone);
      break;
    case 'rtc.setActive':
      rtc.setActive(phone, thread, job);
      break;
    case 'rtc.setActiveDone':
      rtc.setActiveDone(phone, thread, job);
      break;
    case 'rtc.configure':
      rtc.configure(phone, thread);
      break;
    case 'rtc.configured':
      rtc.configured(phone, thread);
      break;
    case 'rtc.began':
      rtc.began(phone);
      break;
    case 'rtc.ended':
      rtc.ended(phone, job);
      break;
    case 'rtc.afterEvent':
      rtc.afterEvent(phone);
      break;
    case 'rtc.afterEventDone':
      rtc.afterEventDone(phone, thread, job);
      break;
    case 'rtc.notifyEnded':
      rtc.notifyEnded(phone, job.shouldResume);
      break;
    case 'rtc.notifyMedia':
      rtc.notifyMedia(phone, job);
      break;
    case 'rtc.foreground':
      rtc.foreground(phone);
      break;
    case 'rtc.endSession':
      rtc.endSession(phone);
      break;
    case 'rtc.enableAudio':
      rtc.enableAudio(phone, job.enabled);
      break;
    case 'rtc.didActivate':
      rtc.didActivate(phone);
      break;
    case 'rtc.didDeactivate':
      rtc.didDeactivate(phone);
      break;
    case 'device.init':
      device.init(phone);
      break;
    case 'device.initLocked':
      device.initLocked(phone);
      break;
    case 'device.initConfigured':
      device.initConfigured(phone);
      break;
    case 'device.initDone':
      device.initDone(phone);
      break;
    case 'device.start':
      device.start(phone, job);
      break;
    case 'device.stop':
      device.stop(phone, job);
      break;
    case 'device.stopped':
      device.stopped(phone, job);
      break;
    case 'device.interruptionBegin':
      device.interruptionBegin(phone);
      break;
    case 'device.interruptionEnd':
      device.interruptionEnd(phone);
      break;
    case 'device.canPlayOrRecord':
      device.canPlayOrRecordChanged(phone, job);
      break;
    case 'device.routeChange':
      device.routeChange(phone);
      break;
    case 'device.configured':
      device.configured(phone);
      break;
    case 'device.unconfigured':
      device.unconfigured(phone);
      break;
    case 'unit.initialize':
      unit.initialize(phone);
      break;
    case 'unit.start':
      unit.start(phone);
      break;
    case 'unit.stop':
      unit.stop(phone);
      break;
    case 'unit.uninitialize':
      unit.uninitialize(phone);
      break;
    case 'unit.dispose':
      unit.dispose(phone);
      break;
    case 'callkit.perform':
      callkit.perform(phone, job);
      break;
    case 'callkit.fulfill':
      callkit.fulfill(phone, job);
      break;
    case 'callkit.didActivate':
      callkit.didActivate(phone);
      break;
    case 'callkit.didDeactivate':
      callkit.didDeactivate(phone);
      break;
    case 'app.observe':
      policyOf(phone.profile.policy).observe(phone, job.seen);
      break;
    case 'app.startMedia':
      startMedia(phone);
      break;
    case 'app.touch':
      touch(phone, job.touch);
      break;
    case 'app.activated':
      activated(phone);
      break;
    case 'probe.snapshot':
      tell(phone, 'probe', 'session.snapshot', snapshotOf(phone, job.why));
      break;
  }
  return true;
};

/** Does what the thread can do at this instant. Says whether it did anything. */
const run = (phone: Phone, name: ThreadName): boolean => {
  const thread = phone[name];
  let ran = false;
  while (phone.os.app !== 'suspended' && thread.busyTimer === 0 && !thread.parked) {
    const [job, ...rest] = thread.jobs;
    if (job === undefined) break;
    if (job.takes !== undefined && job.took === undefined) {
      const takes = delay(phone, job.takes);
      thread.jobs = [{ ...job, took: takes }, ...rest];
      thread.busyTimer = schedule(phone, takes, { kind: 'thread', thread: name });
      break;
    }
    phone.calls = [];
    thread.jobs = rest;
    if (!perform(phone, name, job)) {
      thread.jobs = [job, ...rest];
      break;
    }
    // The job may itself have posted to this thread: that stays behind.
    if (phone.calls.length > 0) thread.jobs = [...phone.calls, ...thread.jobs];
    rtc.tellRtcState(phone);
    ran = true;
  }
  return ran;
};

export const runThreads = (phone: Phone): void => {
  while (run(phone, 'main') || run(phone, 'audio'));
};

/** The call that blocked the thread returns. */
export const callReturns = (phone: Phone, name: ThreadName): void => {
  phone[name].busyTimer = 0;
};
