import { describe, expect, it } from 'vitest';
import type { EventData } from '../wire/kinds.ts';
import { createBenchTimeline } from './bench-timeline.ts';
import { at, BENCH, call, Journal } from './journal.fixture.ts';
import { LANES, type LaneId, type Rung } from './view.ts';

function timelineOf(journal: Journal) {
  const timeline = createBenchTimeline(BENCH);
  for (const entry of journal.entries) timeline.push(entry);
  return timeline;
}
/** `[from, to, value]` in milliseconds. */
const states = (journal: Journal, id: LaneId) =>
  timelineOf(journal)
    .lanes()
    .find((lane) => lane.id === id)
    ?.segments.map(({ from, to, value }) => [from / 1000, to === undefined ? undefined : to / 1000, value]);
const rung = (journal: Journal, layer: Rung['layer'], now: number) =>
  timelineOf(journal)
    .ladder(at(now))
    .find((one) => one.layer === layer);

const snapshot: EventData<'session.snapshot'> = {
  category: 'AVAudioSessionCategoryPlayAndRecord',
  mode: 'AVAudioSessionModeVoiceChat',
  options: 4,
  optionNames: ['allowBluetoothHFP'],
  active: true,
  interrupted: false,
  route: {
    inputs: [{ type: 'MicrophoneBuiltIn', name: 'iPhone Microphone' }],
    outputs: [{ type: 'Receiver', name: 'Receiver' }],
  },
  availableInputs: ['MicrophoneBuiltIn'],
  outputOverride: 'none',
  sampleRateHz: 48_000,
  ioBufferSeconds: 0.02,
  inputChannels: 1,
  outputChannels: 1,
  outputVolume: 0.6,
  inputMuted: false,
  otherAudioPlaying: false,
  secondaryAudioShouldBeSilenced: false,
  recordPermission: 'granted',
  why: 'start',
};
const unit = (state: 'started' | 'initialized') =>
  ({ device: 'audioUnit', state, playing: state === 'started', recording: state === 'started' }) as const;

describe('the two bars on top', () => {
  it('start with the first frames and say why nothing is heard', () => {
    const journal = call()
      .flow('rx', 5000, 'flowing', 'concealed')
      .flow('rx', 6000, 'concealed', 'flowing')
      .flow('render', 8000, 'flowing', 'stopped')
      .flow('render', 9000, 'stopped', 'flowing');
    expect(states(journal, 'userHearsAgent')).toEqual([
      [500, 5000, 'hears'],
      [5000, 6000, 'concealed'],
      [6000, 8000, 'hears'],
      [8000, 9000, 'stopped'],
      [9000, undefined, 'hears'],
    ]);
  });
  it('tell a dead microphone from a muted one and from a lost path', () => {
    const journal = call()
      .flow('capture', 2000, 'flowing', 'zeros')
      .flow('tx', 2000, 'flowing', 'zeros')
      .flow('capture', 3000, 'zeros', 'flowing')
      .flow('tx', 3000, 'zeros', 'flowing')
      .event(4000, 'claim', { name: 'micMuted', value: true })
      .flow('tx', 4000, 'flowing', 'zeros')
      .event(5000, 'claim', { name: 'micMuted', value: false })
      .flow('tx', 5000, 'zeros', 'flowing')
      .flow('farEnd', 7000, 'flowing', 'concealed');
    expect(states(journal, 'agentHearsUser')?.map(([from, , value]) => [from, value])).toEqual([
      [500, 'hears'],
      [2000, 'captureZeros'],
      [3000, 'hears'],
      [4000, 'muted'],
      [5000, 'hears'],
      [7000, 'lost'],
    ]);
  });
  it('know nothing once the process has ended', () => {
    const last = states(call().quiet(1000, 3000).link(3500, 'process-ended'), 'userHearsAgent')?.at(-1);
    expect(last).toEqual([3500, undefined, 'unknown']);
  });
});

describe('a probe that cannot be heard', () => {
  const lastOf = (journal: Journal, id: LaneId) => states(journal, id)?.at(-1)?.[2];
  it.each(['lost', 'closed', 'process-ended'] as const)('is not known any more once its link is %s', (state) => {
    const journal = call().event(400, 'unit.state', unit('started')).quiet(1000, 3000);
    expect([lastOf(journal, 'userHearsAgent'), lastOf(journal, 'unit')]).toEqual(['hears', 'started']);
    journal.link(3500, state);
    for (const lane of ['userHearsAgent', 'agentHearsUser', 'unit'] as const)
      expect(lastOf(journal, lane)).toBe('unknown');
    expect(
      timelineOf(journal)
        .ladder()
        .map((one) => one.verdict),
    ).toEqual(Array(7).fill('unknown'));
  });
  it('was known all along when its link resumes: it sends what it kept', () => {
    const journal = call().quiet(1000, 3000);
    const before = states(journal, 'userHearsAgent');
    journal.link(3500, 'lost').link(6005, 'resumed').quiet(6100, 9000);
    expect(states(journal, 'userHearsAgent')).toEqual(before);
    expect(rung(journal, 'track', 9000)?.evidence.text).not.toMatch(/lost/);
  });
});

