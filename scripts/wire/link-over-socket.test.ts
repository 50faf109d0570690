/** The client that goes on a phone and the engine's listener, over real sockets: what neither room may test alone. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectDevice, type DeviceHello, type DeviceLink } from '../../companion/client/device-link.ts';
import { createDeviceHub, type DeviceHub } from '../../electron/engine/devices/device-hub.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { desktopTime, deviceTime } from '../../shared/time/time.ts';

const microseconds = (): number => performance.now() * 1000;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const hello: DeviceHello = {
  deviceId: 'phone',
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

interface Stage {
  readonly url: string;
  readonly hub: DeviceHub;
  readonly entries: JournalEntry[];
}
async function stage(accept?: (batch: readonly JournalEntry[]) => void): Promise<Stage> {
  const entries: JournalEntry[] = [];
  const hub = createDeviceHub({
    now: () => desktopTime(microseconds()),
    accept: async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      accept?.(batch);
      entries.push(...batch);
    },
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => hub.dispose(),
  );
  return { hub, entries, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link` };
}

function dial(url: string): { link: DeviceLink; sockets: WebSocket[] } {
  const sockets: WebSocket[] = [];
  const now = () => deviceTime(microseconds());
  const link = connectDevice({
    ...{ url, hello, clock: { now, uptime: now } },
    openSocket: (to, protocol) => {
      const socket = new WebSocket(to, protocol);
      sockets.push(socket);
      return socket;
    },
  });
  stops.push(() => link.close('test over'));
  return { link, sockets };
}
const messages = (entries: readonly JournalEntry[]): string[] =>
  entries.flatMap((entry) => (entry.type === 'event' && entry.event.kind === 'log' ? [entry.event.data.message] : []));

describe('a device and the engine', () => {
  it('lose no event, repeat none and keep their order when the network is cut again and again', async () => {
    const { url, entries, hub } = await stage();
    const { link, sockets } = dial(url);
    const told: string[] = [];
    for (let n = 1; n <= 600; n += 1) {
      told.push(`event ${n}`);
      link.event('log', { level: 'info', message: `event ${n}` }, 'probe');
      if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 6));
      if (n % 150 === 0) sockets.at(-1)?.terminate();
    }
    await expect.poll(() => link.counters.eventsWaiting, { timeout: 8000 }).toBe(0);
    sockets.at(-1)?.terminate();
    link.event('log', { level: 'info', message: 'after the last cut' }, 'probe');
    told.push('after the last cut');
    await expect.poll(() => link.counters.eventsWaiting, { timeout: 8000 }).toBe(0);
    await link.close('done');
    await hub.drained();
    expect(sockets.length).toBeGreaterThanOrEqual(3);
    expect(messages(entries)).toEqual(told);
    const events = entries.filter((entry) => entry.type === 'event');
    expect(new Set(events.map((entry) => entry.sessionId)).size).toBe(1);
    expect(events.map((entry) => entry.event.seq)).toEqual(told.map((_, index) => index + 1));
    expect(events.every((entry, index) => entry.arrivedAt >= (events[index - 1]?.arrivedAt ?? 0))).toBe(true);
    await expect.poll(() => entries.at(-1)).toMatchObject({ type: 'link', state: 'closed', reason: 'done' });
  });

  it('get an event through that could not be stored at first', async () => {
    let refusals = 2;
    const { url, entries } = await stage((batch) => {
      if (!batch.some((entry) => entry.type === 'event') || refusals === 0) return;
      refusals -= 1;
      throw new Error('no room');
    });
    const { link } = dial(url);
    link.event('log', { level: 'info', message: 'precious' }, 'probe');
    await expect.poll(() => link.counters.eventsWaiting, { timeout: 5000 }).toBe(0);
    expect(messages(entries)).toEqual(['precious']);
  });

  it('do not fight over a place: the older of two connections stays away', async () => {
    const { url, hub } = await stage();
    const older = dial(url);
    const states: string[] = [];
    older.link.onState((state) => states.push(state.state));
    await expect.poll(() => states.at(-1)).toBe('connected');
    dial(url);
    await expect.poll(() => states.at(-1)).toBe('refused');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(older.sockets).toHaveLength(1);
    expect(hub.devices()).toMatchObject([{ link: 'connected' }]);
  });
});
