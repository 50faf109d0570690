/** CallKit: our call as CallKit sees it, and whether it gave us the audio. */

import type { LaneReducer } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

type OwnCall = 'ringing' | 'connecting' | 'connected' | 'held' | 'ended';
const CALL_WORDS: Readonly<Record<OwnCall, string>> = {
  ringing: 'Ringing',
  connecting: 'Connecting',
  connected: 'Connected',
  held: 'On hold',
  ended: 'Ended',
};

export function createCallkitLane(presence: Presence): LaneReducer {
  const call = new Track<OwnCall | undefined>();
  const audio = new Track<boolean | undefined>();
  const lane = new StateLane(
    'callkit',
    [call, audio],
    (at) => {
      const now = call.valueAt(at);
      const given = audio.valueAt(at);
      if (now === undefined && given === undefined) return undefined;
      const state = now ?? 'connected';
      if (state === 'ended') return { value: 'ended', label: 'Ended', tone: 'neutral' };
      if (state === 'held') return { value: 'held', label: 'On hold', tone: 'warning' };
      const withoutAudio = state === 'connected' && given === false;
      return {
        value: withoutAudio ? 'connectedWithoutAudio' : state,
        label: withoutAudio ? 'Connected, audio not given' : CALL_WORDS[state],
        tone: withoutAudio ? 'warning' : state === 'connected' ? 'good' : 'busy',
      };
    },
    presence,
  );
  return {
    lanes: [lane],
    push(placed, mark) {
      if (presence.begins(placed) && placed.type === 'other') {
        call.set(placed.at, undefined);
        audio.set(placed.at, undefined);
        lane.touch(placed.at);
      }
      if (placed.type !== 'event' || !placed.own) return;
      const { event } = placed;
      const { at, seq } = event;
      if (event.kind === 'callkit.action') {
        const { action, outcome } = event.data;
        const done = outcome === 'performed' || outcome === 'fulfilled';
        if (done) {
          if (action === 'hold') call.set(at, 'held', seq);
          if (action === 'unhold') call.set(at, 'connected', seq);
          if (action === 'end') call.set(at, 'ended', seq);
          if (action === 'start' || action === 'answer') call.set(at, 'connecting', seq);
        }
        lane.touch(at);
        mark({ at, lane: 'callkit', label: `CallKit ${action}: ${outcome}`, tone: done ? 'neutral' : 'bad', seq });
      } else if (event.kind === 'callkit.call') {
        if (event.data.own) call.set(at, event.data.state, seq);
        else mark({ at, lane: 'callkit', label: `Other call: ${event.data.state}`, tone: 'neutral', seq });
        lane.touch(at);
      } else if (event.kind === 'callkit.audio') {
        audio.set(at, event.data.state === 'didActivate', seq);
        lane.touch(at);
        mark({ at, lane: 'callkit', label: event.data.state, tone: 'neutral', seq });
      }
    },
  };
}
