import { describe, expect, it } from 'vitest';
import type { AudioGates } from '../../shared/iphone/interface.ts';
import { FRAME_SAMPLES } from '../../shared/pcm/frame.ts';
import { deviceTime } from '../../shared/time/time.ts';
import type { AudioTrack } from './libwebrtc.ts';
import { createMicrophone } from './microphone.ts';

const OPEN: AudioGates = {
  capture: 'running',
  microphone: 'signal',
  render: 'running',
  speaker: 'audible',
  trackEnabled: true,
};

function createTestMicrophone() {
  let now = 0;
  const encoded: Int16Array[] = [];
  const capture: string[] = [];
  const tx: string[] = [];
  const track: AudioTrack = { enabled: true, stop: () => undefined };
  const microphone = createMicrophone({
    voice: { next: () => new Int16Array(FRAME_SAMPLES).fill(500) },
    source: { createTrack: () => track, onData: ({ samples }) => encoded.push(samples) },
    track,
    now: () => deviceTime(now),
    onCapture: (edge) => capture.push(`${edge.to}@${edge.edgeAt / 1000}`),
    onTx: (edge) => tx.push(`${edge.to}@${edge.edgeAt / 1000}`),
  });
  microphone.setGates(OPEN);
  microphone.setEncoding(true);
  const pass = (milliseconds: number, tickMilliseconds = 5) => {
    for (let passed = 0; passed < milliseconds; passed += tickMilliseconds) {
      now += tickMilliseconds * 1000;
      microphone.tick();
    }
  };
  return { microphone, track, encoded, capture, tx, pass };
}

describe('the microphone', () => {
  it('hands over 100 frames a second, each in an array of its own', () => {
    const { encoded, pass } = createTestMicrophone();
    pass(1000);
    expect(encoded).toHaveLength(101);
    expect(new Set(encoded).size).toBe(101);
  });

  it('hands over nothing while the unit is stopped, and says when it stopped and came back', () => {
    const { microphone, encoded, capture, tx, pass } = createTestMicrophone();
    pass(100);
    microphone.setGates({ ...OPEN, capture: 'stopped' });
    const before = encoded.length;
    pass(500);
    expect(encoded).toHaveLength(before);
    expect(microphone.dbfs()).toBe(-120);
    microphone.setGates(OPEN);
    pass(100);
    expect(capture).toEqual(['flowing@5', 'stopped@100', 'flowing@610']);
    expect(tx).toEqual(capture);
  });

  it('hands over frames of zeros when the route has no input', () => {
    const { microphone, encoded, capture, pass } = createTestMicrophone();
    pass(100);
    microphone.setGates({ ...OPEN, microphone: 'zeros' });
    pass(200);
    expect(encoded.slice(-10).every((samples) => samples.every((sample) => sample === 0))).toBe(true);
    expect(capture).toEqual(['flowing@5', 'zeros@100']);
  });

  it('keeps capturing while the app is muted: only what is sent falls silent', () => {
    const { microphone, track, capture, tx, pass } = createTestMicrophone();
    pass(100);
    microphone.setGates({ ...OPEN, trackEnabled: false });
    pass(200);
    expect(track.enabled).toBe(false);
    expect(capture).toEqual(['flowing@5']);
    expect(tx).toEqual(['flowing@5', 'zeros@100']);
  });

  it('sends nothing without a call', () => {
    const { microphone, capture, tx, pass } = createTestMicrophone();
    microphone.setEncoding(false);
    pass(100);
    expect(capture).toEqual(['flowing@5']);
    expect(tx).toEqual([]);
  });

  it('makes up for a late timer, and forgets what a stop of the process would owe', () => {
    const { encoded, capture, pass } = createTestMicrophone();
    pass(100);
    const before = encoded.length;
    pass(80, 80);
    expect(encoded.length - before).toBe(8);
    pass(4000, 4000);
    expect(encoded.length - before).toBe(9);
    expect(capture).toEqual(['flowing@5', 'stopped@180', 'flowing@4180']);
  });
});
