import { describe, expect, it } from 'vitest';
import type { AudioGates } from '../../shared/iphone/interface.ts';
import { FRAME_SAMPLES } from '../../shared/pcm/frame.ts';
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';
import type { FlowEdge } from './flow.ts';
import type { AudioData, AudioTrack } from './libwebrtc.ts';
import { createSpeaker } from './speaker.ts';

const OPEN: AudioGates = {
  capture: 'running',
  microphone: 'signal',
  render: 'running',
  speaker: 'audible',
  trackEnabled: true,
};
const SOUND = new Int16Array(FRAME_SAMPLES).fill(1000);
const TRACK: AudioTrack = { enabled: true, stop: () => undefined };

function createTestSpeaker() {
  let now = 0;
  const sinks: { ondata: ((data: AudioData) => void) | null; stopped: boolean }[] = [];
  class Sink {
    ondata: ((data: AudioData) => void) | null = null;
    stopped = false;
    constructor() {
      sinks.push(this);
    }
    stop() {
      this.stopped = true;
    }
  }
  const edges: FlowEdge[] = [];
  const played: { readonly at: DeviceTime; readonly loud: boolean }[] = [];
  const speaker = createSpeaker({
    Sink,
    now: () => deviceTime(now),
    onRender: (edge) => edges.push(edge),
    onDecoded: () => undefined,
    onPlayed: (at, samples) => played.push({ at, loud: samples.some((sample) => sample !== 0) }),
  });
  speaker.setGates(OPEN);
  speaker.attach(TRACK);
  const frame = (sink = sinks.at(-1)) => sink?.ondata?.({ samples: SOUND, sampleRate: 48_000, channelCount: 1 });
  const pass = (milliseconds: number, frames: boolean) => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      now += 10_000;
      if (frames) frame();
      speaker.tick();
    }
  };
  return {
    speaker,
    sinks,
    edges,
    played,
    frame,
    pass,
    jump: (milliseconds: number) => {
      now += milliseconds * 1000;
    },
  };
}

describe('the speaker', () => {
  it('plays what is decoded, and says when that began and ended', () => {
    const { edges, played, pass, speaker } = createTestSpeaker();
    pass(500, true);
    expect(played).toHaveLength(50);
    expect(speaker.dbfs()).toBeGreaterThan(-40);
    pass(200, false);
    expect(edges.map(({ to, edgeAt }) => [to, edgeAt])).toEqual([
      ['flowing', 10_000],
      ['stopped', 500_000],
    ]);
    expect(speaker.dbfs()).toBe(-120);
  });

  it('writes zeros while the session is inactive, and nothing while the unit is stopped', () => {
    const { edges, played, pass, speaker } = createTestSpeaker();
    pass(200, true);
    speaker.setGates({ ...OPEN, speaker: 'silent' });
    pass(200, true);
    expect(played.slice(20).every(({ loud }) => !loud)).toBe(true);
    expect(played).toHaveLength(40);
    speaker.setGates({ ...OPEN, render: 'stopped' });
    pass(200, true);
    expect(played).toHaveLength(40);
    expect(edges.map(({ to }) => to)).toEqual(['flowing', 'zeros', 'stopped']);
  });

  it('drops the burst by which libwebrtc makes up for a stop of the process', () => {
    const { frame, jump, pass, played, speaker } = createTestSpeaker();
    pass(200, true);
    const before = played.length;
    jump(5000);
    for (let index = 0; index < 500; index += 1) frame();
    expect(played.length - before).toBeLessThanOrEqual(1);
    speaker.tick();
    pass(1000, true);
    expect(played.length - before).toBeGreaterThanOrEqual(99);
    expect(played.length - before).toBeLessThanOrEqual(102);
  });

  it('plays frames that a late event loop hands over at once', () => {
    const { edges, frame, jump, pass, played, speaker } = createTestSpeaker();
    pass(200, true);
    jump(300);
    speaker.tick();
    for (let index = 0; index < 30; index += 1) frame();
    pass(100, true);
    expect(played).toHaveLength(60);
    expect(edges.map(({ to }) => to)).toEqual(['flowing']);
  });

  it('listens to one track only when the same one is announced again', () => {
    const { frame, pass, played, sinks, speaker } = createTestSpeaker();
    pass(100, true);
    speaker.attach(TRACK);
    expect(sinks.map(({ stopped }) => stopped)).toEqual([true, false]);
    frame(sinks[0]);
    expect(played).toHaveLength(10);
  });
});
