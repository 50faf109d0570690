/**
 * The network path of a virtual run: the transport model of shared/iphone on the virtual clock, and the signs of life that
 * the probe would find in libwebrtc's counters (STUN answers every 2.5 s, receiver reports every 3 to 4 s).
 */
import {
  createTransport,
  stepTransport,
  type TransportIceState,
  type TransportInput,
  type TransportState,
} from '../iphone/transport.ts';
import { after, type DeviceTime, type Micros, micros } from '../time/time.ts';
import type { VirtualClock, VirtualTimer } from '../time/virtual-clock.ts';
import type { EventData } from '../wire/kinds.ts';
import { type Chance, RTCP_EVERY, STUN_EVERY, UNANSWERED_AFTER } from './virtual-timing.ts';

export interface PathListener {
  ice(state: TransportIceState): void;
  /** Whether decodable packets arrive; `delay` until the last of what is in hand has been played. */
  downlink(alive: boolean, delay: Micros): void;
  uplink(alive: boolean, delay: Micros): void;
  restart(step: EventData<'webrtc.iceRestart'>['step'], why: string): void;
  /** New ICE credentials are in use. */
  pair(generation: number): void;
  proof(via: 'stun' | 'rtcp', roundTrip: Micros): void;
  unanswered(firstSentAt: DeviceTime, lastSentAt: DeviceTime, requests: number): void;
}

/** An input without its instant, which the clock gives. */
export type PathInput = TransportInput extends infer I ? (I extends { at: unknown } ? Omit<I, 'at'> : never) : never;

const NOW = micros(0);

export class VirtualPath {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #tell: PathListener;
  #transport: TransportState;
  #generation = 0;
  /** Why a restart was asked for that has not been answered yet. */
  #asked: string | undefined;
  /** The next connection has new credentials. */
  #renewed = true;
  /** STUN requests without an answer. */
  #open: DeviceTime[] = [];
  readonly #beats = new Map<string, VirtualTimer>();

  constructor(clock: VirtualClock, chance: Chance, seed: number, tell: PathListener) {
    this.#clock = clock;
    this.#chance = chance;
    this.#tell = tell;
    this.#transport = createTransport(seed);
  }

  get blackhole(): TransportState['hole'] {
    return this.#transport.hole;
  }

  put(input: PathInput): void {
    if (input.kind === 'start') this.#startBeats();
    if (input.kind === 'stop') for (const timer of this.#beats.values()) this.#clock.cancel(timer);
    if (input.kind === 'suspended') this.#open = [];
    const { state, effects } = stepTransport(this.#transport, { ...input, at: this.#clock.now } as TransportInput);
    this.#transport = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'schedule': {
          const { timerId } = effect;
          this.#clock.schedule(effect.after, () => this.put({ kind: 'timer', timerId }));
          break;
        }
        case 'iceState':
          this.#iceChanged(effect.state);
          break;
        case 'iceRestarted': {
          const why = this.#asked ?? '';
          this.#asked = undefined;
          this.#renewed = true;
          this.#tell.restart(effect.ok ? 'answered' : 'failed', why);
          break;
        }
        case 'rxFlowing':
          this.#tell.downlink(effect.flowing, effect.flowing ? NOW : this.#chance.next('jitterBufferDrain'));
          break;
        case 'txArrives':
          this.#tell.uplink(effect.arrives, effect.arrives ? NOW : this.#chance.next('jitterBufferDrain'));
          break;
      }
    }
  }

  restart(why: string): void {
    this.#asked = why;
    this.#tell.restart('asked', why);
    this.put({ kind: 'iceRestart' });
  }

  #iceChanged(state: TransportIceState): void {
    this.#tell.ice(state);
    if (state !== 'connected') return;
    if (this.#renewed) {
      this.#renewed = false;
      this.#generation += 1;
      this.#tell.pair(this.#generation);
    }
    this.#prove('stun');
  }

  get #isAlive(): boolean {
    return this.#transport.rxFlowing && this.#transport.txArrives;
  }

  get #isSuspended(): boolean {
    return this.#transport.suspendedAt !== undefined;
  }

  #startBeats(): void {
    this.#beat('stun', STUN_EVERY, () => {
      const { ice } = this.#transport;
      if (this.#isSuspended || (ice !== 'connected' && ice !== 'disconnected')) return;
      if (this.#isAlive) this.#prove('stun');
      else this.#ask();
    });
    this.#beat('rtcp', RTCP_EVERY, () => {
      if (this.#isAlive) this.#prove('rtcp');
    });
  }

  #ask(): void {
    this.#open.push(this.#clock.now);
    this.#clock.schedule(UNANSWERED_AFTER, () => {
      const [first] = this.#open;
      const last = this.#open.at(-1);
      if (first !== undefined && last !== undefined) this.#tell.unanswered(first, last, this.#open.length);
    });
  }

  #prove(via: 'stun' | 'rtcp'): void {
    this.#open = [];
    this.#tell.proof(via, this.#chance.next('roundTrip'));
  }

  #beat(name: string, every: Micros, action: () => void): void {
    const again = (at: DeviceTime): void => {
      const timer = this.#clock.scheduleAt(at, () => {
        action();
        again(after(at, every));
      });
      this.#beats.set(name, timer);
    };
    again(after(this.#clock.now, every));
  }
}