describe('lanes', () => {
  it('come in their order, each the same object until something in it changes', () => {
    const timeline = timelineOf(call());
    const before = timeline.lanes();
    expect(before.map((lane) => lane.id)).toEqual([...LANES]);
    for (const entry of new Journal().event(9000, 'session.active', { by: 'app' }).entries) timeline.push(entry);
    const now = timeline.lanes();
    expect(now.filter((lane, index) => lane !== before[index]).map((lane) => lane.id)).toEqual(['session']);
  });
  it('show causes that overlap together', () => {
    const journal = call()
      .began(2000, 'siri', 'Siri')
      .began(3000, 'phoneCall', 'Phone')
      .cleared(4000, 'siri', 'dismissed')
      .cleared(5000, 'phoneCall', 'declined');
    expect(states(journal, 'cause')).toEqual([
      [2000, 3000, 'siri'],
      [3000, 4000, 'siri+phoneCall'],
      [4000, 5000, 'phoneCall'],
    ]);
  });
  it('show where the process did not run, and what it was before and after', () => {
    const journal = call()
      .event(1000, 'app.state', { state: 'background' })
      .event(8000, 'heartbeat.gap', { fromAt: at(3000), toAt: at(7990) });
    expect(states(journal, 'app')).toEqual([
      [1000, 3000, 'background'],
      [3000, 7990, 'suspended'],
      [7990, undefined, 'background'],
    ]);
  });
  it('show an app that was suspended in front as in front again', () => {
    const journal = call()
      .event(1000, 'app.state', { state: 'active' })
      .event(2000, 'app.state', { state: 'suspended' })
      .event(5000, 'app.state', { state: 'resumed' });
    expect(states(journal, 'app')).toEqual([
      [1000, 2000, 'active'],
      [2000, 5000, 'suspended'],
      [5000, undefined, 'active'],
    ]);
  });

  it('say nothing for a process that started anew in words of the one before', () => {
    const state = {
      peerConnection: 'connected',
      iceConnection: 'connected',
      iceGathering: 'complete',
      signaling: 'stable',
      dtls: 'connected',
    };
    const journal = call()
      .event(1000, 'callkit.call', { callId: 'own-1', own: true, state: 'connected' })
      .event(1000, 'callkit.audio', { state: 'didActivate' })
      .event(1000, 'webrtc.state', state)
      .stun(1000)
      .link(4000, 'process-ended')
      .hello('iphone-app', 'probe', 6000, 'desk', ['tx.flow', 'callkit.call', 'transport.proof']);
    for (const lane of ['callkit', 'ice', 'transport'] as const)
      expect(states(journal, lane)?.at(-1), lane).toEqual([4000, 6000, 'unknown']);
    const header = timelineOf(journal).header();
    expect(header).toMatchObject({ ice: 'not reported', dtls: 'not reported' });
    expect(header.callkit).not.toBe('Connected');
    expect(rung(journal, 'transport', 9000)?.verdict).toBe('unknown');
  });

  it('prove no path once the call is over, and know of none while the probe cannot be heard', () => {
    const proof = { via: 'stun', provenAt: at(1000) } as const;
    const closed = {
      peerConnection: 'closed',
      iceConnection: 'closed',
      iceGathering: 'complete',
      signaling: 'closed',
      dtls: 'closed',
    };
    const over = call().event(1000, 'transport.proof', proof).event(4000, 'webrtc.state', closed);
    expect(states(over, 'transport')).toEqual([[1000, 4000, 'proven']]);
    const ended = call().event(1000, 'transport.proof', proof).link(4000, 'process-ended');
    expect(states(ended, 'transport')?.map(([, , value]) => value)).toEqual(['proven', 'unknown']);
  });

  it('leave out events of a device on another clock, and count them', () => {
    const journal = call().hello('far', 'lab', 1000, 'elsewhere');
    journal.event(2000, 'farEnd.flow', { from: 'flowing', to: 'stopped', edgeAt: at(1), errorMicros: 1 }, 'far');
    expect(timelineOf(journal).counts.otherClockEvents).toBe(1);
    expect(states(journal, 'agentHearsUser')).toEqual([[500, undefined, 'hears']]);
  });
  it('call a path unproven when no answer has come for longer than answers take', () => {
    expect(states(call().stun(3500).stun(15_000), 'transport')).toEqual([
      [1000, 9500, 'proven'],
      [9500, 15_000, 'stale'],
      [15_000, undefined, 'proven'],
    ]);
  });
});

