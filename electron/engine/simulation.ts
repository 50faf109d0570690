/**
 * Starts, watches and stops the simulated iPhone's processes.
 *
 *            wanted, not held back            all three ready
 *   paused ------------------------> starting ---------------> running
 *     ^                                 |  could not start        |  a process ended
 *     |                                 v                         v
 *     +---- not wanted any more ---- broken <---------------------+     left only by a restart
 *
 * One loop at a time brings what is (`#processes`) to what is wanted; every change only sets what is wanted and wakes it.
 */

import type { BenchInfo, ContractError } from '../../shared/contract/contract.ts';
import {
  type IphoneProfile,
  OS_VERSIONS,
  type OsVersion,
  POLICIES,
  type PolicyName,
} from '../../shared/iphone/interface.ts';
import { POLICY_INFO, profileFor } from '../../shared/iphone/policies/index.ts';
import { unknownWord } from '../../shared/scenario/nearest.ts';
import type { ResolvedScenario } from '../../shared/scenario/scenario.ts';
import { bad, good, type Result } from './lifecycle.ts';
import type { Disposable, Log, ProcessHost, ProgramName, RunningProcess } from './ports.ts';
import { describeEnd } from './process-host.ts';

export const SIMULATED_BENCH = 'simulated-iphone';

/** Truth runs: a tone without pauses, and logs that share no code with what is measured. */
export interface Laboratory {
  readonly voice?: 'speech' | 'sweep';
  readonly packetLog?: string;
  readonly heardLog?: string;
  readonly speakerLog?: string;
}

export interface SimulationOptions {
  readonly host: ProcessHost;
  /** Where devices dial in. */
  readonly link: string;
  /** All processes of this machine stamp with one clock. */
  readonly clock: { readonly id: string; readonly epochNanos: string };
  readonly laboratory?: Laboratory;
  readonly seed: number;
  readonly log: Log;
  /** State, problem or profile changed. */
  readonly onChanged: () => void;
  /** A process ended that should not have. */
  readonly onProcessEnded: (program: ProgramName, reason: string) => void;
}

export interface ProfileWish {
  readonly policy?: string | undefined;
  readonly os?: string | undefined;
  readonly callKit?: boolean | undefined;
}

type State = BenchInfo['state'];

