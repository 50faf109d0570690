/** The probe's link to this desktop, and holes in what it told. */
import type { LaneReducer } from '../placed.ts';
import { type Look, StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

const LINK_LOOKS = {
  connected: { value: 'connected', label: 'Connected', tone: 'good' },
  resumed: { value: 'connected', label: 'Connected', tone: 'good' },
  lost: { value: 'lost', label: 'Lost', tone: 'bad' },
  closed: { value: 'closed', label: 'Closed', tone: 'neutral' },
  'process-ended': { value: 'processEnded', label: 'Process ended', tone: 'bad' },
} as const satisfies Readonly<Record<string, Look>>;

export function createLinkLane(): LaneReducer {
  const link = new Track<Look>();
  const lane = new StateLane('link', [link], (at) => link.valueAt(at));
  return {
    lanes: [lane],
    push(placed, mark) {
      if (placed.type !== 'other') return;
      const { entry, at, own, deviceId } = placed;
      if (entry.type === 'gap') {
        const count = entry.gap.to - entry.gap.from + 1;
        mark({
          at,
          lane: 'link',
          label: `${count} events of ${deviceId} lost (${entry.gap.reason})`,
          tone: 'bad',
          deviceId,
        });
      } else if (entry.type === 'link') {
        if (own) {
          link.set(at, LINK_LOOKS[entry.state]);
          lane.touch(at);
        }
        if (entry.state !== 'connected') {
          const tone = entry.state === 'resumed' ? 'good' : 'bad';
          mark({ at, lane: 'link', label: `${deviceId}: ${entry.state} (${entry.reason})`, tone, deviceId });
        }
      }
    },
  };
}
