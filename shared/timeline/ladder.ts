/**
 * Claims beside evidence, a rung a layer. Claims come from what a layer says of itself; evidence from what was measured to move.
 * A layer lies when it claims health while its evidence has been dead for longer than LIE_AFTER.
 */
import { formatDuration } from '../time/duration.ts';
import { between, type DeviceTime, fromSeconds, type Micros } from '../time/time.ts';
import type { Flow } from '../wire/values.ts';
import { PROOF_LASTS } from './lanes/transport.ts';
import type { Present, Since } from './present.ts';
import type { Rung, Tone } from './view.ts';

/** A unit needs about 250 ms to start, a route change up to a second: before this, claim and evidence are only out of step. */
export const LIE_AFTER: Micros = fromSeconds(1);
/** Stats come once a second at rest: packets not seen to grow for this long do not. */
const STATS_LAST: Micros = fromSeconds(3);

type Say = { readonly text: string; readonly tone: Tone };
interface Finding {
  readonly evidence: Say;
  /** Healthy, dead since an instant, or not known. */
  readonly health: 'moving' | { readonly deadSince: DeviceTime } | 'unknown';
}

const say = (text: string, tone: Tone): Say => ({ text, tone });
const unknownClaim = say('not reported', 'unknown');
const nothing = (text: string): Finding => ({ evidence: say(text, 'unknown'), health: 'unknown' });

const FLOW_WORDS: Readonly<Record<Flow, string>> = {
  flowing: 'flow',
  zeros: 'are exact silence',
  concealed: 'are made up',
  stopped: 'have stopped',
};

export function ladderOf(present: Present, now: DeviceTime): readonly Rung[] {
  const rungs = [
    rung('session', 'Audio session', sessionClaim(present), both(present, now)),
    rung('rtcAudioSession', 'RTCAudioSession', rtcClaim(present), both(present, now)),
    rung('audioUnit', 'Audio unit', unitClaim(present), both(present, now)),
    rung('callkit', 'CallKit', callkitClaim(present), both(present, now)),
    rung('track', 'Track', trackClaim(present), trackEvidence(present, now)),
    rung('transport', 'Transport', transportClaim(present), transportEvidence(present, now)),
    rung('farEnd', 'Far end', farEndClaim(present), farEndEvidence(present, now)),
  ];
  const { away } = present;
  if (away === undefined) return rungs.map((make) => make(now));
  const { evidence } = nothing(away.label);
  return rungs.map((make) => ({ ...make(now), evidence, verdict: 'unknown' }));
}

type Layer = Rung['layer'];
const rung =
  (layer: Layer, title: string, claim: Say, finding: Finding) =>
  (now: DeviceTime): Rung => ({
    layer,
    title,
    claim,
    evidence: finding.evidence,
    verdict: verdictOf(claim, finding, now),
  });

function verdictOf(claim: Say, finding: Finding, now: DeviceTime): Rung['verdict'] {
  if (claim.tone === 'unknown' || finding.health === 'unknown') return 'unknown';
  const claimsHealth = claim.tone === 'good';
  if (finding.health === 'moving') return claimsHealth || claim.tone === 'neutral' ? 'agree' : 'modest';
  return claimsHealth && between(finding.health.deadSince, now) > LIE_AFTER ? 'lies' : 'agree';
}

/** Microphone and speaker together: both move, or the one that has been dead the longest. */
function both(present: Present, now: DeviceTime): Finding {
  const { capture, render } = present.flows;
  const reports = present.reports;
  if (reports !== undefined && !reports.has('capture.flow') && !reports.has('render.flow')) return nothing('no sensor');
  if (capture === undefined && render === undefined) return nothing('nothing measured yet');
  const dead = [capture, render].filter((flow): flow is Since<Flow> => flow !== undefined && flow.value !== 'flowing');
  const words = [
    capture === undefined ? 'microphone not measured' : `microphone frames ${FLOW_WORDS[capture.value]}`,
    render === undefined ? 'speaker not measured' : `speaker frames ${FLOW_WORDS[render.value]}`,
  ].join(', ');
  const first = dead.toSorted((a, b) => a.since - b.since)[0];
  if (first === undefined) return { evidence: say(words, 'good'), health: 'moving' };
  return { evidence: say(`${words} for ${ago(first.since, now)}`, 'bad'), health: { deadSince: first.since } };
}

