/** The audio unit (or AVAudioEngine) of WebRTC. */

import type { LaneReducer } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { type Look, StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';
import { errorInWords } from '../words.ts';

export function createUnitLane(presence: Presence): LaneReducer {
  const unit = new Track<Look>();
  const lane = new StateLane('unit', [unit], (at) => unit.valueAt(at), presence);
  return {
    lanes: [lane],
    push(placed, mark) {
      if (placed.type !== 'event' || !placed.own) return;
      const { event } = placed;
      if (event.kind === 'rtc.delegate') {
        mark({ at: event.at, lane: 'unit', label: event.data.callback, tone: 'neutral', seq: event.seq });
        return;
      }
      if (event.kind !== 'unit.state') return;
      const { state, playing, recording, error } = event.data;
      const both = playing && recording;
      const half = playing ? 'plays only' : recording ? 'records only' : 'idle';
      const look: Look =
        state === 'started'
          ? {
              value: both ? 'started' : `started-${half}`,
              label: both ? 'Started' : `Started, ${half}`,
              tone: both ? 'good' : 'warning',
            }
          : state === 'none'
            ? { value: 'none', label: 'None', tone: 'neutral' }
            : { value: state, label: state === 'initialized' ? 'Stopped' : 'Not initialized', tone: 'bad' };
      unit.set(event.at, look, event.seq);
      lane.touch(event.at);
      if (error !== undefined) {
        mark({ at: event.at, lane: 'unit', label: `Audio unit: ${errorInWords(error)}`, tone: 'bad', seq: event.seq });
      }
    },
  };
}
