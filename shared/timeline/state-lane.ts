/**
 * A lane made of tracks: at every change of a track the lane looks at what all of them say and becomes one labelled state.
 * Neighbours that look the same are one segment. A late change rebuilds only what lies after it, so that work per change is
 * constant as long as changes come about in order.
 */
import type { DeviceTime } from '../time/time.ts';
import type { Presence } from './presence.ts';
import type { Track } from './track.ts';
import type { Lane, LaneId, Look, Segment } from './view.ts';

/** A lane of this many states cannot be read on any screen; beyond it the older quarter becomes one segment and is counted. */
export const MAX_SEGMENTS = 20_000;
const MERGED_AT_ONCE = MAX_SEGMENTS / 4;

export type { Look };

export const LANE_TITLES: Readonly<Record<LaneId, string>> = {
  userHearsAgent: 'User hears agent',
  agentHearsUser: 'Agent hears user',
  cause: 'Cause',
  session: 'Audio session',
  interruption: 'Interruption',
  route: 'Route',
  callkit: 'CallKit',
  unit: 'Audio unit',
  ice: 'ICE',
  transport: 'Transport',
  app: 'App',
  link: 'Link',
};

export class StateLane {
  readonly id: LaneId;
  /** Segments that were merged into one because there were too many. */
  merged = 0;
  readonly #tracks: readonly Track<unknown>[];
  /** At an instant: what the tracks say together; undefined leaves the lane empty. */
  readonly #look: (at: DeviceTime) => Look | undefined;
  readonly #segments: Segment[] = [];
  #dirtyFrom = Number.POSITIVE_INFINITY;
  #mergedUntil = Number.NEGATIVE_INFINITY;
  #lane: Lane;

  /** `presence`: while the probe cannot be heard, the lane says so instead of what its tracks said last. */
  constructor(
    id: LaneId,
    tracks: readonly Track<unknown>[],
    look: (at: DeviceTime) => Look | undefined,
    presence?: Presence,
  ) {
    this.id = id;
    this.#tracks = presence === undefined ? tracks : [...tracks, presence.track];
    this.#look = presence === undefined ? look : (at) => presence.track.valueAt(at) ?? look(at);
    this.#lane = { id, title: LANE_TITLES[id], segments: [] };
  }

  /** One of the tracks changed at this instant. */
  touch(at: DeviceTime): void {
    if (at < this.#dirtyFrom) this.#dirtyFrom = at;
  }

  /** The same object as long as nothing changed. */
  lane(): Lane {
    if (this.#dirtyFrom !== Number.POSITIVE_INFINITY) {
      if (this.#rebuild(Math.max(this.#dirtyFrom, this.#mergedUntil))) {
        this.#lane = { id: this.id, title: LANE_TITLES[this.id], segments: this.#segments.slice() };
      }
      this.#dirtyFrom = Number.POSITIVE_INFINITY;
    }
    return this.#lane;
  }

  /** Whether anything looks different now. */
  #rebuild(from: number): boolean {
    const removed: Segment[] = [];
    while ((this.#segments.at(-1)?.from ?? Number.NEGATIVE_INFINITY) >= from) {
      const segment = this.#segments.pop();
      if (segment !== undefined) removed.push(segment);
    }
    const kept = this.#segments.length;
    const reopened = this.#segments.at(-1);
    if (reopened?.to !== undefined && reopened.to >= from) {
      const { to: _, ...open } = reopened;
      this.#segments[kept - 1] = open;
    }
    const indexes = this.#tracks.map((track) => track.after(from - 1));
    for (;;) {
      const next = this.#nextChange(indexes);
      if (next === undefined) break;
      this.#apply(next.at, next.seq);
    }
    const same =
      this.#segments.length === kept + removed.length &&
      JSON.stringify(this.#segments.slice(Math.max(0, kept - 1))) ===
        JSON.stringify([...(reopened === undefined ? [] : [reopened]), ...removed.reverse()]);
    this.#bound();
    return !same;
  }

  /** The earliest change not yet applied; steps over all changes at that instant. */
  #nextChange(indexes: number[]): { readonly at: DeviceTime; readonly seq: number | undefined } | undefined {
    let best: { at: DeviceTime; seq: number | undefined } | undefined;
    for (const [track, index] of indexes.entries()) {
      const change = this.#tracks[track]?.changes[index];
      if (change !== undefined && (best === undefined || change.at < best.at))
        best = { at: change.at, seq: change.seq };
    }
    if (best === undefined) return undefined;
    for (const [track, index] of indexes.entries()) {
      let step = index;
      while (this.#tracks[track]?.changes[step]?.at === best.at) step += 1;
      indexes[track] = step;
    }
    return best;
  }

  #apply(at: DeviceTime, seq: number | undefined): void {
    const look = this.#look(at);
    const last = this.#segments.at(-1);
    const open = last !== undefined && last.to === undefined ? last : undefined;
    if (open !== undefined && look !== undefined && looksLike(open, look)) return;
    if (open !== undefined) this.#segments[this.#segments.length - 1] = { ...open, to: at };
    if (look !== undefined) {
      this.#segments.push({
        from: at,
        value: look.value,
        label: look.label,
        tone: look.tone,
        ...(seq === undefined ? {} : { seq }),
      });
    }
  }

  #bound(): void {
    if (this.#segments.length <= MAX_SEGMENTS) return;
    const old = this.#segments.splice(0, MERGED_AT_ONCE);
    const first = old[0];
    const next = this.#segments[0];
    if (first === undefined || next === undefined) return;
    this.merged += first.value === 'merged' ? old.length - 1 : old.length;
    this.#mergedUntil = next.from;
    this.#segments.unshift({
      from: first.from,
      to: next.from,
      value: 'merged',
      label: 'Older states, no longer kept one by one',
      tone: 'unknown',
    });
  }
}

const looksLike = (a: Look, b: Look): boolean => a.value === b.value && a.label === b.label && a.tone === b.tone;
