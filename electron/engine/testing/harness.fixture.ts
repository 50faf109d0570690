/** What the engine's tests share: an engine on a temporary folder, a page by hand, a device by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { EngineMessage, EngineStatus, PageMessage } from '../../../shared/contract/contract.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';
import { DisposableStack } from '../lifecycle.ts';
import type { Log } from '../ports.ts';
import { createNodeProcessHost } from '../process-host.ts';

export const fixturePath = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Rejects with what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | null | false,
  milliseconds = 10_000,
): Promise<T> {
  const limit = performance.now() + milliseconds;
  while (performance.now() < limit) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    await sleep(10);
  }
  throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export interface TestEngine {
  readonly engine: Engine;
  readonly folder: string;
  readonly lines: string[];
  dispose(): Promise<void>;
}

export async function startEngine(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
  const stack = new DisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sidetone-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const bench = fixturePath('bench.fixture.mjs');
  const host = createNodeProcessHost({ programs: { relay: bench, gateway: bench, iphone: bench } });
  stack.use(host);
  const lines: string[] = [];
  const log: Log = { info: (line) => lines.push(line), warning: (line) => lines.push(line) };
  const engine = stack.use(
    await createEngine({ dataFolder: folder, host, simulation: false, version: '0.0.0-test', log, ...options }),
  );
  return { engine, folder, lines, dispose: () => stack.dispose() };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with any header, Host included, and a path that nobody has tidied up. */
export function ask(
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

export const tokenOf = (pageUrl: string): string => new URL(pageUrl).hash.replace('#token=', '');

/** Exchanges a fresh token; resolves with the Cookie header. */
export async function logIn(engine: Engine): Promise<string> {
  const answer = await ask(engine.port, '/session', {
    method: 'POST',
    headers: { Origin: engine.url, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: tokenOf(engine.pageUrl()) }),
  });
  const cookie = answer.headers['set-cookie'];
  return (Array.isArray(cookie) ? cookie[0] : cookie)?.split(';')[0] ?? '';
}

/** The status with which an upgrade is refused, or 101. */
export function upgradeStatus(url: string, headers: Record<string, string>, protocol?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], { headers });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('error', reject);
  });
}

type Call = Omit<Extract<PageMessage, { t: 'call' }>, 't' | 'ref'>;
type Batch = Extract<EngineMessage, { t: 'batch' }>;

/** A page that does by hand what the real one does. */
export class TestPage {
  readonly socket: WebSocket;
  readonly batches: Batch[] = [];
  status: EngineStatus | undefined;
  closed: { readonly code: number } | undefined;
  acknowledges = true;
  readonly failures: Extract<EngineMessage, { t: 'failed' }>[] = [];
  readonly #answers = new Map<number, (message: EngineMessage) => void>();
  #refs = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (text) => this.#receive(JSON.parse(String(text)) as EngineMessage));
    socket.on('close', (code) => {
      this.closed = { code };
    });
    socket.on('error', () => undefined);
  }

  static async open(engine: Engine, cookie?: string): Promise<TestPage> {
    const headers = { Origin: engine.url, Cookie: cookie ?? (await logIn(engine)) };
    const page = new TestPage(new WebSocket(`${engine.url.replace('http', 'ws')}/channel`, { headers }));
    await until('the first status', () => page.status);
    return page;
  }

  call(call: Call): Promise<Extract<EngineMessage, { t: 'result' | 'failed' }>> {
    this.#refs += 1;
    const ref = this.#refs;
    this.socket.send(JSON.stringify({ t: 'call', ref, ...call }));
    return new Promise((resolve) => this.#answers.set(ref, resolve as (message: EngineMessage) => void));
  }

  get entries() {
    return this.batches.flatMap((batch) => batch.entries);
  }

  close(): void {
    this.socket.close();
  }

  #receive(message: EngineMessage): void {
    if (message.t === 'status') this.status = message.status;
    if (message.t === 'failed') this.failures.push(message);
    if (message.t === 'result' || message.t === 'failed') this.#answers.get(message.ref)?.(message);
    if (message.t === 'batch') {
      this.batches.push(message);
      if (this.acknowledges) {
        this.socket.send(JSON.stringify({ t: 'ack', stream: message.stream, number: message.number }));
      }
    }
  }
}

/** A device that speaks the wire by hand. */
export class TestDevice {
  readonly socket: WebSocket;
  readonly frames: { readonly t: string; readonly [name: string]: unknown }[] = [];
  #seq = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (text) => this.frames.push(JSON.parse(String(text)) as { t: string }));
    socket.on('error', () => undefined);
  }

  static async connect(engine: Engine, platform: 'ios' | 'virtual' = 'ios', deviceId = 'phone-1'): Promise<TestDevice> {
    const device = new TestDevice(new WebSocket(engine.linkUrl, 'sidetone.1'));
    await until('the socket', () => device.socket.readyState === WebSocket.OPEN);
    device.send({
      t: 'hello',
      proto: [1],
      deviceId,
      benchId: 'desk',
      role: 'probe',
      platform,
      title: 'Phone on the desk',
      device: { model: 'iPhone17,1', os: 'iOS', osVersion: '26.1' },
      app: { name: 'Test', version: '1.0' },
      clock: { id: deviceId, now: 1 },
      reports: ['log', 'session.snapshot', 'level'],
      performs: [{ does: 'mic.mute', title: 'Mute', fidelity: 'F2' }],
    });
    await until('the welcome', () => device.frames.some((frame) => frame.t === 'welcome'));
    return device;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  log(...messages: string[]): void {
    const events = messages.map((message) => {
      this.#seq += 1;
      const at = this.#seq * 1000;
      return { seq: this.#seq, at, uptime: at, kind: 'log', source: 'app', data: { level: 'info', message } };
    });
    this.send({ t: 'events', events });
  }

  levels(howMany: number): void {
    const sample = { at: 5, kind: 'level', data: { captureDbfs: -30, renderDbfs: -30 } };
    this.send({ t: 'samples', samples: Array.from({ length: howMany }, () => sample) });
  }

  close(): void {
    this.socket.close();
  }
}
