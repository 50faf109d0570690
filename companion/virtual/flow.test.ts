import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import { createFrameFlow, type FlowEdge } from './flow.ts';

/** One character a 10 ms slot: `s` sound, `0` zeros, `.` no frame (and a look whether frames have stopped). */
function run(slots: string, from = 0, step = 10_000) {
  const edges: FlowEdge[] = [];
  const flow = createFrameFlow({ idleMicros: 30_000, lostMicros: 130_000 }, (edge) => edges.push(edge));
  [...slots].forEach((slot, index) => {
    const at = deviceTime(from + index * step);
    if (slot === '.') flow.idle(at);
    else flow.frame(at, slot === '0');
  });
  return { flow, edges: edges.map((edge) => `${edge.from}>${edge.to}@${edge.edgeAt / 10_000}`) };
}

describe('flow edges out of frames', () => {
  it('begin with the first frame of sound and end with the last one', () => {
    expect(run('..sss.....ss').edges).toEqual(['stopped>flowing@2', 'flowing>stopped@4', 'stopped>flowing@10']);
  });

  it('need a run of exact zeros, dated back to the last sound', () => {
    expect(run('sss0000s').edges).toEqual(['stopped>flowing@0']);
    expect(run('sss00000s').edges).toEqual(['stopped>flowing@0', 'flowing>zeros@2', 'zeros>flowing@8']);
  });

  it('date a stop after a few zeros back to the last sound, and one after a run to the last zeros', () => {
    expect(run('ss00.....').edges).toEqual(['stopped>flowing@0', 'flowing>stopped@1']);
    expect(run('ss000000.....').edges).toEqual(['stopped>flowing@0', 'flowing>zeros@1', 'zeros>stopped@7']);
  });

  it('say zeros, not flowing, when zeros are all that comes back', () => {
    expect(run('ss.....00000').edges).toEqual(['stopped>flowing@0', 'flowing>stopped@1', 'stopped>zeros@7']);
  });

  it('do not take a short pause for a stop', () => {
    expect(run('sss..sss').edges).toEqual(['stopped>flowing@0']);
  });

  it('find a stop that nobody looked at while it lasted, but not frames that were only late', () => {
    const edges: FlowEdge[] = [];
    const flow = createFrameFlow({ idleMicros: 30_000, lostMicros: 130_000 }, (edge) => edges.push(edge));
    flow.frame(deviceTime(0), false);
    flow.frame(deviceTime(120_000), false);
    expect(edges).toHaveLength(1);
    flow.frame(deviceTime(4_000_000), false);
    expect(edges.slice(1).map(({ to, edgeAt }) => [to, edgeAt])).toEqual([
      ['stopped', 120_000],
      ['flowing', 4_000_000],
    ]);
  });

  it('say nothing before the first frame', () => {
    expect(run('.....').edges).toEqual([]);
  });
});
