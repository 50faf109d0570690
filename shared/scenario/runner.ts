/**
 * Plays one repetition of a scenario. Pure: driven by journal entries and by time, it answers with actions.
 *
 *   waiting --both directions flow--> steps --last step fired--> settling --incidents closed, quiet--> done
 *      | NO_CALL_LIMIT                  | step's `within`            | SETTLE_LIMIT
 *      v                                v                            v
 *     done(noCall)                   done(stepMissed)            done(settleLimit)
 *
 * All times are on the driver's clock (the engine's monotonic one, or the virtual one). Timed steps count from time zero,
 * the instant both directions flow; steps go one after the other.
 */
import type { JournalEntry } from '../recording/entry.ts';
import type { Incident } from '../recovery/incident.ts';
import { GIVE_UP_AFTER } from '../recovery/limits.ts';
import { formatDuration } from '../time/duration.ts';
import { after, between, type DesktopTime, fromMilliseconds, fromSeconds, type Micros, micros } from '../time/time.ts';
import type { ResolvedScenario, ResolvedStep, Scalar } from './scenario.ts';
import type { BenchWatch } from './watch.ts';

/** A simulated call is up within 2 s; a real phone needs a person to press a button. */
export const NO_CALL_LIMIT: Micros = fromSeconds(60);
/** Both directions must flow this long before time zero: the first second of a call still fills its jitter buffer. */
export const STEADY_BEFORE_ZERO: Micros = fromSeconds(1);
/**
 * After the last step, incidents that are not over by then are judged as they stand. The reducer gives up on one 30 s after
 * its cause is gone, and is told the time by the phone, which may have nothing to say for 5 s.
 */
export const SETTLE_LIMIT: Micros = micros(GIVE_UP_AFTER + fromSeconds(6));
/** After the last step and after the last incident closed: STUN proves the path every 2.5 s only. */
export const SETTLE_QUIET: Micros = fromSeconds(3);

/** How often incidents are looked at while it settles: asking for them costs more than an entry does. */
export const SETTLE_LOOK: Micros = fromMilliseconds(500);

export type RunOutcome =
  | { readonly kind: 'completed' }
  | {
      readonly kind: 'noCall' | 'stepMissed' | 'injectFailed' | 'settleLimit' | 'stopped';
      /** In words. */
      readonly reason: string;
    };

export type RunnerAction =
  /** Both directions flow; time zero. */
  | { readonly kind: 'began'; readonly at: DesktopTime }
  | { readonly kind: 'step'; readonly index: number; readonly of: number; readonly title: string }
  | {
      readonly kind: 'inject';
      readonly injectId: string;
      readonly does: string;
      readonly params: Readonly<Record<string, Scalar>>;
    }
  | { readonly kind: 'done'; readonly outcome: RunOutcome };

export interface RunnerOptions {
  /** Becomes part of the inject ids. */
  readonly runId: string;
  readonly watch: BenchWatch;
  /** Now, on the driver's clock. */
  readonly startedAt: DesktopTime;
}

export interface ScenarioRunner {
  /** After the watch has had it. */
  push(entry: JournalEntry): readonly RunnerAction[];
  /** Call at or after `nextDue`. */
  tick(now: DesktopTime): readonly RunnerAction[];
  /** When `tick` must be called next, if nothing else happens. */
  nextDue(): DesktopTime | undefined;
  /** The user stopped it. */
  stop(reason: string): readonly RunnerAction[];
  /** Incidents that began since time zero. */
  incidents(): readonly Incident[];
  /** For a progress bar. */
  progress(): { readonly phase: 'waiting' | 'steps' | 'settling' | 'done'; readonly step: number; readonly of: number };
}

type Phase =
  | { readonly name: 'waiting'; readonly since: DesktopTime; readonly steadySince?: DesktopTime }
  | {
      readonly name: 'steps';
      readonly index: number;
      /** The step before fired then (or time zero): `within` counts from here. */
      readonly armedAt: DesktopTime;
      /** The awaited event came; the step is due then. */
      readonly dueAt?: DesktopTime;
    }
  | {
      readonly name: 'settling';
      readonly since: DesktopTime;
      readonly lookAt: DesktopTime;
      /** All incidents have been over since. */
      readonly closedAt?: DesktopTime;
    }
  | { readonly name: 'done' };

