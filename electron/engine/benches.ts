/** Devices, simulation and runs, put together into what the page calls benches. */
import type { AbilityInfo, BenchInfo, DeviceInfo } from '../../shared/contract/contract.ts';
import { OS_VERSIONS } from '../../shared/iphone/interface.ts';
import type { Hello } from '../../shared/wire/frames.ts';
import type { RunProgress } from './runs.ts';
import { SIMULATED_BENCH, type Simulation } from './simulation.ts';

/** What the device hub knows of a device. */
export interface KnownDevice extends DeviceInfo {
  readonly benchId: string;
  readonly hello: Hello;
  readonly abilities: readonly AbilityInfo[];
}

export type PolicyTitles = readonly { readonly name: string; readonly title: string }[];

export interface BenchSources {
  readonly devices: readonly KnownDevice[];
  readonly simulation: Simulation | undefined;
  readonly policies: PolicyTitles;
  readonly runOf: (benchId: string) => RunProgress | undefined;
}

export function listBenches(sources: BenchSources): readonly BenchInfo[] {
  const byBench = new Map<string, KnownDevice[]>();
  if (sources.simulation !== undefined) byBench.set(SIMULATED_BENCH, []);
  for (const device of sources.devices) {
    const devices = byBench.get(device.benchId);
    if (devices === undefined) byBench.set(device.benchId, [device]);
    else devices.push(device);
  }
  return [...byBench].map(([benchId, devices]) => {
    const run = sources.runOf(benchId);
    const common = {
      benchId,
      devices: devices.map(deviceInfo),
      abilities: devices.filter((device) => device.link === 'connected').flatMap((device) => device.abilities),
      ...(run === undefined ? {} : { run }),
    };
    return benchId === SIMULATED_BENCH && sources.simulation !== undefined
      ? { ...common, ...simulatedBench(sources.simulation, sources.policies) }
      : { ...common, ...ownBench(benchId, devices) };
  });
}

type Rest = Omit<BenchInfo, 'benchId' | 'devices' | 'abilities' | 'run'>;

function simulatedBench(simulation: Simulation, policies: PolicyTitles): Rest {
  const { profile, problem } = simulation;
  return {
    title: 'Simulated iPhone',
    simulated: true,
    state: simulation.state,
    ...(problem === undefined ? {} : { problem }),
    policy: profile.policy,
    policies,
    os: profile.os,
    osVersions: OS_VERSIONS,
    callKit: profile.callKit,
  };
}

/** A bench that the engine did not start: it is what its devices say. */
function ownBench(benchId: string, devices: readonly KnownDevice[]): Rest {
  const probe = devices.find((device) => device.role === 'probe') ?? devices[0];
  const isHere = devices.some((device) => device.link === 'connected');
  return {
    title: probe?.title ?? benchId,
    simulated: devices.every((device) => device.platform === 'virtual'),
    state: isHere ? 'running' : 'paused',
    policy: probe?.hello.app.policy ?? '',
    policies: [],
    os: probe?.hello.device.osVersion ?? '',
    osVersions: [],
    callKit: probe?.hello.reports.includes('callkit.call') ?? false,
  };
}

/** Without what only the engine needs. */
function deviceInfo(device: KnownDevice): DeviceInfo {
  const { deviceId, role, platform, title, link, eventsReceived, badFrames, samplesDropped } = device;
  return { deviceId, role, platform, title, link, eventsReceived, badFrames, samplesDropped };
}
