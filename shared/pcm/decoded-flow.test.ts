import { describe, expect, it } from 'vitest';
import { createDecodedFlow } from './decoded-flow.ts';
import type { FlowEdge } from './flow.ts';
import { createVoice } from './voice.ts';

const SILENCE = new Int16Array(480);

/** Plays 10 ms steps; reads every tenth, as the processes do. */
function hear(steps: readonly ('voice' | 'zeros' | 'concealed')[]): FlowEdge[] {
  const flow = createDecodedFlow();
  const voice = createVoice('speech', 3);
  const edges: FlowEdge[] = [];
  let concealed = 0;
  for (const [index, step] of steps.entries()) {
    const at = 1_000_000 + index * 10_000;
    if (step === 'concealed') concealed += 480;
    flow.frame(step === 'voice' ? voice.next() : SILENCE, at);
    if (index % 10 === 9)
      edges.push(
        ...flow.reading({
          at: at + 1000,
          totalSamplesReceived: (index + 1) * 480,
          concealedSamples: concealed,
          packetsReceived: index,
        }),
      );
  }
  return edges;
}
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const names = (edges: readonly FlowEdge[]) => edges.map((edge) => `${edge.from}>${edge.to}`);

describe('decoded flow', () => {
  it('calls a talker flowing through all pauses between phrases', () => {
    expect(names(hear(times(1000, 'voice' as const)))).toEqual(['stopped>flowing']);
  });

  it('tells exact silence from speech, with the instants of the frames themselves', () => {
    const edges = hear([
      ...times(55, 'voice' as const),
      ...times(100, 'zeros' as const),
      ...times(100, 'voice' as const),
    ]);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>zeros', 'zeros>flowing']);
    expect(edges[1]?.edgeAt).toBe(1_000_000 + 54 * 10_000);
    expect(edges[2]?.edgeAt).toBe(1_000_000 + 155 * 10_000);
  });

  it('keeps the silence inside concealment concealed', () => {
    const edges = hear([
      ...times(55, 'voice' as const),
      ...times(100, 'concealed' as const),
      ...times(100, 'voice' as const),
    ]);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>concealed', 'concealed>flowing']);
  });

  it('says zeros, not flowing, when what comes back after an outage is digital silence', () => {
    const edges = hear([
      ...times(55, 'voice' as const),
      ...times(100, 'concealed' as const),
      ...times(100, 'zeros' as const),
      ...times(50, 'voice' as const),
    ]);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>concealed', 'concealed>zeros', 'zeros>flowing']);
  });

  it('begins to flow with the first sound when the decoder still gives zeros for a frame or three', () => {
    const edges = hear([
      ...times(50, 'voice' as const),
      ...times(97, 'concealed' as const),
      ...times(3, 'zeros' as const),
      ...times(100, 'voice' as const),
    ]);
    expect(names(edges)).toEqual(['stopped>flowing', 'flowing>concealed', 'concealed>flowing']);
    expect(edges[2]?.edgeAt).toBe(1_000_000 + 150 * 10_000);
  });
});
