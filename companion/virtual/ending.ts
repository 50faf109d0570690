/** When the phone's processes end: with their parent or on SIGTERM (Ctrl-C when started by hand), always by process.exit and within a second. */

/**
 * What is left undone after this is left undone. The app end goes first, then the OS end gives it up, then itself; the parent
 * was promised one second for all of it.
 */
export const APP_END_LIMIT_MILLISECONDS = 600;
export const GOODBYE_LIMIT_MILLISECONDS = 700;
export const OS_END_LIMIT_MILLISECONDS = 900;

export interface Ending {
  /** Runs `stop` once, then exits. */
  end(): void;
}

export function createEnding(limitMilliseconds: number, stop: () => void | Promise<void>): Ending {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), limitMilliseconds);
    Promise.resolve()
      .then(stop)
      .catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`))
      .finally(() => process.exit(0));
  };
  return { end };
}
