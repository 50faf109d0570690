import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '../../../shared/link/close-codes.ts';
import type { JournalEntry } from '../../../shared/recording/entry.ts';
import { desktopTime, deviceTime } from '../../../shared/time/time.ts';
import type { Frame, Hello } from '../../../shared/wire/frames.ts';
import { MAX_BAD_FRAMES_PER_MINUTE, MAX_FRAME_BYTES } from '../../../shared/wire/limits.ts';
import { parseFrame } from '../../../shared/wire/parse.ts';
import { createDeviceHub, type DeviceHub, type DeviceHubOptions } from './device-hub.ts';
import { MAX_WAITING_ENTRIES, MAX_WAITING_SAMPLES } from './intake.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`device-hub.test.ts seed ${SEED} (SEED=${SEED} repeats it)`);

const microseconds = (): number => performance.now() * 1000;
const hello = (deviceId = 'phone', more: Partial<Hello> = {}): Hello => ({
  t: 'hello',
  proto: [1],
  deviceId,
  benchId: 'bench',
  role: 'probe',
  platform: 'virtual',
  title: 'Test phone',
  device: { model: 'iPhone', os: 'iOS', osVersion: '27.0' },
  app: { name: 'test', version: '1' },
  clock: { id: 'test', now: deviceTime(1) },
  reports: ['log', 'session.snapshot'],
  performs: [{ does: 'phone.ring', title: 'Phone call rings', fidelity: 'F0', cause: 'phoneCall' }],
  ...more,
});
const log = (seq: number, message = `event ${seq}`) => ({
  ...{ seq, at: 5, uptime: 5, kind: 'log', source: 'probe' },
  data: { level: 'info', message },
});

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Stage {
  readonly hub: DeviceHub;
  readonly url: string;
  readonly port: number;
  readonly entries: JournalEntry[];
}
async function stage(
  accept?: (entries: readonly JournalEntry[]) => void | Promise<void>,
  more: Pick<DeviceHubOptions, 'helloWithinMilliseconds'> = {},
): Promise<Stage> {
  const entries: JournalEntry[] = [];
  const hub = createDeviceHub({
    ...more,
    now: () => desktopTime(microseconds()),
    accept: async (batch) => {
      await accept?.(batch);
      entries.push(...batch);
    },
  });
  const server: Server = createServer();
  server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => hub.dispose(),
  );
  const { port } = server.address() as AddressInfo;
  return { hub, entries, port, url: `ws://127.0.0.1:${port}/link` };
}

/** A device by hand: raw frames out, frames in, and how it ended. */
class Raw {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  closed: { code: number; reason: string } | undefined;
  constructor(url: string) {
    this.socket = new WebSocket(url, 'sidetone.1');
    this.socket.on('message', (data) => {
      const parsed = parseFrame(String(data));
      if (parsed.ok) this.frames.push(parsed.frame);
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    stops.push(() => this.socket.terminate());
  }
  async opened(): Promise<this> {
    await new Promise((resolve) => this.socket.once('open', resolve));
    return this;
  }
  say(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }
  async hears<T extends Frame['t']>(t: T): Promise<Extract<Frame, { t: T }>> {
    await expect.poll(() => this.frames.some((frame) => frame.t === t), { interval: 5 }).toBe(true);
    const index = this.frames.findIndex((frame) => frame.t === t);
    return this.frames.splice(index, 1)[0] as Extract<Frame, { t: T }>;
  }
  async ends(): Promise<{ code: number; reason: string }> {
    await expect.poll(() => this.closed, { interval: 5, timeout: 3000 }).toBeDefined();
    return this.closed ?? { code: 0, reason: '' };
  }
}
const dial = async (url: string, greeting: Hello = hello()): Promise<Raw> => {
  const raw = await new Raw(url).opened();
  raw.say(greeting);
  return raw;
};
const upgrade = (port: number, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest({
      port,
      host: '127.0.0.1',
      path: '/link',
      headers: {
        ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        ...{ 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'sec-websocket-protocol': 'sidetone.1' },
        ...headers,
      },
    });
    sent.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    sent.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.on('error', reject);
    sent.end();
  });

describe('who may connect', () => {
  it('refuses web pages, foreign hosts and other protocols, and counts them', async () => {
    const { hub, port } = await stage();
    expect(await upgrade(port, { origin: 'https://example.com' })).toBe(403);
    expect(await upgrade(port, { origin: 'null' })).toBe(403);
    expect(await upgrade(port, { host: 'evil.example:80' })).toBe(403);
    expect(await upgrade(port, { host: '127.0.0.1.evil.example' })).toBe(403);
    expect(await upgrade(port, { 'sec-websocket-protocol': 'other' })).toBe(400);
    expect(hub.refusedFrames).toBe(5);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect(await upgrade(port, { host })).toBe(101);
    }
  });

  it('turns away a device that speaks no version we know, with 4002', async () => {
    const { url, hub } = await stage();
    const raw = await dial(url, hello('phone', { proto: [7, 8] }));
    expect((await raw.hears('reject')).code).toBe('version');
    expect((await raw.ends()).code).toBe(CLOSE.version);
    expect(hub.devices()).toEqual([]);
  });

  it('lets a newer connection of the same device win, and the older one stays away', async () => {
    const { url, entries } = await stage();
    const old = await dial(url);
    await old.hears('welcome');
    const newer = await dial(url);
    await newer.hears('welcome');
    expect((await old.ends()).code).toBe(CLOSE.replaced);
    old.socket.terminate();
    newer.say({ t: 'events', events: [log(1)] });
    await newer.hears('ack');
    const links = entries.flatMap((entry) => (entry.type === 'link' ? [entry.state] : []));
    expect(links).toEqual(['connected', 'lost', 'connected']);
  });
});

