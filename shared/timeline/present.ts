/**
 * The newest of everything the header and the ladder speak of, with the instant since when it has been so.
 * Newest by the device's time: a fact that comes late does not replace a later one.
 */
import type { DeviceTime } from '../time/time.ts';
import type { EventData } from '../wire/kinds.ts';
import type { SampleData } from '../wire/samples.ts';
import type { Flow } from '../wire/values.ts';
import type { Placed } from './placed.ts';
import type { Look } from './view.ts';

export interface Since<T> {
  readonly value: T;
  /** When it took this value. */
  readonly since: DeviceTime;
  readonly seenAt: DeviceTime;
}
type Flows = 'tx' | 'rx' | 'capture' | 'render' | 'farEnd';
const FLOW_OF = {
  'tx.flow': 'tx',
  'rx.flow': 'rx',
  'capture.flow': 'capture',
  'render.flow': 'render',
  'farEnd.flow': 'farEnd',
} as const satisfies Record<string, Flows>;

export class Present {
  snapshot: Since<EventData<'session.snapshot'>> | undefined;
  active: Since<boolean> | undefined;
  interrupted: Since<boolean> | undefined;
  rtc: Since<EventData<'rtc.state'>> | undefined;
  unit: Since<EventData<'unit.state'>> | undefined;
  ownCall: Since<string> | undefined;
  callAudio: Since<boolean> | undefined;
  webrtc: Since<EventData<'webrtc.state'>> | undefined;
  farEnd: Since<EventData<'farEnd.state'>> | undefined;
  muted: Since<boolean> | undefined;
  trackEnabled: Since<boolean> | undefined;
  provenAt: DeviceTime | undefined;
  unansweredSince: DeviceTime | undefined;
  roundTripSeconds: number | undefined;
  /** The last instant packetsSent was seen to grow, and to stand still. */
  packetsGrewAt: DeviceTime | undefined;
  packetsStoodSince: DeviceTime | undefined;
  /** Why nothing is known now; undefined while the probe can be heard. */
  away: Look | undefined;
  /** The newest known of the route, from snapshots and route changes. */
  route: Since<EventData<'session.snapshot'>['route']> | undefined;
  readonly flows: Partial<Record<Flows, Since<Flow>>> = {};
  reports: ReadonlySet<string> | undefined;
  farEndKnown = false;
  #packets: { readonly at: DeviceTime; readonly sent: number } | undefined;

  push(placed: Placed): void {
    if (placed.type === 'other') {
      const { entry, own } = placed;
      if (entry.type === 'hello') {
        if (own) this.reports = new Set(entry.hello.reports);
        if (entry.hello.reports.includes('farEnd.flow')) this.farEndKnown = true;
      }
      return;
    }
    const { event, own } = placed;
    const { at } = event;
    switch (event.kind) {
      case 'farEnd.flow':
        this.farEndKnown = true;
        this.#flow('farEnd', event.data.edgeAt, event.data.to);
        return;
      case 'farEnd.state':
        this.farEnd = newer(this.farEnd, at, event.data);
        return;
      default:
    }
    if (!own) return;
    switch (event.kind) {
      case 'tx.flow':
      case 'rx.flow':
      case 'capture.flow':
      case 'render.flow':
        this.#flow(FLOW_OF[event.kind], event.data.edgeAt, event.data.to);
        return;
      case 'session.snapshot':
        this.snapshot = newer(this.snapshot, at, event.data);
        this.active = newer(this.active, at, event.data.active);
        this.interrupted = newer(this.interrupted, at, event.data.interrupted);
        this.route = newer(this.route, at, event.data.route);
        return;
      case 'route.changed':
        this.route = newer(this.route, at, event.data.current);
        return;
      case 'session.active':
        this.active = newer(this.active, at, true);
        return;
      case 'session.inactive':
        this.active = newer(this.active, at, false);
        return;
      case 'session.interruption':
        this.interrupted = newer(this.interrupted, at, event.data.type === 'began');
        return;
      case 'rtc.state':
        this.rtc = newer(this.rtc, at, event.data);
        return;
      case 'unit.state':
        this.unit = newer(this.unit, at, event.data);
        return;
      case 'callkit.call':
        if (event.data.own) this.ownCall = newer(this.ownCall, at, event.data.state);
        return;
      case 'callkit.action': {
        const { action, outcome } = event.data;
        if (outcome === 'failed' || outcome === 'timedOut') return;
        if (action === 'hold') this.ownCall = newer(this.ownCall, at, 'held');
        if (action === 'unhold') this.ownCall = newer(this.ownCall, at, 'connected');
        if (action === 'end') this.ownCall = newer(this.ownCall, at, 'ended');
        return;
      }
      case 'callkit.audio':
        this.callAudio = newer(this.callAudio, at, event.data.state === 'didActivate');
        return;
      case 'webrtc.state':
        this.webrtc = newer(this.webrtc, at, event.data);
        return;
      case 'claim':
        if (event.data.name === 'micMuted') this.muted = newer(this.muted, at, event.data.value === true);
        if (event.data.name === 'trackEnabled')
          this.trackEnabled = newer(this.trackEnabled, at, event.data.value === true);
        return;
      case 'transport.proof':
        if (this.provenAt === undefined || event.data.provenAt > this.provenAt) this.provenAt = event.data.provenAt;
        if (event.data.via === 'stun') this.unansweredSince = undefined;
        if (event.data.roundTripMicros !== undefined) this.roundTripSeconds = event.data.roundTripMicros / 1_000_000;
        return;
      case 'transport.unanswered':
        this.unansweredSince = event.data.firstSentAt;
        return;
      default:
    }
  }

  stats(at: DeviceTime, data: SampleData<'stats'>): void {
    if (data.roundTripSeconds !== undefined) this.roundTripSeconds = data.roundTripSeconds;
    if (data.packetsSent === undefined) return;
    const before = this.#packets;
    this.#packets = { at, sent: data.packetsSent };
    if (before === undefined || at <= before.at) return;
    if (data.packetsSent > before.sent) {
      this.packetsGrewAt = at;
      this.packetsStoodSince = undefined;
    } else this.packetsStoodSince ??= before.at;
  }

  #flow(name: Flows, at: DeviceTime, to: Flow): void {
    this.flows[name] = newer(this.flows[name], at, to);
  }

  /** `begins`: another session, of whose audio nothing is known yet. */
  setAway(away: Look | undefined, begins: boolean): void {
    this.away = away;
    if (!begins) return;
    for (const name of ['tx', 'rx', 'capture', 'render'] as const) delete this.flows[name];
    // Another process (of another kind of phone, perhaps): what it does not say, the one before must not say for it.
    this.snapshot = undefined;
    this.active = undefined;
    this.interrupted = undefined;
    this.rtc = undefined;
    this.unit = undefined;
    this.ownCall = undefined;
    this.callAudio = undefined;
    this.webrtc = undefined;
    this.muted = undefined;
    this.trackEnabled = undefined;
    this.route = undefined;
    this.provenAt = undefined;
    this.unansweredSince = undefined;
    this.roundTripSeconds = undefined;
    this.packetsGrewAt = undefined;
    this.packetsStoodSince = undefined;
    this.#packets = undefined;
  }
}

function newer<T>(before: Since<T> | undefined, at: DeviceTime, value: T): Since<T> {
  if (before !== undefined && at < before.seenAt) return before;
  const same = before !== undefined && typeof value !== 'object' && before.value === value;
  return { value, since: same ? before.since : at, seenAt: at };
}
