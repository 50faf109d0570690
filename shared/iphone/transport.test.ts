import { describe, expect, it } from 'vitest';
import { deviceTime } from '../time/time.ts';
import { createTransport, stepTransport, type TransportEffect, type TransportInput } from './transport.ts';

type Input = TransportInput extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never;

/** Plays inputs at seconds and answers with what was said, in milliseconds. */
const play = (seed: number, inputs: readonly (readonly [number, Input])[], seconds: number) => {
  let state = createTransport(seed);
  const said: { readonly at: number; readonly effect: TransportEffect }[] = [];
  let due: { at: number; input: Input }[] = inputs.map(([second, input]) => ({ at: second * 1e6, input }));
  for (;;) {
    due.sort((one, other) => one.at - other.at);
    const next = due[0];
    if (next === undefined || next.at > seconds * 1e6) break;
    due = due.slice(1);
    const result = stepTransport(state, { ...next.input, at: deviceTime(next.at) } as TransportInput);
    state = result.state;
    for (const effect of result.effects) {
      said.push({ at: next.at / 1000, effect });
      if (effect.kind === 'schedule')
        due.push({ at: next.at + effect.after, input: { kind: 'timer', timerId: effect.timerId } });
    }
  }
  const ice = said.flatMap(({ at, effect }) => (effect.kind === 'iceState' ? [{ at, state: effect.state }] : []));
  const rx = said.flatMap(({ at, effect }) => (effect.kind === 'rxFlowing' ? [{ at, on: effect.flowing }] : []));
  const tx = said.flatMap(({ at, effect }) => (effect.kind === 'txArrives' ? [{ at, on: effect.arrives }] : []));
  return { state, said, ice, rx, tx };
};

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

describe('transport in virtual time', () => {
  it('a hole of 8 s is disconnected before it ends and heals within 60 ms of the path, without a restart', () => {
    for (const seed of seeds) {
      const { ice, rx, tx } = play(
        seed,
        [
          [0, { kind: 'start' }],
          [5, { kind: 'path.blackhole' }],
          [13, { kind: 'path.heal' }],
        ],
        30,
      );
      expect(ice.map(({ state }) => state)).toEqual(['connected', 'disconnected', 'connected']);
      expect(rx.map(({ on }) => on)).toEqual([true, false, true]);
      expect((rx[2]?.at ?? 0) - 13_000).toBeLessThan(60);
      expect((tx[2]?.at ?? 0) - 13_000).toBeLessThan(60);
    }
  });
  it('a hole of 35 s fails about 17 s in and stays failed until ICE is restarted', () => {
    for (const seed of seeds) {
      const hole: (readonly [number, Input])[] = [
        [0, { kind: 'start' }],
        [5, { kind: 'path.blackhole' }],
        [40, { kind: 'path.heal' }],
      ];
      const left = play(seed, hole, 120);
      expect(left.state.ice).toBe('failed');
      expect(left.state.rxFlowing).toBe(false);
      const failed = left.ice.find(({ state }) => state === 'failed')?.at ?? 0;
      expect(failed - 5000).toBeGreaterThan(15_000);
      expect(failed - 5000).toBeLessThan(18_000);
      const restarted = play(seed, [...hole, [41, { kind: 'iceRestart' }]], 60);
      expect(restarted.ice.slice(-3).map(({ state }) => state)).toEqual(['failed', 'disconnected', 'connected']);
      expect((restarted.rx.at(-1)?.at ?? 0) - 41_000).toBeLessThan(220);
      expect(restarted.said.some(({ effect }) => effect.kind === 'iceRestarted' && effect.ok)).toBe(true);
    }
  });
  it('a restart into a dead path does not help, and the path coming back later does', () => {
    const { ice, state } = play(
      3,
      [
        [0, { kind: 'start' }],
        [1, { kind: 'path.blackhole' }],
        [20, { kind: 'iceRestart' }],
        [24, { kind: 'path.heal' }],
      ],
      60,
    );
    expect(ice.map((one) => one.state)).toEqual(['connected', 'disconnected', 'failed', 'disconnected', 'connected']);
    expect(state).toMatchObject({ rxFlowing: true, txArrives: true });
  });
  it('a one-way hole stops one direction only, at first', () => {
    const { rx, tx } = play(
      1,
      [
        [0, { kind: 'start' }],
        [2, { kind: 'path.blackhole', direction: 'uplink' }],
      ],
      6,
    );
    expect(tx.at(-1)).toEqual({ at: 2000, on: false });
    expect(rx.at(-1)?.on).toBe(true);
  });
  it('a rebinding heals by itself within 3 s and never shows in the ICE state', () => {
    for (const seed of seeds) {
      const { ice, rx, tx } = play(
        seed,
        [
          [0, { kind: 'start' }],
          [5, { kind: 'path.rebind' }],
        ],
        20,
      );
      expect(ice).toHaveLength(1);
      expect(Math.abs((tx.at(-1)?.at ?? 0) - 6900)).toBeLessThanOrEqual(100);
      expect(Math.abs((rx.at(-1)?.at ?? 0) - 7700)).toBeLessThanOrEqual(100);
    }
  });
  it('bindings that expire in sleep are made anew by the overdue checks right after the resume', () => {
    const sleep = (expire: boolean) =>
      play(
        2,
        [
          [0, { kind: 'start' }],
          [5, { kind: 'suspended' }],
          ...(expire ? [[8, { kind: 'path.expireBindings' }] as const] : []),
          [17, { kind: 'resumed' }],
        ],
        40,
      );
    expect((sleep(false).rx.at(-1)?.at ?? 0) - 17_000).toBeLessThan(21);
    const back = (sleep(true).rx.at(-1)?.at ?? 0) - 17_000;
    expect(back).toBeGreaterThanOrEqual(40);
    expect(back).toBeLessThanOrEqual(140);
    expect(sleep(true).state).toMatchObject({ rxFlowing: true, txArrives: true, ice: 'connected' });
  });
  it('same seed, same bytes', () => {
    const once = () =>
      JSON.stringify(
        play(
          9,
          [
            [0, { kind: 'start' }],
            [1, { kind: 'path.blackhole' }],
          ],
          60,
        ).said,
      );
    expect(once()).toBe(once());
  });
});
