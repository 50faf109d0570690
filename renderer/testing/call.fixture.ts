/**
 * A test double: a hand-made call as JournalEntries, in the wire's own words. For tests and the demo page in development;
 * never part of the built page and never shown to users as data.
 */
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { type DesktopTime, type DeviceTime, deviceTime } from '../../shared/time/time.ts';
import type { EventData, EventKind } from '../../shared/wire/kinds.ts';
import type { EventSource, Route } from '../../shared/wire/values.ts';

export const BENCH = 'simulated-iphone';
const SECOND = 1_000_000;
const RECEIVER: Route = {
  inputs: [{ type: 'MicrophoneBuiltIn', name: 'iPhone Microphone', channels: 1 }],
  outputs: [{ type: 'Receiver', name: 'Receiver', channels: 1 }],
};
/** How far the two stamps lie apart in this double: transport takes a moment. */
const ARRIVAL_DELAY = 2_000;

export class CallFixture {
  readonly entries: JournalEntry[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly startedAt: number;

  /** `startedAt`: microseconds of the device's clock. */
  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** `seconds` since the start, as an instant. */
  at(seconds: number): DeviceTime {
    return deviceTime(this.startedAt + seconds * SECOND);
  }

  event<K extends EventKind>(
    seconds: number,
    deviceId: string,
    source: EventSource,
    kind: K,
    data: EventData<K>,
  ): this {
    const seq = (this.numbers.get(deviceId) ?? 0) + 1;
    this.numbers.set(deviceId, seq);
    const at = this.at(seconds);
    this.entries.push({
      type: 'event',
      arrivedAt: (at + ARRIVAL_DELAY) as unknown as DesktopTime,
      benchId: BENCH,
      deviceId,
      sessionId: `s-${deviceId}`,
      event: { seq, at, uptime: at, kind, source, data } as Extract<JournalEntry, { type: 'event' }>['event'],
    });
    return this;
  }

  level(seconds: number, captureDbfs: number, renderDbfs: number): this {
    const at = this.at(seconds);
    this.entries.push({
      type: 'sample',
      arrivedAt: (at + ARRIVAL_DELAY) as unknown as DesktopTime,
      benchId: BENCH,
      deviceId: 'iphone-app',
      sample: { at, kind: 'level', data: { captureDbfs, renderDbfs } },
    });
    return this;
  }

  hello(seconds: number, deviceId: string, role: 'probe' | 'lab', title: string): this {
    const at = this.at(seconds);
    const common = { arrivedAt: (at + ARRIVAL_DELAY) as unknown as DesktopTime, benchId: BENCH, deviceId };
    this.entries.push({
      ...common,
      type: 'hello',
      sessionId: `s-${deviceId}`,
      hello: {
        proto: [1],
        deviceId,
        benchId: BENCH,
        role,
        platform: 'virtual',
        title,
        device: { model: 'Simulated iPhone', os: 'iOS', osVersion: '26' },
        app: { name: 'Reference app', version: '1', policy: 'careful' },
        clock: { id: 'machine', now: at },
        reports: role === 'probe' ? [...PROBE_REPORTS] : ['cause.began', 'cause.cleared', 'inject.state', 'path.state'],
        performs: [],
      },
    });
    this.entries.push({ ...common, type: 'link', state: 'connected', reason: 'hello' });
    return this;
  }

  /** Everything that stands at the beginning of an undisturbed call. */
  callStarts(seconds: number): this {
    const flowing = (edgeAt: DeviceTime) => ({ from: 'stopped', to: 'flowing', edgeAt, errorMicros: 10_000 }) as const;
    this.hello(seconds, 'iphone-app', 'probe', 'Simulated iPhone, app');
    this.hello(seconds, 'iphone-os', 'lab', 'Simulated iPhone, iOS');
    this.hello(seconds, 'relay', 'lab', 'Relay');
    return this.event(seconds + 0.1, 'iphone-app', 'probe', 'session.snapshot', snapshot(true, 'start'))
      .event(seconds + 0.11, 'iphone-app', 'probe', 'app.state', { state: 'active' })
      .event(seconds + 0.2, 'iphone-app', 'os', 'session.active', { by: 'webrtc' })
      .event(seconds + 0.25, 'iphone-app', 'rtc', 'rtc.state', rtcState(true, false))
      .event(seconds + 0.3, 'iphone-app', 'rtc', 'unit.state', UNIT_STARTED)
      .event(seconds + 0.35, 'iphone-app', 'probe', 'webrtc.state', webrtc('checking'))
      .event(seconds + 0.4, 'iphone-app', 'callkit', 'callkit.call', { callId: 'own-1', own: true, state: 'connected' })
      .event(seconds + 0.5, 'iphone-app', 'probe', 'webrtc.state', webrtc('connected'))
      .event(seconds + 0.5, 'iphone-app', 'app', 'claim', { name: 'uiCallState', value: 'connected' })
      .event(seconds + 0.5, 'iphone-app', 'app', 'claim', { name: 'trackEnabled', value: true })
      .event(seconds + 0.6, 'iphone-app', 'probe', 'capture.flow', flowing(this.at(seconds + 0.58)))
      .event(seconds + 0.6, 'iphone-app', 'probe', 'tx.flow', flowing(this.at(seconds + 0.59)))
      .event(seconds + 0.7, 'iphone-app', 'probe', 'rx.flow', flowing(this.at(seconds + 0.66)))
      .event(seconds + 0.7, 'iphone-app', 'probe', 'render.flow', flowing(this.at(seconds + 0.67)))
      .event(seconds + 0.8, 'iphone-app', 'stats', 'transport.proof', {
        via: 'stun',
        provenAt: this.at(seconds + 0.79),
        roundTripMicros: 1_900,
      });
  }

  /** A phone call rings and is declined after `rings` seconds; audio is back `recovery` seconds later, or never. */
  declinedCall(seconds: number, number: number, rings: number, recovery: number | undefined): this {
    const causeId = `c${number}`;
    const stop = (edge: number) =>
      ({ from: 'flowing', to: 'stopped', edgeAt: this.at(edge), errorMicros: 10_000 }) as const;
    const go = (edge: number) =>
      ({ from: 'stopped', to: 'flowing', edgeAt: this.at(edge), errorMicros: 10_000 }) as const;
    const gone = seconds + rings;
    this.event(seconds, 'iphone-os', 'lab', 'cause.began', {
      causeId,
      cause: 'phoneCall',
      title: 'Phone call rings',
      fidelity: 'F0',
    })
      .event(seconds + 0.02, 'iphone-app', 'os', 'session.interruption', { type: 'began', reason: 'default' })
      .event(seconds + 0.02, 'iphone-app', 'os', 'session.inactive', { source: 'system', reason: 'default' })
      .event(seconds + 0.03, 'iphone-app', 'rtc', 'rtc.state', rtcState(true, true))
      .event(seconds + 0.04, 'iphone-app', 'rtc', 'unit.state', UNIT_STOPPED)
      .event(seconds + 0.05, 'iphone-app', 'probe', 'capture.flow', stop(seconds + 0.03))
      .event(seconds + 0.05, 'iphone-app', 'probe', 'tx.flow', stop(seconds + 0.03))
      .event(seconds + 0.06, 'iphone-app', 'probe', 'rx.flow', stop(seconds + 0.04))
      .event(seconds + 0.06, 'iphone-app', 'probe', 'render.flow', stop(seconds + 0.04))
      .event(gone, 'iphone-os', 'lab', 'cause.cleared', { causeId, cause: 'phoneCall', how: 'declined' })
      .event(gone + 0.2, 'iphone-app', 'os', 'session.interruption', { type: 'ended', shouldResume: true })
      .event(gone + 0.2, 'iphone-app', 'os', 'resume.hint', { hint: 'yes' });
    if (recovery === undefined) {
      // The classic: the session is active again and every flag is green, but nobody restarted the unit.
      return this.event(gone + 0.24, 'iphone-app', 'os', 'session.active', { by: 'webrtc' })
        .event(gone + 0.25, 'iphone-app', 'rtc', 'rtc.state', rtcState(true, false))
        .event(gone + 0.26, 'iphone-app', 'probe', 'session.snapshot', snapshot(true, 'event'));
    }
    return this.event(gone + recovery * 0.4, 'iphone-app', 'os', 'session.active', { by: 'webrtc' })
      .event(gone + recovery * 0.45, 'iphone-app', 'rtc', 'rtc.state', rtcState(true, false))
      .event(gone + recovery * 0.7, 'iphone-app', 'rtc', 'unit.state', UNIT_STARTED)
      .event(gone + recovery * 0.75, 'iphone-app', 'stats', 'transport.proof', {
        via: 'rtcp',
        provenAt: this.at(gone + recovery * 0.74),
        roundTripMicros: 2_100,
      })
      .event(gone + recovery * 0.9, 'iphone-app', 'probe', 'capture.flow', go(gone + recovery * 0.85))
      .event(gone + recovery * 0.9, 'iphone-app', 'probe', 'tx.flow', go(gone + recovery * 0.87))
      .event(gone + recovery, 'iphone-app', 'probe', 'rx.flow', go(gone + recovery))
      .event(gone + recovery, 'iphone-app', 'probe', 'render.flow', go(gone + recovery));
  }

  /** Speech-like levels, 20 a second; `silent` ranges in seconds are exact silence both ways. */
  levels(from: number, to: number, silent: readonly (readonly [number, number])[]): this {
    for (let at = from; at < to; at += 0.05) {
      const dead = silent.some(([begin, end]) => at >= begin && at < end);
      const voice = (phase: number): number =>
        dead
          ? -120
          : Math.max(
              -58,
              -16 - 14 * Math.abs(Math.sin(at * 2.3 + phase)) - 26 * Number(Math.sin(at * 0.55 + phase) < -0.2),
            );
      this.level(at, voice(0), voice(1.6));
    }
    return this;
  }
}

const PROBE_REPORTS = [
  'session.snapshot',
  'session.active',
  'session.inactive',
  'session.interruption',
  'resume.hint',
  'rtc.state',
  'unit.state',
  'route.changed',
  'capture.flow',
  'tx.flow',
  'rx.flow',
  'render.flow',
  'webrtc.state',
  'transport.proof',
  'callkit.call',
  'claim',
  'app.state',
  'level',
  'stats',
] as const;
const UNIT_STARTED = { device: 'audioUnit', state: 'started', playing: true, recording: true } as const;
const UNIT_STOPPED = { device: 'audioUnit', state: 'initialized', playing: false, recording: false } as const;
const rtcState = (isActive: boolean, isInterrupted: boolean): EventData<'rtc.state'> => ({
  isActive,
  isInterrupted,
  activationCount: 1,
  webRTCSessionCount: 1,
  useManualAudio: false,
  isAudioEnabled: true,
  canPlayOrRecord: true,
});
const webrtc = (ice: string): EventData<'webrtc.state'> => ({
  peerConnection: ice === 'connected' ? 'connected' : 'connecting',
  iceConnection: ice,
  iceGathering: 'complete',
  signaling: 'stable',
  dtls: ice === 'connected' ? 'connected' : 'connecting',
});
const snapshot = (active: boolean, why: 'start' | 'event'): EventData<'session.snapshot'> => ({
  category: 'AVAudioSessionCategoryPlayAndRecord',
  mode: 'AVAudioSessionModeVoiceChat',
  options: 4,
  optionNames: ['allowBluetoothHFP'],
  active,
  interrupted: !active,
  route: RECEIVER,
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
  why,
});
