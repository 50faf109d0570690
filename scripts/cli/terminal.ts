/** The real terminal: results on stdout, words for people on stderr. */
import type { Terminal } from './command.ts';

/** Ctrl-C, a polite kill, and the terminal being closed. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function createTerminal(): Terminal {
  let progressShown = false;
  const clear = (): void => {
    if (progressShown) process.stderr.write('\r\u001b[K');
    progressShown = false;
  };
  // `sidetone scenarios | head -1` closes our stdout: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  return {
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    say(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      if (process.stderr.isTTY !== true) return;
      clear();
      if (text === '') return;
      process.stderr.write(text.slice(0, (process.stderr.columns ?? 80) - 1));
      progressShown = true;
    },
    isInteractive: process.stderr.isTTY === true,
    onInterrupt(listener) {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return {
        dispose: () => {
          for (const signal of STOP_SIGNALS) process.off(signal, listener);
        },
      };
    },
  };
}

const BAR_WIDTH = 24;
/** `[########----------------] 33 %`; `share` from 0 to 1. */
export function progressBar(share: number): string {
  const done = Math.round(Math.max(0, Math.min(1, share)) * BAR_WIDTH);
  return `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}] ${Math.round(share * 100)} %`;
}
