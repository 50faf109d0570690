/** The app end as a device on the wire: role `probe`, with what it can report. */

import { WebSocket } from 'ws';
import { PROBE_REPORTS } from '../../shared/iphone/reports.ts';
import type { SampleKind } from '../../shared/wire/samples.ts';
import { connectDevice, type DeviceLink } from '../client/device-link.ts';
import type { DeviceClock } from '../client/link-types.ts';
import type { Configuration } from './configuration.ts';

export const APP_DEVICE_ID = 'iphone-app';
export const VERSION = '0.1.0';

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
      reports: [...PROBE_REPORTS, 'log', ...SAMPLES],
      performs: [],
    },
  });
}

export const deviceOf = (configuration: Configuration) => ({
  model: 'Simulated iPhone',
  os: 'iOS',
  osVersion: configuration.profile.os,
});
