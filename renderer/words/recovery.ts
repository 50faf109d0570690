/** Recovery, milestones and states in words a person would use. Values that are no numbers stay words. */
import type { Incident, IncidentState, MilestoneName, Outage, Recovery } from '../../shared/recovery/incident.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { type Micros, micros } from '../../shared/time/time.ts';
import type { Tone } from '../../shared/timeline/view.ts';
import type { Cause } from '../../shared/wire/values.ts';

export interface Words {
  readonly short: string;
  readonly long: string;
  readonly tone: Tone;
}

const ACTIONS: Readonly<Record<string, string>> = {
  unhold: 'took the call off hold',
  unmute: 'unmuted',
  foreground: 'opened the app again',
  redial: 'called again',
  confirmRoute: 'confirmed the route',
  hangUp: 'hung up',
};

export function recoveryWords(recovery: Recovery): Words {
  switch (recovery.kind) {
    case 'after':
      return {
        short: formatDuration(recovery.micros),
        long: `Recovered ${formatDuration(recovery.micros)} after the cause was gone`,
        tone: 'good',
      };
    case 'byUser': {
      const action = ACTIONS[recovery.action] ?? recovery.action;
      return {
        short: `by user, ${formatDuration(recovery.micros)}`,
        long: `Back only because the user ${action}; ${formatDuration(recovery.micros)} after that`,
        tone: 'warning',
      };
    }
    case 'never':
      return { short: 'never', long: 'Never recovered', tone: 'bad' };
    case 'unfinished':
      return { short: 'unfinished', long: 'Not finished: the recording or the call ended first', tone: 'unknown' };
    case 'notAffected':
      return { short: 'not affected', long: 'This direction was not affected', tone: 'neutral' };
  }
}

export const STATE_WORDS: Readonly<Record<IncidentState, { readonly label: string; readonly tone: Tone }>> = {
  open: { label: 'Going on', tone: 'busy' },
  held: { label: 'Held', tone: 'warning' },
  recovered: { label: 'Recovered', tone: 'good' },
  notRecovered: { label: 'Not recovered', tone: 'bad' },
  notAffected: { label: 'Not affected', tone: 'neutral' },
  unfinished: { label: 'Unfinished', tone: 'unknown' },
};

/** The word or number of the incident's result column. */
export function resultWords(incident: Incident): Words {
  if (incident.state === 'held') return { short: 'held', long: 'Held: waits for the user', tone: 'warning' };
  if (incident.state === 'open') return { short: 'going on', long: 'Still going on', tone: 'busy' };
  return recoveryWords(incident.recoveryLatency);
}

/** Dead air of one direction: a length, an interval, "so far", "not back", or a word. */
export function deadAirWords(incident: Incident, direction: Direction, now: number): string {
  const { outage, deadAir } = sideOf(incident, direction);
  if (outage === undefined) return 'none';
  const { interval } = outage;
  if (interval !== undefined) return `${formatDuration(interval.earliest)} to ${formatDuration(interval.latest)}`;
  if (deadAir !== undefined) return formatDuration(deadAir);
  const until = outage.end ?? incident.endedAt ?? now;
  const length = formatDuration(micros(Math.max(0, until - outage.start)));
  return incident.endedAt === undefined ? `${length} so far` : `over ${length}, not back`;
}

/** The same for a narrow column: what is not over yet ends in an ellipsis, what never came back begins with a sign. */
export function deadAirShort(incident: Incident, direction: Direction, now: number): string {
  const { interval } = sideOf(incident, direction).outage ?? {};
  if (interval !== undefined) {
    const seconds = (value: Micros): string => (value / 1_000_000).toFixed(1);
    return `${seconds(interval.earliest)}–${seconds(interval.latest)} s`;
  }
  return deadAirWords(incident, direction, now)
    .replace(' so far', '…')
    .replace(/^over (.*), not back$/, '> $1');
}

/** tx: what the agent hears of the user; rx: what the user hears of the agent. */
export type Direction = 'tx' | 'rx';
const sideOf = (
  incident: Incident,
  direction: Direction,
): { readonly outage: Outage | undefined; readonly deadAir: Micros | undefined } =>
  direction === 'tx'
    ? { outage: incident.outageTx, deadAir: incident.deadAirTx }
    : { outage: incident.outageRx, deadAir: incident.deadAirRx };

/** How far a figure may be off, when that is worth saying. */
export const errorWords = (error: Micros): string => (error > 0 ? `± ${formatDuration(error)}` : '');

export const MILESTONE_WORDS: Readonly<Record<MilestoneName, { readonly title: string; readonly text: string }>> = {
  causeBegan: { title: 'Cause began', text: 'Something began to act on the audio.' },
  causeCleared: { title: 'Cause gone', text: 'Nothing stands in the way any more: from here on the app can recover.' },
  systemSaid: {
    title: 'System said so',
    text: 'iOS told the app: interruption ended, resumption recommended, didActivate, or foreground.',
  },
  sessionActive: { title: 'Session active', text: 'AVAudioSession is active again.' },
  unitRunning: { title: 'Audio unit runs', text: 'The audio unit was started again.' },
  captureFlowing: { title: 'Microphone flows', text: 'Frames come from the microphone again.' },
  renderFlowing: { title: 'Speaker flows', text: 'The audio unit asks for sound to play again.' },
  transportProven: { title: 'Path proven', text: 'An answer came back that only a living path can bring.' },
  txFlowing: { title: 'Agent can hear', text: 'Captured frames reach the encoder again.' },
  rxFlowing: { title: 'User can hear', text: 'Decoded frames are played again, not concealed.' },
  rxOnTime: {
    title: 'On time again',
    text: 'The jitter buffer is back to twice its earlier median: no late audio any more.',
  },
  farEndHears: {
    title: 'Far end confirms',
    text: "The far end's own decoder plays the phone's frames. Its clock, with uncertainty.",
  },
};

export const FROM_WORDS: Readonly<Record<Incident['start']['from'], string>> = {
  causeCleared: 'counted from when the cause was gone',
  systemSaid: 'counted from when the system said so',
  causeBegan: 'counted from when the cause began',
};

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  phoneCall: 'Phone call',
  siri: 'Siri',
  alarm: 'Alarm',
  otherApp: 'Other app',
  hold: 'Hold',
  routeConnect: 'Route connected',
  routeLoss: 'Route lost',
  mediaServices: 'Media services',
  suspension: 'Suspension',
  pathLoss: 'Network path lost',
  pathChange: 'Network path changed',
  mute: 'Mute',
  crash: 'Crash',
  unknown: 'Unknown cause',
};

export const FIDELITY_WORDS: Readonly<Record<Incident['fidelity'], string>> = {
  F0: 'F0 simulated',
  F1: 'F1 forged notification',
  F2: 'F2 real change by the app',
  F3: 'F3 another app',
  F4: 'F4 tooling',
  F5: 'F5 human or real network',
};
