/**
 * The one table of event kinds: schema (type and validation), who reports it, what it means, and an example.
 * JSON Schema, README and golden vectors are made from it. Adding a kind means adding a row here.
 */
import { z } from 'zod';
import { cause, count, fidelity, flow, id, instant, osError, route, text, userInfo } from './values.ts';

interface KindRow<S extends z.ZodType> {
  /** One sentence for the documentation. */
  readonly what: string;
  readonly data: S;
  readonly example: z.infer<S>;
}
const kind = <S extends z.ZodType>(what: string, data: S, example: z.infer<S>): KindRow<S> => ({ what, data, example });

const flowEdge = z.object({
  from: flow,
  to: flow,
  /** The last frame of the old state (when flow ends) or the first of the new one (when it begins). */
  edgeAt: instant,
  /** How far `edgeAt` may be off, either way, in microseconds. */
  errorMicros: count,
});
const builtIn = {
  inputs: [{ type: 'MicrophoneBuiltIn', name: 'iPhone Microphone', channels: 1 }],
  outputs: [{ type: 'Receiver', name: 'Receiver', channels: 1 }],
};
const edgeExample = { from: 'flowing', to: 'stopped', edgeAt: 12_340_000, errorMicros: 10_000 } as unknown as z.infer<
  typeof flowEdge
>;

