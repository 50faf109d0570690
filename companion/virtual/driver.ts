/**
 * Drives the pure model with a real clock: stimuli in, effects out in order, `schedule` and `cancel` kept here.
 *
 *   stimulate -> step -> effects: schedule | cancel -> alarm list -> stimulus `timer` when due
 *                                 everything else   -> apply
 *
 * One alarm is set at a time, for the earliest; alarms that are due together come back in the order they were due.
 * What `apply` sets off at once (a stimulus from within) waits until the effects before it are done.
 */
import type { Effect, Refusal, StepResult, Stimulus } from '../../shared/iphone/interface.ts';
import type { DeviceTime } from '../../shared/time/time.ts';

/** A stimulus without its instant, which the driver stamps. */
export type Unstamped<S> = S extends unknown ? Omit<S, 'at'> : never;
export type NewStimulus = Unstamped<Stimulus>;
export type AppliedEffect = Exclude<Effect, { readonly kind: 'schedule' | 'cancel' }>;

export interface Alarms {
  /** Runs `run` after so many milliseconds, not before. */
  set(run: () => void, milliseconds: number): unknown;
  clear(handle: unknown): void;
}
export interface DriverPorts<State> {
  readonly initial: State;
  step(state: State, stimulus: Stimulus): StepResult<State>;
  now(): DeviceTime;
  readonly alarms: Alarms;
  apply(effect: AppliedEffect): void;
}
export interface Driver<State> {
  readonly state: State;
  /** What the model refused, when it did and the stimulus did not have to wait for others. */
  stimulate(stimulus: NewStimulus): Refusal | undefined;
  /** No alarm comes after this. */
  stop(): void;
}

interface Due {
  readonly dueAt: number;
  readonly timerId: number;
  readonly name: string;
  readonly data: unknown;
}

export function createDriver<State>(ports: DriverPorts<State>): Driver<State> {
  let state = ports.initial;
  let due: Due[] = [];
  let alarm: unknown;
  let stopped = false;
  let stepping = false;
  let latestAt = 0;
  const waiting: NewStimulus[] = [];

  const rearm = () => {
    ports.alarms.clear(alarm);
    alarm = undefined;
    const first = due[0];
    if (first === undefined || stopped) return;
    alarm = ports.alarms.set(ring, Math.max(0, Math.ceil((first.dueAt - ports.now()) / 1000)));
  };
  function ring(): void {
    alarm = undefined;
    for (let first = due[0]; first !== undefined && first.dueAt <= ports.now(); first = due[0]) {
      due.shift();
      const { timerId, name, data } = first;
      stimulate({ kind: 'timer', timerId, name, data });
    }
    rearm();
  }
  const take = (effect: Effect, at: DeviceTime) => {
    if (effect.kind === 'cancel') due = due.filter(({ timerId }) => timerId !== effect.timerId);
    else if (effect.kind === 'schedule') {
      const { timerId, name, data } = effect;
      // Stable: alarms for the same instant keep the order in which they were set.
      due = [...due, { dueAt: at + effect.after, timerId, name, data }].sort((a, b) => a.dueAt - b.dueAt);
    } else ports.apply(effect);
  };
  function stimulate(stimulus: NewStimulus): Refusal | undefined {
    if (stopped) return undefined;
    waiting.push(stimulus);
    if (stepping) return undefined;
    stepping = true;
    let refused: Refusal | undefined;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        // The model's time never goes back, even where a clock would.
        const at = Math.max(latestAt, ports.now()) as DeviceTime;
        latestAt = at;
        const result = ports.step(state, { ...next, at } as Stimulus);
        state = result.state;
        if (next === stimulus) refused = result.refused;
        for (const effect of result.effects) take(effect, at);
      }
    } finally {
      stepping = false;
    }
    rearm();
    return refused;
  }
  return {
    get state() {
      return state;
    },
    stimulate,
    stop() {
      stopped = true;
      ports.alarms.clear(alarm);
    },
  };
}
