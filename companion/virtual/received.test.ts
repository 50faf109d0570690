import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import { createReceived } from './received.ts';
import type { StatsReading } from './stats.ts';

const SOUND = new Int16Array(480).fill(700);
/** Frames every 10 ms and readings every 100 ms, with the counters a stretch of decoded or concealed audio leaves. */
function receiving() {
  let milliseconds = 0;
  let total = 0;
  let concealed = 0;
  let packets = 0;
  const edges: string[] = [];
  const received = createReceived((edge) => edges.push(`${edge.from}>${edge.to}@${Math.round(edge.edgeAt / 10_000)}`));
  const read = () =>
    received.reading({
      at: deviceTime(milliseconds * 1000),
      sample: { totalSamplesReceived: total, concealedSamples: concealed, packetsReceived: packets },
      concealmentEvents: undefined,
      dtls: undefined,
      pair: undefined,
      stun: undefined,
      receiverReport: undefined,
    } satisfies StatsReading);
  return {
    received,
    edges,
    read,
    play(forMilliseconds: number, real = true) {
      for (let passed = 0; passed < forMilliseconds; passed += 10) {
        milliseconds += 10;
        total += 480;
        if (real) packets += 0.5;
        else concealed += 480;
        received.frame(deviceTime(milliseconds * 1000), SOUND);
        if (milliseconds % 100 === 0) read();
      }
    },
    /** The process stands still; on waking the counters jump by the whole stop, in one burst of frames. */
    freeze(forMilliseconds: number) {
      const fromAt = deviceTime(milliseconds * 1000);
      milliseconds += forMilliseconds;
      total += forMilliseconds * 48;
      concealed += forMilliseconds * 48;
      received.frame(deviceTime(milliseconds * 1000), SOUND);
      received.frozen(fromAt, deviceTime(milliseconds * 1000));
      read();
    },
  };
}

describe('rx.flow', () => {
  it('follows concealment', () => {
    const { edges, play } = receiving();
    play(1000);
    play(1000, false);
    play(1000);
    expect(edges.map((edge) => edge.split('@')[0])).toEqual([
      'stopped>flowing',
      'flowing>concealed',
      'concealed>flowing',
    ]);
    expect(Number(edges[1]?.split('@')[1])).toBeCloseTo(100, -1);
    expect(Number(edges[2]?.split('@')[1])).toBeCloseTo(200, -1);
  });

  it('stops with the last frame before a stop of the process, and begins again after it', () => {
    const { edges, freeze, play } = receiving();
    play(1000);
    freeze(5000);
    play(500);
    expect(edges.slice(1)[0]).toBe('flowing>stopped@100');
    const back = edges.at(-1) ?? '';
    expect(back).toMatch(/>flowing@/);
    expect(Number(back.split('@')[1])).toBeGreaterThanOrEqual(600);
    expect(Number(back.split('@')[1])).toBeLessThanOrEqual(603);
  });

  it('stops with the call', () => {
    const { edges, play, received } = receiving();
    play(1000);
    received.ended();
    expect(edges.at(-1)).toBe('flowing>stopped@100');
    received.ended();
    expect(edges).toHaveLength(2);
  });
});
