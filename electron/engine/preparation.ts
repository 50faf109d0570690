/** Makes a bench ready for a run: the simulated phone as the scenario wants it, and the probe whose call is to be broken. */
import type { ContractError } from '../../shared/contract/contract.ts';
import type { IphoneProfile } from '../../shared/iphone/interface.ts';
import type { HelloEntry } from '../../shared/recording/entry.ts';
import type { ResolvedScenario } from '../../shared/scenario/scenario.ts';
import { type DesktopTime, desktopTime } from '../../shared/time/time.ts';
import { bad, good, type Result } from './lifecycle.ts';
import type { Disposable } from './ports.ts';
import { SIMULATED_BENCH, type Simulation } from './simulation.ts';

export interface PreparationPorts {
  /** Absent when Sidetone was started without one. */
  readonly simulation: Simulation | undefined;
  now(): DesktopTime;
  /** The connected probe of a bench. */
  probeOf(benchId: string): string | undefined;
  /** Published hellos, the newest of each device. */
  hellos(): readonly HelloEntry[];
  onPublished(listener: () => void): Disposable;
  /** The run that wants it counts from now on. */
  weighDemand(): void;
}

/** A fresh phone says hello within this time of its process being ready. */
const PROBE_WITHIN_MILLISECONDS = 15_000;

/** Resolves with the probe's device, or with why there is none. */
export async function prepareBench(
  ports: PreparationPorts,
  benchId: string,
  scenario: ResolvedScenario,
  seed: number | undefined,
): Promise<Result<{ readonly probeId: string }, ContractError>> {
  const { simulation } = ports;
  const isSimulated = benchId === SIMULATED_BENCH && simulation !== undefined;
  let since: DesktopTime = desktopTime(0);
  if (isSimulated) {
    const profile = simulation.profileFor(scenario, seed);
    ports.weighDemand();
    if (!simulation.isPristine || simulation.state === 'broken' || !sameProfile(profile, simulation.profile)) {
      since = ports.now();
      simulation.configure(profile);
    }
    const running = await simulation.untilRunning();
    if (!running.ok) return running;
  }
  const probeId = await probeSince(ports, benchId, since, isSimulated ? PROBE_WITHIN_MILLISECONDS : 0);
  if (probeId !== undefined) {
    // From here on this call is used: the next run begins with a fresh one.
    if (isSimulated) simulation.markUsed();
    return good({ probeId });
  }
  const message = isSimulated
    ? 'the simulated iPhone started, but its app did not say hello'
    : `no phone is connected on bench ${benchId}`;
  return bad({ code: 'not-connected', message });
}

/** The probe whose newest hello came at `since` or later, published already. */
async function probeSince(
  ports: PreparationPorts,
  benchId: string,
  since: DesktopTime,
  withinMilliseconds: number,
): Promise<string | undefined> {
  const find = (): string | undefined => {
    const deviceId = ports.probeOf(benchId);
    const hello = ports.hellos().find((entry) => entry.benchId === benchId && entry.deviceId === deviceId);
    return hello !== undefined && hello.arrivedAt >= since ? hello.deviceId : undefined;
  };
  const found = find();
  if (found !== undefined || withinMilliseconds === 0) return found;
  return new Promise((resolve) => {
    const finish = (probeId: string | undefined): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(probeId);
    };
    const timer = setTimeout(() => finish(undefined), withinMilliseconds);
    const subscription = ports.onPublished(() => {
      const probeId = find();
      if (probeId !== undefined) finish(probeId);
    });
  });
}

const sameProfile = (a: IphoneProfile, b: IphoneProfile): boolean => JSON.stringify(a) === JSON.stringify(b);
