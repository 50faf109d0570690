/** The agent speaks without end: frames due by the monotonic clock, from a timer aimed at the next one. */
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../../shared/pcm/frame.ts';
import { createLevelMeter } from '../../../shared/pcm/level.ts';
import { createFrameSchedule } from '../../../shared/pcm/schedule.ts';
import type { Voice } from '../../../shared/pcm/voice.ts';
import type { DeviceTime } from '../../../shared/time/time.ts';
import type { AudioSource } from './wrtc.ts';

export interface Speaking {
  /** RMS of the last 50 ms spoken. */
  dbfs(): number;
  stop(): void;
}

export function startSpeaking(source: AudioSource, voice: Voice, now: () => DeviceTime): Speaking {
  const meter = createLevelMeter();
  const schedule = createFrameSchedule(now());
  let timer: ReturnType<typeof setTimeout>;
  const tick = () => {
    for (let owed = schedule.due(now()); owed > 0; owed -= 1) {
      const samples = voice.next();
      meter.push(samples);
      source.onData({
        samples,
        sampleRate: SAMPLE_RATE_HZ,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: FRAME_SAMPLES,
      });
    }
    timer = setTimeout(tick, Math.max(1, (schedule.nextAt - now()) / 1000));
  };
  tick();
  return { dbfs: meter.dbfs, stop: () => clearTimeout(timer) };
}
