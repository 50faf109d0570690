/**
 * The simulated iPhone in virtual time: the model of shared/iphone, a modelled network and modelled frames, giving the
 * journal that a real run would give. Fidelity F0; nothing here was measured.
 */
import type { Effect, IphoneProfile, OutsideStimulusName, Stimulus } from '../iphone/interface.ts';
import { createIphone, type IphoneState, snapshotOf, step } from '../iphone/model.ts';
import { seedToRandom } from '../iphone/random.ts';
import type { TransportIceState } from '../iphone/transport.ts';
import type { JournalEntry } from '../recording/entry.ts';
import { after, type DeviceTime, desktopTime, deviceTime, type Micros, micros } from '../time/time.ts';
import { VirtualClock, type VirtualTimer } from '../time/virtual-clock.ts';
import type { WireEvent } from '../wire/frames.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import type { EventSource } from '../wire/values.ts';
import type { Scalar } from './scenario.ts';
import { isPathStimulus, type PathStimulusName } from './stimuli.ts';
import { VIRTUAL_BENCH, VIRTUAL_DEVICES, type VirtualDevice, virtualHello } from './virtual-devices.ts';
import { VirtualFlows } from './virtual-flows.ts';
import { VirtualPath } from './virtual-path.ts';
import { Chance, EDGE_ERROR } from './virtual-timing.ts';

type Inject = { readonly injectId: string; readonly does: string; readonly params: Readonly<Record<string, Scalar>> };

/** The call is made some time after the app starts, as a person would. */
const CALL_AFTER: Micros = micros(500_000);
/** As the simulated phone does in real time, so that a silent phone still tells the time. */
const SNAPSHOT_EVERY: Micros = micros(5_000_000);

export class VirtualBench {
  readonly clock: VirtualClock;
  readonly #profile: IphoneProfile;
  readonly #emit: (entry: JournalEntry) => void;
  readonly #path: VirtualPath;
  readonly #flows: VirtualFlows;
  readonly #timers = new Map<number, VirtualTimer>();
  readonly #sequence: Record<VirtualDevice, number> = { 'iphone-app': 0, 'iphone-os': 0, relay: 0, gateway: 0 };
  #phone: IphoneState;
  #frozenAt: DeviceTime | undefined;
  /** How long the app did not run so far: its uptime stood still. */
  #frozenMicros = 0;
  #pathCauses = 0;
  #pathCause: string | undefined;
  #rebinds = 0;
  #faults = { lossRatio: 0, delayMicros: 0, jitterMicros: 0 };

