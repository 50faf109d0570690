/** Entries into facts. What opens an incident when nobody tells the cause is said here, sign by sign. */
import type { JournalEntry } from '../recording/entry.ts';
import { type DeviceTime, deviceTime } from '../time/time.ts';
import type { BenchDevices } from '../timeline/bench-devices.ts';
import type { WireEvent } from '../wire/frames.ts';
import type { SampleData } from '../wire/samples.ts';
import type { Cause, Fidelity } from '../wire/values.ts';
import { type Evidence, FactStore, type FlowName } from './facts.ts';

const FLOW_OF = {
  'tx.flow': 'tx',
  'rx.flow': 'rx',
  'capture.flow': 'capture',
  'render.flow': 'render',
} as const satisfies Record<string, FlowName>;

export class Collector {
  readonly facts = new FactStore();
  /** Newest instant the probe itself has told of. */
  now: DeviceTime | undefined;
  /** Counts what may change an incident; time passing is not in it. */
  changes = 0;
  /** Readings of statistics: they open nothing, but may add a milestone to what is open or lately over. */
  readings = 0;
  /** The link is down: more may come, or not. */
  linkLost = false;
  suspended = false;
  policy: string | undefined;
  os: string | undefined;
  /** Whether what the probe sees by itself is simulated or real. */
  observedFidelity: Fidelity = 'F5';
  #session: string | undefined;
  #stats: { readonly at: DeviceTime; readonly delay: number; readonly emitted: number } | undefined;

  take(entry: JournalEntry, devices: BenchDevices): void {
    const own = devices.isProbe(entry.deviceId);
    if (own) this.#own(entry);
    if (entry.type === 'run') {
      const at = devices.onProbeClock(entry.arrivedAt);
      if (at === undefined) return;
      const { runId, scenario, policy, os, state } = entry;
      this.facts.runs.add({ at, ended: state !== 'began', runId, scenario, policy, os });
      this.changes += 1;
    } else if (entry.type === 'event' && (own || devices.sharesClock(entry.deviceId))) {
      const before = this.changes;
      this.changes += 1;
      const evidence = { deviceId: entry.deviceId, seq: entry.event.seq };
      const known = this.#anyone(entry.event, evidence) || (own && this.#event(entry.event, evidence));
      if (!known) this.changes = before;
    }
  }

  #own(entry: JournalEntry): void {
    if (entry.type === 'event') this.#at(entry.event.at);
    else if (entry.type === 'sample') {
      this.#at(entry.sample.at);
      if (entry.sample.kind === 'stats') this.#statistics(entry.sample.at, entry.sample.data);
    } else if (entry.type === 'hello') {
      // Another session of the same device is another process (or a lost one): what was open there will never be told.
      if (this.#session !== undefined && this.#session !== entry.sessionId) this.#cut();
      this.#session = entry.sessionId;
      this.linkLost = false;
      this.policy = entry.hello.app.policy;
      this.os = entry.hello.device.osVersion;
      this.observedFidelity = entry.hello.platform === 'virtual' ? 'F0' : 'F5';
      this.#at(entry.hello.clock.now);
      this.changes += 1;
    } else if (entry.type === 'link') {
      if (entry.state === 'process-ended') this.#cut();
      this.linkLost = entry.state === 'lost' || entry.state === 'closed' || entry.state === 'process-ended';
      this.changes += 1;
    }
  }

