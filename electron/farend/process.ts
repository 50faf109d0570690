/**
 * What the far end's processes have in common: one JSON argument, one ready line on stdout, a prompt end when the parent
 * goes away. They end by process.exit only: libwebrtc crashes a process that ends by itself (stack.md 1a, trap 1).
 */
import type { DeviceTime } from '../../shared/time/time.ts';

export interface ProcessConfig {
  /** The engine's WebSocket; absent in tests and when run by hand: nothing is reported then. */
  readonly link?: string;
  readonly benchId: string;
  readonly clock: { readonly id: string; readonly epochNanos: string };
  /** Everything else in the argument, for the process itself to check. */
  readonly own: Readonly<Record<string, unknown>>;
}

export const EXIT_WRONG_USAGE = 2;
export const EXIT_NOT_TO_BE_HAD = 3;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads argv[2]; ends the process with status 2 and a sentence on stderr when it is not what it should be. */
export function readConfig(name: string): ProcessConfig {
  const complain = (what: string): never => {
    process.stderr.write(`${name}: ${what}\n`);
    process.exit(EXIT_WRONG_USAGE);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(process.argv[2] ?? '');
  } catch {
    return complain('expects its configuration as one JSON argument');
  }
  if (!isRecord(parsed)) return complain('expects its configuration as one JSON object');
  const { link, benchId, clock, ...own } = parsed;
  if (link !== undefined && typeof link !== 'string') return complain('"link" must be a WebSocket address');
  if (typeof benchId !== 'string') return complain('"benchId" must be a string');
  if (!isRecord(clock) || typeof clock['id'] !== 'string' || !/^\d+$/.test(String(clock['epochNanos'])))
    return complain('"clock" must be { id, epochNanos }');
  return {
    ...(link === undefined ? {} : { link }),
    benchId,
    clock: { id: clock['id'], epochNanos: String(clock['epochNanos']) },
    own,
  };
}

/** A string from the configuration, or undefined. */
export const stringOf = (config: ProcessConfig, key: string): string | undefined => {
  const value = config.own[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Microseconds of the machine's monotonic clock since the epoch every process of the bench was given. */
export function createClock(config: ProcessConfig): () => DeviceTime {
  const epoch = BigInt(config.clock.epochNanos);
  return () => Math.round(Number(process.hrtime.bigint() - epoch) / 1000) as DeviceTime;
}

export const announceReady = (http: string): void => {
  process.stdout.write(`${JSON.stringify({ ready: true, http })}\n`);
};

/** A stop that hangs must not keep the process: the parent was promised one second. */
const STOP_LIMIT_MILLISECONDS = 600;

/**
 * Runs `stop` and ends the process when stdin closes (the parent is gone) or on SIGTERM. Ctrl-C in a terminal reaches the whole
 * process group: only a process that a person started by hand ends by it, others wait for what their parent decides.
 */
export function endWithParent(stop: () => void | Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), STOP_LIMIT_MILLISECONDS);
    Promise.resolve()
      .then(stop)
      .catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`))
      .finally(() => process.exit(0));
  };
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.on('error', end);
  process.stdin.resume();
  process.on('SIGTERM', end);
  process.on('SIGINT', process.stdin.isTTY ? end : () => undefined);
}
