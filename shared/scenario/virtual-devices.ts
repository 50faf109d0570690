/** The devices of a virtual run, with what each reports: the same names as in a real simulated run. */
import type { IphoneProfile } from '../iphone/interface.ts';
import { OUTSIDE_REPORTS, PROBE_REPORTS } from '../iphone/reports.ts';
import type { HelloEntry } from '../recording/entry.ts';
import type { DeviceTime } from '../time/time.ts';
import type { EventKind } from '../wire/kinds.ts';

export const VIRTUAL_BENCH = 'virtual-iphone';
/** One clock for all: no offset to estimate. */
export const VIRTUAL_CLOCK_ID = 'virtual-time';
export const VIRTUAL_DEVICES = ['relay', 'gateway', 'iphone-os', 'iphone-app'] as const;
export type VirtualDevice = (typeof VIRTUAL_DEVICES)[number];

interface Row {
  readonly title: string;
  readonly role: 'probe' | 'lab';
  readonly reports: readonly EventKind[];
}

const ROWS: Readonly<Record<VirtualDevice, Row>> = {
  relay: {
    title: 'Network path (virtual)',
    role: 'lab',
    reports: ['inject.state', 'path.state', 'cause.began', 'cause.cleared'],
  },
  gateway: { title: 'Far end (virtual)', role: 'lab', reports: ['farEnd.flow'] },
  'iphone-os': {
    title: 'Simulated iPhone (virtual time)',
    role: 'lab',
    reports: OUTSIDE_REPORTS,
  },
  'iphone-app': {
    title: 'App on the simulated iPhone (virtual time)',
    role: 'probe',
    // No samples: levels and counters are libwebrtc's own and would have to be made up.
    reports: PROBE_REPORTS,
  },
};

export function virtualHello(deviceId: VirtualDevice, profile: IphoneProfile, now: DeviceTime): HelloEntry['hello'] {
  const { title, role, reports } = ROWS[deviceId];
  return {
    proto: [1],
    deviceId,
    benchId: VIRTUAL_BENCH,
    role,
    platform: 'virtual',
    title,
    device: { model: 'Simulated iPhone', os: 'iOS', osVersion: profile.os },
    app: { name: 'Simulated call app', version: 'virtual', policy: profile.policy },
    clock: { id: VIRTUAL_CLOCK_ID, now },
    reports: [...reports],
    performs: [],
  };
}
