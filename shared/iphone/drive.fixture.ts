/** Drives the model in virtual time for tests: timers come due in order, ICE connects a moment after the call starts. */
import { type DeviceTime, deviceTime } from '../time/time.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import type {
  AudioGates,
  Effect,
  Fact,
  IphoneProfile,
  OutsideStimulusName,
  Refusal,
  Stimulus,
  TraceEntry,
} from './interface.ts';
import { createIphone, type IphoneState, step } from './model.ts';

type Params = Readonly<Record<string, string | number | boolean | null>>;
interface Timer {
  readonly id: number;
  readonly at: number;
  readonly name: string;
  readonly data: unknown;
}

export class Drive {
  readonly profile: IphoneProfile;
  state: IphoneState;
  at = 0;
  steps = 0;
  readonly trace: TraceEntry[] = [];
  readonly effects: Effect[] = [];
  readonly reports: { readonly at: DeviceTime; readonly fact: Fact }[] = [];
  readonly gates: { readonly at: number; readonly gates: AudioGates }[] = [];
  refused: Refusal | undefined;
  /** Called after every step. */
  readonly after: ((drive: Drive) => void) | undefined;
  timers: Timer[] = [];

  constructor(profile: IphoneProfile, after?: (drive: Drive) => void) {
    this.profile = profile;
    this.after = after;
    this.state = createIphone(profile, deviceTime(0));
  }

  step(stimulus: Stimulus): void {
    const { state, effects, trace, refused } = step(this.state, stimulus, this.profile);
    this.state = state;
    this.refused = refused;
    this.steps++;
    this.trace.push(...trace);
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.kind === 'schedule')
        this.timers.push({ id: effect.timerId, at: this.at + effect.after, name: effect.name, data: effect.data });
      if (effect.kind === 'report') this.reports.push({ at: effect.at, fact: effect.fact });
      if (effect.kind === 'gates') this.gates.push({ at: this.at, gates: effect.gates });
      if (effect.kind === 'startCall')
        this.timers.push({ id: -1, at: this.at + 150_000, name: 'connected', data: undefined });
    }
    this.after?.(this);
  }

  /** Lets time pass. */
  run(seconds: number): this {
    const until = this.at + seconds * 1_000_000;
    for (;;) {
      const next = this.timers.reduce<Timer | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
      if (next === undefined || next.at > until) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.at = next.at;
      const at = deviceTime(this.at);
      if (next.id === -1) this.step({ at, kind: 'webrtc.iceState', state: 'connected' });
      else this.step({ at, kind: 'timer', timerId: next.id, name: next.name, data: next.data });
    }
    this.at = until;
    return this;
  }

  do(does: OutsideStimulusName, params: Params = {}): this {
    this.step({ at: deviceTime(this.at), kind: 'outside', does, params });
    return this;
  }

  ice(state: 'connected' | 'disconnected' | 'failed'): this {
    this.step({ at: deviceTime(this.at), kind: 'webrtc.iceState', state });
    return this;
  }

  facts<K extends EventKind>(kind: K): { readonly at: DeviceTime; readonly data: EventData<K> }[] {
    return this.reports
      .filter(({ fact }) => fact.kind === kind)
      .map(({ at, fact }) => ({ at, data: fact.data as EventData<K> }));
  }

  /** Does audio move both ways as far as the phone has a say in it? */
  get flows(): boolean {
    const { capture, microphone, render, speaker } = this.state.gates;
    return capture === 'running' && microphone === 'signal' && render === 'running' && speaker === 'audible';
  }
}

/** A phone two seconds into its call. */
export const inCall = (profile: IphoneProfile, after?: (drive: Drive) => void): Drive =>
  new Drive(profile, after).do('call.start').run(2);
