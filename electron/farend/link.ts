/** The far end's processes on the wire: devices of role `lab`, like any other. */
import { WebSocket } from 'ws';
import { connectDevice, type DeviceHello, type DeviceLink } from '../../companion/client/device-link.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { ProcessConfig } from './process.ts';

/** What the relay and the gateway use of a link. */
export type FarEndLink = Pick<DeviceLink, 'event' | 'sample' | 'onInject' | 'close'>;

/** Run by hand or in a test without an engine: says nothing to nobody. */
const SILENT_LINK: FarEndLink = {
  event: () => 0,
  sample: () => {},
  onInject: () => () => {},
  close: () => Promise.resolve(),
};

export function connectFarEnd(
  config: ProcessConfig,
  now: () => DeviceTime,
  hello: Pick<DeviceHello, 'deviceId' | 'title' | 'reports' | 'performs'>,
  sdk?: string,
): FarEndLink {
  if (config.link === undefined) return SILENT_LINK;
  return connectDevice({
    url: config.link,
    hello: {
      ...hello,
      benchId: config.benchId,
      role: 'lab',
      platform: 'virtual',
      device: { model: 'Sidetone far end', os: process.platform, osVersion: process.version },
      app: { name: 'Sidetone', version: '0.1.0', ...(sdk === undefined ? {} : { sdk }) },
      clock: { id: config.clock.id },
    },
    // These processes are never suspended: both clocks are one.
    clock: { now, uptime: now },
    openSocket: (url, protocol) => new WebSocket(url, protocol),
  });
}
