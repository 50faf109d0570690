/**
 * The two bars on top: can the user hear the agent, can the agent hear the user, and if not, why.
 *
 *   user hears agent   rx.flow (decoded, not concealed) and render.flow (pulled to the speaker) both flow
 *   agent hears user   tx.flow flows and, when the far end is on the bench, farEnd.flow too
 *
 * Edges stand where the device says they lie (`edgeAt`), which may be before edges that came earlier.
 */
import type { DeviceTime } from '../../time/time.ts';
import type { Flow } from '../../wire/values.ts';
import type { LaneReducer, Placed } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { type Look, StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

const hears: Look = { value: 'hears', label: 'Hears', tone: 'good' };
const dead = (value: string, label: string): Look => ({ value, label, tone: 'bad' });
const silent = (value: string, label: string): Look => ({ value, label, tone: 'neutral' });
const unknown = (label: string): Look => ({ value: 'unknown', label, tone: 'unknown' });

export function createDirectionLanes(presence: Presence): LaneReducer {
  const tx = new Track<Flow | undefined>();
  const rx = new Track<Flow | undefined>();
  const capture = new Track<Flow | undefined>();
  const render = new Track<Flow | undefined>();
  const farEnd = new Track<Flow | undefined>();
  const muted = new Track<boolean>();
  const idle = new Track<boolean>();
  const sessionActive = new Track<boolean>();

  const userHears = (at: DeviceTime): Look | undefined => {
    const decoded = rx.valueAt(at);
    const played = render.valueAt(at);
    if (decoded === undefined && played === undefined) return undefined;
    const inactive = sessionActive.valueAt(at) === false;
    if (played === 'stopped')
      return dead('stopped', inactive ? 'Session inactive, playout stopped' : 'Playout stopped');
    if (played === 'zeros' && decoded !== 'zeros')
      return inactive ? dead('inactive', 'Session inactive') : dead('zeros', 'Speaker gets silence');
    switch (decoded) {
      case 'flowing':
        return hears;
      case 'concealed':
        return dead('concealed', 'Made up by the jitter buffer');
      case 'zeros':
        return silent('silent', 'Agent sends silence');
      case 'stopped':
        return idle.valueAt(at) === true
          ? silent('idle', 'Agent has nothing to say')
          : dead('nothing', 'Nothing decoded');
      case undefined:
        return unknown('Nothing measured yet');
    }
  };
  const agentHears = (at: DeviceTime): Look | undefined => {
    const sent = tx.valueAt(at) ?? capture.valueAt(at);
    if (sent === undefined) return undefined;
    if (sent === 'flowing') {
      const heard = farEnd.valueAt(at);
      if (heard === undefined || heard === 'flowing') return hears;
      return dead('lost', 'Sent, but the agent does not hear it');
    }
    if (muted.valueAt(at) === true) return silent('muted', 'Muted');
    const captured = capture.valueAt(at);
    if (captured === 'stopped') return dead('captureStopped', 'Microphone stopped');
    if (captured === 'zeros') return dead('captureZeros', 'Microphone gives silence');
    if (sent === 'zeros') return dead('zeros', 'Silence is sent');
    return dead('notEncoded', 'Nothing reaches the encoder');
  };

  const toUser = new StateLane('userHearsAgent', [rx, render, idle, sessionActive], userHears, presence);
  const toAgent = new StateLane('agentHearsUser', [tx, capture, farEnd, muted], agentHears, presence);
  const set = <T>(track: Track<T>, at: DeviceTime, value: T, seq?: number) => {
    track.set(at, value, seq);
    toUser.touch(at);
    toAgent.touch(at);
  };

  const push = (placed: Placed): void => {
    if (placed.type === 'other') {
      if (presence.begins(placed)) {
        // Another session: nothing is known of its audio until it says so.
        for (const track of [tx, rx, capture, render]) set(track, placed.at, undefined);
      }
      return;
    }
    const { event, own } = placed;
    if (event.kind === 'farEnd.flow') set(farEnd, event.data.edgeAt, event.data.to, event.seq);
    if (!own) return;
    switch (event.kind) {
      case 'tx.flow':
        set(tx, event.data.edgeAt, event.data.to, event.seq);
        return;
      case 'rx.flow':
        set(rx, event.data.edgeAt, event.data.to, event.seq);
        return;
      case 'capture.flow':
        set(capture, event.data.edgeAt, event.data.to, event.seq);
        return;
      case 'render.flow':
        set(render, event.data.edgeAt, event.data.to, event.seq);
        return;
      case 'claim':
        if (event.data.name === 'micMuted') set(muted, event.at, event.data.value === true, event.seq);
        if (event.data.name === 'agentState') set(idle, event.at, event.data.value === 'idle', event.seq);
        return;
      case 'session.active':
        set(sessionActive, event.at, true, event.seq);
        return;
      case 'session.inactive':
        set(sessionActive, event.at, false, event.seq);
        return;
      case 'session.snapshot':
        set(sessionActive, event.at, event.data.active, event.seq);
        return;
      default:
        return;
    }
  };
  return { lanes: [toUser, toAgent], push };
}
