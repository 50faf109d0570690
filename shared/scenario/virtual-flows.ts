/**
 * Flow edges in virtual time: what the probe would find on 10 ms frames, worked out from the model's gates and the path.
 *
 *   microphone -> capture gate -> [capture.flow] -> app's mute -> encoder [tx.flow] -> uplink -> far end [farEnd.flow]
 *   downlink -> jitter buffer -> decoder [rx.flow] -> render gate -> speaker [render.flow]
 */
import type { AudioGates } from '../iphone/interface.ts';
import { CLOSED_GATES } from '../iphone/state.ts';
import { type DeviceTime, type Micros, micros } from '../time/time.ts';
import type { VirtualClock, VirtualTimer } from '../time/virtual-clock.ts';
import type { Flow } from '../wire/values.ts';
import type { Chance } from './virtual-timing.ts';

export type FlowName = 'capture.flow' | 'tx.flow' | 'rx.flow' | 'render.flow' | 'farEnd.flow';
/** `edgeAt` may lie before now: a stopped process tells its edges when it runs again. */
export type TellEdge = (name: FlowName, from: Flow, to: Flow, edgeAt: DeviceTime) => void;

const NOW = micros(0);

/** One place where frames pass. */
class Line {
  readonly #name: FlowName;
  readonly #clock: VirtualClock;
  readonly #tell: TellEdge;
  readonly #onChanged: () => void;
  #pending: { readonly timer: VirtualTimer; readonly to: Flow } | undefined;
  flow: Flow = 'stopped';

  constructor(name: FlowName, clock: VirtualClock, tell: TellEdge, onChanged: () => void) {
    this.#name = name;
    this.#clock = clock;
    this.#tell = tell;
    this.#onChanged = onChanged;
  }

  /** From `delay` on it is `to`, unless something else is wanted before that. */
  set(to: Flow, delay: Micros): void {
    if (this.#pending?.to === to) return;
    this.rest();
    if (to === this.flow) return;
    if (delay <= 0) {
      this.jump(to, this.#clock.now);
      return;
    }
    const timer = this.#clock.schedule(delay, () => {
      this.#pending = undefined;
      this.jump(to, this.#clock.now);
    });
    this.#pending = { timer, to };
  }

  /** Stays as it is until something else is wanted. */
  rest(): void {
    if (this.#pending !== undefined) this.#clock.cancel(this.#pending.timer);
    this.#pending = undefined;
  }

  jump(to: Flow, edgeAt: DeviceTime): void {
    this.rest();
    if (to === this.flow) return;
    const from = this.flow;
    this.flow = to;
    this.#tell(this.#name, from, to, edgeAt);
    this.#onChanged();
  }
}

export class VirtualFlows {
  readonly #chance: Chance;
  readonly #clock: VirtualClock;
  readonly #capture: Line;
  readonly #tx: Line;
  readonly #rx: Line;
  readonly #render: Line;
  readonly #farEnd: Line;
  #gates: AudioGates = CLOSED_GATES;
  #calling = false;
  #down = { alive: false, delay: NOW };
  #uplink = false;
  #frozenAt: DeviceTime | undefined;

  constructor(clock: VirtualClock, chance: Chance, tell: TellEdge) {
    this.#chance = chance;
    this.#clock = clock;
    const nothing = (): void => undefined;
    this.#farEnd = new Line('farEnd.flow', clock, tell, nothing);
    this.#tx = new Line('tx.flow', clock, tell, () => this.#hear(this.#chance.next('farEndDelay')));
    this.#capture = new Line('capture.flow', clock, tell, () => this.#encode());
    this.#render = new Line('render.flow', clock, tell, nothing);
    this.#rx = new Line('rx.flow', clock, tell, () => this.#renderTo(this.#rxFade()));
  }

  setGates(gates: AudioGates): void {
    const before = this.#gates;
    this.#gates = gates;
    if (this.#frozenAt !== undefined) return;
    const starts = before.capture === 'stopped' && gates.capture === 'running';
    this.#captureTo(this.#chance.next(starts ? 'captureStart' : 'captureStop'));
    this.#encode();
    const plays = before.render === 'stopped' && gates.render === 'running';
    // Packets kept arriving while playout stood still: decoded audio is back with the first pull.
    const pulls = plays ? this.#chance.next('renderStart') : NOW;
    this.#renderTo(pulls);
    this.#play(pulls);
  }

  /** Offered and answered: captured frames are encoded. */
  setCalling(calling: boolean): void {
    this.#calling = calling;
    this.#encode();
    this.#play(NOW);
    this.#renderTo(NOW);
    if (!calling) this.#farEnd.set('stopped', NOW);
  }

  setDownlink(alive: boolean, delay: Micros): void {
    this.#down = { alive, delay };
    this.#play(delay);
  }

  setUplink(alive: boolean, delay: Micros): void {
    this.#uplink = alive;
    this.#hear(delay);
  }

  freeze(): void {
    this.#frozenAt = this.#clock.now;
    for (const line of [this.#tx, this.#capture, this.#render, this.#rx]) line.rest();
    this.#hear(this.#chance.next('farEndDelay'));
  }

  /** Told now: that everything had stopped when the process was. */
  thaw(): void {
    const stoppedAt = this.#frozenAt;
    this.#frozenAt = undefined;
    if (stoppedAt === undefined) return;
    // The encoder before what feeds it, which would stop it now.
    for (const line of [this.#tx, this.#capture, this.#render, this.#rx]) line.jump('stopped', stoppedAt);
    this.#captureTo(this.#chance.next('captureStart'));
    this.#renderTo(this.#chance.next('renderStart'));
    this.#play(this.#chance.next('resumeBack'));
  }

  #captureTo(delay: Micros): void {
    const { capture, microphone } = this.#gates;
    this.#capture.set(capture === 'stopped' ? 'stopped' : microphone === 'signal' ? 'flowing' : 'zeros', delay);
  }

  #encode(): void {
    if (this.#frozenAt !== undefined) return;
    const captured = this.#capture.flow;
    const muted = captured === 'flowing' && !this.#gates.trackEnabled;
    this.#tx.set(this.#calling ? (muted ? 'zeros' : captured) : 'stopped', NOW);
  }

  #hear(delay: Micros): void {
    if (!this.#calling) return;
    const sent = this.#frozenAt === undefined ? this.#tx.flow : 'stopped';
    // Before the first packet there is nothing to conceal.
    if (sent === 'stopped' || !this.#uplink) {
      if (this.#farEnd.flow !== 'stopped') this.#farEnd.set('concealed', delay);
    } else this.#farEnd.set(sent, delay);
  }

  #play(delay: Micros): void {
    if (this.#frozenAt !== undefined) return;
    if (!this.#calling || this.#gates.render === 'stopped') {
      this.#rx.set('stopped', NOW);
      return;
    }
    if (this.#down.alive) this.#rx.set('flowing', delay);
    else if (this.#rx.flow !== 'stopped') this.#rx.set('concealed', delay);
  }

  /** Concealment sounds on for a while before it is exact silence. */
  #rxFade(): Micros {
    return this.#rx.flow === 'concealed' ? this.#chance.next('concealedToSilence') : NOW;
  }

  #renderTo(delay: Micros): void {
    const { render, speaker } = this.#gates;
    const runs = this.#calling && render === 'running';
    const audible = speaker === 'audible' && this.#rx.flow !== 'concealed';
    this.#render.set(runs ? (audible ? 'flowing' : 'zeros') : 'stopped', delay);
  }
}
