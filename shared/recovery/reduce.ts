/**
 * Entries of a bench in, incidents out. The result depends only on the entries and their order of acceptance, and late facts
 * take their own place: incidents are derived anew from the facts until they are over and their late milestones are in; then
 * they are frozen and their facts forgotten.
 *
 * What opens one: a cause told by a lab device; else the first sign the phone itself saw; else an outage nobody explains.
 * What belongs to an open one:
 *   - every sign and outage until it is over (both directions have flowed for SETTLE since the cause was gone);
 *   - a cause told while audio is still away or an earlier cause is still in force (the phone rings while Siri listens): one
 *     incident, which goes by the last cause told before audio stopped and is cleared when the last of them is;
 *   - a cause told within ONE_THING_WITHIN of a sign that nobody had explained yet.
 * A cause told once two-way audio is back opens the next one.
 */
import type { JournalEntry } from '../recording/entry.ts';
import type { DeviceTime } from '../time/time.ts';
import { createBenchDevices } from '../timeline/bench-devices.ts';
import { buildIncident } from './build.ts';
import { Collector } from './collect.ts';
import type { Incident } from './incident.ts';
import { type Course, courseOf, type Limits, type Opener } from './judge.ts';
import { LATE_MILESTONES_WITHIN, LOOK_BACK, ONE_THING_WITHIN, OUTAGE_OPENS_INCIDENT_AFTER } from './limits.ts';
import { type Down, endOf, isOpen, type Outages, outagesOf } from './outages.ts';

/** Device time between two looks for incidents that can be frozen. */
const LOOK_EVERY = 1_000_000;

export interface IncidentReducer {
  /** Every entry, of any bench and type. */
  push(entry: JournalEntry): void;
  /** In order of their beginning; the same array as long as nothing changed. */
  incidents(): readonly Incident[];
  /** The data ends here: what is open becomes `unfinished`. */
  finish(): void;
  readonly revision: number;
}

export function createIncidentReducer(benchId: string): IncidentReducer {
  return new Reducer(benchId);
}

interface Derived {
  readonly incident: Incident;
  readonly course: Course;
}

class Reducer implements IncidentReducer {
  readonly #benchId: string;
  readonly #devices;
  readonly #collector = new Collector();
  readonly #frozen: Incident[] = [];
  /** Everything up to here belongs to frozen incidents. */
  #frozenUntil = Number.NEGATIVE_INFINITY;
  #lookAt = Number.NEGATIVE_INFINITY;
  #finished = false;
  /** The count of changes at which nothing was open: time alone opens nothing then. */
  #quietAt = -1;
  #known: readonly Incident[] = [];
  #knownFor = '';
  #knownText = '[]';
  /** Something is open, or may become so: time alone can change it. */
  #restless = false;
  /** Something still collects late milestones. */
  #recent = false;
  #revision = 0;

  constructor(benchId: string) {
    this.#benchId = benchId;
    this.#devices = createBenchDevices(benchId);
  }

  push(entry: JournalEntry): void {
    for (const ready of this.#devices.take(entry)) {
      this.#collector.take(ready, this.#devices);
      const { now } = this.#collector;
      if (now !== undefined && now >= this.#lookAt) {
        this.#lookAt = now + LOOK_EVERY;
        this.#freeze(now);
      }
    }
  }

  finish(): void {
    this.#finished = true;
    this.#knownFor = '';
  }

  incidents(): readonly Incident[] {
    // As long as nothing is open, time alone changes nothing.
    if (this.#key() === this.#knownFor) return this.#known;
    const derived = this.#derive();
    this.#restless = derived.some(({ course }) => course.over === undefined) || this.#anyDown();
    this.#recent = derived.length > 0;
    this.#knownFor = this.#key();
    const open = derived.map(({ incident }) => incident);
    const text = JSON.stringify(open) + this.#frozen.length;
    if (text !== this.#knownText) {
      this.#knownText = text;
      this.#known = [...this.#frozen, ...open];
      this.#revision += 1;
    }
    return this.#known;
  }

  /** Names everything that the incidents depend on now. */
  #key(): string {
    const { changes, readings, now } = this.#collector;
    const time = `${this.#restless ? now : ''}/${this.#recent ? readings : ''}`;
    return `${changes}/${this.#frozen.length}/${time}/${this.#finished}`;
  }

