/**
 * Starts the simulation's processes with plain Node.
 *
 *   engine                              child (`node program.js '{"link":...}'`)
 *     | one JSON argument ----------------> |
 *     | <------ {"ready":true,"http":...}   |  first line on stdout
 *     | <------ words for people            |  stderr; the last lines are kept for error messages
 *     | closes stdin ---------------------> |  end; then SIGTERM, then SIGKILL
 *
 * A child must end when its stdin closes: that is what happens when the engine itself is killed without warning.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { textOf } from './lifecycle.ts';
import type {
  ProcessEnd,
  ProcessError,
  ProcessErrorCode,
  ProcessHost,
  ProgramName,
  RunningProcess,
  StartResult,
} from './ports.ts';

/** libwebrtc loads in about 1 s on an idle machine; two busy cores have needed 8 s. */
export const READY_WITHIN_MILLISECONDS = 30_000;
/** Children promise to end within 1 s of their stdin closing. */
export const END_WITHIN_MILLISECONDS = 1500;
/** A child that ignores its stdin is asked once more before it is killed. */
export const TERMINATE_WITHIN_MILLISECONDS = 1500;
/** Enough to see a stack trace, little enough for a page. */
export const KEPT_LINES = 20;
const MAX_LINE_LENGTH = 2000;

/** Paths from the root of dist/. */
const PROGRAM_PATHS: Readonly<Record<ProgramName, string>> = {
  relay: 'electron/farend/relay/main.js',
  gateway: 'electron/farend/gateway/main.js',
  iphone: 'companion/virtual/os-end.js',
};

const readyLine = z.object({ ready: z.literal(true), http: z.url().max(200).optional() });

/** Where the built programs are, seen from this file: it runs from dist/, or from source in tests. */
export function builtProgramPaths(): Readonly<Record<ProgramName, string>> {
  const root = new URL(import.meta.url.endsWith('.ts') ? '../../dist/' : '../../', import.meta.url);
  const path = (name: ProgramName): string => fileURLToPath(new URL(PROGRAM_PATHS[name], root));
  return { relay: path('relay'), gateway: path('gateway'), iphone: path('iphone') };
}

export interface NodeProcessHostOptions {
  readonly programs?: Readonly<Partial<Record<ProgramName, string>>>;
  /** The Node that runs them; libwebrtc does not run inside Electron. Default: the one that runs us. */
  readonly nodePath?: string;
  readonly readyWithinMilliseconds?: number;
}

export function createNodeProcessHost(options: NodeProcessHostOptions = {}): ProcessHost {
  const programs = options.programs ?? builtProgramPaths();
  const readyWithin = options.readyWithinMilliseconds ?? READY_WITHIN_MILLISECONDS;
  const running = new Set<NodeProcess>();
  let disposed = false;

  return {
    async start(program, configuration): Promise<StartResult> {
      const path = programs[program];
      if (path === undefined || !existsSync(path)) {
        const message = `the program ${program} is not built (${path ?? 'no path known'}): run npm start, which builds what is missing`;
        return { ok: false, error: { code: 'unknown-program', message, lastLines: [] } };
      }
      if (disposed) {
        return { ok: false, error: { code: 'cannot-start', message: 'Sidetone is stopping', lastLines: [] } };
      }
      const child = new NodeProcess(program, options.nodePath ?? process.execPath, path, JSON.stringify(configuration));
      running.add(child);
      child.onEnded(() => running.delete(child));
      const error = await child.untilReady(readyWithin);
      if (error === undefined) return { ok: true, process: child };
      await child.stop();
      return { ok: false, error };
    },
    async dispose(): Promise<void> {
      disposed = true;
      await Promise.all([...running].map((child) => child.stop()));
    },
  };
}

class NodeProcess implements RunningProcess {
  readonly program: string;
  ready: { readonly http?: string } = {};
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #endListeners: ((end: ProcessEnd) => void)[] = [];
  #end: ProcessEnd | undefined;
  #startError: string | undefined;
  #onReadyLine: ((line: string) => void) | undefined;

