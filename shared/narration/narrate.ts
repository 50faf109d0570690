/** An incident in plain words, for people who do not know what an audio unit is. */
import type { Incident, MilestoneName, Recovery } from '../recovery/incident.ts';
import { formatDuration } from '../time/duration.ts';
import { between, type DeviceTime, type Micros, toSeconds } from '../time/time.ts';
import type { Tone } from '../timeline/view.ts';

export interface NarrationLine {
  readonly at: DeviceTime;
  /** `0:12 The phone rings.` */
  readonly text: string;
  readonly tone: Tone;
}

/** Lines in order of time; `origin` is the instant called 0:00. */
export function narrate(incident: Incident, origin: DeviceTime): readonly NarrationLine[] {
  const lines: { at: DeviceTime; order: number; words: string; tone: Tone }[] = [];
  const say = (at: DeviceTime | undefined, words: string, tone: Tone) => {
    if (at !== undefined) lines.push({ at, order: lines.length, words, tone });
  };
  const milestone = (name: MilestoneName) => incident.milestones.find((one) => one.name === name)?.at;

  say(incident.beganAt, `${incident.title}.`, 'warning');
  const { outageTx, outageRx } = incident;
  const together =
    outageTx !== undefined && outageRx !== undefined && Math.abs(between(outageTx.start, outageRx.start)) < TOGETHER;
  if (together && outageTx.interval === undefined) {
    say(outageRx.start, 'Neither side could hear the other.', 'bad');
  } else {
    if (outageRx !== undefined) say(outageRx.start, 'The user could not hear the agent.', 'bad');
    if (outageTx?.interval === undefined) say(outageTx?.start, 'The agent could not hear the user.', 'bad');
    else say(outageRx?.start ?? incident.beganAt, uplinkWords(outageTx.interval), 'bad');
  }
  const declined = incident.cause === 'phoneCall' && incident.clearedHow === 'declined';
  const cleared = declined ? 'The call was declined.' : (CLEARED_WORDS[incident.cause] ?? 'Its cause was gone.');
  say(milestone('causeCleared'), cleared, 'neutral');
  if (milestone('systemSaid') !== undefined)
    say(milestone('systemSaid'), 'The phone told the app that it may go on.', 'neutral');
  say(lastOf(milestone('rxFlowing'), milestone('txFlowing')), backWords(incident), endTone(incident));
  if (incident.state !== 'recovered' || lastOf(milestone('rxFlowing'), milestone('txFlowing')) === undefined) {
    say(incident.endedAt ?? lastOf(incident.start.at, incident.beganAt), endWords(incident), endTone(incident));
  }
  return lines
    .toSorted((a, b) => a.at - b.at || a.order - b.order)
    .filter((line) => line.words !== '')
    .map(({ at, words, tone }) => ({ at, text: `${clock(between(origin, at))} ${words}`, tone }));
}

/** One line for a list: what happened and how it went. */
export function headline(incident: Incident): string {
  const { title, recoveryLatency } = incident;
  switch (incident.state) {
    case 'open':
      return `${title}: not over yet`;
    case 'held':
      return `${title}: the call is on hold until the user resumes it`;
    case 'notAffected':
      return `${title}: the call was not affected`;
    case 'unfinished':
      return `${title}: not known how it went on`;
    case 'notRecovered':
      return `${title}: ${deadWords(incident)} never came back`;
    case 'recovered':
      return `${title}: ${recoveredWords(incident, recoveryLatency)}`;
  }
}

/** Frames of the two directions stop a few milliseconds apart when one thing stops both. */
const TOGETHER = 500_000;

const CLEARED_WORDS: Readonly<Partial<Record<Incident['cause'], string>>> = {
  phoneCall: 'The phone call was over.',
  hold: 'The other call was over.',
  siri: 'Siri was closed.',
  alarm: 'The alarm was dismissed.',
  pathLoss: 'The network was back.',
  suspension: 'The app ran again.',
  mute: 'The user unmuted.',
  // These are gone as soon as they have come: nothing to say.
  routeConnect: '',
  routeLoss: '',
  pathChange: '',
};

const uplinkWords = ({ earliest, latest }: { readonly earliest: Micros; readonly latest: Micros }): string =>
  earliest === 0
    ? `The agent may have missed up to ${formatDuration(latest)} of the user.`
    : `The agent missed between ${formatDuration(earliest)} and ${formatDuration(latest)} of the user.`;

const SINCE_CLEARED: Readonly<Partial<Record<Incident['cause'], string>>> = {
  phoneCall: 'after the phone call was over',
  hold: 'after the other call was over',
  siri: 'after Siri was closed',
  alarm: 'after the alarm was dismissed',
  pathLoss: 'after the network was back',
  suspension: 'after the app ran again',
  routeConnect: 'after they connected',
  routeLoss: 'after the route was gone',
  mute: 'after the user unmuted',
};
function sinceWords({ start, cause, clearedHow }: Incident): string {
  if (start.from === 'systemSaid') return 'after the phone said the app may go on';
  if (start.from === 'causeBegan') return 'after it began';
  if (cause === 'phoneCall' && clearedHow === 'declined') return 'after the call was declined';
  return SINCE_CLEARED[cause] ?? 'after its cause was gone';
}

/** Which directions were lost. */
function deadWords({ outageTx, outageRx }: Incident): string {
  if (outageTx !== undefined && outageRx !== undefined) return 'both ways';
  if (outageRx !== undefined) return "the agent's voice";
  return outageTx === undefined ? 'audio' : "the user's voice";
}
function recoveredWords(incident: Incident, recovery: Recovery): string {
  if (recovery.kind === 'byUser') {
    return `${deadWords(incident)} back ${formatDuration(recovery.micros)} after the user did something about it (${recovery.action})`;
  }
  if (recovery.kind === 'after') {
    return `${deadWords(incident)} back ${formatDuration(recovery.micros)} ${sinceWords(incident)}`;
  }
  return `${deadWords(incident)} back`;
}
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const backWords = (incident: Incident): string =>
  incident.state === 'recovered' ? `${capital(recoveredWords(incident, incident.recoveryLatency))}.` : '';

function endWords(incident: Incident): string {
  switch (incident.state) {
    case 'open':
      return '';
    case 'held':
      return 'The call stayed on hold: only the user can resume it.';
    case 'notAffected':
      return 'Nothing was lost: both could hear each other all along.';
    case 'unfinished':
      return 'Here the recording knows no more.';
    case 'notRecovered':
      return `${capital(deadWords(incident))} never came back.`;
    case 'recovered':
      return `${capital(deadWords(incident))} back.`;
  }
}
const TONES: Readonly<Record<Incident['state'], Tone>> = {
  open: 'busy',
  held: 'warning',
  recovered: 'good',
  notAffected: 'good',
  notRecovered: 'bad',
  unfinished: 'unknown',
};
const endTone = (incident: Incident): Tone => TONES[incident.state];

const lastOf = (a: DeviceTime | undefined, b: DeviceTime | undefined): DeviceTime | undefined =>
  a === undefined || b === undefined ? (a ?? b) : a > b ? a : b;

/** `0:12`; `1:02:05` from an hour on. */
function clock(since: Micros): string {
  const seconds = Math.max(0, Math.floor(toSeconds(since)));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
