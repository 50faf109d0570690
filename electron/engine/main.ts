/** `npm start`: the engine in plain Node, and a window or a browser on its page. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEngine } from './engine.ts';
import { DisposableStack, textOf } from './lifecycle.ts';
import { openPage } from './open-page.ts';
import { HELP, parseOptions, type StartOptions } from './options.ts';
import type { Log } from './ports.ts';
import { createNodeProcessHost } from './process-host.ts';

const WRONG_USAGE = 2;
const NOT_TO_BE_HAD = 3;

/** dist/electron/engine/ -> the package. */
const packageRoot = new URL('../../../', import.meta.url);

const log: Log = {
  info: (line) => process.stdout.write(`${line}\n`),
  warning: (line) => process.stderr.write(`sidetone: ${line}\n`),
};

// Whoever reads what we say may go away (`| head`); that is no reason to fall over.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await main();

async function main(): Promise<void> {
  const parsed = parseOptions(process.argv.slice(2));
  if (parsed.kind === 'help') return void process.stdout.write(`${HELP}\n`);
  if (parsed.kind === 'wrong') {
    log.warning(`${parsed.message}\n\n${HELP}`);
    process.exitCode = WRONG_USAGE;
    return;
  }
  const stack = new DisposableStack();
  let stopping = false;
  const stop = async (exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    try {
      await stack.dispose();
    } catch (error) {
      log.warning(textOf(error));
    }
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    log.warning(`a fault of Sidetone itself: ${error.stack ?? textOf(error)}`);
    void stop(1);
  });
  try {
    await start(parsed.options, stack, () => void stop(0));
  } catch (error) {
    log.warning(textOf(error));
    await stop(NOT_TO_BE_HAD);
  }
}

async function start(options: StartOptions, stack: DisposableStack, onWindowClosed: () => void): Promise<void> {
  const host = createNodeProcessHost();
  stack.use(host);
  const engine = stack.use(
    await createEngine({
      dataFolder: options.dataFolder,
      port: options.port,
      host,
      simulation: options.simulation,
      version: readVersion(),
      pageFolder: fileURLToPath(new URL('dist/page/', packageRoot)),
      bundledFolder: fileURLToPath(new URL('shared/recording/samples/', packageRoot)),
      log,
    }),
  );
  log.info(`Sidetone: ${engine.pageUrl()}`);
  log.info(`Recordings: ${options.dataFolder}. Ctrl-C stops.`);
  if (process.stdin.isTTY) stack.use(offerAddresses(() => engine.pageUrl()));
  stack.use(await openPage({ how: options.open, pageUrl: () => engine.pageUrl(), onWindowClosed, log }));
}

/** An address signs one browser in, once: without this, a second browser would need a restart that ends the call. */
function offerAddresses(pageUrl: () => string): { dispose(): void } {
  const offer = (): void => log.info(`Sidetone: ${pageUrl()}`);
  log.info('An address opens in one browser, once; Enter prints another.');
  process.stdin.on('data', offer);
  process.stdin.on('error', () => undefined);
  return {
    dispose() {
      process.stdin.off('data', offer);
      process.stdin.pause();
    },
  };
}

function readVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