describe('events', () => {
  it('are acknowledged only once they have been taken', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { url } = await stage((batch) => (batch.some((entry) => entry.type === 'event') ? gate : undefined));
    const raw = await dial(url);
    await raw.hears('welcome');
    raw.say({ t: 'events', events: [log(1), log(2)] });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(raw.frames.filter((frame) => frame.t === 'ack')).toEqual([]);
    release();
    expect(await raw.hears('ack')).toEqual({ t: 'ack', last: 2 });
  });

  it('that come again after a resume are not written twice', async () => {
    const { url, entries, hub } = await stage();
    const first = await dial(url);
    const { sessionId } = await first.hears('welcome');
    first.say({ t: 'events', events: [log(1), log(2), log(3)] });
    await first.hears('ack');
    first.socket.terminate();
    await expect.poll(() => hub.devices()[0]?.link).toBe('lost');
    const second = await dial(url, hello('phone', { resume: { sessionId, last: 1 } }));
    expect(await second.hears('welcome')).toMatchObject({ sessionId, resumed: true, last: 3 });
    second.say({ t: 'events', events: [log(2), log(3), log(4)] });
    second.say({ t: 'gap', from: 5, to: 9, reason: 'ring' });
    second.say({ t: 'events', events: [log(10)] });
    expect(await second.hears('ack')).toMatchObject({ last: 10 });
    const told = entries.flatMap((entry): unknown[] =>
      entry.type === 'event' ? [entry.event.seq] : entry.type === 'gap' ? [entry.gap] : [],
    );
    expect(told).toEqual([1, 2, 3, 4, { from: 5, to: 9, reason: 'ring' }, 10]);
  });

  it('with a hole between them end the connection, and nothing of the frame is taken', async () => {
    const { url, entries } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    raw.say({ t: 'events', events: [log(1), log(3)] });
    expect(await raw.hears('error')).toMatchObject({ code: 'hole', fatal: true });
    expect((await raw.ends()).code).toBe(CLOSE.protocol);
    expect(entries.some((entry) => entry.type === 'event')).toBe(false);
  });

  it('that could not be taken come again', async () => {
    let refuse = true;
    const { url, entries } = await stage((batch) => {
      if (!refuse || !batch.some((entry) => entry.type === 'event')) return;
      refuse = false;
      throw new Error('no');
    });
    const first = await dial(url);
    const { sessionId } = await first.hears('welcome');
    first.say({ t: 'events', events: [log(1)] });
    expect(await first.hears('error')).toMatchObject({ code: 'not-stored', fatal: true });
    expect((await first.ends()).code).toBe(CLOSE.notStored);
    const second = await dial(url, hello('phone', { resume: { sessionId, last: 0 } }));
    expect(await second.hears('welcome')).toMatchObject({ resumed: true, last: 0 });
    second.say({ t: 'events', events: [log(1)] });
    expect(await second.hears('ack')).toMatchObject({ last: 1 });
    expect(entries.filter((entry) => entry.type === 'event')).toHaveLength(1);
  });

  it('are never dropped while samples are, when whoever takes them is slow', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { url, entries, hub } = await stage(() => gate);
    const raw = await dial(url);
    await raw.hears('welcome');
    const samples = Array.from({ length: 200 }, () => ({
      ...{ at: 1, kind: 'level' },
      data: { captureDbfs: -20, renderDbfs: -20 },
    }));
    for (let n = 1; n <= 30; n += 1) {
      raw.say({ t: 'samples', samples });
      raw.say({ t: 'events', events: [log(n)] });
    }
    await expect.poll(() => hub.devices()[0]?.eventsReceived).toBe(30);
    release();
    await hub.drained();
    const dropped = hub.devices()[0]?.samplesDropped ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(entries.filter((entry) => entry.type === 'event')).toHaveLength(30);
    expect(entries.filter((entry) => entry.type === 'sample')).toHaveLength(6000 - dropped);
    expect(6000 - dropped).toBeLessThanOrEqual(MAX_WAITING_SAMPLES);
  });
});

