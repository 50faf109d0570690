import { describe, expect, it } from 'vitest';
import {
  outageWithin,
  packetOutages,
  RECORD_BYTES,
  readPacketLog,
  readSpeakerLog,
  type SpeakerFrame,
  speakerOutages,
  toneOf,
} from './ground.ts';

/** The truth voice, made here from its definition alone. */
function voice(seconds: number): Float64Array {
  const samples = new Float64Array(seconds * 48_000);
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const hertz = 500 + 2000 * ((index / 48_000) % 1);
    phase += (2 * Math.PI * hertz) / 48_000;
    samples[index] = 8231 * Math.sin(phase);
  }
  return samples;
}
function framesOf(samples: Float64Array, noise = 0): SpeakerFrame[] {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  return Array.from({ length: Math.floor(samples.length / 480) }, (_, frame) => ({
    at: frame * 10_000,
    samples: Int16Array.from({ length: 480 }, (_unused, index) =>
      Math.round((samples[frame * 480 + index] ?? 0) + noise * random()),
    ),
  }));
}

describe('ground truth of a speaker', () => {
  it('reads the tone of a frame within a few hertz', () => {
    const frames = framesOf(voice(0.9));
    for (const [index, frame] of frames.entries())
      expect(Math.abs(toneOf(frame.samples) - (510 + index * 20))).toBeLessThan(15);
  });
  it('finds no outage in a whole voice, wraps and noise included', () => {
    expect(speakerOutages(framesOf(voice(10), 800))).toEqual([]);
  });
  it('times repeated (made up) audio to within 20 ms, although it is loud', () => {
    const samples = voice(6);
    // From 2.2 s a jitter buffer repeats the last 5 ms, fading over 150 ms; decoded audio is back at 3.7 s.
    const from = 105_600;
    for (let index = from; index < 177_600; index += 1) {
      samples[index] = (samples[from - 240 + ((index - from) % 240)] ?? 0) * Math.max(0, 1 - (index - from) / 7200);
    }
    const [outage, ...others] = speakerOutages(framesOf(samples));
    expect(others).toEqual([]);
    expect(Math.abs((outage?.start ?? 0) - 2_190_000)).toBeLessThanOrEqual(20_000);
    expect(Math.abs((outage?.end ?? 0) - 3_700_000)).toBeLessThanOrEqual(20_000);
  });
  it('sees frames that never came', () => {
    const frames = framesOf(voice(4)).filter((frame) => frame.at < 1_000_000 || frame.at >= 2_500_000);
    const [outage] = speakerOutages(frames);
    expect(Math.abs((outage?.start ?? 0) - 990_000)).toBeLessThanOrEqual(20_000);
    expect(Math.abs((outage?.end ?? 0) - 2_500_000)).toBeLessThanOrEqual(20_000);
  });
});

describe('logs', () => {
  it('survive a torn last record', () => {
    const bytes = new Uint8Array(RECORD_BYTES * 2 + 100);
    new DataView(bytes.buffer).setFloat64(0, 1234, true);
    new DataView(bytes.buffer).setInt16(8, -5, true);
    const frames = readSpeakerLog(bytes);
    expect(frames).toHaveLength(2);
    expect(frames[0]?.at).toBe(1234);
    expect(frames[0]?.samples[0]).toBe(-5);
  });
  it('give the gap in forwarded RTP, not in other packets or dropped ones', () => {
    const lines = [
      '0,uplink,80,rtp,111,forwarded',
      '20000,uplink,80,rtp,111,forwarded',
      '500000,uplink,80,stun,,forwarded',
    ];
    lines.push(
      '600000,uplink,80,rtp,111,dropped',
      '700000,downlink,80,rtp,111,forwarded',
      '900000,uplink,80,rtp,111,forwarded',
      '910000,upl',
    );
    const outages = packetOutages(readPacketLog(lines.join('\n')), 'uplink');
    expect(outages).toEqual([{ start: 20_000, end: 900_000 }]);
    expect(outageWithin(outages, 0, 10_000)).toBeUndefined();
    expect(outageWithin(outages, 100_000, 200_000)).toEqual({ start: 20_000, end: 900_000 });
  });
});
