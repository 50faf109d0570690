/**
 * What ICE and the media path do, for virtual time only; in real time libwebrtc and the relay do it themselves.
 *
 *   new --start--> connected --hole--> disconnected --10 s--> failed --iceRestart, path open--> disconnected, connected
 *                      ^                    |
 *                      +---- path back -----+
 *
 * Pure: time comes with each input, timers leave as `schedule` and come back as `timer`. Numbers were measured with
 * libwebrtc M106 over a relay on loopback; each says where from.
 */
import { type DeviceTime, fromMilliseconds, type Micros } from '../time/time.ts';
import { draw, seedToRandom } from './random.ts';

interface Span {
  readonly least: number;
  readonly most: number;
  readonly source: string;
}
/** In milliseconds. */
export const TRANSPORT_DELAYS = {
  connect: { least: 60, most: 66, source: 'stack.md 1a: connected 60 to 66 ms after signalling' },
  firstAudio: { least: 20, most: 33, source: 'stack.md 1a: first audio 20 to 33 ms after connected' },
  holeToDisconnected: { least: 5280, most: 7500, source: 'stack.md 1a: holes of 8 to 60 s, 5.3 to 7.5 s' },
  disconnectedToFailed: { least: 10_000, most: 10_010, source: 'stack.md 1a: disconnected + 10.0 s' },
  healToAudio: { least: 25, most: 36, source: 'stack.md 1a: audio back 25 to 36 ms after the path' },
  healToConnected: { least: 50, most: 58, source: 'stack.md 1a: connected 54 ms after the path; spread assumed' },
  restartSignalling: { least: 8, most: 12, source: 'stack.md 1a: restart negotiated in 8 to 12 ms' },
  restartToConnected: { least: 134, most: 145, source: 'stack.md 1a: connected 134 to 145 ms after the restart' },
  connectedToAudio: { least: 40, most: 55, source: 'stack.md 1a: audio 190 ms after the restart' },
  rebindToFarEnd: { least: 1800, most: 2000, source: 'stack.md 1a: far end hears after 1.9 s; spread assumed' },
  rebindToPhone: { least: 2600, most: 2800, source: 'stack.md 1a: phone hears after 2.7 s; spread assumed' },
  resumeReboundToAudio: {
    least: 40,
    most: 140,
    source:
      'the simulated phone in real time: 56, 78, 94 and 131 ms (4 runs of 12 s asleep): checks are overdue and go out at once',
  },
  resumeToAudio: { least: 10, most: 20, source: 'stack.md 14: audio within 20 ms after a stop of 12 s' },
  longResumeToAudio: { least: 40, most: 140, source: 'stack.md 14: 0.04 to 0.14 s after a stop of 40 s' },
} as const satisfies Readonly<Record<string, Span>>;
type SpanName = keyof typeof TRANSPORT_DELAYS;

/** From here on the far end had given up and connects anew (stack.md 14: it failed at 17.7 s). */
const LONG_SUSPENSION_MICROS = 17_700_000;

export type TransportIceState = 'new' | 'connected' | 'disconnected' | 'failed' | 'closed';
type TimerName = 'connected' | 'disconnected' | 'failed' | 'restarted' | 'tx' | 'rx';

export interface TransportState {
  readonly random: number;
  readonly ice: TransportIceState;
  readonly hole: 'none' | 'both' | 'uplink' | 'downlink';
  /** NAT forgot the phone while it slept. */
  readonly bindingGone: boolean;
  readonly suspendedAt: DeviceTime | undefined;
  readonly rxFlowing: boolean;
  readonly txArrives: boolean;
  readonly nextTimer: number;
  readonly timers: readonly { readonly id: number; readonly name: TimerName }[];
}

export type TransportInput = { readonly at: DeviceTime } & (
  | { readonly kind: 'start' | 'stop' | 'path.heal' | 'path.rebind' | 'path.expireBindings' }
  | { readonly kind: 'iceRestart' | 'suspended' | 'resumed' }
  | { readonly kind: 'path.blackhole'; readonly direction?: 'both' | 'uplink' | 'downlink' }
  | { readonly kind: 'timer'; readonly timerId: number }
);

