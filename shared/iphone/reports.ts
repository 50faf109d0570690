/**
 * What the simulated iPhone's two devices can report: said in `hello.reports`, the same in real and virtual time, so that
 * the absence of an event differs from the absence of the sensor.
 */
import type { EventKind } from '../wire/kinds.ts';

/** Measured on real frames and libwebrtc's own counters (modelled in virtual time). */
const MEASURED = [
  'heartbeat.gap',
  'capture.flow',
  'tx.flow',
  'rx.flow',
  'render.flow',
  'webrtc.state',
  'webrtc.pair',
  'webrtc.iceRestart',
  'transport.proof',
  'transport.unanswered',
] as const satisfies readonly EventKind[];
/** Claims of the layers of iOS, from the model. */
const CLAIMED = [
  'os.notification',
  'session.interruption',
  'session.active',
  'session.inactive',
  'resume.hint',
  'session.snapshot',
  'session.call',
  'route.changed',
  'app.state',
  'rtc.state',
  'rtc.delegate',
  'unit.state',
  'callkit.action',
  'callkit.audio',
  'callkit.call',
  'claim',
] as const satisfies readonly EventKind[];

export const PROBE_REPORTS: readonly EventKind[] = [...MEASURED, ...CLAIMED];
/** The OS end: what is done to the phone from outside. */
export const OUTSIDE_REPORTS: readonly EventKind[] = [
  'cause.began',
  'cause.cleared',
  'inject.state',
  'user.action',
  'app.state',
];