describe('a flood', () => {
  it('of events is held back at its source while nobody takes them, and then arrives whole', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { url, entries, hub } = await stage(() => gate);
    const raw = await dial(url);
    await raw.hears('welcome');
    const total = 40_000;
    for (let n = 0; n < total; n += 500) {
      raw.say({ t: 'events', events: Array.from({ length: 500 }, (_, k) => log(n + k + 1)) });
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const held = hub.devices()[0]?.eventsReceived ?? 0;
    expect(held).toBeGreaterThan(MAX_WAITING_ENTRIES / 2);
    expect(held).toBeLessThan(MAX_WAITING_ENTRIES + 5000);
    release();
    await expect.poll(() => entries.filter((entry) => entry.type === 'event').length, { timeout: 10_000 }).toBe(total);
    const seqs = entries.flatMap((entry) => (entry.type === 'event' ? [entry.event.seq] : []));
    expect(seqs.every((seq, index) => seq === index + 1)).toBe(true);
  });
});

describe('injections', () => {
  it('go to the device that can do it; otherwise the error lists what is known', async () => {
    const { url, hub } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    await (await dial(url, hello('relay', { performs: [{ does: 'path.heal', title: 'Heal', fidelity: 'F0' }] }))).hears(
      'welcome',
    );
    const done = hub.inject('bench', 'phone.ring', { seconds: 3 });
    expect(done).toMatchObject({ ok: true, value: { deviceId: 'phone' } });
    expect(await raw.hears('inject')).toMatchObject({ does: 'phone.ring', params: { seconds: 3 } });
    expect(hub.inject('bench', 'dance', {})).toMatchObject({
      error: { code: 'unknown-ability', message: expect.stringContaining('path.heal, phone.ring') },
    });
    expect(hub.inject('other', 'dance', {})).toMatchObject({
      error: { code: 'unknown-bench', message: expect.stringContaining('bench') },
    });
    expect(hub.inject('bench', 'phone.ring', { long: 'x'.repeat(9000) })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(hub.requestSnapshot('bench')).toBe(2);
    await raw.hears('snapshot');
    raw.socket.terminate();
    await expect.poll(() => hub.inject('bench', 'phone.ring', {})).toMatchObject({ error: { code: 'not-connected' } });
  });
});

describe('bad input', () => {
  it('is answered with a typed error and survived, until there is too much of it: 4004', async () => {
    const { url, hub } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    raw.say('{');
    expect(await raw.hears('error')).toMatchObject({ code: 'not-json', fatal: false });
    raw.say({ t: 'dance' });
    expect(await raw.hears('error')).toMatchObject({ code: 'unknown-type' });
    raw.say({ t: 'gap', from: 0, to: 'x', reason: 'ring' });
    expect(await raw.hears('error')).toMatchObject({ code: 'invalid' });
    raw.say({ t: 'welcome', proto: 1, sessionId: 's', resumed: false, last: 0 });
    expect(await raw.hears('error')).toMatchObject({ code: 'unexpected' });
    raw.socket.send(Buffer.from([1, 2, 3]));
    expect(await raw.hears('error')).toMatchObject({ code: 'not-text' });
    raw.say({ t: 'events', events: [log(1)] });
    expect(await raw.hears('ack')).toMatchObject({ last: 1 });
    expect(hub.devices()[0]?.badFrames).toBe(5);
    for (let n = 0; n <= MAX_BAD_FRAMES_PER_MINUTE; n += 1) raw.say('{');
    expect((await raw.ends()).code).toBe(CLOSE.badFrames);
  });

  it('in one event of a frame costs that event only: it is refused, counted and declared lost, and the link goes on', async () => {
    const { url, entries, hub } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    raw.say({ t: 'events', events: [log(1), log(2, 'x'.repeat(5000)), { ...log(3), kind: 'no.such' }, log(4)] });
    expect(await raw.hears('error')).toMatchObject({ code: 'invalid', fatal: false });
    expect(await raw.hears('ack')).toEqual({ t: 'ack', last: 4 });
    const told = entries.flatMap((entry): unknown[] =>
      entry.type === 'event' ? [entry.event.seq] : entry.type === 'gap' ? [entry.gap] : [],
    );
    expect(told).toEqual([1, { from: 2, to: 2, reason: 'invalid' }, { from: 3, to: 3, reason: 'invalid' }, 4]);
    expect(hub.devices()).toMatchObject([{ badFrames: 1, link: 'connected' }]);
  });

  it('is refused before hello, and a socket that never says hello is closed', async () => {
    const { url } = await stage(undefined, { helloWithinMilliseconds: 500 });
    const raw = await new Raw(url).opened();
    raw.say({ t: 'events', events: [log(1)] });
    expect(await raw.hears('error')).toMatchObject({ code: 'no-hello' });
    await expect.poll(() => raw.closed?.code, { timeout: 7000, interval: 10 }).toBe(CLOSE.noHello);
  });

  it('over the size limit ends the connection with 1009', async () => {
    const { url, hub } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    raw.say(JSON.stringify({ t: 'bye', reason: 'x'.repeat(MAX_FRAME_BYTES) }));
    expect((await raw.ends()).code).toBe(CLOSE.tooLarge);
    expect(hub.devices()[0]?.link).toBe('lost');
  });

  it('of any kind, thousands of times, never gets an exception out of the hub', { timeout: 60_000 }, async () => {
    const problems: unknown[] = [];
    const note = (error: unknown): void => void problems.push(error);
    process.on('uncaughtException', note);
    stops.push(() => process.off('uncaughtException', note));
    const { url, hub } = await stage();
    const good: unknown[] = [
      hello(),
      { t: 'events', events: [log(1), log(2)] },
      { t: 'samples', samples: [{ at: 1, kind: 'level', data: { captureDbfs: -1, renderDbfs: -1 } }] },
      { t: 'gap', from: 1, to: 3, reason: 'ring' },
      { t: 'ping', t0: 1 },
      { t: 'ack', last: 3 },
      { t: 'bye', reason: 'x' },
      { t: 'error', code: 'c', message: 'm', fatal: false },
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...good), fc.string({ unit: 'binary', maxLength: 12 }), fc.double(), fc.nat(), fc.nat(4))
      .map(([frame, text, number, place, how]): string | Uint8Array => {
        const json = JSON.stringify(frame);
        const at = place % json.length;
        if (how === 0) return json.slice(0, at);
        if (how === 1) return json.slice(0, at) + text + json.slice(at + text.length);
        if (how === 2) return json.replace(/\d+/g, () => String(number));
        if (how === 3)
          return json.replace(/"[a-z]+":/g, (key, offset: number) => (offset === at ? '"__proto__":' : key));
        return json;
      });
    const frame = fc.oneof(
      { weight: 6, arbitrary: mutated },
      { weight: 2, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    );
    const frames = fc.sample(frame, { seed: SEED, numRuns: 2500 });
    let raw = await new Raw(url).opened();
    let errors = 0;
    for (const one of frames) {
      if (raw.socket.readyState !== WebSocket.OPEN) {
        errors += raw.frames.filter((heard) => heard.t === 'error').length;
        raw = await new Raw(url).opened();
        if (problems.length === 0) raw.say(hello());
      }
      raw.socket.send(one);
      if (frames.indexOf(one) % 25 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(problems).toEqual([]);
    expect(errors).toBeGreaterThan(100);
    expect(hub.refusedFrames).toBeGreaterThanOrEqual(errors);
    const after = await dial(url, hello('after'));
    await after.hears('welcome');
  });
});

describe('stopping', () => {
  it('says bye to every device and leaves nothing open', async () => {
    const { url, hub, entries } = await stage();
    const raw = await dial(url);
    await raw.hears('welcome');
    await hub.dispose();
    await raw.hears('bye');
    expect((await raw.ends()).code).toBe(CLOSE.goingAway);
    expect(entries.at(-1)).toMatchObject({ type: 'link', state: 'lost' });
    expect(() => new WebSocket(url, 'sidetone.1').on('error', () => undefined)).not.toThrow();
  });
});
