/**
 * A real call: relay, gateway and a caller as processes of their own, over real UDP, with libwebrtc at both ends. libwebrtc
 * never runs in the test's own process (stack.md 1a). Needs the built rooms (`npx tsc -b electron/farend`).
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { FlowEdge } from '../../shared/pcm/flow.ts';
import { type EventKind, eventKinds } from '../../shared/wire/kinds.ts';

const built = fileURLToPath(new URL('../../dist/electron/farend/', import.meta.url));
const epochNanos = process.hrtime.bigint();
const now = () => Number((process.hrtime.bigint() - epochNanos) / 1000n);
const common = { benchId: 'test', clock: { id: 'test', epochNanos: String(epochNanos) } };

interface Report {
  readonly deviceId: string;
  readonly kind: EventKind;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}
interface Told {
  readonly t: string;
  readonly edge?: FlowEdge;
  readonly state?: string;
  readonly status?: number;
  readonly message?: string;
}
const reports: Report[] = [];
const levels: number[] = [];
const told: Told[] = [];
const children: ChildProcess[] = [];
const sockets = new Map<string, { send(text: string): void }>();
let engine: WebSocketServer | undefined;
let caller: ChildProcess | undefined;
let injections = 0;

/** As much of an engine as a device needs: welcome, acknowledgement, injections. */
async function startEngine(): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'sidetone.1' });
  engine = server;
  server.on('connection', (socket) => {
    let deviceId = '';
    socket.on('message', (text) => {
      const frame = JSON.parse(String(text));
      if (frame.t === 'hello') {
        deviceId = frame.deviceId;
        sockets.set(deviceId, socket);
        socket.send(JSON.stringify({ t: 'welcome', proto: 1, sessionId: deviceId, resumed: false, last: 0 }));
      } else if (frame.t === 'events') {
        for (const event of frame.events) reports.push({ deviceId, ...event });
        socket.send(JSON.stringify({ t: 'ack', last: frame.events.at(-1).seq }));
      } else if (frame.t === 'samples')
        for (const sample of frame.samples) if (sample.kind === 'farEnd.level') levels.push(sample.data.heardDbfs);
    });
  });
  await once(server, 'listening');
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/link`;
}
async function start(script: string, own: object): Promise<string> {
  const child = spawn(process.execPath, [`${built}${script}`, JSON.stringify({ ...common, ...own })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const ready = JSON.parse(line) as { readonly ready: boolean; readonly http: string };
  expect(ready.ready).toBe(true);
  return ready.http;
}
const inject = (does: string, params: object = {}) => {
  injections += 1;
  sockets.get('relay')?.send(JSON.stringify({ t: 'inject', injectId: `i${injections}`, does, params }));
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until<T>(what: string, find: () => T | undefined, withinMilliseconds = 6000): Promise<T> {
  const limit = now() + withinMilliseconds * 1000;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (now() > limit) throw new Error(`not within ${withinMilliseconds} ms: ${what}; told ${JSON.stringify(told)}`);
    await pause(10);
  }
}
const callerEdges = () => told.flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
const gatewayEdges = () =>
  reports.filter(({ kind }) => kind === 'farEnd.flow').map(({ data }) => data as unknown as FlowEdge);
const edgeAfter = (edges: readonly FlowEdge[], to: string, at: number) =>
  edges.find((edge) => edge.to === to && edge.edgeAt > at - 40_000);
const reportAfter = (kind: EventKind, at: number) => reports.find((event) => event.kind === kind && event.at > at);

beforeAll(async () => {
  if (!existsSync(`${built}gateway/main.js`)) throw new Error('not built: run npx tsc -b electron/farend');
  const link = await startEngine();
  const relay = await start('relay/main.js', { link });
  const gateway = await start('gateway/main.js', { link, relay, voice: 'sweep' });
  caller = fork(`${built}testing/caller.js`, [JSON.stringify({ ...common, gateway })], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
  });
  children.push(caller);
  caller.on('message', (message) => told.push(message as Told));
  await until('both ends hear each other', () =>
    edgeAfter(callerEdges(), 'flowing', 0) && edgeAfter(gatewayEdges(), 'flowing', 0) ? true : undefined,
  );
  // A second of steady audio: what is dated by counters needs a few readings to be dated by.
  await pause(1000);
}, 15_000);

afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await new Promise<void>((resolve) => (engine === undefined ? resolve() : engine.close(() => resolve())));
});

describe('a call through the relay', () => {
  it('carries the voice to the gateway, which hears it at its level', () => {
    // A sweep of -12 dBFS peak is -15 dBFS RMS.
    expect(levels.at(-1)).toBeGreaterThan(-18);
    expect(levels.at(-1)).toBeLessThan(-12);
    expect(reports.some(({ kind, data }) => kind === 'farEnd.state' && data['peerConnection'] === 'connected')).toBe(
      true,
    );
  });

  it('falls silent both ways in a blackhole of 1 s, and both ends date its beginning and end', async () => {
    inject('path.blackhole');
    const { at: beganAt } = await until('the cause', () => reportAfter('cause.began', 0));
    await pause(1000);
    inject('path.heal');
    const { at: clearedAt } = await until('the path is back', () => reportAfter('cause.cleared', 0));
    for (const edges of [callerEdges, gatewayEdges]) {
      const gone = await until('audio gone', () => edgeAfter(edges(), 'concealed', beganAt));
      const back = await until('audio back', () => edgeAfter(edges(), 'flowing', clearedAt));
      // What the jitter buffer still held plays on: 20 to 100 ms when idle, more after the machine was busy with others.
      expect(gone.edgeAt - beganAt).toBeGreaterThan(-20_000);
      expect(gone.edgeAt - beganAt).toBeLessThan(250_000);
      expect(back.edgeAt - clearedAt).toBeGreaterThan(-20_000);
      expect(back.edgeAt - clearedAt).toBeLessThan(250_000);
    }
  }, 12_000);

  it('keeps its audio through an ICE restart by PATCH', async () => {
    const at = now();
    caller?.send({ do: 'restart' });
    const { status } = await until('restarted', () => told.find(({ t }) => t === 'restarted'));
    expect(status).toBe(200);
    await pause(800);
    for (const edges of [callerEdges, gatewayEdges]) {
      // A machine busy with other tests may starve playout for a moment; a lost transport would not be back within this.
      const outages = edges().filter((edge) => edge.edgeAt > at);
      const lengths = outages.map((edge, index) =>
        edge.to === 'flowing' ? edge.edgeAt - (outages[index - 1]?.edgeAt ?? at) : 0,
      );
      expect(Math.max(0, ...lengths)).toBeLessThan(250_000);
      expect(edges().at(-1)?.to).toBe('flowing');
    }
    expect(told.filter(({ t }) => t === 'error')).toEqual([]);
  });

  it('heals by itself after the NAT gave another port', async () => {
    const at = now();
    inject('path.rebind');
    await until('the phone lost the gateway', () => edgeAfter(callerEdges(), 'concealed', at));
    await until('the phone hears again', () => edgeAfter(callerEdges(), 'flowing', at + 50_000));
    await until('the gateway hears', () => (gatewayEdges().at(-1)?.to === 'flowing' ? true : undefined));
  }, 12_000);

  it('is hung up by DELETE', async () => {
    caller?.send({ do: 'hangUp' });
    const { status } = await until('hung up', () => told.find(({ t }) => t === 'hungUp'));
    expect(status).toBe(200);
    await until('the gateway says so', () =>
      reports.find(({ kind, data }) => kind === 'farEnd.state' && data['peerConnection'] === 'closed'),
    );
    expect(gatewayEdges().at(-1)?.to).toBe('stopped');
  });

  it('reported nothing that the wire’s table would refuse', () => {
    for (const { kind, data } of reports) expect(eventKinds[kind].data.safeParse(data).success, kind).toBe(true);
  });

  it('leaves no process when its parent lets go of stdin, within a second and without a crash', async () => {
    const from = now();
    const ends = children.map(async (child) => {
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      child.stdin?.end();
      return ended;
    });
    expect(await Promise.all(ends)).toEqual(children.map(() => [0, null]));
    expect(now() - from).toBeLessThan(1_500_000);
  });
});
