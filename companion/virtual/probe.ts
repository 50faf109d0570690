/** The app end as a device on the wire: role `probe`, with what it can report. */

import { WebSocket } from 'ws';
import type { EventKind } from '../../shared/wire/kinds.ts';
import type { SampleKind } from '../../shared/wire/samples.ts';
import { connectDevice, type DeviceLink } from '../client/device-link.ts';
import type { DeviceClock } from '../client/link-types.ts';
import type { Configuration } from './configuration.ts';

export const APP_DEVICE_ID = 'iphone-app';
export const VERSION = '0.1.0';

/** Measured in this process, on real frames and libwebrtc's own counters. */
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
  'log',
] as const satisfies readonly EventKind[];
/** Claims of the layers of iOS, from the model in the OS end. */
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
const SAMPLES = ['level', 'stats'] as const satisfies readonly SampleKind[];

export function connectProbe(configuration: Configuration, clock: DeviceClock): DeviceLink {
  const { link, benchId, profile } = configuration;
  return connectDevice({
    url: link,
    clock,
    openSocket: (url, protocol) => new WebSocket(url, protocol, { perMessageDeflate: false }),
    hello: {
      deviceId: APP_DEVICE_ID,
      benchId,
      role: 'probe',
      platform: 'virtual',
      title: 'App on the simulated iPhone',
      device: deviceOf(configuration),
      app: { name: 'Simulated call app', version: VERSION, sdk: 'libwebrtc M106', policy: profile.policy },
      clock: { id: configuration.clock.id },
      reports: [...MEASURED, ...CLAIMED, ...SAMPLES],
      performs: [],
    },
  });
}

export const deviceOf = (configuration: Configuration) => ({
  model: 'Simulated iPhone',
  os: 'iOS',
  osVersion: configuration.profile.os,
});