  constructor(profile: IphoneProfile, emit: (entry: JournalEntry) => void) {
    this.clock = new VirtualClock(deviceTime(0));
    this.#profile = profile;
    this.#emit = emit;
    // A generator of its own: more or fewer packets must not change what the phone does.
    const chance = new Chance(seedToRandom(profile.seed ^ 0x5eed));
    this.#flows = new VirtualFlows(this.clock, chance, (name, from, to, edgeAt) => {
      const data = { from, to, edgeAt, errorMicros: EDGE_ERROR };
      if (name === 'farEnd.flow') this.#event('gateway', 'farEnd', name, data, edgeAt);
      else this.#event('iphone-app', name === 'rx.flow' ? 'stats' : 'probe', name, data, edgeAt);
    });
    this.#path = new VirtualPath(this.clock, chance, profile.seed, {
      ice: (state) => this.#iceChanged(state),
      downlink: (alive, delay) => this.#flows.setDownlink(alive, delay),
      uplink: (alive, delay) => this.#flows.setUplink(alive, delay),
      restart: (step, why) => {
        this.#event('iphone-app', 'app', 'webrtc.iceRestart', { step, why });
        if (step !== 'asked')
          this.#stimulate({ kind: 'webrtc.iceRestarted', ok: step === 'answered', at: this.clock.now });
      },
      pair: (generation) =>
        this.#event('iphone-app', 'stats', 'webrtc.pair', {
          generation: `g${generation}`,
          localType: 'host',
          remoteType: 'host',
          protocol: 'udp',
        }),
      proof: (via, roundTripMicros) =>
        this.#event('iphone-app', 'stats', 'transport.proof', { via, provenAt: this.clock.now, roundTripMicros }),
      unanswered: (firstSentAt, lastSentAt, requests) =>
        this.#event('iphone-app', 'stats', 'transport.unanswered', { firstSentAt, lastSentAt, requests }),
    });
    this.#phone = createIphone(profile, this.clock.now);
  }

  /** Hellos, then a call. */
  start(): void {
    for (const deviceId of VIRTUAL_DEVICES) {
      const hello = virtualHello(deviceId, this.#profile, this.clock.now);
      this.#emit({ type: 'hello', ...this.#common(deviceId), sessionId: `${deviceId}-1`, hello });
    }
    this.#tellPath();
    this.#lookEvery(SNAPSHOT_EVERY);
    this.clock.schedule(CALL_AFTER, () =>
      this.#stimulate({ kind: 'outside', does: 'call.start', params: {}, at: this.clock.now }),
    );
  }

  #lookEvery(period: Micros): void {
    this.clock.schedule(period, () => {
      if (this.#frozenAt === undefined) {
        this.#event('iphone-app', 'probe', 'session.snapshot', snapshotOf(this.#phone, 'periodic'));
      }
      this.#lookEvery(period);
    });
  }

  inject({ injectId, does, params }: Inject): void {
    const deviceId: VirtualDevice = isPathStimulus(does) ? 'relay' : 'iphone-os';
    const say = (phase: EventData<'inject.state'>['phase'], reason?: string): void => {
      const why = reason === undefined ? {} : { reason };
      this.#event(deviceId, 'inject', 'inject.state', { injectId, does, phase, fidelity: 'F0', ...why });
    };
    if (isPathStimulus(does)) {
      say('accepted');
      this.#disturb(does, params, injectId);
      say('fired');
      return;
    }
    const stimulus = {
      kind: 'outside',
      does: does as OutsideStimulusName,
      params,
      injectId,
      at: this.clock.now,
    } as const;
    // Refused stimuli change nothing, so asking first costs a step and keeps the order: accepted, effects, fired.
    const { refused } = step(this.#phone, stimulus, this.#profile);
    if (refused !== undefined) {
      say('failed', refused.message);
      return;
    }
    say('accepted');
    this.#stimulate(stimulus);
    say('fired');
  }

  #disturb(does: PathStimulusName, params: Inject['params'], injectId: string): void {
    const number = (name: string): number => (typeof params[name] === 'number' ? params[name] : 0);
    switch (does) {
      case 'path.blackhole': {
        const direction = params['direction'];
        const hole = direction === 'uplink' || direction === 'downlink' ? direction : 'both';
        if (this.#pathCause === undefined) this.#pathCause = this.#beginCause('pathLoss', HOLE_TITLES[hole], injectId);
        this.#path.put({ kind: 'path.blackhole', direction: hole });
        break;
      }
      case 'path.heal':
        this.#faults = { lossRatio: 0, delayMicros: 0, jitterMicros: 0 };
        if (this.#pathCause !== undefined) this.#clearCause(this.#pathCause, 'pathLoss', 'path returned');
        this.#pathCause = undefined;
        this.#path.put({ kind: 'path.heal' });
        break;
      case 'path.loss':
        this.#faults = { ...this.#faults, lossRatio: number('ratio') };
        break;
      case 'path.delay':
        this.#faults = {
          ...this.#faults,
          delayMicros: number('milliseconds') * 1000,
          jitterMicros: number('jitterMilliseconds') * 1000,
        };
        break;
      case 'path.rebind':
      case 'path.expireBindings': {
        // Of a silent phone the silence is the cause, and it has been told already.
        const living = this.#frozenAt === undefined;
        const title = does === 'path.rebind' ? 'NAT gave another port' : 'NAT binding expired';
        if (living)
          this.#clearCause(this.#beginCause('pathChange', title, injectId), 'pathChange', 'a new binding was made');
        this.#path.put({ kind: does });
        this.#rebinds += 1;
        break;
      }
    }
    this.#tellPath();
  }

  #beginCause(cause: 'pathLoss' | 'pathChange', title: string, injectId: string): string {
    this.#pathCauses += 1;
    const causeId = `relay-${this.#pathCauses}`;
    this.#event('relay', 'lab', 'cause.began', { causeId, cause, title, injectId, fidelity: 'F0' });
    return causeId;
  }

  #clearCause(causeId: string, cause: 'pathLoss' | 'pathChange', how: string): void {
    this.#event('relay', 'lab', 'cause.cleared', { causeId, cause, how });
  }

  #tellPath(): void {
    const data = { blackhole: this.#path.blackhole, ...this.#faults, rebinds: this.#rebinds };
    this.#event('relay', 'path', 'path.state', data);
  }

  #stimulate(stimulus: Stimulus): void {
    const { state, effects } = step(this.#phone, stimulus, this.#profile);
    this.#phone = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'schedule': {
        const { timerId, name, data } = effect;
        const timer = this.clock.schedule(effect.after, () => {
          this.#timers.delete(timerId);
          this.#stimulate({ kind: 'timer', timerId, name, data, at: this.clock.now });
        });
        this.#timers.set(timerId, timer);
        return;
      }
      case 'cancel': {
        const timer = this.#timers.get(effect.timerId);
        if (timer !== undefined) this.clock.cancel(timer);
        this.#timers.delete(effect.timerId);
        return;
      }
      case 'report': {
        const { from, source, kind, data } = effect.fact;
        this.#event(from === 'lab' ? 'iphone-os' : 'iphone-app', source, kind, data, effect.at);
        return;
      }
      case 'gates':
        this.#flows.setGates(effect.gates);
        return;
      case 'iceRestart':
        this.#path.restart(effect.why);
        return;
      case 'startCall':
        this.#path.put({ kind: 'start' });
        return;
      case 'hangUp':
        this.#path.put({ kind: 'stop' });
        this.#flows.setCalling(false);
        return;
      case 'suspendProcess':
        this.#frozenAt = this.clock.now;
        this.#flows.freeze();
        this.#path.put({ kind: 'suspended' });
        return;
      case 'resumeProcess':
        this.#thaw();
        return;
    }
  }

  #thaw(): void {
    const fromAt = this.#frozenAt;
    if (fromAt === undefined) return;
    const toAt = this.clock.now;
    this.#frozenAt = undefined;
    this.#frozenMicros += toAt - fromAt;
    this.#flows.thaw();
    this.#event('iphone-app', 'probe', 'heartbeat.gap', { fromAt, toAt });
    this.#path.put({ kind: 'resumed' });
  }

  #iceChanged(state: TransportIceState): void {
    this.#event('iphone-app', 'rtc', 'webrtc.state', {
      peerConnection: state,
      iceConnection: state,
      iceGathering: 'complete',
      signaling: state === 'closed' ? 'closed' : 'stable',
      dtls: state === 'new' ? 'new' : state === 'closed' ? 'closed' : 'connected',
    });
    if (state === 'connected') this.#flows.setCalling(true);
    this.#stimulate({ kind: 'webrtc.iceState', state, at: this.clock.now });
  }

  #event<K extends EventKind>(
    deviceId: VirtualDevice,
    source: EventSource,
    kind: K,
    data: EventData<K>,
    at: DeviceTime = this.clock.now,
  ): void {
    this.#sequence[deviceId] += 1;
    const stoodStill = deviceId === 'iphone-app' ? this.#frozenMicros : 0;
    const uptime = at < stoodStill ? at : after(at, micros(-stoodStill));
    const event = { seq: this.#sequence[deviceId], at, uptime, kind, source, data } as WireEvent;
    this.#emit({ type: 'event', ...this.#common(deviceId), sessionId: `${deviceId}-1`, event });
  }

  #common(deviceId: VirtualDevice) {
    return { arrivedAt: desktopTime(this.clock.now), benchId: VIRTUAL_BENCH, deviceId };
  }
}

const HOLE_TITLES = { both: 'Network path gone', uplink: 'Uplink gone', downlink: 'Downlink gone' } as const;