function trackEvidence(present: Present, now: DeviceTime): Finding {
  const { tx } = present.flows;
  if (present.reports !== undefined && !present.reports.has('tx.flow')) return nothing('no sensor');
  if (tx === undefined) return nothing('nothing measured yet');
  const grew = present.packetsGrewAt !== undefined && between(present.packetsGrewAt, now) < STATS_LAST;
  const packets = present.packetsStoodSince !== undefined ? ', no packets leave' : grew ? ', packets leave' : '';
  const words = `frames into the encoder ${FLOW_WORDS[tx.value]}${packets}`;
  if (tx.value === 'flowing') return { evidence: say(words, 'good'), health: 'moving' };
  const muted = present.muted?.value === true && tx.value === 'zeros';
  return {
    evidence: say(`${words} for ${ago(tx.since, now)}`, muted ? 'neutral' : 'bad'),
    health: { deadSince: tx.since },
  };
}

function transportEvidence(present: Present, now: DeviceTime): Finding {
  if (present.reports !== undefined && !present.reports.has('transport.proof')) return nothing('no sensor');
  const { provenAt, unansweredSince } = present;
  if (unansweredSince !== undefined) {
    const words = `STUN unanswered for ${ago(unansweredSince, now)}`;
    return { evidence: say(words, 'bad'), health: { deadSince: unansweredSince } };
  }
  if (provenAt === undefined) return nothing('no proof yet');
  const words = `proven ${ago(provenAt, now)} ago`;
  if (between(provenAt, now) <= PROOF_LASTS) return { evidence: say(words, 'good'), health: 'moving' };
  return { evidence: say(words, 'warning'), health: { deadSince: provenAt } };
}

function farEndEvidence(present: Present, now: DeviceTime): Finding {
  const { farEnd } = present.flows;
  if (!present.farEndKnown) return nothing('no sensor');
  if (farEnd === undefined) return nothing('nothing measured yet');
  if (farEnd.value === 'flowing') return { evidence: say('hears the phone', 'good'), health: 'moving' };
  const words = `has not heard the phone for ${ago(farEnd.since, now)}`;
  return { evidence: say(words, 'bad'), health: { deadSince: farEnd.since } };
}

function sessionClaim(present: Present): Say {
  if (present.active === undefined) return unknownClaim;
  if (present.interrupted?.value === true)
    return say(present.active.value ? 'active, interrupted' : 'interrupted', 'warning');
  return present.active.value ? say('active', 'good') : say('inactive', 'bad');
}
function rtcClaim(present: Present): Say {
  const rtc = present.rtc?.value;
  if (rtc === undefined) return unknownClaim;
  if (rtc.isInterrupted) return say('interrupted', 'warning');
  if (!rtc.isActive) return say('inactive', 'bad');
  if (!rtc.canPlayOrRecord) return say('active, but audio not enabled', 'warning');
  return say(`active (count ${rtc.activationCount})`, 'good');
}
function unitClaim(present: Present): Say {
  const unit = present.unit?.value;
  if (unit === undefined) return unknownClaim;
  if (unit.state !== 'started') return say(unit.state === 'initialized' ? 'stopped' : unit.state, 'bad');
  return unit.playing && unit.recording
    ? say('started, plays and records', 'good')
    : say('started, one way only', 'warning');
}
function callkitClaim(present: Present): Say {
  const call = present.ownCall?.value;
  if (call === undefined) return unknownClaim;
  if (call === 'held') return say('on hold', 'warning');
  if (call !== 'connected') return say(call, 'neutral');
  return present.callAudio?.value === false ? say('connected, audio not given', 'warning') : say('connected', 'good');
}
function trackClaim(present: Present): Say {
  if (present.muted?.value === true) return say('muted', 'neutral');
  if (present.trackEnabled === undefined) return unknownClaim;
  return present.trackEnabled.value ? say('enabled', 'good') : say('disabled', 'neutral');
}
function transportClaim(present: Present): Say {
  const state = present.webrtc?.value;
  if (state === undefined) return unknownClaim;
  const words = `ICE ${state.iceConnection}, DTLS ${state.dtls}`;
  const healthy = state.iceConnection === 'connected' || state.iceConnection === 'completed';
  return say(words, healthy ? 'good' : state.iceConnection === 'checking' ? 'busy' : 'bad');
}
function farEndClaim(present: Present): Say {
  const state = present.farEnd?.value;
  if (state === undefined) return unknownClaim;
  const healthy = state.iceConnection === 'connected' || state.iceConnection === 'completed';
  return say(`ICE ${state.iceConnection}`, healthy ? 'good' : state.iceConnection === 'checking' ? 'busy' : 'bad');
}

const ago = (since: DeviceTime, now: DeviceTime): string => formatDuration(Math.max(0, between(since, now)) as Micros);
