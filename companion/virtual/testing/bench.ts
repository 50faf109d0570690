/**
 * A bench for tests and measurements: relay, gateway and phone as real processes, and the least that can stand for an engine:
 * a WebSocket listener that welcomes everybody, keeps what comes, and sends injections to whoever performs them.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import type { IphoneProfile } from '../../../shared/iphone/interface.ts';
import type { VoiceKind } from '../../../shared/pcm/voice.ts';
import type { Frame, WireEvent, WireSample } from '../../../shared/wire/frames.ts';
import type { EventKind } from '../../../shared/wire/kinds.ts';
import { parseFrame } from '../../../shared/wire/parse.ts';

type OfDevice<T> = T & { readonly deviceId: string };
export type SeenEvent<K extends EventKind = EventKind> = OfDevice<WireEvent<K>>;

export interface Bench {
  readonly events: readonly SeenEvent[];
  readonly samples: readonly OfDevice<WireSample>[];
  /** Frames that were not what the wire allows; a healthy phone sends none. */
  readonly refused: readonly string[];
  readonly phone: ChildProcess;
  readonly processes: { readonly relay: number; readonly gateway: number; readonly osEnd: number };
  /** The phone's clock, now. */
  now(): number;
  inject(does: string, params?: Record<string, string | number | boolean>): string;
  /** The first event after `since` that fits; fails with what came instead. */
  seen<K extends EventKind>(
    kind: K,
    fits: (event: SeenEvent<K>) => boolean,
    withinMilliseconds?: number,
    since?: number,
  ): Promise<SeenEvent<K>>;
  stop(): Promise<void>;
}
export interface BenchOptions {
  readonly profile?: Partial<IphoneProfile>;
  readonly voice?: VoiceKind;
  readonly speakerLog?: string;
  readonly packetLog?: string;
  readonly onEvent?: (event: SeenEvent) => void;
}

/** The built rooms, whether this file is itself built or run from source. */
const HERE = new URL('./', import.meta.url).href;
const DIST = new URL(HERE.replace(/(\/dist)?\/companion\/virtual\/testing\/$/, '/dist/'));
const PROFILE: IphoneProfile = {
  os: '26',
  policy: 'careful',
  callKit: false,
  manualAudio: false,
  audioDevice: 'audioUnit',
  seed: 1,
};
const READY_WITHIN_MILLISECONDS = 8000;

export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const epoch = process.hrtime.bigint();
  const now = () => Number((process.hrtime.bigint() - epoch) / 1000n);
  const events: SeenEvent[] = [];
  const samples: OfDevice<WireSample>[] = [];
  const refused: string[] = [];
  const performers = new Map<string, WebSocket>();
  const watchers = new Set<() => void>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/link', perMessageDeflate: false });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    let deviceId = '';
    const answer = (frame: Frame) => socket.send(JSON.stringify(frame));
    socket.on('message', (data) => {
      const parsed = parseFrame(String(data));
      if (!parsed.ok) {
        refused.push(`${deviceId}: ${parsed.error.message}`);
        return;
      }
      const { frame } = parsed;
      if (frame.t === 'hello') {
        deviceId = frame.deviceId;
        for (const { does } of frame.performs) performers.set(does, socket);
        answer({ t: 'welcome', proto: 1, sessionId: `session-${deviceId}`, resumed: false, last: 0 });
      } else if (frame.t === 'events') {
        for (const event of frame.events) {
          const seen = { ...event, deviceId } as SeenEvent;
          events.push(seen);
          options.onEvent?.(seen);
        }
        const last = frame.events.at(-1);
        if (last !== undefined) answer({ t: 'ack', last: last.seq });
        for (const watch of watchers) watch();
      } else if (frame.t === 'samples') samples.push(...frame.samples.map((sample) => ({ ...sample, deviceId })));
      else if (frame.t === 'ping') {
        const at = now() as never;
        answer({ t: 'pong', t0: frame.t0, t1: at, t2: at });
      }
    });
  });

  const children: ChildProcess[] = [];
  const base = {
    link: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link`,
    benchId: 'simulated-iphone',
    clock: { id: 'bench', epochNanos: String(epoch) },
  };
  const voice = options.voice ?? 'speech';
  async function start(path: string, own: object): Promise<{ child: ChildProcess; http: string }> {
    const child = spawn(process.execPath, [fileURLToPath(new URL(path, DIST)), JSON.stringify({ ...base, ...own })], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const line = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${path} is not ready`)), READY_WITHIN_MILLISECONDS);
      child.stdout.once('data', (data) => {
        clearTimeout(timer);
        resolve(String(data));
      });
      child.once('exit', (code) => reject(new Error(`${path} ended with ${code}`)));
    });
    return { child, http: (JSON.parse(line) as { http?: string }).http ?? '' };
  }
  async function stop(): Promise<void> {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.stdin?.end();
        await once(child, 'exit');
      }),
    );
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
  try {
    const log = options.packetLog === undefined ? {} : { packetLog: options.packetLog };
    const relay = await start('electron/farend/relay/main.js', log);
    const gateway = await start('electron/farend/gateway/main.js', { relay: relay.http, voice });
    const phone = await start('companion/virtual/os-end.js', {
      profile: { ...PROFILE, ...options.profile },
      gateway: gateway.http,
      voice,
      ...(options.speakerLog === undefined ? {} : { speakerLog: options.speakerLog }),
    });
    let injections = 0;
    return {
      events,
      samples,
      refused,
      phone: phone.child,
      processes: { relay: relay.child.pid ?? 0, gateway: gateway.child.pid ?? 0, osEnd: phone.child.pid ?? 0 },
      now,
      inject(does, params = {}) {
        injections += 1;
        const injectId = `i${injections}`;
        const performer = performers.get(does);
        if (performer === undefined) throw new Error(`nobody performs ${does}`);
        performer.send(JSON.stringify({ t: 'inject', injectId, does, params } satisfies Frame));
        return injectId;
      },
      seen(kind, fits, withinMilliseconds = 5000, since = 0) {
        return new Promise((resolve, reject) => {
          const look = () => {
            const found = events.find((event) => event.kind === kind && event.at >= since && fits(event as never));
            if (found === undefined) return;
            finish();
            resolve(found as never);
          };
          const finish = () => {
            watchers.delete(look);
            clearTimeout(timer);
          };
          const timer = setTimeout(() => {
            finish();
            const late = events.slice(-12).map((event) => `${event.at} ${event.kind} ${JSON.stringify(event.data)}`);
            reject(new Error(`no such ${kind} within ${withinMilliseconds} ms; the latest:\n${late.join('\n')}`));
          }, withinMilliseconds);
          watchers.add(look);
          look();
        });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The processes whose parents lead up to `pid`, deepest last. Reads `ps`, which Linux and macOS both have. */
export function descendantsOf(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    parents = rows.filter(([, parent]) => parents.includes(parent ?? -1)).map(([child]) => child ?? -1);
    found.push(...parents);
  }
  return found;
}

/** Those of `pids` that still live; one that is dead and not yet collected by its parent does not. */
export function livingOf(pids: readonly number[]): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const living = new Set(
    rows.flatMap((row) => {
      const [pid, state] = row.trim().split(/\s+/);
      return state?.startsWith('Z') ? [] : [Number(pid)];
    }),
  );
  return pids.filter((pid) => living.has(pid));
}
