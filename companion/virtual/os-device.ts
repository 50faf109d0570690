/** The OS end as a device on the wire: role `lab`, which does things to the phone from outside and says what they cause. */
import { WebSocket } from 'ws';
import { OUTSIDE_REPORTS } from '../../shared/iphone/reports.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import { connectDevice, type DeviceLink } from '../client/device-link.ts';
import { ABILITIES } from './abilities.ts';
import type { Configuration } from './configuration.ts';
import { deviceOf, VERSION } from './probe.ts';

export const OS_DEVICE_ID = 'iphone-os';

export function connectOsDevice(configuration: Configuration, now: () => DeviceTime): DeviceLink {
  const { link, benchId, profile, clock } = configuration;
  return connectDevice({
    url: link,
    // This end is never stopped: both of its clocks are one.
    clock: { now, uptime: now },
    openSocket: (url, protocol) => new WebSocket(url, protocol, { perMessageDeflate: false }),
    hello: {
      deviceId: OS_DEVICE_ID,
      benchId,
      role: 'lab',
      platform: 'virtual',
      title: 'Simulated iPhone',
      device: deviceOf(configuration),
      app: { name: 'Sidetone phone model', version: VERSION, policy: profile.policy },
      clock: { id: clock.id },
      reports: [...OUTSIDE_REPORTS, 'log'],
      performs: ABILITIES,
    },
  });
}
