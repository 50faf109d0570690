/** The line above the timeline: how the phone's audio stands now, in short words. */
import type { LevelSeries } from './levels.ts';
import type { Present } from './present.ts';
import type { Header } from './view.ts';
import { categoryInWords, modeInWords, optionsInWords, routeInWords } from './words.ts';

const NONE = 'not reported';
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export function headerOf(present: Present, levels: LevelSeries): Header {
  const snapshot = present.snapshot?.value;
  const { capture, render } = levels.newest;
  const roundTrip = present.roundTripSeconds;
  return {
    category: snapshot === undefined ? NONE : categoryInWords(snapshot.category),
    mode: snapshot === undefined ? NONE : modeInWords(snapshot.mode),
    options: snapshot === undefined ? NONE : optionsInWords(snapshot.options, snapshot.optionNames),
    route: present.route === undefined ? NONE : routeInWords(present.route.value),
    session: present.active === undefined ? NONE : present.active.value ? 'Active' : 'Inactive',
    interruption: present.interrupted === undefined ? NONE : present.interrupted.value ? 'Interrupted' : 'None',
    callkit: callkitWords(present),
    unit: unitWords(present),
    ice: present.webrtc === undefined ? NONE : capital(present.webrtc.value.iceConnection),
    dtls: present.webrtc === undefined ? NONE : capital(present.webrtc.value.dtls),
    ...(roundTrip === undefined ? {} : { roundTripMilliseconds: Math.round(roundTrip * 10_000) / 10 }),
    ...(capture === undefined ? {} : { captureDbfs: capture }),
    ...(render === undefined ? {} : { renderDbfs: render }),
  };
}

function callkitWords(present: Present): string {
  if (present.ownCall !== undefined)
    return present.ownCall.value === 'held' ? 'On hold' : capital(present.ownCall.value);
  return present.reports?.has('callkit.call') === true || present.reports?.has('callkit.action') === true
    ? 'Not used'
    : NONE;
}

function unitWords(present: Present): string {
  const unit = present.unit?.value;
  if (unit === undefined) return NONE;
  if (unit.state !== 'started') return unit.state === 'initialized' ? 'Stopped' : capital(unit.state);
  if (unit.playing && unit.recording) return 'Started';
  return unit.playing ? 'Started, plays only' : unit.recording ? 'Started, records only' : 'Started, idle';
}
