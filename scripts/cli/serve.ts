/** `sidetone serve`: the engine and its page, without opening anything. */
import { resolve } from 'node:path';
import { defaultDataFolder } from '../../electron/engine/options.ts';
import { type Command, EXIT, flagOption, type Terminal, textOption, wholeNumber } from './command.ts';
import { bundledFolder, pageFolder } from './places.ts';

const MAX_PORT = 65_535;

export const serve: Command = {
  name: 'serve',
  usage: 'serve [--data DIR] [--port N] [--no-simulation]',
  summary: 'run the engine and its page without opening a window; Ctrl-C stops it',
  options: {
    data: { type: 'string', value: 'DIR', help: 'where recordings are kept' },
    port: { type: 'string', value: 'N', help: 'loopback port of the page (default: any free one)' },
    'no-simulation': { type: 'boolean', help: 'never start the simulated iPhone' },
  },
  words: { least: 0, most: 0 },
  async run(values, _words, terminal) {
    // Before anything is started, so that what is started is stopped.
    const interrupted = untilInterrupted(terminal);
    // Loaded only now: the engine takes a second to load on a busy machine, and help should not.
    const { startSession } = await import('./session.ts');
    const session = await startSession(
      {
        simulation: !flagOption(values, 'no-simulation'),
        port: wholeNumber(values, 'port', 0, MAX_PORT) ?? 0,
        dataFolder: resolve(textOption(values, 'data') ?? defaultDataFolder()),
        pageFolder,
        bundledFolder,
      },
      terminal,
    );
    terminal.print(`Sidetone: ${session.engine.pageUrl()}`);
    terminal.say(`Recordings: ${session.dataFolder}. Ctrl-C stops.`);
    await interrupted;
    await session.end();
    return EXIT.good;
  },
};

/** Resolves on Ctrl-C or a signal like it. What else runs keeps the process alive meanwhile. */
export function untilInterrupted(terminal: Terminal): Promise<void> {
  return new Promise((done) => {
    const listening = terminal.onInterrupt(() => {
      listening.dispose();
      done();
    });
  });
}
