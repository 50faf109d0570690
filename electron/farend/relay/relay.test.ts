import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InjectFrame } from '../../../companion/client/device-link.ts';
import { type DeviceTime, micros } from '../../../shared/time/time.ts';
import { eventKinds } from '../../../shared/wire/kinds.ts';
import type { FarEndLink } from '../link.ts';
import { createRelayDevice, RELAY_PERFORMS } from './device.ts';
import { changeFaults, fateOf, NO_FAULTS } from './faults.ts';
import { createFronts, type Fronts, MAX_FRONTS } from './fronts.ts';
import { readFrontRequest } from './http.ts';
import { packetKind, payloadType } from './packet.ts';
import { openPacketLog } from './packet-log.ts';

const now = (): DeviceTime => Math.round(performance.now() * 1000) as DeviceTime;
const never = () => 0.999;
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

interface Peer {
  readonly socket: Socket;
  readonly port: number;
  readonly heard: { readonly text: string; readonly from: number }[];
}
async function openPeer(): Promise<Peer> {
  const socket = createSocket('udp4');
  const heard: Peer['heard'] = [];
  socket.on('message', (packet, from) => heard.push({ text: packet.toString(), from: from.port }));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  cleanUps.push(() => socket.close());
  return { socket, port: socket.address().port, heard };
}
const until = async (what: () => boolean): Promise<void> => {
  const limit = performance.now() + 2000;
  while (!what()) {
    if (performance.now() > limit) throw new Error('it did not happen within 2 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function openPath(log?: Parameters<typeof createFronts>[0]['log']) {
  const fronts = createFronts({ now, chance: never, log });
  cleanUps.push(() => fronts.close());
  const phone = await openPeer();
  const gateway = await openPeer();
  const phoneFront = await fronts.register(phone.port, 'phone');
  const gatewayFront = await fronts.register(gateway.port, 'gateway');
  return { fronts, phone, gateway, phoneFront, gatewayFront };
}

describe('a packet', () => {
  it('is told apart by its first bytes', () => {
    expect(packetKind(Uint8Array.of(0, 1))).toBe('stun');
    expect(packetKind(Uint8Array.of(22, 254))).toBe('dtls');
    expect(packetKind(Uint8Array.of(0x80, 111))).toBe('rtp');
    expect(packetKind(Uint8Array.of(0x80, 0x80 | 111))).toBe('rtp');
    expect(packetKind(Uint8Array.of(0x80, 200))).toBe('rtcp');
    expect(packetKind(Uint8Array.of(0x80, 201))).toBe('rtcp');
    expect(packetKind(Uint8Array.of(64, 0))).toBe('other');
    expect(packetKind(new Uint8Array(0))).toBe('other');
    expect(payloadType(Uint8Array.of(0x80, 0x80 | 111))).toBe(111);
  });
});

describe('the fate of a packet', () => {
  it('follows the blackhole of its direction, and only that', () => {
    const uplinkGone = { ...NO_FAULTS, blackhole: 'uplink' as const };
    expect(fateOf(uplinkGone, 'uplink', never)).toEqual({ forward: false });
    expect(fateOf(uplinkGone, 'downlink', never)).toEqual({ forward: true, delay: 0 });
    expect(fateOf({ ...NO_FAULTS, blackhole: 'both' }, 'downlink', never)).toEqual({ forward: false });
  });

  it('is loss by chance and delay plus a share of the jitter', () => {
    const bad = { ...NO_FAULTS, lossRatio: 0.25, delay: micros(40_000), jitter: micros(20_000) };
    expect(fateOf(bad, 'uplink', () => 0.2)).toEqual({ forward: false });
    expect(fateOf(bad, 'uplink', () => 0.5)).toEqual({ forward: true, delay: 50_000 });
  });

  it('draws no chance on an undisturbed path', () => {
    const thrower = () => {
      throw new Error('drawn');
    };
    expect(fateOf(NO_FAULTS, 'uplink', thrower)).toEqual({ forward: true, delay: 0 });
  });

  it('is changed by the injections, and a wrong parameter is named', () => {
    expect(changeFaults(NO_FAULTS, 'path.blackhole', {})).toMatchObject({ ok: true, faults: { blackhole: 'both' } });
    expect(changeFaults(NO_FAULTS, 'path.delay', { milliseconds: 80 })).toMatchObject({
      ok: true,
      faults: { delay: 80_000, jitter: 0 },
    });
    for (const [does, params, named] of [
      ['path.blackhole', { direction: 'sideways' }, 'direction'],
      ['path.loss', { ratio: 1.5 }, 'ratio'],
      ['path.loss', {}, 'ratio'],
      ['path.delay', { milliseconds: -1 }, 'milliseconds'],
      ['path.delay', { milliseconds: 1, jitterMilliseconds: 'x' }, 'jitterMilliseconds'],
      ['path.fold', {}, 'path.fold'],
    ] as const)
      expect(changeFaults(NO_FAULTS, does, params)).toMatchObject({
        ok: false,
        message: expect.stringContaining(named),
      });
  });
});

describe('the fronts', () => {
  it('carry packets both ways, and each end sees only the other one’s front', async () => {
    const { phone, gateway, phoneFront, gatewayFront } = await openPath();
    phone.socket.send('up', gatewayFront, '127.0.0.1');
    gateway.socket.send('down', phoneFront, '127.0.0.1');
    await until(() => phone.heard.length === 1 && gateway.heard.length === 1);
    expect(gateway.heard).toEqual([{ text: 'up', from: phoneFront }]);
    expect(phone.heard).toEqual([{ text: 'down', from: gatewayFront }]);
  });

  it('open a front for a source nobody registered', async () => {
    const { gateway, gatewayFront, phoneFront } = await openPath();
    const stranger = await openPeer();
    stranger.socket.send('hello', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 1);
    const front = gateway.heard[0]?.from ?? 0;
    expect(front).not.toBe(phoneFront);
    gateway.socket.send('back', front, '127.0.0.1');
    await until(() => stranger.heard.length === 1);
    expect(stranger.heard[0]?.from).toBe(gatewayFront);
  });

  it('give the same front to an endpoint registered twice, and never hold more than the limit', async () => {
    const { fronts, phone, phoneFront } = await openPath();
    expect(await fronts.register(phone.port, 'phone')).toBe(phoneFront);
    const ports = new Set<number>();
    for (let port = 1; port <= MAX_FRONTS + 5; port += 1) ports.add(await fronts.register(port, 'phone'));
    expect(ports.size).toBe(MAX_FRONTS + 5);
    // Long since given up, so it is given a new one.
    expect(await fronts.register(phone.port, 'phone')).not.toBe(phoneFront);
  });

  it('take a port for the side it was registered with last', async () => {
    const { fronts, phone, gatewayFront, gateway } = await openPath();
    const reused = await openPeer();
    await fronts.register(reused.port, 'gateway');
    await fronts.register(reused.port, 'phone');
    reused.socket.send('hello', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 1);
    expect(fronts.counters()).toMatchObject({ uplinkPackets: 1, downlinkPackets: 0 });
    expect(phone.heard).toEqual([]);
  });

  it('rebind the phone to another port, and the old one is dead', async () => {
    const { fronts, phone, gateway, phoneFront, gatewayFront } = await openPath();
    await fronts.rebind();
    phone.socket.send('up', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 1);
    const newFront = gateway.heard[0]?.from ?? 0;
    expect(newFront).not.toBe(phoneFront);
    gateway.socket.send('lost', phoneFront, '127.0.0.1');
    gateway.socket.send('down', newFront, '127.0.0.1');
    await until(() => phone.heard.length === 1);
    expect(phone.heard.map(({ text }) => text)).toEqual(['down']);
  });

  it('expire the phone’s binding until it sends again', async () => {
    const { fronts, phone, gateway, phoneFront, gatewayFront } = await openPath();
    let bindings = 0;
    fronts.onNewBinding(() => {
      bindings += 1;
    });
    phone.socket.send('alive', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 1);
    expect(fronts.expireBindings()).toBe(true);
    gateway.socket.send('lost', phoneFront, '127.0.0.1');
    await pause(50);
    expect(phone.heard).toEqual([]);
    phone.socket.send('again', gatewayFront, '127.0.0.1');
    phone.socket.send('more', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 3);
    expect(bindings).toBe(1);
    gateway.socket.send('down', gateway.heard.at(-1)?.from ?? 0, '127.0.0.1');
    await until(() => phone.heard.length === 1);
  });

  it('delay keeps packets in their order, and a blackhole counts what it swallows', async () => {
    const { fronts, phone, gateway, gatewayFront } = await openPath();
    fronts.setFaults({ ...NO_FAULTS, delay: micros(30_000) });
    const sentAt = performance.now();
    phone.socket.send('1', gatewayFront, '127.0.0.1');
    await pause(5);
    phone.socket.send('2', gatewayFront, '127.0.0.1');
    await pause(5);
    fronts.setFaults(NO_FAULTS);
    phone.socket.send('3', gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 3);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(29);
    expect(gateway.heard.map(({ text }) => text)).toEqual(['1', '2', '3']);
    fronts.setFaults({ ...NO_FAULTS, blackhole: 'both' });
    phone.socket.send('4', gatewayFront, '127.0.0.1');
    await until(() => fronts.counters().droppedPackets === 1);
    expect(fronts.counters().uplinkPackets).toBe(3);
  });

  it('log every packet with its direction, kind and fate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidetone-relay-'));
    cleanUps.push(() => rmSync(folder, { recursive: true }));
    const log = openPacketLog(join(folder, 'packets.txt'));
    const { fronts, phone, gateway, phoneFront, gatewayFront } = await openPath(log);
    phone.socket.send(Uint8Array.of(0x80, 111, 0, 1), gatewayFront, '127.0.0.1');
    await until(() => gateway.heard.length === 1);
    fronts.setFaults({ ...NO_FAULTS, blackhole: 'downlink' });
    gateway.socket.send(Uint8Array.of(0x80, 201, 0, 1), phoneFront, '127.0.0.1');
    await until(() => fronts.counters().droppedPackets === 1);
    log.close();
    const lines = readFileSync(join(folder, 'packets.txt'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\d+,uplink,4,rtp,111,forwarded$/);
    expect(lines[1]).toMatch(/^\d+,downlink,4,rtcp,,dropped$/);
  });
});

