/** What acts on the phone from outside, as told by whoever does it; several at once are named together. */
import type { LaneReducer } from '../placed.ts';
import { StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

export function createCauseLane(): LaneReducer {
  /** The causes in force, by id, after each change. */
  const causes = new Track<ReadonlyMap<string, string>>();
  const lane = new StateLane('cause', [causes], (at) => {
    const now = causes.valueAt(at);
    if (now === undefined || now.size === 0) return undefined;
    return { value: [...now.keys()].join('+'), label: [...now.values()].join(', '), tone: 'warning' };
  });
  return {
    lanes: [lane],
    push(placed, mark) {
      if (placed.type === 'other') {
        if (placed.entry.type === 'run') {
          const { state, title } = placed.entry;
          mark({ at: placed.at, lane: 'cause', label: `Run ${state}: ${title}`, tone: 'neutral' });
        }
        return;
      }
      const { event } = placed;
      if (event.kind === 'cause.began') {
        causes.set(event.at, new Map(causes.valueAt(event.at)).set(event.data.causeId, event.data.title), event.seq);
        lane.touch(event.at);
      } else if (event.kind === 'cause.cleared') {
        const rest = new Map(causes.valueAt(event.at));
        rest.delete(event.data.causeId);
        causes.set(event.at, rest, event.seq);
        lane.touch(event.at);
        mark({ at: event.at, lane: 'cause', label: `Cleared: ${event.data.how}`, tone: 'good', seq: event.seq });
      } else if (event.kind === 'user.action') {
        mark({ at: event.at, lane: 'cause', label: `User: ${event.data.action}`, tone: 'neutral', seq: event.seq });
      } else if (event.kind === 'inject.state' && event.data.phase === 'failed') {
        const label = `${event.data.does} failed: ${event.data.reason ?? 'no reason given'}`;
        mark({ at: event.at, lane: 'cause', label, tone: 'bad', seq: event.seq });
      }
    },
  };
}
