/**
 * The phone while one stimulus is worked on: a copy of the state to write to, and what has come of it so far.
 * Layers get this and nothing else; they reach each other through jobs (jobs.ts), not by importing one another.
 */
import type { DeviceTime, Micros } from '../time/time.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import type { EventSource } from '../wire/values.ts';
import { type DelayName, drawDelay } from './delays.ts';
import type { AudioGates, Effect, Fact, IphoneProfile, TraceEntry } from './interface.ts';
import type { Job, ThreadName } from './jobs.ts';
import type {
  AppState,
  CallKitState,
  DeviceState,
  IphoneState,
  OsState,
  OsTimer,
  PendingTimer,
  ProbeState,
  RtcState,
  SessionState,
  ThreadState,
  UnitState,
} from './state.ts';

export interface Phone {
  readonly at: DeviceTime;
  readonly profile: IphoneProfile;
  random: number;
  nextTimer: number;
  timers: readonly PendingTimer[];
  readonly os: OsState;
  readonly session: SessionState;
  readonly rtc: RtcState;
  readonly device: DeviceState;
  unit: UnitState;
  readonly callkit: CallKitState;
  readonly app: AppState;
  readonly main: ThreadState;
  readonly audio: ThreadState;
  readonly probe: ProbeState;
  gates: AudioGates;
  readonly effects: Effect[];
  readonly trace: TraceEntry[];
  /** Jobs that the running job has called, in order. */
  calls: Job[];
  /** Has something been told that changes what a snapshot would show? */
  sessionTold: boolean;
}

export const open = (state: IphoneState, at: DeviceTime, profile: IphoneProfile): Phone => ({
  at,
  profile,
  random: state.random,
  nextTimer: state.nextTimer,
  timers: state.timers,
  os: { ...state.os },
  session: { ...state.session },
  rtc: { ...state.rtc },
  device: { ...state.device },
  unit: state.unit,
  callkit: { ...state.callkit },
  app: { ...state.app },
  main: { ...state.main },
  audio: { ...state.audio },
  probe: { ...state.probe },
  gates: state.gates,
  effects: [],
  trace: [],
  calls: [],
  sessionTold: false,
});

export const close = (phone: Phone): IphoneState => ({
  at: phone.at,
  random: phone.random,
  nextTimer: phone.nextTimer,
  timers: phone.timers,
  os: phone.os,
  session: phone.session,
  rtc: phone.rtc,
  device: phone.device,
  unit: phone.unit,
  callkit: phone.callkit,
  app: phone.app,
  main: phone.main,
  audio: phone.audio,
  probe: phone.probe,
  gates: phone.gates,
});

export const delay = (phone: Phone, name: DelayName): Micros => {
  const drawn = drawDelay(name, phone.random);
  phone.random = drawn.next;
  return drawn.micros;
};

export const schedule = (phone: Phone, after: Micros, what: OsTimer): number => {
  const id = phone.nextTimer++;
  phone.timers = [...phone.timers, { id, what }];
  phone.effects.push({ kind: 'schedule', timerId: id, after, name: what.kind, data: what });
  return id;
};

/** A fact that the probe in the app reports. Only jobs on the app's threads may tell one: a frozen app is silent. */
export const tell = <K extends EventKind>(
  phone: Phone,
  source: EventSource,
  kind: K,
  data: EventData<K>,
  from: 'probe' | 'lab' = 'probe',
): void => {
  phone.effects.push({ kind: 'report', at: phone.at, fact: { kind, data, source, from } as Fact });
  if (source === 'os' || kind === 'session.call') phone.sessionTold = true;
};

export const note = (phone: Phone, entry: Omit<TraceEntry, 'at'>): void => {
  phone.trace.push({ at: phone.at, ...entry });
};

/** Adds to the end of what a thread has to do. */
export const post = (phone: Phone, thread: ThreadName, ...jobs: readonly Job[]): void => {
  phone[thread].jobs = [...phone[thread].jobs, ...jobs];
};

/** Calls from within a job: done right after it, before anything else on its thread. */
export const call = (phone: Phone, ...jobs: readonly Job[]): void => {
  phone.calls.push(...jobs);
};