describe('a request for a front', () => {
  it('is taken for a loopback endpoint with a side, and refused in words otherwise', () => {
    expect(readFrontRequest('{"endpoint":"127.0.0.1:4000","side":"phone"}')).toEqual({ port: 4000, side: 'phone' });
    for (const body of [
      '',
      'null',
      '{"endpoint":"10.0.0.1:4000","side":"phone"}',
      '{"endpoint":"127.0.0.1:0","side":"phone"}',
      '{"endpoint":"127.0.0.1:70000","side":"phone"}',
      '{"endpoint":"127.0.0.1:4000","side":"moon"}',
    ])
      expect(readFrontRequest(body)).toEqual(expect.any(String));
  });
});

describe('the relay as a device', () => {
  const fakeFronts = (living: boolean) => {
    let newBinding = () => {};
    const fronts: Fronts = {
      register: () => Promise.resolve(1),
      setFaults: () => {},
      rebind: () => Promise.resolve(),
      expireBindings: () => living,
      onNewBinding: (listener) => {
        newBinding = listener;
      },
      counters: () => ({ uplinkPackets: 1, downlinkPackets: 2, droppedPackets: 3, strangerPackets: 4 }),
      close: () => {},
    };
    return { fronts, newBinding: () => newBinding() };
  };
  function start(living = true) {
    const events: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
    let handler: (frame: InjectFrame) => void = () => {};
    const link: FarEndLink = {
      event: (kind, data) => {
        // Whatever is reported must be what the wire's table says.
        eventKinds[kind].data.parse(data);
        return events.push({ kind, data: data as Readonly<Record<string, unknown>> });
      },
      sample: () => {},
      onInject: (next) => {
        handler = next;
        return () => {};
      },
      close: () => Promise.resolve(),
    };
    const { fronts, newBinding } = fakeFronts(living);
    const device = createRelayDevice(link, fronts);
    cleanUps.push(() => device.stop());
    const inject = async (does: string, params: InjectFrame['params'] = {}) => {
      events.length = 0;
      handler({ t: 'inject', injectId: 'i1', does, params });
      await pause(5);
      return events.map(({ kind, data }) => `${kind} ${data['phase'] ?? data['cause'] ?? data['blackhole']}`);
    };
    return { inject, events, newBinding };
  }

  it('opens a path loss with a blackhole and clears that very cause when the path heals', async () => {
    const { inject, events } = start();
    expect(await inject('path.blackhole', { direction: 'both' })).toEqual([
      'inject.state accepted',
      'cause.began pathLoss',
      'inject.state fired',
      'path.state both',
    ]);
    const causeId = events[1]?.data['causeId'];
    expect(events[1]?.data['injectId']).toBe('i1');
    // Another direction is the same loss, not a second one.
    expect(await inject('path.blackhole', { direction: 'uplink' })).not.toContain('cause.began pathLoss');
    expect(await inject('path.heal')).toEqual([
      'inject.state accepted',
      'cause.cleared pathLoss',
      'inject.state fired',
      'path.state none',
    ]);
    expect(events[1]?.data).toMatchObject({ causeId, how: 'path returned' });
    expect(await inject('path.heal')).toEqual(['inject.state accepted', 'inject.state fired']);
  });

  it('begins and clears a path change with a rebind, and counts it', async () => {
    const { inject, events } = start();
    expect(await inject('path.rebind')).toEqual([
      'inject.state accepted',
      'cause.began pathChange',
      'inject.state fired',
      'cause.cleared pathChange',
      'path.state none',
    ]);
    expect(events.at(-1)?.data['rebinds']).toBe(1);
  });

  it('names an expired binding as a cause in a living call, but not while the phone is silent already', async () => {
    const living = start(true);
    expect(await living.inject('path.expireBindings')).toContain('cause.began pathChange');
    living.newBinding();
    expect(living.events.map(({ kind }) => kind)).toContain('cause.cleared');
    const suspended = start(false);
    await suspended.inject('path.expireBindings');
    suspended.newBinding();
    expect(suspended.events.map(({ kind }) => kind)).toEqual([
      'inject.state',
      'inject.state',
      'inject.state',
      'path.state',
    ]);
  });

  it('clears every expiry when at last there is a new binding, and counts that one', async () => {
    const { inject, events, newBinding } = start(true);
    await inject('path.expireBindings');
    const first = events.find(({ kind }) => kind === 'cause.began')?.data['causeId'];
    await inject('path.expireBindings');
    const second = events.find(({ kind }) => kind === 'cause.began')?.data['causeId'];
    newBinding();
    newBinding();
    const cleared = events.filter(({ kind }) => kind === 'cause.cleared').map(({ data }) => data['causeId']);
    expect(cleared).toEqual([first, second]);
    expect(events.at(-1)?.data['rebinds']).toBe(1);
  });

  it('fails an injection with wrong parameters in words and changes nothing', async () => {
    const { inject, events } = start();
    expect(await inject('path.loss', { ratio: 7 })).toEqual(['inject.state failed']);
    expect(events[0]?.data['reason']).toContain('ratio');
  });

  it('performs all it says it performs', async () => {
    const { inject } = start();
    const params = { ratio: 0.1, milliseconds: 10 };
    for (const { does } of RELAY_PERFORMS) expect(await inject(does, params)).not.toContain('inject.state failed');
  });
});
