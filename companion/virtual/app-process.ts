/**
 * The app end as a process: forked with an IPC channel, stopped and let go again, and never left behind.
 *
 * Should the OS end be killed while the app end is stopped, nobody could wake it to see that its channel has closed. So a
 * guard stands beside it: a shell that waits on a pipe from the OS end and kills the app end when the pipe closes unsaid.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GOODBYE_LIMIT_MILLISECONDS } from './ending.ts';
import { isToOs, type ToApp, type ToOs } from './ipc.ts';

export interface AppProcessPorts {
  /** The JSON argument, passed on as it came. */
  readonly argument: string;
  onMessage(message: ToOs): void;
  /** It died without having been asked to. */
  onDeath(how: string): void;
}
export interface AppProcess {
  send(message: ToApp): void;
  /** SIGSTOP: what suspension is to an app. Messages wait. */
  suspend(): void;
  resume(): void;
  /** Neither dead nor stopped. */
  readonly running: boolean;
  readonly alive: boolean;
  /** Lets it say goodbye, kills it if that takes too long. Resolves when it is gone. */
  end(): Promise<void>;
}

/** `read` fails at end of file only; Ctrl-C in a terminal reaches the guard too, and must not end it early. */
const GUARD = 'trap "" INT TERM HUP; read -r word || kill -KILL "$1"';

export function startAppProcess(ports: AppProcessPorts): AppProcess {
  const child: ChildProcess = fork(fileURLToPath(new URL('./app-end.js', import.meta.url)), [ports.argument], {
    stdio: ['ignore', 2, 'inherit', 'ipc'],
  });
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);

  let alive = true;
  let ending = false;
  let suspended = false;
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', (code, signal) => {
      alive = false;
      guard.stdin?.end('gone\n');
      resolve();
      if (!ending) ports.onDeath(signal === null ? `ended with status ${code}` : `killed by ${signal}`);
    });
  });
  child.on('message', (message: unknown) => {
    if (isToOs(message)) ports.onMessage(message);
  });
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    suspended = name === 'SIGSTOP';
    if (alive) child.kill(name);
  };
  return {
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    suspend: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    get running() {
      return alive && !suspended;
    },
    get alive() {
      return alive;
    },
    async end() {
      ending = true;
      if (!alive) return gone;
      if (suspended) child.kill('SIGKILL');
      else if (child.connected) child.send({ t: 'end' } satisfies ToApp, () => undefined);
      const timer = setTimeout(() => child.kill('SIGKILL'), GOODBYE_LIMIT_MILLISECONDS);
      await gone;
      clearTimeout(timer);
    },
  };
}