export type TransportEffect =
  | { readonly kind: 'schedule'; readonly timerId: number; readonly after: Micros; readonly name: string }
  | { readonly kind: 'iceState'; readonly state: TransportIceState }
  /** The answer to an iceRestart input has come over the signalling, which does not take the media path. */
  | { readonly kind: 'iceRestarted'; readonly ok: boolean }
  /** Do the far end's packets reach the phone? */
  | { readonly kind: 'rxFlowing'; readonly flowing: boolean }
  /** Do the phone's packets reach the far end? */
  | { readonly kind: 'txArrives'; readonly arrives: boolean };

export interface TransportStep {
  readonly state: TransportState;
  readonly effects: readonly TransportEffect[];
}

export const createTransport = (seed: number): TransportState => ({
  random: seedToRandom(seed),
  ice: 'new',
  hole: 'none',
  bindingGone: false,
  suspendedAt: undefined,
  rxFlowing: false,
  txArrives: false,
  nextTimer: 1,
  timers: [],
});

/** One step's working copy. */
class Work {
  random: number;
  ice: TransportIceState;
  hole: TransportState['hole'];
  bindingGone: boolean;
  suspendedAt: DeviceTime | undefined;
  rxFlowing: boolean;
  txArrives: boolean;
  nextTimer: number;
  timers: TransportState['timers'];
  readonly effects: TransportEffect[] = [];

  constructor(from: TransportState) {
    this.random = from.random;
    this.ice = from.ice;
    this.hole = from.hole;
    this.bindingGone = from.bindingGone;
    this.suspendedAt = from.suspendedAt;
    this.rxFlowing = from.rxFlowing;
    this.txArrives = from.txArrives;
    this.nextTimer = from.nextTimer;
    this.timers = from.timers;
  }

  done(): TransportStep {
    const { random, ice, hole, bindingGone, suspendedAt, rxFlowing, txArrives, nextTimer, timers, effects } = this;
    return {
      state: { random, ice, hole, bindingGone, suspendedAt, rxFlowing, txArrives, nextTimer, timers },
      effects,
    };
  }

  draw(name: SpanName): Micros {
    const { least, most } = TRANSPORT_DELAYS[name];
    const drawn = draw(this.random);
    this.random = drawn.next;
    return fromMilliseconds(least + (most - least) * drawn.value);
  }

  /** A timer of a name replaces the one that was set before. */
  later(name: TimerName, after: number): void {
    this.forget(name);
    const id = this.nextTimer++;
    this.timers = [...this.timers, { id, name }];
    this.effects.push({ kind: 'schedule', timerId: id, after: after as Micros, name });
  }

  forget(...names: readonly TimerName[]): void {
    this.timers = this.timers.filter((timer) => !names.includes(timer.name));
  }

  say(state: TransportIceState): void {
    if (this.ice === state) return;
    this.ice = state;
    this.effects.push({ kind: 'iceState', state });
  }

  rx(flowing: boolean): void {
    if (this.rxFlowing === flowing) return;
    this.rxFlowing = flowing;
    this.effects.push({ kind: 'rxFlowing', flowing });
  }

  tx(arrives: boolean): void {
    if (this.txArrives === arrives) return;
    this.txArrives = arrives;
    this.effects.push({ kind: 'txArrives', arrives });
  }

  silence(): void {
    this.forget('tx', 'rx');
    this.rx(false);
    this.tx(false);
  }

  get pathOpen(): boolean {
    return this.hole === 'none' && this.suspendedAt === undefined;
  }

  /** Consent needs answers, so a hole in one direction is as good as one in both. */
  awaitConsent(): void {
    if (this.ice === 'connected') this.later('disconnected', this.draw('holeToDisconnected'));
  }

  /** The next packet makes it; the far end believes it after a connectivity check. */
  newBinding(justResumed = false): void {
    this.silence();
    this.bindingGone = false;
    if (justResumed) {
      const back = this.draw('resumeReboundToAudio');
      this.later('tx', back);
      this.later('rx', back);
      if (this.ice === 'disconnected') this.later('connected', back);
      return;
    }
    this.later('tx', this.draw('rebindToFarEnd'));
    this.later('rx', this.draw('rebindToPhone'));
    this.forget('disconnected', 'failed');
    // Nothing was seen of the ICE state while a rebinding healed; one that was disconnected before comes back with it.
    if (this.ice === 'disconnected') this.later('connected', this.draw('rebindToPhone'));
  }

