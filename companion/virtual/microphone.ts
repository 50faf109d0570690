/**
 * The phone's microphone: a voice cut into 10 ms frames, through the model's gates, into libwebrtc's encoder.
 *
 *   voice -> capture gate (running | stopped) -> signal or zeros -> [capture.flow] -> app's mute -> encoder [tx.flow]
 *
 * A stopped unit hands over nothing at all: RTP stops, as on a phone. Zeros and mute go on as frames of silence.
 */
import type { AudioGates } from '../../shared/iphone/interface.ts';
import { FRAME_MICROS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../shared/pcm/frame.ts';
import { createLevelMeter, SILENCE_DBFS } from '../../shared/pcm/level.ts';
import { createFrameSchedule } from '../../shared/pcm/schedule.ts';
import type { Voice } from '../../shared/pcm/voice.ts';
import { isZeroFrame } from '../../shared/pcm/zero-run.ts';
import type { DeviceTime } from '../../shared/time/time.ts';
import { createFrameFlow, type FlowEdge } from './flow.ts';
import type { AudioSource, AudioTrack } from './libwebrtc.ts';

export interface MicrophonePorts {
  readonly voice: Voice;
  readonly source: AudioSource;
  readonly track: AudioTrack;
  now(): DeviceTime;
  onCapture(edge: FlowEdge): void;
  onTx(edge: FlowEdge): void;
}
export interface Microphone {
  setGates(gates: AudioGates): void;
  /** Does a call take the frames? Without one nothing is encoded. */
  setEncoding(encoding: boolean): void;
  /** To be called every few milliseconds: hands over the frames that are due. */
  tick(): void;
  /** RMS of the last 50 ms in dBFS; -120 when nothing is captured. */
  dbfs(): number;
}

/** The frames come from our own clock: three missed in a row means the gate is shut. */
const IDLE_MICROS = 3 * FRAME_MICROS;
/**
 * A machine with more to do than it can has kept this process waiting for 180 ms; a phone's microphone would not have noticed.
 * What is owed beyond this is lost: a stop of the process.
 */
const MAX_FRAMES_OWED = 50;
const LOST_MICROS = (MAX_FRAMES_OWED + 1) * FRAME_MICROS;
const ZEROS = new Int16Array(FRAME_SAMPLES);

export function createMicrophone(ports: MicrophonePorts): Microphone {
  const schedule = createFrameSchedule(ports.now(), MAX_FRAMES_OWED);
  const limits = { idleMicros: IDLE_MICROS, lostMicros: LOST_MICROS };
  const capture = createFrameFlow(limits, ports.onCapture);
  const tx = createFrameFlow(limits, ports.onTx);
  const meter = createLevelMeter();
  let gates: AudioGates | undefined;
  let encoding = false;

  const handOver = (at: DeviceTime) => {
    // The voice goes on behind a shut gate: a talker does not wait for the phone.
    const spoken = ports.voice.next();
    if (gates?.capture !== 'running') return;
    // libwebrtc reads the array later, on its own thread: each frame needs its own.
    const samples = gates.microphone === 'signal' ? spoken : ZEROS.slice();
    const zeros = isZeroFrame(samples);
    meter.push(samples);
    capture.frame(at, zeros);
    ports.source.onData({
      samples,
      sampleRate: SAMPLE_RATE_HZ,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: FRAME_SAMPLES,
    });
    if (encoding) tx.frame(at, zeros || !gates.trackEnabled);
  };
  return {
    setGates(next) {
      gates = next;
      ports.track.enabled = next.trackEnabled;
    },
    setEncoding(next) {
      encoding = next;
    },
    tick() {
      const at = ports.now();
      for (let owed = schedule.due(at); owed > 0; owed -= 1) handOver(at);
      capture.idle(at);
      tx.idle(at);
      if (capture.state === 'stopped') meter.reset();
    },
    dbfs: () => (capture.state === 'stopped' ? SILENCE_DBFS : meter.dbfs()),
  };
}
