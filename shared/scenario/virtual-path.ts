/**
 * The network path and libwebrtc's ICE in virtual time, by measured timings instead of packets.
 *
 *   connected --hole 5.3..7.5 s--> disconnected --10 s--> failed --ICE restart--> disconnected --answers--> connected
 *       ^--------- path back ----------+                     (and only so: a returned path alone does not help)
 *
 * A rebinding breaks both directions and heals by itself in 2 to 3 s without a word from ICE.
 */
import { after, type DeviceTime, type Micros, micros } from '../time/time.ts';
import type { VirtualClock, VirtualTimer } from '../time/virtual-clock.ts';
import type { EventData } from '../wire/kinds.ts';
import { type Chance, RTCP_EVERY, STUN_EVERY, UNANSWERED_AFTER } from './virtual-timing.ts';

export type IceState = 'new' | 'checking' | 'connected' | 'disconnected' | 'failed' | 'closed';
export type Blackhole = EventData<'path.state'>['blackhole'];

export interface PathListener {
  ice(state: IceState): void;
  /** Whether packets come through now; `delay` until the first audio out of them, or until the last has been played. */
  downlink(alive: boolean, delay: Micros): void;
  uplink(alive: boolean, delay: Micros): void;
  restart(step: EventData<'webrtc.iceRestart'>['step'], why: string): void;
  /** New ICE credentials are in use. */
  pair(generation: number): void;
  proof(via: 'stun' | 'rtcp', roundTrip: Micros): void;
  unanswered(firstSentAt: DeviceTime, lastSentAt: DeviceTime, requests: number): void;
}

const NOW = micros(0);

export class VirtualPath {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #tell: PathListener;
  #ice: IceState = 'new';
  /** A stopped process hears of a change when it runs again. */
  #toldIce: IceState = 'new';
  #hole: Blackhole = 'none';
  /** False once ICE failed: only a restart makes a pair again. */
  #paired = false;
  #restarting: string | undefined;
  #generation = 1;
  #frozen = false;
  /** The NAT forgot the phone while it was silent. */
  #forgotten = false;
  #rebinding = { up: false, down: false };
  #alive = { up: false, down: false };
  /** Grows with whatever makes pending ICE timers meaningless. */
  #epoch = 0;
  #open: DeviceTime[] = [];
  #beats: VirtualTimer[] = [];

  constructor(clock: VirtualClock, chance: Chance, tell: PathListener) {
    this.#clock = clock;
    this.#chance = chance;
    this.#tell = tell;
  }

  get blackhole(): Blackhole {
    return this.#hole;
  }

