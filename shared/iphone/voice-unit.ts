/**
 * The voice-processing unit (VoiceProcessingAudioUnit): none -> uninitialized -> initialized -> started.
 * That a start succeeds while the session is inactive is assumed; what it then delivers is zeros (gates.ts).
 */
import { note, type Phone, tell } from './phone.ts';
import { rateOf } from './routes.ts';
import type { UnitState } from './state.ts';

export const tellUnit = (phone: Phone): void => {
  const { device, probe } = phone;
  const text = `${phone.unit} ${device.playing} ${device.recording}`;
  if (text === probe.unitTold) return;
  probe.unitTold = text;
  tell(phone, 'rtc', 'unit.state', {
    device: phone.profile.audioDevice,
    state: phone.unit,
    playing: device.playing,
    recording: device.recording,
  });
};

const become = (phone: Phone, state: UnitState, call: string): void => {
  phone.unit = state;
  note(phone, { layer: 'unit', call });
  tellUnit(phone);
};

export const create = (phone: Phone): void => {
  phone.unit = 'uninitialized';
  tellUnit(phone);
};

export const initialize = (phone: Phone): void => {
  if (phone.unit !== 'uninitialized') return;
  phone.device.rate = rateOf(phone.session.route);
  become(phone, 'initialized', 'Initialize');
};

export const start = (phone: Phone): void => {
  if (phone.unit === 'initialized') become(phone, 'started', 'Start');
};

export const stop = (phone: Phone): void => {
  if (phone.unit === 'started' || phone.unit === 'initialized') become(phone, 'initialized', 'Stop');
  // Upstream calls it in every state at shutdown; nothing comes of it.
  else note(phone, { layer: 'unit', call: 'Stop' });
};

export const uninitialize = (phone: Phone): void => {
  if (phone.unit === 'initialized') become(phone, 'uninitialized', 'Uninitialize');
  else note(phone, { layer: 'unit', call: 'Uninitialize' });
};

export const dispose = (phone: Phone): void => become(phone, 'none', 'Dispose');