  pathBack(): void {
    this.forget('disconnected', 'failed');
    if (this.ice === 'failed' || this.ice === 'new' || this.ice === 'closed') return;
    if (this.bindingGone) {
      this.newBinding();
      return;
    }
    const wait = this.ice === 'disconnected' ? 'healToConnected' : 'healToAudio';
    const back = this.draw(wait);
    if (this.ice === 'disconnected') this.later('connected', back);
    this.later('rx', back);
    this.later('tx', back);
  }
}

const due = (work: Work, name: TimerName): void => {
  switch (name) {
    case 'connected':
      if (!work.pathOpen) return;
      work.say('connected');
      if (!work.rxFlowing && !work.timers.some((timer) => timer.name === 'rx')) {
        work.later('rx', work.draw('firstAudio'));
        work.later('tx', work.draw('firstAudio'));
      }
      return;
    case 'disconnected':
      work.say('disconnected');
      work.later('failed', work.draw('disconnectedToFailed'));
      return;
    case 'failed':
      work.say('failed');
      work.silence();
      return;
    case 'restarted': {
      work.effects.push({ kind: 'iceRestarted', ok: true });
      if (work.ice !== 'failed') return;
      // Never `checking`: after `failed` a restart goes to disconnected first.
      work.say('disconnected');
      // On a dead path it fails again; how soon was not measured, the same 10 s are assumed.
      work.later('failed', work.draw('disconnectedToFailed'));
      if (!work.pathOpen) return;
      work.forget('failed');
      const connected = work.draw('restartToConnected');
      work.later('connected', connected);
      const audio = connected + work.draw('connectedToAudio');
      work.later('rx', audio);
      work.later('tx', audio);
      return;
    }
    case 'rx':
      if (work.pathOpen || work.hole === 'uplink') work.rx(true);
      return;
    case 'tx':
      if (work.pathOpen || work.hole === 'downlink') work.tx(true);
      return;
  }
};

const resumed = (work: Work, at: DeviceTime): void => {
  if (work.suspendedAt === undefined) return;
  const slept = at - work.suspendedAt;
  work.suspendedAt = undefined;
  if (work.ice === 'new' || work.ice === 'closed' || work.ice === 'failed') return;
  if (work.hole !== 'none') {
    work.awaitConsent();
    return;
  }
  if (work.bindingGone) {
    work.newBinding(true);
    return;
  }
  const back = work.draw(slept > LONG_SUSPENSION_MICROS ? 'longResumeToAudio' : 'resumeToAudio');
  if (work.ice === 'disconnected') work.later('connected', back);
  work.later('rx', back);
  work.later('tx', back);
};

export const stepTransport = (state: TransportState, input: TransportInput): TransportStep => {
  const work = new Work(state);
  switch (input.kind) {
    case 'start':
      work.ice = 'new';
      work.later('connected', work.draw('connect'));
      break;
    case 'stop':
      work.timers = [];
      work.silence();
      work.say('closed');
      break;
    case 'path.blackhole': {
      work.hole = input.direction ?? 'both';
      work.forget('connected', 'rx', 'tx');
      if (work.hole !== 'uplink') work.rx(false);
      if (work.hole !== 'downlink') work.tx(false);
      work.awaitConsent();
      break;
    }
    case 'path.heal':
      if (work.hole === 'none') break;
      work.hole = 'none';
      if (work.suspendedAt === undefined) work.pathBack();
      break;
    case 'path.rebind':
    case 'path.expireBindings':
      if (work.pathOpen && work.ice !== 'failed' && work.ice !== 'new') work.newBinding();
      else work.bindingGone = true;
      break;
    case 'iceRestart':
      work.later('restarted', work.draw('restartSignalling'));
      break;
    case 'suspended':
      if (work.suspendedAt !== undefined) break;
      work.suspendedAt = input.at;
      // A stopped process neither sends nor counts the time.
      work.timers = [];
      work.silence();
      break;
    case 'resumed':
      resumed(work, input.at);
      break;
    case 'timer': {
      const timer = work.timers.find(({ id }) => id === input.timerId);
      if (timer === undefined) break;
      work.timers = work.timers.filter(({ id }) => id !== input.timerId);
      due(work, timer.name);
      break;
    }
  }
  return work.done();
};
