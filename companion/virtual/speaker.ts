/**
 * The phone's speaker: libwebrtc's decoded 10 ms frames through the model's gates.
 *
 *   jitter buffer -> sink -> render gate -> hardware clock -> audible or zeros -> [render.flow] -> speaker (and its log)
 *
 * The hardware clock takes 100 frames a second and no more. After SIGCONT libwebrtc's audio thread makes up for the whole stop
 * at once (500 frames in 9 ms after 5 s, measured); a real audio unit never pulls them, so they are dropped here.
 */
import type { AudioGates } from '../../shared/iphone/interface.ts';
import { FRAME_MICROS } from '../../shared/pcm/frame.ts';
import { createLevelMeter, SILENCE_DBFS } from '../../shared/pcm/level.ts';
import { isZeroFrame } from '../../shared/pcm/zero-run.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import { createFrameFlow, type FlowEdge } from './flow.ts';
import { GAP_MICROS } from './heartbeat.ts';
import type { AudioSink, AudioTrack, Libwebrtc } from './libwebrtc.ts';

export interface SpeakerPorts {
  readonly Sink: Libwebrtc['nonstandard']['RTCAudioSink'];
  now(): DeviceTime;
  onRender(edge: FlowEdge): void;
  /** Every frame as it came out of the decoder. */
  onDecoded(at: DeviceTime, samples: Int16Array): void;
  /** Every frame as it reaches the speaker. */
  onPlayed?(at: DeviceTime, samples: Int16Array): void;
}
export interface Speaker {
  /** Plays this track instead of the one before: a renegotiation announces the same track again. */
  attach(track: AudioTrack): void;
  detach(): void;
  setGates(gates: AudioGates): void;
  /** To be called every few milliseconds. */
  tick(): void;
  /** RMS of the last 50 ms in dBFS; -120 when nothing is played. */
  dbfs(): number;
}

/** libwebrtc's audio thread on a busy machine has been seen 40 ms late. */
const IDLE_MICROS = 60_000;
/** A tick later than this means that frames may be waiting unseen behind it. */
const ON_TIME_MICROS = 20_000;
/** Frames that a late event loop may hand over at once; the stop that makes more is a real one. */
const MAX_CREDIT = GAP_MICROS / FRAME_MICROS;

export function createSpeaker(ports: SpeakerPorts): Speaker {
  const flow = createFrameFlow({ idleMicros: IDLE_MICROS, lostMicros: GAP_MICROS }, ports.onRender);
  const meter = createLevelMeter();
  let gates: AudioGates | undefined;
  let sink: AudioSink | undefined;
  let credit = 1;
  let arrivedAt = ports.now();
  let tickedAt = ports.now();

  /** Whether the hardware has time for this frame. */
  const taken = (at: DeviceTime): boolean => {
    const since = at - arrivedAt;
    arrivedAt = at;
    credit = since > GAP_MICROS ? 0 : Math.min(MAX_CREDIT, credit + since / FRAME_MICROS);
    // Half a frame of grace: the audio thread's own jitter must not cost a frame.
    if (credit < 0.5) return false;
    credit -= 1;
    return true;
  };
  const play = (samples: Int16Array) => {
    const at = ports.now();
    if (gates?.render !== 'running') return;
    if (!taken(at)) return;
    ports.onDecoded(at, samples);
    const audible = gates.speaker === 'audible' ? samples : new Int16Array(samples.length);
    meter.push(audible);
    flow.frame(at, isZeroFrame(audible));
    ports.onPlayed?.(at, audible);
  };
  const detach = () => {
    if (sink === undefined) return;
    sink.ondata = null;
    sink.stop();
    sink = undefined;
  };
  return {
    attach(track) {
      detach();
      sink = new ports.Sink(track);
      sink.ondata = (data) => play(data.samples);
    },
    detach,
    setGates(next) {
      gates = next;
    },
    tick() {
      const at = ports.now();
      const onTime = at - tickedAt < ON_TIME_MICROS;
      tickedAt = at;
      if (!onTime) return;
      flow.idle(at);
      if (flow.state === 'stopped') meter.reset();
    },
    dbfs: () => (flow.state === 'stopped' ? SILENCE_DBFS : meter.dbfs()),
  };
}
