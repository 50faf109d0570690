/** The simulated phone as a user meets it: real processes, a real call. Needs the built rooms; takes about 8 s. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, descendantsOf, livingOf, startBench } from './testing/bench.ts';

const goneWithin = async (pids: readonly number[], milliseconds: number): Promise<readonly number[]> => {
  const deadline = performance.now() + milliseconds;
  while (livingOf(pids).length > 0 && performance.now() < deadline) await sleep(50);
  return livingOf(pids);
};
const bothFlow = async (bench: Bench, since: number): Promise<void> => {
  await Promise.all([
    bench.seen('tx.flow', ({ data }) => data.to === 'flowing', 8000, since),
    bench.seen('rx.flow', ({ data }) => data.to === 'flowing', 8000, since),
    bench.seen('render.flow', ({ data }) => data.to === 'flowing', 8000, since),
  ]);
};
const statsSince = (bench: Bench, since: number) =>
  bench.samples.flatMap((sample) => (sample.kind === 'stats' && sample.at >= since ? [sample] : []));

describe('a simulated phone in a call', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 20_000);
  afterAll(() => bench.stop());

  it('comes up by itself, with claims and evidence that agree', async () => {
    await bothFlow(bench, 0);
    await bench.seen('webrtc.state', ({ data }) => data.peerConnection === 'connected' && data.dtls === 'connected');
    await bench.seen('webrtc.pair', ({ data }) => data.protocol === 'udp' && data.generation !== '');
    await bench.seen('unit.state', ({ data }) => data.state === 'started' && data.playing && data.recording);
    await bench.seen('session.snapshot', ({ data }) => data.active && data.route.outputs[0]?.type === 'Receiver');
    await bench.seen('transport.proof', ({ data }) => data.via === 'stun');
    await bench.seen('farEnd.flow', ({ data }) => data.to === 'flowing');
  });

  it('stops RTP and playout for real while a phone call rings, and has both back after it is declined', async () => {
    const began = bench.now();
    bench.inject('phone.ring');
    await bench.seen('cause.began', ({ data }) => data.cause === 'phoneCall', 2000, began);
    const out = await bench.seen('render.flow', ({ data }) => data.to === 'stopped', 3000, began);
    await bench.seen('tx.flow', ({ data }) => data.to === 'stopped', 3000, began);
    await bench.seen('rx.flow', ({ data }) => data.to === 'stopped', 3000, began);
    // A frame captured last may still be on its way through the encoder: look from a little later on.
    const quiet = out.data.edgeAt + 200_000;
    await sleep(1000);
    const silent = statsSince(bench, quiet).map(({ data }) => data);
    expect(silent.length).toBeGreaterThan(5);
    expect(new Set(silent.map(({ packetsSent }) => packetsSent)).size).toBe(1);
    expect(new Set(silent.map(({ totalSamplesReceived }) => totalSamplesReceived)).size).toBe(1);
    // The far end talks on: its packets arrive, and nobody plays them.
    const received = silent.map(({ packetsReceived }) => packetsReceived ?? 0);
    expect(Math.max(...received) - Math.min(...received)).toBeGreaterThan(20);

    const declined = bench.now();
    const injectId = bench.inject('phone.decline');
    await bench.seen('cause.cleared', ({ data }) => data.how === 'declined', 2000, declined);
    await bothFlow(bench, declined);
    const phases = bench.events.flatMap((event) =>
      event.kind === 'inject.state' && event.data.injectId === injectId ? [event.data.phase] : [],
    );
    expect(phases).toEqual(['accepted', 'fired']);
    await sleep(600);
    const back = statsSince(bench, declined).map(({ data }) => data);
    expect(back.at(-1)?.packetsSent ?? 0).toBeGreaterThan(silent[0]?.packetsSent ?? 0);
    expect(back.at(-1)?.totalSamplesReceived ?? 0).toBeGreaterThan(silent[0]?.totalSamplesReceived ?? 0);
  });

  it('refuses what cannot happen, in words', async () => {
    const injectId = bench.inject('phone.decline');
    const failed = await bench.seen(
      'inject.state',
      ({ data }) => data.injectId === injectId && data.phase === 'failed',
    );
    expect(failed.data.reason ?? '').not.toBe('');
  });

  it('stands still while suspended, measures that itself, and its uptime leaves it out', async () => {
    const began = bench.now();
    bench.inject('app.suspend');
    await bench.seen('inject.state', ({ data }) => data.does === 'app.suspend' && data.phase === 'fired', 2000, began);
    await sleep(1500);
    const resumed = bench.now();
    bench.inject('app.resume');
    const gap = await bench.seen('heartbeat.gap', () => true, 5000, resumed);
    expect(gap.data.toAt - gap.data.fromAt).toBeGreaterThan(1_000_000);
    expect(gap.at - gap.uptime).toBeGreaterThan(1_000_000);
    expect(gap.data.toAt).toBeGreaterThanOrEqual(resumed);
    await bothFlow(bench, resumed);
  });

  it('said nothing that the wire does not allow, and keeps to the order of its clock', () => {
    expect(bench.refused).toEqual([]);
    const states = bench.events.flatMap((event) => (event.kind === 'webrtc.state' ? [JSON.stringify(event.data)] : []));
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
  });
});

describe('the processes of a simulated phone', () => {
  it('are gone within a second of a SIGTERM and of a SIGKILL of the OS end, also when the app is suspended', async () => {
    const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      const bench = await startBench();
      try {
        const pids = [bench.processes.osEnd, ...descendantsOf(bench.processes.osEnd)];
        expect(pids.length).toBeGreaterThanOrEqual(2);
        const injectId = bench.inject('app.suspend');
        await bench.seen('inject.state', ({ data }) => data.injectId === injectId && data.phase === 'fired');
        await sleep(300);
        bench.phone.kill(signal);
        expect(await goneWithin(pids, 1500), signal).toEqual([]);
      } finally {
        await bench.stop();
      }
    };
    await Promise.all([end('SIGTERM'), end('SIGKILL')]);
  });

  it('tell when the app dies on its own', async () => {
    const bench = await startBench();
    const [app] = descendantsOf(bench.processes.osEnd);
    process.kill(app ?? 0, 'SIGKILL');
    const ended = await bench.seen('app.state', ({ data }) => data.state === 'terminated', 3000);
    expect(ended.deviceId).toBe('iphone-os');
    bench.phone.stdin?.end();
    await once(bench.phone, 'exit');
    await bench.stop();
  });
});