  constructor(program: string, nodePath: string, path: string, argument: string) {
    this.program = program;
    this.#child = spawn(nodePath, [path, argument], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => {
      this.#startError = textOf(error);
      if (this.#child.pid === undefined) this.#ended(undefined, undefined);
    });
    // 'exit', not 'close': a grandchild that holds our pipe open must not hide that the child is dead.
    this.#child.on('exit', (code, signal) => this.#ended(code ?? undefined, signal ?? undefined));
    // A child that ends first makes our stdin write side fail; that is no news.
    this.#child.stdin?.on('error', () => undefined);
    eachLine(this.#child.stderr, (line) => this.#keep(line));
    eachLine(this.#child.stdout, (line) => {
      if (this.#onReadyLine === undefined) this.#keep(line);
      else this.#onReadyLine(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Resolves with nothing when the ready line came, else with the error. */
  untilReady(withinMilliseconds: number): Promise<ProcessError | undefined> {
    return new Promise((resolve) => {
      const finish = (error: ProcessError | undefined): void => {
        clearTimeout(timer);
        this.#onReadyLine = undefined;
        resolve(error);
      };
      const seconds = withinMilliseconds / 1000;
      const timer = setTimeout(
        () => finish(this.#error('not-ready', `did not become ready within ${seconds} s`)),
        withinMilliseconds,
      );
      this.#onReadyLine = (line) => {
        const ready = parseReadyLine(line);
        if (ready === undefined) {
          this.#keep(line);
          return;
        }
        this.ready = ready;
        finish(undefined);
      };
      this.onEnded(() =>
        finish(
          this.#startError === undefined
            ? this.#error('ended-early', `ended before it was ready (${describeEnd(this.#end)})`)
            : this.#error('cannot-start', `could not be started: ${this.#startError}`),
        ),
      );
    });
  }

  onEnded(listener: (end: ProcessEnd) => void): void {
    if (this.#end === undefined) this.#endListeners.push(listener);
    else listener(this.#end);
  }

  async stop(): Promise<ProcessEnd> {
    this.#child.stdin?.end();
    const byItself = await this.#endedWithin(END_WITHIN_MILLISECONDS);
    if (byItself !== undefined) return byItself;
    this.#child.kill('SIGTERM');
    const terminated = await this.#endedWithin(TERMINATE_WITHIN_MILLISECONDS);
    if (terminated !== undefined) return terminated;
    this.#child.kill('SIGKILL');
    return new Promise((resolve) => this.onEnded(resolve));
  }

  #endedWithin(milliseconds: number): Promise<ProcessEnd | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), milliseconds);
      this.onEnded((end) => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  }

  #ended(code: number | undefined, signal: string | undefined): void {
    if (this.#end !== undefined) return;
    // What it said last may still be in the pipe: one turn of the loop lets it arrive.
    setImmediate(() => {
      if (this.#end !== undefined) return;
      this.#end = { code, signal, lastLines: [...this.#lines] };
      // Pipes that a grandchild still holds would keep the engine's own loop alive.
      for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy();
      for (const listener of this.#endListeners.splice(0)) listener(this.#end);
    });
  }

  #keep(line: string): void {
    this.#lines.push(line.slice(0, MAX_LINE_LENGTH));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  #error(code: ProcessErrorCode, what: string): ProcessError {
    const lastLines = [...this.#lines];
    const said = lastLines.length === 0 ? '' : `; it said: ${lastLines.slice(-3).join(' / ')}`;
    return { code, message: `${this.program} ${what}${said}`, lastLines };
  }
}

/** In words: `exit status 3`, `killed by SIGKILL`. */
export function describeEnd(end: ProcessEnd | undefined): string {
  if (end === undefined) return 'for no known reason';
  if (end.signal !== undefined) return `killed by ${end.signal}`;
  return end.code === undefined ? 'for no known reason' : `exit status ${end.code}`;
}

function parseReadyLine(line: string): { readonly http?: string } | undefined {
  try {
    const result = readyLine.safeParse(JSON.parse(line));
    if (!result.success) return undefined;
    return result.data.http === undefined ? {} : { http: result.data.http };
  } catch {
    return undefined;
  }
}

function eachLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  if (stream === null) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    for (const line of lines) if (line.trim() !== '') take(line);
  });
  stream.on('end', () => {
    if (rest.trim() !== '') take(rest);
  });
}