  #at(at: DeviceTime): void {
    if (this.now === undefined || at > this.now) this.now = at;
  }
  #cut(): void {
    if (this.now !== undefined) this.facts.ends.add({ at: this.now, kind: 'cut' });
    this.#stats = undefined;
    this.changes += 1;
  }

  /** Facts from any device on the probe's clock. Whether it was one. */
  #anyone(event: WireEvent, evidence: Evidence): boolean {
    const { facts } = this;
    const { at } = event;
    switch (event.kind) {
      case 'cause.began': {
        const { causeId, cause, title, fidelity } = event.data;
        facts.began.add({ at, evidence, key: `${evidence.deviceId}/${causeId}`, cause, title, fidelity });
        return true;
      }
      case 'cause.cleared':
        facts.cleared.add({ at, evidence, key: `${evidence.deviceId}/${event.data.causeId}`, how: event.data.how });
        return true;
      case 'user.action':
        if (event.data.action === 'hangUp') facts.ends.add({ at, kind: 'hangUp' });
        else facts.users.add({ at, evidence, action: event.data.action });
        return true;
      case 'farEnd.flow': {
        const { edgeAt, to, errorMicros } = event.data;
        facts.flows.farEnd.add({ at: edgeAt, evidence, to, error: errorMicros });
        return true;
      }
      case 'path.state':
        facts.path.add({ at, blackhole: event.data.blackhole, rebinds: event.data.rebinds });
        return true;
      case 'app.state':
        this.suspended = event.data.state === 'suspended';
        if (event.data.state === 'terminated') facts.ends.add({ at, kind: 'terminated' });
        if (event.data.state === 'active' || event.data.state === 'resumed') facts.said.add({ at, evidence });
        return true;
      default:
        return false;
    }
  }

  /** Facts only the probe can tell. */
  #event(event: WireEvent, evidence: Evidence): boolean {
    const { facts } = this;
    const { at } = event;
    switch (event.kind) {
      case 'tx.flow':
      case 'rx.flow':
      case 'capture.flow':
      case 'render.flow': {
        const { edgeAt, to, errorMicros } = event.data;
        facts.flows[FLOW_OF[event.kind]].add({ at: edgeAt, evidence, to, error: errorMicros });
        return true;
      }
      case 'session.interruption': {
        const { type, reason } = event.data;
        if (type === 'ended') facts.said.add({ at, evidence });
        // `appWasSuspended` comes with the next run and tells of the past: the stop itself is the sign (field-bugs B33).
        else if (reason !== 'appWasSuspended') {
          // No `ended` ever follows a lost route (field-bugs 0.3).
          const gone = reason === 'routeDisconnected' ? { clearsAt: at } : {};
          const cause = reason === 'routeDisconnected' ? 'routeLoss' : 'unknown';
          const title = reason === 'routeDisconnected' ? 'Route lost' : 'Audio interrupted';
          facts.signs.add({ at, evidence, kind: 'interruption', cause, title, ...gone });
        }
        return true;
      }
      case 'resume.hint':
        if (event.data.hint === 'yes') facts.said.add({ at, evidence });
        return true;
      case 'session.active':
      case 'session.inactive':
        facts.session.add({ at, evidence, active: event.kind === 'session.active' });
        return true;
      case 'session.call':
        if (event.data.call !== 'setActive' || !event.data.ok) return false;
        facts.session.add({ at, evidence, active: event.data.args['active'] === true });
        return true;
      case 'callkit.audio': {
        const active = event.data.state === 'didActivate';
        facts.session.add({ at, evidence, active });
        if (active) facts.said.add({ at, evidence });
        return true;
      }
      case 'callkit.action': {
        const { action, outcome } = event.data;
        if (outcome === 'failed' || outcome === 'timedOut') return false;
        if (action === 'hold')
          facts.signs.add({ at, evidence, kind: 'hold', cause: 'hold', title: 'Call put on hold' });
        if (action === 'hold' || action === 'unhold') facts.holds.add({ at, evidence, held: action === 'hold' });
        if (action === 'end') facts.ends.add({ at, kind: 'hangUp' });
        return true;
      }
      case 'callkit.call':
        if (event.data.state !== 'ended') return false;
        if (event.data.own) facts.ends.add({ at, kind: 'hangUp' });
        else facts.otherCallEnds.add({ at });
        return true;
      case 'route.changed': {
        if (event.data.reason !== 'oldDeviceUnavailable') return false;
        const title = `${event.data.previous.outputs[0]?.name ?? 'Audio device'} gone`;
        facts.signs.add({ at, evidence, kind: 'route', cause: 'routeLoss', title, clearsAt: at });
        return true;
      }
      case 'media.services': {
        if (event.data.state === 'reset') facts.said.add({ at, evidence });
        else facts.signs.add({ at, evidence, kind: 'media', cause: 'mediaServices', title: 'Media services lost' });
        return true;
      }
      case 'heartbeat.gap': {
        const { fromAt, toAt } = event.data;
        this.suspended = false;
        const cause: Cause = 'suspension';
        facts.signs.add({ at: fromAt, evidence, kind: 'stop', cause, title: 'App did not run', clearsAt: toAt });
        return true;
      }
      case 'unit.state':
        facts.unit.add({ at, evidence, started: event.data.state === 'started' });
        return true;
      case 'claim':
        if (event.data.name === 'micMuted') facts.muted.add({ at, value: event.data.value === true });
        if (event.data.name === 'agentState') facts.idle.add({ at, value: event.data.value === 'idle' });
        return true;
      case 'transport.proof': {
        const { via, provenAt, roundTripMicros } = event.data;
        facts.proofs.add({ at: provenAt, evidence, via, roundTrip: roundTripMicros ?? 0 });
        return true;
      }
      case 'transport.unanswered':
        facts.unanswered.add({ at: event.data.firstSentAt, evidence, lastSentAt: event.data.lastSentAt });
        return true;
      default:
        return false;
    }
  }

  #statistics(at: DeviceTime, data: SampleData<'stats'>): void {
    const { jitterBufferDelaySeconds: delay, jitterBufferEmittedCount: emitted } = data;
    if (delay === undefined || emitted === undefined) return;
    const before = this.#stats;
    this.#stats = { at, delay, emitted };
    // Counters that stand still or begin anew tell nothing.
    if (before === undefined || emitted <= before.emitted || delay < before.delay) return;
    const mean = (delay - before.delay) / (emitted - before.emitted);
    this.facts.buffer.add({ at: deviceTime(at), since: before.at, delay: mean });
    this.readings += 1;
  }
}
