/**
 * The app end of the simulated iPhone: a real WebRTC call on real frames, and the probe that measures them.
 *
 *   OS end --IPC--> gates, claims to report, call wishes
 *   microphone -> libwebrtc -> network -> libwebrtc -> speaker      evidence of both -> link (role probe)
 *
 * Forked by the OS end; stopped by SIGSTOP when the app is suspended; ends when the IPC channel closes.
 */
import { createVoice } from '../../shared/pcm/voice.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import type { EventData, EventKind } from '../../shared/wire/kinds.ts';
import type { EventSource } from '../../shared/wire/values.ts';
import { createCall } from './call.ts';
import { createClock } from './clock.ts';
import { readConfiguration } from './configuration.ts';
import { APP_END_LIMIT_MILLISECONDS, createEnding } from './ending.ts';
import { createGatewayClient } from './gateway-client.ts';
import { createHeartbeat } from './heartbeat.ts';
import { type IceState, isToApp, type ToApp, type ToOs } from './ipc.ts';
import { loadLibwebrtc } from './libwebrtc.ts';
import { createMicrophone } from './microphone.ts';
import { connectProbe } from './probe.ts';
import { createReadings, READING_MILLISECONDS } from './readings.ts';
import { createReceived } from './received.ts';
import { createSpeaker } from './speaker.ts';
import { openSpeakerLog } from './speaker-log.ts';

/** Frames are 10 ms: looking twice as often keeps each within 5 ms of its time (a plain 10 ms interval drifts). */
const TICK_MILLISECONDS = 5;
const LEVEL_MILLISECONDS = 50;
const EXIT_WRONG_USAGE = 2;
/** What libwebrtc calls it, and what the policy is told. */
const ICE_STATES: Readonly<Record<string, IceState>> = {
  new: 'new',
  checking: 'checking',
  connected: 'connected',
  completed: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'closed',
};

function main(): void {
  const read = readConfiguration(process.argv[2]);
  if (!read.ok) {
    process.stderr.write(`iphone app end: ${read.message}\n`);
    process.exit(EXIT_WRONG_USAGE);
  }
  const { configuration } = read;
  const now = createClock(configuration.clock.epochNanos);
  const webrtc = loadLibwebrtc();
  const tellOs = (message: ToOs) => {
    if (process.connected) process.send?.(message);
  };

  const heartbeat = createHeartbeat(now, (fromAt, toAt) => {
    received.frozen(fromAt, toAt);
    report('heartbeat.gap', { fromAt, toAt }, 'probe', toAt);
    void readings.read();
  });
  const link = connectProbe(configuration, { now, uptime: heartbeat.uptime, uptimeAt: heartbeat.uptimeAt });
  const report = <K extends EventKind>(kind: K, data: EventData<K>, source: EventSource, at?: DeviceTime) => {
    // Before anything is stamped, a stop must be known.
    heartbeat.check();
    link.event(kind, data, source, at);
    // A log line is no reason to look closely, and neither is a proof that comes every few seconds by itself.
    if (kind !== 'log' && kind !== 'transport.proof' && kind !== 'session.snapshot') readings.event();
  };
  const warn = (message: string) => report('log', { level: 'warning', message }, 'app');

  const speakerLog = configuration.speakerLog === undefined ? undefined : openSpeakerLog(configuration.speakerLog);
  const received = createReceived((edge) => report('rx.flow', edge, 'stats', edge.edgeAt));
  const source = new webrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const microphone = createMicrophone({
    voice: createVoice(configuration.voice, configuration.profile.seed),
    source,
    track,
    now,
    onCapture: (edge) => report('capture.flow', edge, 'probe', edge.edgeAt),
    onTx: (edge) => report('tx.flow', edge, 'probe', edge.edgeAt),
  });
  const speaker = createSpeaker({
    Sink: webrtc.nonstandard.RTCAudioSink,
    now,
    onRender: (edge) => report('render.flow', edge, 'probe', edge.edgeAt),
    onDecoded: received.frame,
    ...(speakerLog === undefined ? {} : { onPlayed: speakerLog.write }),
  });

  let iceState: IceState | undefined;
  const call = createCall({
    createPeerConnection: () => new webrtc.RTCPeerConnection({}),
    gateway: createGatewayClient(configuration.gateway),
    track,
    onTrack: speaker.attach,
    onStates(states) {
      report('webrtc.state', states, 'rtc');
      const state = ICE_STATES[states.iceConnection];
      if (state === undefined || state === iceState) return;
      // The offer of a restart alone makes libwebrtc say `disconnected` after `failed`, and it then stays so for good when the
      // path is still dead (M106): for the app nothing has got better until it is connected.
      if (state === 'disconnected' && iceState === 'failed') return;
      iceState = state;
      tellOs({ t: 'iceState', state });
    },
    onRestart(step, why) {
      report('webrtc.iceRestart', { step, why }, 'app');
      if (step !== 'asked') tellOs({ t: 'iceRestarted', ok: step === 'answered' });
    },
    onFailure: warn,
  });
  const readings = createReadings({
    now,
    wallMilliseconds: Date.now,
    stats: call.stats,
    onReading: received.reading,
    onSample: (at, sample) => link.sample('stats', sample, at),
    onTransport: (finding) =>
      finding.kind === 'transport.proof'
        ? report(finding.kind, finding.data, 'stats', finding.at)
        : report(finding.kind, finding.data, 'stats', finding.at),
    onPair: (at, pair) => report('webrtc.pair', pair, 'stats', at),
    onDtls: call.setDtls,
  });

  const obey = (message: ToApp): void => {
    switch (message.t) {
      case 'gates':
        microphone.setGates(message.gates);
        speaker.setGates(message.gates);
        call.setReceiving(message.gates.render === 'running');
        readings.event();
        return;
      case 'report': {
        const { kind, data, source: from } = message.fact;
        report(kind, data, from, message.at);
        return;
      }
      case 'startCall':
        call.start();
        return;
      case 'hangUp':
        speaker.detach();
        received.ended();
        void call.hangUp().then((reply) => {
          if (reply?.ok === false) warn(reply.message);
        });
        return;
      case 'iceRestart':
        call.restartIce(message.why);
        return;
      case 'end':
        ending.end();
        return;
    }
  };

  const ending = createEnding(APP_END_LIMIT_MILLISECONDS, async () => {
    for (const timer of timers) clearInterval(timer);
    speaker.detach();
    speakerLog?.close();
    // The gateway may be ending too: that it did not hear of it is no news.
    await Promise.all([call.hangUp(), link.close('the phone is switched off')]);
  });
  const timers = [
    setInterval(() => {
      heartbeat.check();
      microphone.setEncoding(call.up);
      microphone.tick();
      speaker.tick();
    }, TICK_MILLISECONDS),
    setInterval(() => void readings.read(), READING_MILLISECONDS),
    setInterval(
      () => link.sample('level', { captureDbfs: microphone.dbfs(), renderDbfs: speaker.dbfs() }),
      LEVEL_MILLISECONDS,
    ),
  ];
  link.onSnapshot(() => tellOs({ t: 'snapshotWanted' }));
  process.on('message', (message: unknown) => {
    if (isToApp(message)) obey(message);
  });
  process.on('disconnect', ending.end);
  process.on('SIGTERM', ending.end);
  // A terminal's Ctrl-C reaches every process of its group: the OS end says when to end.
  process.on('SIGINT', () => undefined);
  tellOs({ t: 'ready' });
}

main();
