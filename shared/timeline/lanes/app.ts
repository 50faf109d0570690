/** The app's life as it tells it, and the stretches in which its process did not run at all, found by its own timer. */

import type { LaneReducer } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { type Look, StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

const APP_LOOKS: Readonly<Record<string, Look>> = {
  active: { value: 'active', label: 'Active', tone: 'good' },
  resumed: { value: 'active', label: 'Active', tone: 'good' },
  inactive: { value: 'inactive', label: 'Inactive', tone: 'neutral' },
  background: { value: 'background', label: 'Background', tone: 'neutral' },
  suspended: { value: 'suspended', label: 'Suspended', tone: 'bad' },
  terminated: { value: 'terminated', label: 'Terminated', tone: 'bad' },
};

export function createAppLane(presence: Presence): LaneReducer {
  const state = new Track<string>();
  const stopped = new Track<boolean>();
  let beforeSuspension = 'background';
  const lane = new StateLane(
    'app',
    [state, stopped],
    (at) => {
      if (stopped.valueAt(at) === true) return { value: 'suspended', label: 'Process did not run', tone: 'bad' };
      const now = state.valueAt(at);
      return now === undefined ? undefined : APP_LOOKS[now];
    },
    presence,
  );
  return {
    lanes: [lane],
    push(placed, mark) {
      if (placed.type !== 'event') return;
      const { event, own } = placed;
      // A suspended app cannot say so: whoever suspends it does.
      if (event.kind === 'app.state') {
        // `resumed` is the end of a suspension: the app is where it was before, until it says otherwise.
        if (event.data.state === 'suspended') beforeSuspension = state.valueAt(event.at) ?? 'background';
        state.set(event.at, event.data.state === 'resumed' ? beforeSuspension : event.data.state, event.seq);
        lane.touch(event.at);
      } else if (event.kind === 'heartbeat.gap' && own) {
        stopped.set(event.data.fromAt, true, event.seq);
        stopped.set(event.data.toAt, false, event.seq);
        lane.touch(event.data.fromAt);
        lane.touch(event.data.toAt);
      } else if (event.kind === 'log' && own && event.data.level === 'error') {
        mark({ at: event.at, lane: 'app', label: event.data.message, tone: 'bad', seq: event.seq });
      }
    },
  };
}
