/** A journal written by hand: milliseconds on the bench's clock, one line a fact. Everything arrives 1 ms after its stamp. */
import type { EventEntry, JournalEntry } from '../recording/entry.ts';
import type { DesktopTime, DeviceTime } from '../time/time.ts';
import type { Hello } from '../wire/frames.ts';
import type { EventData, EventKind } from '../wire/kinds.ts';
import type { SampleData, SampleKind } from '../wire/samples.ts';
import type { Cause, EventSource, Flow } from '../wire/values.ts';

export const BENCH = 'bench';
const us = (milliseconds: number): number => Math.round(milliseconds * 1000);
export const at = (milliseconds: number): DeviceTime => us(milliseconds) as DeviceTime;

export class Journal {
  readonly entries: JournalEntry[] = [];
  readonly #seq = new Map<string, number>();
  readonly #sessions = new Map<string, number>();

  /** The app end, the OS end, the relay and the gateway of a simulated bench, on one clock. */
  devices(milliseconds = 0): this {
    this.hello('iphone-os', 'lab', milliseconds);
    this.hello('relay', 'lab', milliseconds);
    this.hello('gateway', 'lab', milliseconds);
    return this.hello('iphone-app', 'probe', milliseconds);
  }

  hello(
    deviceId: string,
    role: 'probe' | 'lab',
    milliseconds: number,
    clock = 'desk',
    reports: string[] = ['tx.flow'],
  ): this {
    const session = (this.#sessions.get(deviceId) ?? 0) + 1;
    this.#sessions.set(deviceId, session);
    const hello: Omit<Hello, 't' | 'resume'> = {
      proto: [1],
      deviceId,
      benchId: BENCH,
      role,
      platform: 'virtual',
      title: deviceId,
      device: { model: 'virtual', os: 'iOS', osVersion: '26' },
      app: { name: 'Call', version: '1', policy: 'careful' },
      clock: { id: clock, now: at(milliseconds) },
      reports,
      performs: [],
    };
    this.entries.push({
      ...this.#common(deviceId, milliseconds),
      type: 'hello',
      sessionId: this.#session(deviceId),
      hello,
    });
    return this;
  }

  event<K extends EventKind>(
    milliseconds: number,
    kind: K,
    data: EventData<K>,
    deviceId = 'iphone-app',
    source: EventSource = 'probe',
  ): this {
    const seq = (this.#seq.get(deviceId) ?? 0) + 1;
    this.#seq.set(deviceId, seq);
    const event = { seq, at: at(milliseconds), uptime: at(milliseconds), kind, source, data } as EventEntry['event'];
    this.entries.push({
      ...this.#common(deviceId, milliseconds),
      type: 'event',
      sessionId: this.#session(deviceId),
      event,
    });
    return this;
  }

  sample<K extends SampleKind>(milliseconds: number, kind: K, data: SampleData<K>, deviceId = 'iphone-app'): this {
    const sample = { at: at(milliseconds), kind, data } as Extract<JournalEntry, { type: 'sample' }>['sample'];
    this.entries.push({ ...this.#common(deviceId, milliseconds), type: 'sample', sample });
    return this;
  }

  link(
    milliseconds: number,
    state: 'connected' | 'resumed' | 'lost' | 'closed' | 'process-ended',
    deviceId = 'iphone-app',
  ): this {
    this.entries.push({ ...this.#common(deviceId, milliseconds), type: 'link', state, reason: 'test' });
    return this;
  }

  run(milliseconds: number, state: 'began' | 'ended', scenario: string): this {
    const run = { runId: 'run-1', scenario, title: scenario, repetition: 1, policy: 'careful', os: '26' };
    this.entries.push({ ...this.#common('iphone-app', milliseconds), type: 'run', state, ...run });
    return this;
  }

  /** A flow edge at `edge`, told at `told` (100 ms later when not said). */
  flow(
    name: 'tx' | 'rx' | 'capture' | 'render' | 'farEnd',
    edge: number,
    from: Flow,
    to: Flow,
    told = edge + 100,
  ): this {
    const data = { from, to, edgeAt: at(edge), errorMicros: 10_000 };
    return name === 'farEnd'
      ? this.event(told, 'farEnd.flow', data, 'gateway', 'farEnd')
      : this.event(told, `${name}.flow`, data);
  }
  /** All of the phone's flows change at once. */
  flows(edge: number, from: Flow, to: Flow, told = edge + 100): this {
    for (const name of ['capture', 'tx', 'rx', 'render'] as const) this.flow(name, edge, from, to, told);
    return this;
  }
  began(milliseconds: number, cause: Cause, title: string, causeId: string = cause, deviceId = 'iphone-os'): this {
    return this.event(
      milliseconds,
      'cause.began',
      { causeId, cause, title, injectId: 'i1', fidelity: 'F0' },
      deviceId,
      'lab',
    );
  }
  cleared(milliseconds: number, cause: Cause, how: string, causeId: string = cause, deviceId = 'iphone-os'): this {
    return this.event(milliseconds, 'cause.cleared', { causeId, cause, how }, deviceId, 'lab');
  }
  user(milliseconds: number, action: EventData<'user.action'>['action']): this {
    return this.event(milliseconds, 'user.action', { action }, 'iphone-os', 'lab');
  }
  stun(milliseconds: number): this {
    return this.event(milliseconds, 'transport.proof', {
      via: 'stun',
      provenAt: at(milliseconds),
      roundTripMicros: 2000,
    });
  }
  /** Time passes, and the probe says so: a level every half second. */
  quiet(from: number, to: number): this {
    for (let now = from; now <= to; now += 500) this.sample(now, 'level', { captureDbfs: -30, renderDbfs: -32 });
    return this;
  }

  #common(deviceId: string, milliseconds: number) {
    return { arrivedAt: us(milliseconds + 1) as DesktopTime, benchId: BENCH, deviceId };
  }
  #session(deviceId: string): string {
    return `${deviceId}-${this.#sessions.get(deviceId) ?? 0}`;
  }
}

/** A call that flows both ways from 500 ms on. */
export const call = (): Journal =>
  new Journal().devices().flows(500, 'stopped', 'flowing').flow('farEnd', 520, 'stopped', 'flowing').stun(1000);