describe('the ladder', () => {
  const reports = ['tx.flow', 'capture.flow', 'render.flow', 'transport.proof'];
  const base = () =>
    new Journal()
      .hello('iphone-app', 'probe', 0, 'desk', reports)
      .event(400, 'unit.state', unit('started'))
      .flows(500, 'stopped', 'flowing');

  it('agrees while claims and evidence do', () => {
    expect(rung(base(), 'audioUnit', 2000)).toMatchObject({
      claim: { text: 'started, plays and records', tone: 'good' },
      evidence: { tone: 'good' },
      verdict: 'agree',
    });
  });
  it('says lies when a started unit has moved no frames for over a second, and not before', () => {
    const journal = base().flows(5000, 'flowing', 'stopped');
    expect(rung(journal, 'audioUnit', 5900)?.verdict).toBe('agree');
    expect(rung(journal, 'audioUnit', 6100)?.verdict).toBe('lies');
  });
  it('says modest when a stopped unit moves frames, and agree when it does not', () => {
    const stopped = base().event(5000, 'unit.state', unit('initialized'));
    expect(rung(stopped, 'audioUnit', 6000)?.verdict).toBe('modest');
    expect(rung(stopped.flows(6000, 'flowing', 'stopped'), 'audioUnit', 9000)?.verdict).toBe('agree');
  });
  it('says unknown without a sensor, which is not the same as silence', () => {
    const journal = new Journal().hello('iphone-app', 'probe', 0, 'desk', []).event(400, 'unit.state', unit('started'));
    expect(rung(journal, 'audioUnit', 9000)).toMatchObject({ evidence: { text: 'no sensor' }, verdict: 'unknown' });
  });
  it('catches ICE that says connected while requests die', () => {
    const journal = base()
      .event(600, 'webrtc.state', {
        peerConnection: 'connected',
        iceConnection: 'connected',
        iceGathering: 'complete',
        signaling: 'stable',
        dtls: 'connected',
      })
      .stun(5000)
      .event(9600, 'transport.unanswered', { firstSentAt: at(7500), lastSentAt: at(7500), requests: 1 });
    expect(rung(journal, 'transport', 9600)?.verdict).toBe('lies');
    expect(rung(journal.stun(10_000), 'transport', 10_100)?.verdict).toBe('agree');
  });
});

describe('the header', () => {
  it('speaks the words of the field', () => {
    const journal = call()
      .event(600, 'session.snapshot', snapshot)
      .event(700, 'unit.state', unit('started'))
      .quiet(800, 800);
    expect(timelineOf(journal).header()).toMatchObject({
      category: 'Play and record',
      mode: 'Voice chat',
      options: 'Bluetooth HFP',
      route: 'iPhone Microphone → Receiver',
      session: 'Active',
      interruption: 'None',
      unit: 'Started',
      roundTripMilliseconds: 2,
      captureDbfs: -30,
      renderDbfs: -32,
    });
  });
  it('decodes options that were sent as a number only', () => {
    const journal = call().event(600, 'session.snapshot', { ...snapshot, options: 0x9, optionNames: [] });
    expect(timelineOf(journal).header().options).toBe('mixes with others, speaker by default');
  });
  it('keeps the later of two facts when the earlier one comes late', () => {
    const journal = call()
      .event(9000, 'session.inactive', { source: 'system' })
      .event(8000, 'session.active', { by: 'app' });
    expect(timelineOf(journal).header().session).toBe('Inactive');
  });
});

describe('a timeline', () => {
  it('ignores other benches', () => {
    const timeline = createBenchTimeline('another');
    for (const entry of call().entries) timeline.push(entry);
    expect([timeline.revision, timeline.firstAt, timeline.probeDeviceId]).toEqual([0, undefined, undefined]);
  });
  it('places what lab devices said before the phone was there', () => {
    const journal = new Journal()
      .hello('iphone-os', 'lab', 0)
      .began(100, 'siri', 'Siri')
      .hello('iphone-app', 'probe', 200);
    expect(states(journal, 'cause')).toEqual([[100, undefined, 'siri']]);
  });
});
