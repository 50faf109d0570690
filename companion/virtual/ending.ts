/** When the phone's processes end: with their parent, on SIGTERM or SIGINT, always by process.exit and within a second. */

/** What is left undone after this is left undone. */
const STOP_LIMIT_MILLISECONDS = 700;

export interface Ending {
  /** Runs `stop` once, then exits. */
  end(): void;
}

export function createEnding(stop: () => void | Promise<void>): Ending {
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
  return { end };
}
