/** What the phone's PCM does, derived from the state of all layers; told whenever it changes. */
import type { AudioGates } from './interface.ts';
import type { Phone } from './phone.ts';

const gatesOf = (phone: Phone): AudioGates => {
  const { session, device, callkit } = phone;
  const runs = phone.unit === 'started';
  const hasSession = session.active && !session.interrupted;
  // An app that activated before CallKit has playout, but recording is blocked (Apple DTS, forum 783870).
  const microphoneBlocked = session.route.inputs.length === 0 || session.hfpWaking || callkit.audio === 'stuck';
  return {
    capture: runs && device.recording ? 'running' : 'stopped',
    microphone: hasSession && !microphoneBlocked ? 'signal' : 'zeros',
    render: runs && device.playing ? 'running' : 'stopped',
    speaker: hasSession && session.route.outputs.length > 0 ? 'audible' : 'silent',
    trackEnabled: !phone.app.muted,
  };
};

export const tellGates = (phone: Phone): void => {
  const next = gatesOf(phone);
  const now = phone.gates;
  if (
    next.capture === now.capture &&
    next.microphone === now.microphone &&
    next.render === now.render &&
    next.speaker === now.speaker &&
    next.trackEnabled === now.trackEnabled
  )
    return;
  phone.gates = next;
  phone.effects.push({ kind: 'gates', at: phone.at, gates: next });
};