export const eventKinds = {
  'cause.began': kind(
    'Something outside the app began to act on its audio (a ring, Siri, a cable pulled, a path gone). Told by whoever does it.',
    z.object({ causeId: id, cause, title: text, injectId: id.optional(), fidelity }),
    { causeId: 'c1', cause: 'phoneCall', title: 'Phone call rings', injectId: 'i1', fidelity: 'F0' },
  ),
  'cause.cleared': kind(
    'That something no longer stands in the way: from here on the app can recover.',
    z.object({ causeId: id, cause, how: text }),
    { causeId: 'c1', cause: 'phoneCall', how: 'declined' },
  ),
  'user.action': kind(
    'The user of the phone did something that bears on recovery.',
    z.object({
      action: z.enum(['unhold', 'unmute', 'foreground', 'redial', 'confirmRoute', 'hangUp']),
      note: text.optional(),
    }),
    { action: 'unhold' },
  ),
  'inject.state': kind(
    'How far an injection has come, told by the device that performs it.',
    z.object({
      injectId: id,
      does: text,
      phase: z.enum(['accepted', 'fired', 'observed', 'cleared', 'failed']),
      fidelity,
      reason: text.optional(),
    }),
    { injectId: 'i1', does: 'phone.ring', phase: 'fired', fidelity: 'F0' },
  ),
  'os.notification': kind(
    'A notification exactly as the OS posted it: the raw evidence behind the version-neutral facts.',
    z.object({ name: text, userInfo }),
    { name: 'AVAudioSessionInterruptionNotification', userInfo: { AVAudioSessionInterruptionTypeKey: 1 } },
  ),
  'session.interruption': kind(
    'Interruption began or ended (legacy family). `shouldResume` is absent when the key was absent.',
    z.object({
      type: z.enum(['began', 'ended']),
      reason: z
        .enum([
          'default',
          'appWasSuspended',
          'builtInMicMuted',
          'sceneWasBackgrounded',
          'routeDisconnected',
          'deviceUnauthenticated',
        ])
        .optional(),
      shouldResume: z.boolean().optional(),
    }),
    { type: 'ended', shouldResume: true },
  ),
  'session.active': kind(
    'The session became active.',
    z.object({ by: z.enum(['app', 'webrtc', 'callkit', 'system']) }),
    { by: 'webrtc' },
  ),
  'session.inactive': kind(
    'The session became inactive: by the app itself, or taken by the system.',
    z.object({ source: z.enum(['app', 'system']), reason: text.optional() }),
    { source: 'system', reason: 'default' },
  ),
  'resume.hint': kind(
    'What the OS recommends once the cause is gone (shouldResume, or the iOS 27 resumption recommendation).',
    z.object({ hint: z.enum(['yes', 'no', 'none']) }),
    { hint: 'yes' },
  ),
  'session.snapshot': kind(
    'The whole AVAudioSession as the app can read it.',
    z.object({
      category: text,
      mode: text,
      options: count,
      optionNames: z.array(text).max(16),
      active: z.boolean(),
      interrupted: z.boolean(),
      route,
      availableInputs: z.array(text).max(16),
      preferredInput: text.optional(),
      outputOverride: z.enum(['none', 'speaker']),
      sampleRateHz: z.number().min(0),
      ioBufferSeconds: z.number().min(0),
      inputChannels: count,
      outputChannels: count,
      outputVolume: z.number().min(0).max(1),
      inputMuted: z.boolean(),
      otherAudioPlaying: z.boolean(),
      secondaryAudioShouldBeSilenced: z.boolean(),
      recordPermission: z.enum(['undetermined', 'denied', 'granted']),
      why: z.enum(['start', 'event', 'request', 'periodic']),
    }),
    {
      category: 'AVAudioSessionCategoryPlayAndRecord',
      mode: 'AVAudioSessionModeVoiceChat',
      options: 4,
      optionNames: ['allowBluetoothHFP'],
      active: true,
      interrupted: false,
      route: builtIn,
      availableInputs: ['MicrophoneBuiltIn'],
      outputOverride: 'none',
      sampleRateHz: 48000,
      ioBufferSeconds: 0.02,
      inputChannels: 1,
      outputChannels: 1,
      outputVolume: 0.6,
      inputMuted: false,
      otherAudioPlaying: false,
      secondaryAudioShouldBeSilenced: false,
      recordPermission: 'granted',
      why: 'start',
    },
  ),
  'session.call': kind(
    'A call made on AVAudioSession, with its result and who made it.',
    z.object({
      call: z.enum([
        'setCategory',
        'setMode',
        'setActive',
        'overrideOutputAudioPort',
        'setPreferredInput',
        'setPreferredSampleRate',
        'setPreferredIOBufferDuration',
      ]),
      args: userInfo,
      by: z.enum(['app', 'webrtc', 'sdk']),
      ok: z.boolean(),
      error: osError.optional(),
      durationMicros: count,
    }),
    {
      call: 'setActive',
      args: { active: true },
      by: 'webrtc',
      ok: false,
      error: { domain: 'NSOSStatusErrorDomain', code: 561017449, fourCC: '!pri', name: 'insufficientPriority' },
      durationMicros: 900,
    },
  ),
  'route.changed': kind(
    'AVAudioSession route change, with the reason and both routes.',
    z.object({
      reason: z.enum([
        'unknown',
        'newDeviceAvailable',
        'oldDeviceUnavailable',
        'categoryChange',
        'override',
        'wakeFromSleep',
        'noSuitableRouteForCategory',
        'routeConfigurationChange',
      ]),
      reasonCode: z.int().min(0).max(8),
      previous: route,
      current: route,
      sampleRateHz: z.number().min(0),
    }),
    { reason: 'newDeviceAvailable', reasonCode: 1, previous: builtIn, current: builtIn, sampleRateHz: 24000 },
  ),
  'media.services': kind('The media server died or came back.', z.object({ state: z.enum(['lost', 'reset']) }), {
    state: 'lost',
  }),
  'app.state': kind(
    'Lifecycle of the app under test.',
    z.object({ state: z.enum(['active', 'inactive', 'background', 'suspended', 'resumed', 'terminated']) }),
    { state: 'background' },
  ),
  'heartbeat.gap': kind(
    'The probe did not run for this long: measured by its own timer, not told by the OS.',
    z.object({ fromAt: instant, toAt: instant }),
    { fromAt: 1_000_000, toAt: 13_000_000 } as unknown as {
      fromAt: z.infer<typeof instant>;
      toAt: z.infer<typeof instant>;
    },
  ),
  'rtc.state': kind(
    'RTCAudioSession book-keeping (what WebRTC believes).',
    z.object({
      isActive: z.boolean(),
      isInterrupted: z.boolean(),
      activationCount: z.int(),
      webRTCSessionCount: z.int(),
      useManualAudio: z.boolean(),
      isAudioEnabled: z.boolean(),
      canPlayOrRecord: z.boolean(),
    }),
    {
      isActive: true,
      isInterrupted: false,
      activationCount: 1,
      webRTCSessionCount: 1,
      useManualAudio: false,
      isAudioEnabled: true,
      canPlayOrRecord: true,
    },
  ),
  'rtc.delegate': kind('An RTCAudioSessionDelegate callback.', z.object({ callback: text, args: userInfo }), {
    callback: 'audioSessionDidEndInterruption',
    args: { shouldResume: true },
  }),
  'unit.state': kind(
    'The audio device of WebRTC: voice-processing unit or AVAudioEngine.',
    z.object({
      device: z.enum(['audioUnit', 'audioEngine']),
      state: z.enum(['none', 'uninitialized', 'initialized', 'started']),
      playing: z.boolean(),
      recording: z.boolean(),
      error: osError.optional(),
    }),
    { device: 'audioUnit', state: 'started', playing: true, recording: true },
  ),
  'callkit.action': kind(
    'A CXAction performed by the provider delegate.',
    z.object({
      action: z.enum(['start', 'answer', 'hold', 'unhold', 'end', 'mute', 'unmute']),
      callId: id,
      outcome: z.enum(['performed', 'fulfilled', 'failed', 'timedOut']),
    }),
    { action: 'hold', callId: 'own-1', outcome: 'fulfilled' },
  ),
  'callkit.audio': kind(
    'provider(_:didActivate:) or didDeactivate.',
    z.object({ state: z.enum(['didActivate', 'didDeactivate']) }),
    {
      state: 'didActivate',
    },
  ),
  'callkit.call': kind(
    'A call as CXCallObserver shows it.',
    z.object({ callId: id, own: z.boolean(), state: z.enum(['ringing', 'connecting', 'connected', 'held', 'ended']) }),
    { callId: 'own-1', own: true, state: 'connected' },
  ),
  claim: kind(
    'What the app or its SDK says of itself: the flags that stay green while the audio is dead.',
    z.object({
      name: z.enum(['uiCallState', 'micMuted', 'trackEnabled', 'sdkAudioState', 'agentState']),
      value: z.union([text, z.boolean()]),
    }),
    { name: 'uiCallState', value: 'connected' },
  ),
  'capture.flow': kind('Microphone frames out of the audio unit.', flowEdge, edgeExample),
  'tx.flow': kind('Captured frames into the encoder, after mute.', flowEdge, edgeExample),
  'rx.flow': kind('Decoded frames out of the jitter buffer, concealment excluded.', flowEdge, edgeExample),
  'render.flow': kind('Frames pulled by the audio unit to the speaker.', flowEdge, edgeExample),
  'webrtc.state': kind(
    'States of the peer connection; only changes are sent.',
    z.object({
      peerConnection: text,
      iceConnection: text,
      iceGathering: text,
      signaling: text,
      dtls: text,
    }),
    {
      peerConnection: 'connected',
      iceConnection: 'connected',
      iceGathering: 'complete',
      signaling: 'stable',
      dtls: 'connected',
    },
  ),
  'webrtc.pair': kind(
    'The selected candidate pair. `generation` (the local ufrag) changes on an ICE restart; addresses are not sent.',
    z.object({ generation: text, localType: text, remoteType: text, protocol: text }),
    { generation: 'aB3x', localType: 'host', remoteType: 'prflx', protocol: 'udp' },
  ),
  'webrtc.iceRestart': kind(
    'An ICE restart and how far it came.',
    z.object({ step: z.enum(['asked', 'answered', 'failed']), why: text }),
    {
      step: 'asked',
      why: 'ICE failed',
    },
  ),
  'transport.proof': kind(
    'Something came back that only a living path can bring: a STUN answer or a fresh RTCP receiver report.',
    z.object({ via: z.enum(['stun', 'rtcp']), provenAt: instant, roundTripMicros: count.optional() }),
    { via: 'stun', provenAt: 15_000_000, roundTripMicros: 1200 } as unknown as {
      via: 'stun';
      provenAt: z.infer<typeof instant>;
      roundTripMicros: number;
    },
  ),
  'transport.unanswered': kind(
    'STUN requests sent with no answer yet: from the first to the newest of them.',
    z.object({ firstSentAt: instant, lastSentAt: instant, requests: count }),
    { firstSentAt: 15_000_000, lastSentAt: 17_500_000, requests: 2 } as unknown as {
      firstSentAt: z.infer<typeof instant>;
      lastSentAt: z.infer<typeof instant>;
      requests: number;
    },
  ),
  'farEnd.flow': kind(
    'What the far end hears of the phone: its decoded frames, concealment excluded.',
    flowEdge,
    edgeExample,
  ),
  'farEnd.state': kind(
    "States of the far end's peer connection.",
    z.object({ peerConnection: text, iceConnection: text }),
    {
      peerConnection: 'connected',
      iceConnection: 'connected',
    },
  ),
  'path.state': kind(
    'What the network path does to packets now, told by the relay.',
    z.object({
      blackhole: z.enum(['none', 'uplink', 'downlink', 'both']),
      lossRatio: z.number().min(0).max(1),
      delayMicros: count,
      jitterMicros: count,
      rebinds: count,
    }),
    { blackhole: 'both', lossRatio: 0, delayMicros: 0, jitterMicros: 0, rebinds: 0 },
  ),
  log: kind(
    'A line of text from the device.',
    z.object({ level: z.enum(['debug', 'info', 'warning', 'error']), message: text }),
    {
      level: 'info',
      message: 'call connected',
    },
  ),
} as const;

export type EventKind = keyof typeof eventKinds;
export type EventData<K extends EventKind> = z.infer<(typeof eventKinds)[K]['data']>;
export const EVENT_KINDS = Object.keys(eventKinds) as readonly EventKind[];
