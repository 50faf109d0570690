import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/link/close-codes.ts';
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';
import type { Frame, FrameOf } from '../../shared/wire/frames.ts';
import { parseFrame } from '../../shared/wire/parse.ts';
import { connectDevice, type DeviceHello, type DeviceLink, type LinkState } from './device-link.ts';
import type { LinkSocket, Timers } from './socket.ts';

const hello: DeviceHello = {
  deviceId: 'iphone-app',
  benchId: 'bench',
  role: 'probe',
  platform: 'virtual',
  title: 'Test phone',
  device: { model: 'iPhone', os: 'iOS', osVersion: '27.0' },
  app: { name: 'test', version: '1' },
  clock: { id: 'test' },
  reports: ['log'],
  performs: [],
};

/** Time, timers and sockets of a test: nothing moves unless the test moves it. */
class World implements Timers {
  now = 1_000_000;
  sockets: MemorySocket[] = [];
  private queue: { due: number; run: () => void }[] = [];
  setTimeout(run: () => void, milliseconds: number): unknown {
    const entry = { due: this.now + milliseconds * 1000, run };
    this.queue.push(entry);
    return entry;
  }
  clearTimeout(handle: unknown): void {
    this.queue = this.queue.filter((entry) => entry !== handle);
  }
  /** Lets time pass, in steps small enough that every timer runs when it is due. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds * 1000;
    await settle();
    for (;;) {
      const next = this.queue.filter((entry) => entry.due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.clearTimeout(next);
      this.now = Math.max(this.now, next.due);
      next.run();
      await settle();
    }
    this.now = end;
  }
  get timersLeft(): number {
    return this.queue.length;
  }
  latest(): MemorySocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nothing dialled');
    return socket;
  }
}
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

class MemorySocket implements LinkSocket {
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: Frame[] = [];
  closed: { code: number | undefined; reason: string | undefined } | undefined;
  send(data: string): void {
    const parsed = parseFrame(data);
    if (!parsed.ok) throw new Error(`the client sent a frame the wire refuses: ${parsed.error.message}`);
    this.sent.push(parsed.frame);
  }
  close(code?: number, reason?: string): void {
    this.closed = { code, reason };
  }
  open(): void {
    this.onopen?.({} as never);
  }
  say(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }
  cut(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason } as never);
  }
  welcome(sessionId = 's1', last = 0, resumed = false): void {
    this.open();
    this.say({ t: 'welcome', proto: 1, sessionId, resumed, last });
  }
  of<T extends Frame['t']>(t: T): FrameOf<T>[] {
    return this.sent.filter((frame): frame is FrameOf<T> => frame.t === t);
  }
  numbers(): number[] {
    return this.of('events').flatMap((frame) => frame.events.map((event) => event.seq));
  }
}

function start(world: World, more: Partial<Parameters<typeof connectDevice>[0]> = {}): DeviceLink {
  const now = (): DeviceTime => deviceTime(world.now);
  return connectDevice({
    url: 'ws://127.0.0.1:1/link',
    hello,
    clock: { now, uptime: now },
    timers: world,
    random: () => 0,
    openSocket: () => {
      const socket = new MemorySocket();
      world.sockets.push(socket);
      return socket;
    },
    ...more,
  });
}
const log = (link: DeviceLink, message: string): number => link.event('log', { level: 'info', message }, 'probe');

describe('a device link', () => {
  it('says hello first, and sends what happened before the welcome once it is welcomed', async () => {
    const world = new World();
    const link = start(world);
    log(link, 'early');
    const socket = world.latest();
    socket.open();
    expect(socket.sent.map((frame) => frame.t)).toEqual(['hello']);
    socket.say({ t: 'welcome', proto: 1, sessionId: 's1', resumed: false, last: 0 });
    expect(socket.numbers()).toEqual([1]);
  });

  it('sends the first event after an idle spell at once, and those that follow together', async () => {
    const world = new World();
    const link = start(world);
    world.latest().welcome();
    await world.pass(100);
    log(link, 'a');
    log(link, 'b');
    await settle();
    expect(world.latest().of('events')).toHaveLength(1);
    log(link, 'c');
    await world.pass(5);
    log(link, 'd');
    await settle();
    expect(world.latest().of('events')).toHaveLength(1);
    await world.pass(20);
    expect(
      world
        .latest()
        .of('events')
        .map((frame) => frame.events.length),
    ).toEqual([2, 2]);
  });

  it('stamps an event with the time it was given, and uptime as far back', () => {
    const world = new World();
    const link = start(world, {
      clock: { now: () => deviceTime(world.now), uptime: () => deviceTime(world.now - 400_000) },
    });
    world.latest().welcome();
    link.event('log', { level: 'info', message: 'past' }, 'probe', deviceTime(world.now - 30_000));
    return settle().then(() => {
      const event = world.latest().of('events')[0]?.events[0];
      expect(event).toMatchObject({ at: world.now - 30_000, uptime: world.now - 430_000 });
    });
  });

  it('dials again with growing waits after a cut, resumes, and sends again only what was not stored', async () => {
    const world = new World();
    const link = start(world);
    world.latest().welcome();
    for (const word of ['a', 'b', 'c']) log(link, word);
    await settle();
    world.latest().say({ t: 'ack', last: 1 });
    world.latest().cut();
    log(link, 'd');
    const waits: number[] = [];
    link.onState((state) => {
      if (state.state === 'waiting') waits.push(state.retryInMilliseconds);
    });
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await world.pass(waits.at(-1) ?? 0);
      if (attempt < 6) world.latest().cut();
    }
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 4000, 4000]);
    const socket = world.latest();
    socket.open();
    expect(socket.of('hello')[0]?.resume).toEqual({ sessionId: 's1', last: 1 });
    socket.say({ t: 'welcome', proto: 1, sessionId: 's1', resumed: true, last: 2 });
    expect(socket.numbers()).toEqual([3, 4]);
    expect(link.counters).toMatchObject({ eventsWaiting: 2, eventsLost: 0, reconnects: 1 });
  });

  it('goes on waiting longer when it is welcomed and dropped at once, and starts anew after a connection that held', async () => {
    const world = new World();
    const link = start(world);
    const waits: number[] = [];
    link.onState((state) => {
      if (state.state === 'waiting') waits.push(state.retryInMilliseconds);
    });
    for (const held of [0, 0, 0, 6000, 0]) {
      world.latest().welcome();
      await world.pass(held);
      world.latest().cut();
      await world.pass(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([125, 250, 500, 125, 250]);
  });

  it('numbers from 1 again when the engine has forgotten the session', async () => {
    const world = new World();
    const link = start(world);
    world.latest().welcome();
    for (const word of ['a', 'b', 'c']) log(link, word);
    await settle();
    world.latest().say({ t: 'ack', last: 2 });
    world.latest().cut();
    await world.pass(200);
    world.latest().welcome('s2');
    expect(world.latest().of('events')[0]?.events).toMatchObject([{ seq: 1, data: { message: 'c' } }]);
    expect(log(link, 'd')).toBe(2);
  });

  it('declares a gap for what fell out of its ring', async () => {
    const world = new World();
    const link = start(world, { ring: { maxEvents: 3, maxBytes: 1e6, windowEvents: 10, windowBytes: 1e6 } });
    for (const word of ['a', 'b', 'c', 'd', 'e']) log(link, word);
    world.latest().welcome();
    expect(world.latest().of('gap')).toEqual([{ t: 'gap', from: 1, to: 2, reason: 'ring' }]);
    expect(world.latest().numbers()).toEqual([3, 4, 5]);
    expect(link.counters.eventsLost).toBe(2);
  });

  it('keeps the newest samples while it cannot send, and counts the others', async () => {
    const world = new World();
    const link = start(world);
    for (let index = 0; index < 203; index += 1) link.sample('level', { captureDbfs: -index / 10, renderDbfs: -20 });
    world.latest().welcome();
    const samples = world.latest().of('samples')[0]?.samples;
    expect(samples).toHaveLength(200);
    expect(samples?.[0]?.data).toMatchObject({ captureDbfs: -0.3 });
    expect(link.counters.samplesDropped).toBe(3);
  });

  it('holds back while the socket is backed up, and goes on when it has drained', async () => {
    const world = new World();
    const link = start(world);
    const socket = world.latest();
    socket.welcome();
    socket.bufferedAmount = 10_000_000;
    log(link, 'a');
    await world.pass(200);
    expect(socket.numbers()).toEqual([]);
    socket.bufferedAmount = 0;
    await world.pass(50);
    expect(socket.numbers()).toEqual([1]);
  });

  it('never comes back after another connection of the same device took over', async () => {
    const world = new World();
    const link = start(world);
    world.latest().welcome();
    world.latest().cut(CLOSE.replaced, 'replaced');
    await world.pass(60_000);
    expect(world.sockets).toHaveLength(1);
    const seen: LinkState[] = [];
    link.onState((state) => seen.push(state));
    expect(seen).toMatchObject([{ state: 'refused', code: '4003' }]);
  });

  it('answers pings, hands on injections and snapshot requests, and ignores rubbish', () => {
    const world = new World();
    const link = start(world);
    const heard: string[] = [];
    link.onInject((frame) => heard.push(`${frame.does} ${JSON.stringify(frame.params)}`));
    link.onSnapshot(() => heard.push('snapshot'));
    const socket = world.latest();
    socket.welcome();
    socket.say({ t: 'ping', t0: deviceTime(5) });
    socket.say({ t: 'inject', injectId: 'i1', does: 'phone.ring', params: { seconds: 3 } });
    socket.say({ t: 'snapshot' });
    for (const rubbish of [
      '',
      '{',
      'null',
      '[]',
      '{"t":"welcome"}',
      '{"t":"ack","last":-1}',
      '{"t":"ack","last":1e300}',
    ])
      socket.onmessage?.({ data: rubbish } as never);
    socket.onmessage?.({ data: new Uint8Array(4) } as never);
    expect(heard).toEqual(['phone.ring {"seconds":3}', 'snapshot']);
    expect(socket.of('pong')).toEqual([{ t: 'pong', t0: 5, t1: world.now, t2: world.now }]);
  });

  it('gives up an engine that has gone silent, but not because it slept itself', async () => {
    const world = new World();
    start(world);
    world.latest().welcome();
    world.now += 60_000_000;
    await world.pass(1500);
    expect(world.sockets).toHaveLength(1);
    await world.pass(12_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.sockets[0]?.closed?.code).toBe(CLOSE.silent);
  });

  it('close waits until everything is stored, says bye, and leaves no timer', async () => {
    const world = new World();
    const link = start(world);
    const socket = world.latest();
    socket.welcome();
    log(link, 'last words');
    const closing = link.close('done');
    await settle();
    expect(socket.of('bye')).toEqual([]);
    socket.say({ t: 'ack', last: 1 });
    await closing;
    socket.cut(1000);
    expect(socket.of('bye')).toEqual([{ t: 'bye', reason: 'done' }]);
    expect(world.timersLeft).toBe(0);
  });

  it('close ends in two seconds even when nobody is there', async () => {
    const world = new World();
    const link = start(world);
    log(link, 'lost');
    const closing = link.close('done');
    await world.pass(2000);
    await closing;
    world.latest().cut();
    expect(world.timersLeft).toBe(0);
  });

  it('replaces an event too large for the wire by a log that says so', async () => {
    const world = new World();
    const link = start(world);
    world.latest().welcome();
    const userInfo = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, 'x'.repeat(2000)]));
    link.event('os.notification', { name: 'n', userInfo }, 'os');
    await settle();
    expect(world.latest().of('events')[0]?.events[0]).toMatchObject({ kind: 'log', data: { level: 'error' } });
  });
});

describe('a device link over a real socket of ws', () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it('connects with the subprotocol, delivers, and is acknowledged', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    const got: string[] = [];
    server.on('connection', (socket) => {
      got.push(socket.protocol);
      socket.on('message', (data) => {
        const parsed = parseFrame(String(data));
        if (!parsed.ok) return;
        got.push(parsed.frame.t);
        if (parsed.frame.t === 'hello')
          socket.send(JSON.stringify({ t: 'welcome', proto: 1, sessionId: 's', resumed: false, last: 0 }));
        if (parsed.frame.t === 'events')
          socket.send(JSON.stringify({ t: 'ack', last: parsed.frame.events.at(-1)?.seq }));
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const clock = {
      now: () => deviceTime(performance.now() * 1000),
      uptime: () => deviceTime(performance.now() * 1000),
    };
    const link = connectDevice({
      url: `ws://127.0.0.1:${port}/link`,
      hello,
      clock,
      openSocket: (url, protocol) => new WebSocket(url, protocol),
    });
    log(link, 'hi');
    await link.close('done');
    await expect.poll(() => got).toEqual(['sidetone.1', 'hello', 'events', 'bye']);
    expect(link.counters.eventsWaiting).toBe(0);
  });
});