  start(): void {
    this.#enter('checking');
    this.#later(this.#chance.next('connect'), () => {
      if (this.#isDead()) return;
      this.#paired = true;
      this.#enter('connected');
      this.#tell.pair(this.#generation);
      this.#prove('stun');
      this.#refresh(this.#chance.next('firstAudio'));
      this.#beat(STUN_EVERY, () => this.#ping());
      this.#beat(RTCP_EVERY, () => {
        if (this.#alive.up && this.#alive.down) this.#prove('rtcp');
      });
    });
  }

  hangUp(): void {
    this.#epoch += 1;
    for (const timer of this.#beats) this.#clock.cancel(timer);
    this.#beats = [];
    this.#paired = false;
    this.#enter('closed');
    this.#refresh(NOW);
  }

  setHole(hole: Blackhole): void {
    const wasDead = this.#isDead();
    this.#hole = hole;
    if (!wasDead && this.#isDead()) this.#died();
    if (wasDead && !this.#isDead()) this.#returned();
    // One direction more or less.
    this.#refresh(this.#chance.next('pathBack'));
  }

  /** The NAT gives another port. Of a silent phone it is noticed when it speaks again. */
  rebind(): void {
    if (this.#frozen) {
      this.#forgotten = true;
      return;
    }
    const rebinding = { up: true, down: true };
    // A second rebinding starts the healing anew.
    this.#rebinding = rebinding;
    this.#refresh(NOW);
    this.#clock.schedule(this.#chance.next('rebindUplink'), () => {
      rebinding.up = false;
      this.#refresh(NOW);
    });
    this.#clock.schedule(this.#chance.next('rebindDownlink'), () => {
      rebinding.down = false;
      this.#refresh(NOW);
      if (this.#alive.down && this.#alive.up && rebinding === this.#rebinding) this.#prove('stun');
    });
  }

  get isForgotten(): boolean {
    return this.#forgotten;
  }

  freeze(): void {
    this.#frozen = true;
    this.#open = [];
    this.#refresh(NOW);
  }

  thaw(): void {
    this.#frozen = false;
    if (this.#toldIce !== this.#ice) this.#tellIce();
    if (this.#forgotten) {
      this.#forgotten = false;
      this.rebind();
    }
    this.#refresh(this.#chance.next('resumeBack'));
  }

  restart(why: string): void {
    if (this.#ice === 'closed' || this.#ice === 'new') {
      this.#tell.restart('failed', 'no call');
      return;
    }
    this.#tell.restart('asked', why);
    const epoch = this.#epoch;
    this.#clock.schedule(this.#chance.next('restartAnswered'), () => {
      if (epoch !== this.#epoch || this.#frozen) return;
      this.#generation += 1;
      this.#restarting = why;
      this.#tell.restart('answered', why);
      if (this.#ice === 'failed') this.#enter('disconnected');
      if (this.#isDead()) this.#doom(this.#chance.next('restartFailsAfter'));
      else this.#connectAnew(this.#chance.next('restartConnected'));
    });
  }

  #isDead(): boolean {
    return this.#hole !== 'none';
  }

  /** Either direction dead means that no STUN request is answered. */
  #died(): void {
    this.#epoch += 1;
    this.#refresh(NOW);
    if (this.#ice !== 'connected') return;
    this.#later(this.#chance.next('disconnectedAfter'), () => {
      this.#enter('disconnected');
      this.#doom(this.#chance.next('failedAfter'));
    });
  }

  /** Unless something comes through, ICE gives up after this. */
  #doom(wait: Micros): void {
    this.#epoch += 1;
    this.#later(wait, () => {
      this.#paired = false;
      this.#restarting = undefined;
      this.#enter('failed');
      this.#refresh(NOW);
    });
  }

  #returned(): void {
    this.#epoch += 1;
    if (this.#restarting !== undefined) {
      this.#connectAnew(micros(this.#chance.next('restartCheck')));
    } else if (this.#ice === 'disconnected') {
      const delay = this.#chance.next('pathBackDisconnected');
      this.#later(delay, () => {
        this.#enter('connected');
        this.#prove('stun');
      });
      this.#refresh(delay);
    } else if (this.#ice === 'connected') {
      this.#refresh(this.#chance.next('pathBack'));
    }
  }

  #connectAnew(wait: Micros): void {
    this.#epoch += 1;
    this.#later(wait, () => {
      const hadPair = this.#paired;
      this.#paired = true;
      this.#restarting = undefined;
      this.#enter('connected');
      this.#tell.pair(this.#generation);
      this.#prove('stun');
      // Over a living pair the audio never stopped.
      this.#refresh(hadPair ? NOW : this.#chance.next('restartAudio'));
    });
  }

  #enter(state: IceState): void {
    if (state === this.#ice) return;
    this.#ice = state;
    if (!this.#frozen) this.#tellIce();
  }

  #tellIce(): void {
    this.#toldIce = this.#ice;
    this.#tell.ice(this.#ice);
  }

  #refresh(delay: Micros): void {
    const base = this.#paired && !this.#frozen;
    const down = base && !this.#rebinding.down && this.#hole !== 'downlink' && this.#hole !== 'both';
    const up = base && !this.#rebinding.up && this.#hole !== 'uplink' && this.#hole !== 'both';
    if (down !== this.#alive.down) {
      this.#alive.down = down;
      this.#tell.downlink(down, down ? delay : this.#chance.next('jitterBufferDrain'));
    }
    if (up !== this.#alive.up) {
      this.#alive.up = up;
      this.#tell.uplink(up, up ? delay : this.#chance.next('jitterBufferDrain'));
    }
  }

  #ping(): void {
    if (this.#frozen || this.#ice === 'failed' || this.#ice === 'closed') return;
    if (this.#alive.up && this.#alive.down) {
      this.#prove('stun');
      return;
    }
    this.#open.push(this.#clock.now);
    this.#clock.schedule(UNANSWERED_AFTER, () => {
      const first = this.#open[0];
      const last = this.#open.at(-1);
      if (first !== undefined && last !== undefined && !this.#frozen) {
        this.#tell.unanswered(first, last, this.#open.length);
      }
    });
  }

  #prove(via: 'stun' | 'rtcp'): void {
    if (this.#frozen) return;
    this.#open = [];
    this.#tell.proof(via, this.#chance.next('roundTrip'));
  }

  #later(delay: Micros, action: () => void): void {
    const epoch = this.#epoch;
    this.#clock.schedule(delay, () => {
      if (epoch === this.#epoch) action();
    });
  }

  #beat(every: Micros, action: () => void): void {
    const index = this.#beats.length;
    const again = (at: DeviceTime): void => {
      this.#beats[index] = this.#clock.scheduleAt(at, () => {
        action();
        again(after(at, every));
      });
    };
    again(after(this.#clock.now, every));
  }
}