export class Simulation implements Disposable {
  readonly #options: SimulationOptions;
  #profile: IphoneProfile;
  #state: State = 'paused';
  #problem: string | undefined;
  #processes: RunningProcess[] = [];
  #wanted = false;
  #restartAsked = false;
  #disposed = false;
  /** Nothing was injected since the phone started. */
  #pristine = true;
  #loop: Promise<void> | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(options: SimulationOptions) {
    this.#options = options;
    // What scenarios ask for that name no OS: the first run then needs no other phone.
    this.#profile = profileFor(POLICIES[0], { seed: options.seed });
  }

  get state(): State {
    return this.#state;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get profile(): IphoneProfile {
    return this.#profile;
  }

  get isPristine(): boolean {
    return this.#pristine;
  }

  markUsed(): void {
    this.#pristine = false;
  }

  /** Somebody needs it, or nobody does. */
  setWanted(wanted: boolean): void {
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    this.#wake();
  }

  /** What the page or a scenario asks for, checked against what there is. */
  profileWith(wish: ProfileWish): Result<IphoneProfile, ContractError> {
    const policy = wish.policy ?? this.#profile.policy;
    const os = wish.os ?? this.#profile.os;
    if (!isOneOf(POLICIES, policy))
      return bad({ code: 'unknown-policy', message: unknownWord('policy', policy, POLICIES) });
    if (!isOneOf(OS_VERSIONS, os))
      return bad({ code: 'unknown-os', message: unknownWord('OS version', os, OS_VERSIONS) });
    return good(makeProfile(policy, os, wish.callKit ?? this.#profile.callKit, this.#options.seed));
  }

  /** The app under test that a scenario asks for. */
  profileFor(scenario: Pick<ResolvedScenario, 'app' | 'os'>, seed = this.#options.seed): IphoneProfile {
    const { policy, callKit, manualAudio, audioDevice } = scenario.app;
    return {
      ...makeProfile(policy, scenario.os, callKit, seed),
      ...(manualAudio === undefined ? {} : { manualAudio }),
      ...(audioDevice === undefined ? {} : { audioDevice }),
    };
  }

  /** A fresh phone with this profile. */
  configure(profile: IphoneProfile): void {
    this.#profile = profile;
    this.restart();
  }

  /** Somebody else saw that it is not whole any more. */
  reportBroken(problem: string): void {
    this.#break(problem);
  }

  restart(): void {
    this.#restartAsked = true;
    this.#wake();
    this.#options.onChanged();
  }

  /** Resolves when the processes are up, or with why they are not. The caller sees to it that they are wanted. */
  async untilRunning(): Promise<Result<void, ContractError>> {
    while (!this.#disposed) {
      if (!this.#restartAsked) {
        if (this.#state === 'running') return good(undefined);
        if (this.#state === 'broken') {
          return bad({ code: 'bench-broken', message: this.#problem ?? 'the simulated iPhone could not be started' });
        }
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return bad({ code: 'stopping', message: 'Sidetone is stopping' });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#wake();
    await this.#loop;
    this.#tellWaiting();
  }

  #wake(): void {
    this.#loop ??= this.#reconcile().finally(() => {
      this.#loop = undefined;
      // Something was asked between the loop's last look and now.
      if (this.#needsWork()) this.#wake();
    });
  }

  #needsWork(): boolean {
    const isUp = this.#processes.length > 0;
    if (this.#disposed || !this.#wanted) return isUp || this.#state !== 'paused';
    return this.#restartAsked || this.#state === 'paused';
  }

  async #reconcile(): Promise<void> {
    // Callers finish what they were changing first.
    await Promise.resolve();
    while (this.#needsWork()) {
      await this.#stopProcesses();
      if (this.#disposed || !this.#wanted) {
        // Also when it was broken: whoever comes next gets a fresh try.
        this.#setState('paused', undefined);
        continue;
      }
      this.#restartAsked = false;
      await this.#startProcesses();
    }
  }

  async #startProcesses(): Promise<void> {
    this.#setState('starting', undefined);
    this.#pristine = true;
    const { link, clock, laboratory } = this.#options;
    const common = { link, benchId: SIMULATED_BENCH, clock };
    const voice = laboratory?.voice ?? 'speech';
    const relay = await this.#start('relay', { ...common, packetLog: laboratory?.packetLog });
    if (relay === undefined) return;
    const gateway = await this.#start('gateway', { ...common, relay, voice, heardLog: laboratory?.heardLog });
    if (gateway === undefined) return;
    const iphone = { ...common, profile: this.#profile, gateway, voice, speakerLog: laboratory?.speakerLog };
    if ((await this.#start('iphone', iphone, false)) === undefined) return;
    this.#setState('running', undefined);
  }

  /** Resolves with its HTTP address (empty when it has none); undefined: it did not start, or is not wanted any more. */
  async #start(program: ProgramName, configuration: unknown, servesHttp = true): Promise<string | undefined> {
    if (this.#disposed || !this.#wanted || this.#restartAsked) return undefined;
    const result = await this.#options.host.start(program, configuration);
    if (!result.ok) {
      this.#break(`The simulated iPhone could not be started: ${result.error.message}`);
      return undefined;
    }
    const { process } = result;
    this.#processes.push(process);
    process.onEnded((end) => {
      if (!this.#processes.includes(process)) return;
      this.#processes = this.#processes.filter((other) => other !== process);
      const last = end.lastLines.at(-1);
      const reason = `${program} process ended (${describeEnd(end)})${last === undefined ? '' : `: ${last}`}`;
      this.#options.onProcessEnded(program, reason);
      this.#break(`${TITLES[program]} is gone: ${reason}`);
    });
    if (servesHttp && process.ready.http === undefined) {
      this.#break(`The simulated iPhone could not be started: ${program} did not say where it listens`);
      return undefined;
    }
    return process.ready.http ?? '';
  }

  /** In reverse order, and no longer news when they end. */
  async #stopProcesses(): Promise<void> {
    const processes = this.#processes.splice(0).reverse();
    for (const process of processes) await process.stop();
  }

  #break(problem: string): void {
    if (this.#disposed) return;
    this.#options.log.warning(problem);
    this.#setState('broken', problem);
  }

  #setState(state: State, problem: string | undefined): void {
    this.#state = state;
    this.#problem = problem;
    this.#options.onChanged();
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

const makeProfile = (policy: PolicyName, os: OsVersion, callKit: boolean, seed: number): IphoneProfile =>
  profileFor(policy, { os, callKit, seed });

/** For the page's menu. */
export const SIMULATION_POLICIES: readonly { readonly name: string; readonly title: string }[] = POLICY_INFO.map(
  ({ name, title }) => ({ name, title }),
);

const TITLES: Readonly<Record<ProgramName, string>> = {
  relay: 'The network relay',
  gateway: 'The gateway',
  iphone: 'The simulated iPhone',
};

function isOneOf<T extends string>(list: readonly T[], word: string): word is T {
  return (list as readonly string[]).includes(word);
}