const isOver = (incident: Incident): boolean => incident.state !== 'open' && incident.state !== 'held';

export function createScenarioRunner(scenario: ResolvedScenario, options: RunnerOptions): ScenarioRunner {
  return new Runner(scenario, options);
}

class Runner implements ScenarioRunner {
  readonly #scenario: ResolvedScenario;
  readonly #watch: BenchWatch;
  readonly #runId: string;
  readonly #injected = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  #zero: DesktopTime;
  #now: DesktopTime;
  #phase: Phase;

  constructor(scenario: ResolvedScenario, options: RunnerOptions) {
    this.#scenario = scenario;
    this.#watch = options.watch;
    this.#runId = options.runId;
    this.#now = options.startedAt;
    this.#zero = options.startedAt;
    this.#phase = { name: 'waiting', since: options.startedAt };
  }

  push(entry: JournalEntry): readonly RunnerAction[] {
    const actions = [...this.#advance(entry.arrivedAt)];
    if (entry.type === 'event') actions.push(...this.#onEvent(entry.event, entry.arrivedAt));
    actions.push(...this.#advance(entry.arrivedAt));
    return actions;
  }

  tick(now: DesktopTime): readonly RunnerAction[] {
    return this.#advance(now);
  }

  stop(reason: string): readonly RunnerAction[] {
    return this.#finish({ kind: 'stopped', reason });
  }

  incidents(): readonly Incident[] {
    return this.#watch.incidents().filter((incident) => !this.#before.has(incident.id));
  }

  progress(): ReturnType<ScenarioRunner['progress']> {
    const of = this.#scenario.steps.length;
    const step = this.#phase.name === 'steps' ? this.#phase.index : this.#phase.name === 'waiting' ? 0 : of;
    return { phase: this.#phase.name, step, of };
  }

  nextDue(): DesktopTime | undefined {
    const phase = this.#phase;
    switch (phase.name) {
      case 'waiting':
        return phase.steadySince === undefined
          ? after(phase.since, NO_CALL_LIMIT)
          : after(phase.steadySince, STEADY_BEFORE_ZERO);
      case 'steps': {
        const step = this.#scenario.steps[phase.index];
        return step === undefined ? undefined : (phase.dueAt ?? this.#stepLimit(step, phase.armedAt));
      }
      case 'settling':
        return phase.lookAt;
      case 'done':
        return undefined;
    }
  }

  /** A timed step's instant, or the instant its event is given up. */
  #stepLimit(step: ResolvedStep, armedAt: DesktopTime): DesktopTime {
    if (step.trigger.kind === 'after') return after(armedAt, step.trigger.within);
    const at = after(this.#zero, step.trigger.at);
    return at < armedAt ? armedAt : at;
  }

  #onEvent(event: Extract<JournalEntry, { type: 'event' }>['event'], at: DesktopTime): readonly RunnerAction[] {
    if (event.kind === 'inject.state' && event.data.phase === 'failed' && this.#injected.has(event.data.injectId)) {
      const reason = `${event.data.does} could not be done: ${event.data.reason ?? 'no reason given'}`;
      return this.#finish({ kind: 'injectFailed', reason });
    }
    const phase = this.#phase;
    if (phase.name !== 'steps' || phase.dueAt !== undefined) return [];
    const trigger = this.#scenario.steps[phase.index]?.trigger;
    if (trigger?.kind !== 'after' || trigger.event !== event.kind) return [];
    const data = event.data as Readonly<Record<string, unknown>>;
    if (!Object.entries(trigger.where).every(([name, value]) => data[name] === value)) return [];
    this.#phase = { ...phase, dueAt: after(at, trigger.plus) };
    return [];
  }

  #advance(to: DesktopTime): readonly RunnerAction[] {
    if (to > this.#now) this.#now = to;
    const actions: RunnerAction[] = [];
    let before: Phase | undefined;
    while (before !== this.#phase && this.#phase.name !== 'done') {
      before = this.#phase;
      actions.push(...this.#once());
    }
    return actions;
  }

  #once(): readonly RunnerAction[] {
    const phase = this.#phase;
    switch (phase.name) {
      case 'waiting':
        return this.#wait(phase);
      case 'steps':
        return this.#play(phase);
      case 'settling':
        return this.#settle(phase);
      case 'done':
        return [];
    }
  }

  #wait(phase: Extract<Phase, { name: 'waiting' }>): readonly RunnerAction[] {
    const { tx, rx } = this.#watch.flowing();
    if (tx && rx) {
      if (phase.steadySince === undefined) {
        this.#phase = { ...phase, steadySince: this.#now };
      } else if (this.#now >= after(phase.steadySince, STEADY_BEFORE_ZERO)) {
        this.#zero = this.#now;
        this.#before = new Set(this.#watch.incidents().map((incident) => incident.id));
        this.#phase = { name: 'steps', index: 0, armedAt: this.#now };
        return [{ kind: 'began', at: this.#now }, ...this.#announce(0)];
      }
      return [];
    }
    if (phase.steadySince !== undefined) this.#phase = { name: 'waiting', since: phase.since };
    if (this.#now < after(phase.since, NO_CALL_LIMIT)) return [];
    const missing = !tx && !rx ? 'neither direction flows' : tx ? 'the user hears nothing' : 'the agent hears nothing';
    const reason = `no two-way call within ${formatDuration(NO_CALL_LIMIT)}: ${missing}`;
    return this.#finish({ kind: 'noCall', reason });
  }

  #play(phase: Extract<Phase, { name: 'steps' }>): readonly RunnerAction[] {
    const step = this.#scenario.steps[phase.index];
    if (step === undefined) {
      this.#phase = { name: 'settling', since: this.#now, lookAt: this.#now };
      return [];
    }
    const limit = this.#stepLimit(step, phase.armedAt);
    if (step.trigger.kind === 'after' && phase.dueAt === undefined) {
      if (this.#now < limit) return [];
      const reason = `step ${phase.index + 1} (${step.title}) waited ${formatDuration(step.trigger.within)} for ${step.trigger.event} ${inWords(step.trigger.where)}: it did not come`;
      return this.#finish({ kind: 'stepMissed', reason });
    }
    if (this.#now < (phase.dueAt ?? limit)) return [];
    const injectId = `${this.#runId}-${phase.index + 1}`;
    this.#injected.add(injectId);
    this.#phase = { name: 'steps', index: phase.index + 1, armedAt: this.#now };
    return [{ kind: 'inject', injectId, does: step.does, params: step.params }, ...this.#announce(phase.index + 1)];
  }

  #settle(phase: Extract<Phase, { name: 'settling' }>): readonly RunnerAction[] {
    if (this.#now < phase.lookAt) return [];
    const { since } = phase;
    const open = this.incidents().filter((incident) => !isOver(incident));
    const closedAt = open.length === 0 ? (phase.closedAt ?? this.#now) : undefined;
    if (closedAt !== undefined && between(closedAt, this.#now) >= SETTLE_QUIET)
      return this.#finish({ kind: 'completed' });
    if (between(since, this.#now) >= SETTLE_LIMIT) {
      if (closedAt !== undefined) return this.#finish({ kind: 'completed' });
      const which = open.map((incident) => incident.title).join(', ');
      const reason = `${which}: not over ${formatDuration(SETTLE_LIMIT)} after the last step`;
      return this.#finish({ kind: 'settleLimit', reason });
    }
    const lookAt = after(this.#now, SETTLE_LOOK);
    this.#phase = { name: 'settling', since, lookAt, ...(closedAt === undefined ? {} : { closedAt }) };
    return [];
  }

  #announce(index: number): readonly RunnerAction[] {
    const of = this.#scenario.steps.length;
    const title = this.#scenario.steps[index]?.title ?? 'waiting for recovery';
    return [{ kind: 'step', index, of, title }];
  }

  #finish(outcome: RunOutcome): readonly RunnerAction[] {
    if (this.#phase.name === 'done') return [];
    this.#phase = { name: 'done' };
    return [{ kind: 'done', outcome }];
  }
}

const inWords = (where: Readonly<Record<string, Scalar>>): string =>
  Object.keys(where).length === 0
    ? ''
    : `with ${Object.entries(where)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ')}`;
