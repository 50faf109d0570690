/**
 * ICE is what the stack says of the connection; transport is what came back over it. A STUN answer or receiver report proves
 * the path only for the moment it came, so the lane says `Unproven` when none has come for longer than they take.
 */
import type { DeviceTime } from '../../time/time.ts';
import { after, fromSeconds, type Micros } from '../../time/time.ts';
import type { EventData } from '../../wire/kinds.ts';
import type { LaneReducer } from '../placed.ts';
import type { Presence } from '../presence.ts';
import { type Look, StateLane } from '../state-lane.ts';
import { Track } from '../track.ts';

/** libwebrtc asks every 2.5 s and its receiver reports come every 2.9 to 3.8 s (measured, M106): two of the former missed. */
export const PROOF_LASTS: Micros = fromSeconds(6);

const ICE_LOOKS: Readonly<Record<string, Look>> = {
  new: { value: 'new', label: 'New', tone: 'neutral' },
  checking: { value: 'checking', label: 'Checking', tone: 'busy' },
  connected: { value: 'connected', label: 'Connected', tone: 'good' },
  completed: { value: 'connected', label: 'Connected', tone: 'good' },
  disconnected: { value: 'disconnected', label: 'Disconnected', tone: 'warning' },
  failed: { value: 'failed', label: 'Failed', tone: 'bad' },
  closed: { value: 'closed', label: 'Closed', tone: 'neutral' },
};
const RESTART_WORDS = {
  asked: 'ICE restart asked',
  answered: 'ICE restart answered',
  failed: 'ICE restart failed',
} as const;

type Proof = 'proven' | 'stale' | 'unanswered';

export function createTransportLanes(presence: Presence): LaneReducer {
  const iceState = new Track<string | undefined>();
  const proof = new Track<Proof | undefined>();
  const path = new Track<EventData<'path.state'>>();
  const ice = new StateLane(
    'ice',
    [iceState],
    (at) => {
      const state = iceState.valueAt(at);
      return state === undefined ? undefined : (ICE_LOOKS[state] ?? { value: state, label: state, tone: 'unknown' });
    },
    presence,
  );
  const transport = new StateLane('transport', [proof, path, presence.track], (at) => {
    const lab = path.valueAt(at);
    // The lab knows what it does to the path; the phone can only find out.
    const told = lab === undefined || lab.blackhole === 'none' ? '' : `, path cut (${lab.blackhole})`;
    // Proofs are the probe's, the cut is the lab's: that one is known still when the probe cannot be heard.
    const away = told === '' ? presence.track.valueAt(at) : undefined;
    if (away !== undefined) return away;
    switch (proof.valueAt(at)) {
      case 'proven':
        return { value: `proven${told}`, label: `Proven${told}`, tone: told === '' ? 'good' : 'bad' };
      case 'unanswered':
        return { value: `unanswered${told}`, label: `STUN unanswered${told}`, tone: 'bad' };
      case 'stale':
        return { value: `stale${told}`, label: `Unproven for ${PROOF_LASTS / 1_000_000} s${told}`, tone: 'warning' };
      case undefined:
        return told === '' ? undefined : { value: 'cut', label: `Path cut (${lab?.blackhole})`, tone: 'bad' };
    }
  });
  let provenAt: DeviceTime | undefined;
  const setProof = (at: DeviceTime, value: Proof | undefined, seq?: number) => {
    proof.set(at, value, seq);
    transport.touch(at);
  };

  return {
    lanes: [ice, transport],
    push(placed, mark) {
      if (presence.begins(placed) && placed.type === 'other') {
        iceState.set(placed.at, undefined);
        ice.touch(placed.at);
        provenAt = undefined;
        setProof(placed.at, undefined);
      }
      if (placed.type !== 'event') return;
      const { event } = placed;
      const { at, seq } = event;
      if (event.kind === 'path.state') {
        path.set(at, event.data, seq);
        transport.touch(at);
        return;
      }
      if (event.kind === 'farEnd.state') {
        const tone = event.data.iceConnection === 'failed' ? 'bad' : 'neutral';
        mark({ at, lane: 'transport', label: `Far end: ICE ${event.data.iceConnection}`, tone, seq });
        return;
      }
      if (!placed.own) return;
      switch (event.kind) {
        case 'webrtc.state':
          iceState.set(at, event.data.iceConnection, seq);
          ice.touch(at);
          // A call that is over proves nothing any more.
          if (event.data.iceConnection === 'closed' && proof.newest !== undefined) {
            provenAt = undefined;
            setProof(at, undefined, seq);
          }
          return;
        case 'webrtc.iceRestart': {
          const label = `${RESTART_WORDS[event.data.step]}: ${event.data.why}`;
          mark({ at, lane: 'ice', label, tone: event.data.step === 'failed' ? 'bad' : 'busy', seq });
          return;
        }
        case 'webrtc.pair': {
          const label = `Pair ${event.data.localType} to ${event.data.remoteType} (${event.data.generation})`;
          mark({ at, lane: 'ice', label, tone: 'neutral', seq });
          return;
        }
        case 'transport.proof': {
          const since = event.data.provenAt;
          // Found only now that proofs had run out: the lane turned stale then.
          if (provenAt !== undefined && since > after(provenAt, PROOF_LASTS) && proof.valueAt(since) === 'proven') {
            setProof(after(provenAt, PROOF_LASTS), 'stale');
          }
          if (provenAt === undefined || since > provenAt) provenAt = since;
          if (proof.valueAt(since) !== 'proven') setProof(since, 'proven', seq);
          return;
        }
        case 'transport.unanswered':
          if (proof.valueAt(event.data.firstSentAt) !== 'unanswered') {
            setProof(event.data.firstSentAt, 'unanswered', seq);
          }
          return;
        default:
      }
    },
  };
}
