/** The simulated iPhone: step(state, stimulus, profile). See README.md for what it is told and what it says. */

import { fromMilliseconds } from '../time/time.ts';
import * as callkit from './callkit.ts';
import { tellGates } from './gates.ts';
import { type IphoneProfile, OUTSIDE_STIMULI, type Refusal, type StepResult, type Stimulus } from './interface.ts';
import { interrupt, release } from './interruptions.ts';
import { close, open, type Phone, post, schedule, tell } from './phone.ts';
import { snapshotOf } from './probe.ts';
import { deviceChanged, hfpAwake } from './routes.ts';
import { tellRtcState } from './rtc-session.ts';
import type { IphoneState, OsTimer } from './state.ts';
import { HANDLERS, moveTo } from './stimuli.ts';
import { callReturns, runThreads } from './threads.ts';
import { tellUnit } from './voice-unit.ts';

export { POLICY_INFO, profileFor } from './policies/index.ts';
export { snapshotFact, snapshotOf } from './probe.ts';
export { createIphone, type IphoneState } from './state.ts';

/** Events that belong together come within this time; then the session is read once. */
const BURST = fromMilliseconds(100);

const due = (phone: Phone, what: OsTimer): void => {
  switch (what.kind) {
    case 'thread':
      callReturns(phone, what.thread);
      break;
    case 'interrupt':
      interrupt(phone, what.holder);
      break;
    case 'release':
      release(phone, what.source, what.shouldResume, what.delivered);
      break;
    case 'lifecycle':
      moveTo(phone, what.to);
      break;
    case 'device':
      deviceChanged(phone, what.device, what.connected);
      break;
    case 'hfpAwake':
      hfpAwake(phone, what.generation);
      break;
    case 'callKitActivate':
      callkit.activate(phone);
      break;
    case 'callKitInterrupt':
      callkit.interruptHeld(phone);
      break;
    case 'callKitDeactivate':
      callkit.deactivate(phone);
      break;
    case 'snapshot':
      phone.probe.snapshotPending = false;
      post(phone, 'main', { do: 'probe.snapshot', why: 'event' });
      break;
    case 'app':
      if (what.plan === phone.app.plan) post(phone, 'main', { do: 'app.observe', seen: { see: 'planDue' } });
      break;
  }
};

/** The probe introduces itself with the first step. */
const introduce = (phone: Phone): void => {
  if (phone.probe.started) return;
  phone.probe.started = true;
  tell(phone, 'os', 'app.state', { state: 'active' });
  tellRtcState(phone);
  tellUnit(phone);
  tell(phone, 'probe', 'session.snapshot', snapshotOf(phone, 'start'));
  phone.effects.push({ kind: 'gates', at: phone.at, gates: phone.gates });
  phone.sessionTold = false;
};

const apply = (phone: Phone, stimulus: Stimulus): Refusal | undefined => {
  switch (stimulus.kind) {
    case 'outside': {
      if (!(OUTSIDE_STIMULI as readonly string[]).includes(stimulus.does))
        return { code: 'unknownStimulus', message: `This phone cannot do ${stimulus.does}.` };
      return HANDLERS[stimulus.does](phone, stimulus.params, stimulus.injectId);
    }
    case 'webrtc.iceState':
      post(phone, 'main', { do: 'app.observe', seen: { see: 'iceState', state: stimulus.state } });
      return undefined;
    case 'webrtc.iceRestarted':
      post(phone, 'main', { do: 'app.observe', seen: { see: 'iceRestarted', ok: stimulus.ok } });
      return undefined;
    case 'timer': {
      const timer = phone.timers.find(({ id }) => id === stimulus.timerId);
      if (timer === undefined) return undefined;
      phone.timers = phone.timers.filter(({ id }) => id !== stimulus.timerId);
      due(phone, timer.what);
      return undefined;
    }
  }
};

/** What has come of it is carried through: threads run, gates and the snapshot follow. */
export const settle = (phone: Phone): void => {
  runThreads(phone);
  tellGates(phone);
  if (phone.sessionTold && !phone.probe.snapshotPending) {
    phone.probe.snapshotPending = true;
    schedule(phone, BURST, { kind: 'snapshot' });
  }
};

/**
 * One stimulus at its instant (microseconds of the phone's clock; never earlier than the one before).
 * A stimulus that cannot happen now is refused with a reason and changes nothing.
 */
export const step = (state: IphoneState, stimulus: Stimulus, profile: IphoneProfile): StepResult<IphoneState> => {
  const phone = open(state, stimulus.at, profile);
  introduce(phone);
  const refused = apply(phone, stimulus);
  if (refused !== undefined) return { state, effects: [], trace: [], refused };
  settle(phone);
  return { state: close(phone), effects: phone.effects, trace: phone.trace };
};