  get revision(): number {
    this.incidents();
    return this.#revision;
  }

  #freeze(now: DeviceTime): void {
    let from: number = now;
    const quiet = this.#quietAt === this.#collector.changes;
    const derived = quiet ? [] : this.#derive();
    this.#quietAt = derived.length === 0 && (quiet || !this.#anyDown()) ? this.#collector.changes : -1;
    for (const { incident, course } of derived) {
      if (course.over === undefined || now < course.over + LATE_MILESTONES_WITHIN) {
        from = Math.min(from, course.beganAt);
        break;
      }
      this.#frozen.push(incident);
      this.#frozenUntil = course.over;
    }
    this.#collector.facts.forgetBefore(from - LOOK_BACK);
  }

  #anyDown(): boolean {
    const outages = outagesOf(this.#collector.facts, false);
    return [...outages.tx, ...outages.rx].some(isOpen);
  }

  #derive(): readonly Derived[] {
    const { facts, now, linkLost, suspended } = this.#collector;
    const deviceId = this.#devices.probeDeviceId;
    if (now === undefined || deviceId === undefined) return [];
    const spoken = outagesOf(facts, false);
    const openers = this.#openers(spoken, now);
    const derived: Derived[] = [];
    let group: Opener[] = [];
    let after = this.#frozenUntil;
    const limits = (next?: DeviceTime): Limits => ({
      now,
      after,
      dataEnded: this.#finished || (linkLost && !suspended),
      ...(next === undefined ? {} : { next }),
    });
    const outages = (openers: readonly Opener[]): Outages =>
      openers.some((one) => one.kind === 'told' && one.told.cause === 'mute') ? outagesOf(facts, true) : spoken;
    const close = (course: Course) => {
      const { policy, os, observedFidelity } = this.#collector;
      const around = { benchId: this.#benchId, deviceId, policy, os, observedFidelity };
      derived.push({ incident: buildIncident(group, course, facts, outages(group), around), course });
      after = course.over ?? after;
      group = [];
    };
    for (const opener of openers) {
      if (opener.at <= after) continue;
      if (group.length > 0) {
        const whole = courseOf(group, facts, outages(group), limits());
        if (whole.over !== undefined && whole.over < opener.at) close(whole);
        else if (opener.kind === 'told' && !belongs(group, opener)) {
          const short = courseOf(group, facts, outages(group), limits(opener.at));
          if (short.over !== undefined && short.state !== 'unfinished') close(short);
        }
      }
      // Part of the incident just closed, by its outage.
      if (opener.kind === 'outage' && (group.length > 0 || opener.at <= after)) continue;
      group.push(opener);
    }
    if (group.length > 0) close(courseOf(group, facts, outages(group), limits()));
    return derived;
  }

  /** In order of time; an outage after causes and signs of the same instant. */
  #openers(outages: Outages, now: DeviceTime): readonly Opener[] {
    const { facts } = this.#collector;
    const later = (at: number) => at > this.#frozenUntil;
    const long = (down: Down) => Math.min(endOf(down), now) - down.start >= OUTAGE_OPENS_INCIDENT_AFTER;
    const order = { told: 0, sign: 1, outage: 2 } as const;
    const all: Opener[] = [
      ...facts.began.all.map((told): Opener => ({ kind: 'told', at: told.at, evidence: told.evidence, told })),
      ...facts.signs.all.map((sign): Opener => ({ kind: 'sign', at: sign.at, evidence: sign.evidence, sign })),
      ...[...outages.tx, ...outages.rx]
        .filter(long)
        .map((down): Opener => ({ kind: 'outage', at: down.start, evidence: down.startEvidence })),
    ];
    return all.filter((one) => later(one.at)).toSorted((a, b) => a.at - b.at || order[a.kind] - order[b.kind]);
  }
}

/** A cause that explains what the phone saw by itself a moment ago. */
function belongs(group: readonly Opener[], told: Opener): boolean {
  const first = group[0];
  return first !== undefined && group.every((one) => one.kind !== 'told') && told.at - first.at <= ONE_THING_WITHIN;
}
