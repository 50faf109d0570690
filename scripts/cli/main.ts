/** What `sidetone` runs. */
import { runCommandLine } from './command-line.ts';
import { createTerminal } from './terminal.ts';

/** Everything that was started has been stopped by then; a handle that was forgotten must not keep the shell waiting. */
const END_WITHIN_MILLISECONDS = 3000;

process.exitCode = await runCommandLine(process.argv.slice(2), createTerminal());
setTimeout(() => process.exit(), END_WITHIN_MILLISECONDS).unref();
