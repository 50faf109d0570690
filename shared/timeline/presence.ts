/**
 * Whether the probe can be heard. While it cannot, lanes say "not known" instead of repeating its last words.
 *
 *   lost ... resumed        the device sends what it kept: nothing was unknown after all
 *   lost ... hello (new)    another session: what lay between is not known
 *   closed, process ended   not known until another session says hello
 */
import type { DeviceTime } from '../time/time.ts';
import type { Placed, PlacedOther } from './placed.ts';
import { Track } from './track.ts';
import type { Look } from './view.ts';

const away = (label: string): Look => ({ value: 'unknown', label, tone: 'unknown' });
const AWAY = {
  lost: away('Link lost: not known yet'),
  closed: away('App has left: not known'),
  'process-ended': away('Process ended: not known'),
} as const;

export class Presence {
  /** Why nothing is known; undefined while the probe can be heard. */
  readonly track = new Track<Look | undefined>();
  /** Where another session began, after nothing was known. */
  beganAt: DeviceTime | undefined;
  #sessionId: string | undefined;
  #lostAt: DeviceTime | undefined;

  get away(): Look | undefined {
    return this.track.newest;
  }

  /** Is this the hello of another session, after nothing was known? What the one before said holds no more. */
  begins(placed: Placed): boolean {
    return placed.type === 'other' && placed.own && placed.entry.type === 'hello' && this.beganAt === placed.at;
  }

  /** From where on presence changed; undefined when nothing did. */
  push(placed: PlacedOther): DeviceTime | undefined {
    const { entry, at, own } = placed;
    if (!own) return undefined;
    if (entry.type === 'hello') {
      const begins = entry.sessionId !== this.#sessionId && this.#sessionId !== undefined;
      this.#sessionId = entry.sessionId;
      if (!begins || this.away === undefined) return undefined;
      this.#lostAt = undefined;
      this.beganAt = at;
      this.track.set(at, undefined);
      return at;
    }
    if (entry.type !== 'link') return undefined;
    if (entry.state === 'resumed' || entry.state === 'connected') {
      const since = this.#lostAt;
      this.#lostAt = undefined;
      if (since === undefined || this.away === undefined) return undefined;
      this.track.set(since, undefined);
      return since;
    }
    if (entry.state === 'lost') this.#lostAt ??= at;
    this.track.set(at, AWAY[entry.state]);
    return at;
  }
}
