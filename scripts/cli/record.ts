/** `sidetone record`: records the live session (or the simulated call) for a while. */
import { resolve } from 'node:path';
import { defaultDataFolder } from '../../electron/engine/options.ts';
import { type Command, CommandError, EXIT, flagOption, textOption, wholeNumber } from './command.ts';
import { untilInterrupted } from './serve.ts';
import { progressBar } from './terminal.ts';

/** A day: longer is a service, not a command. */
const MAX_SECONDS = 86_400;

export const record: Command = {
  name: 'record',
  usage: 'record [--seconds N] [--data DIR] [--no-simulation]',
  summary: 'record until Ctrl-C, or for so many seconds',
  options: {
    seconds: { type: 'string', value: 'N', help: 'stop by itself after this long' },
    data: { type: 'string', value: 'DIR', help: 'where recordings are kept' },
    'no-simulation': { type: 'boolean', help: 'only what real devices send' },
  },
  words: { least: 0, most: 0 },
  async run(values, _words, terminal) {
    const seconds = wholeNumber(values, 'seconds', 1, MAX_SECONDS);
    const interrupted = untilInterrupted(terminal);
    const { startSession } = await import('./session.ts');
    const session = await startSession(
      {
        simulation: !flagOption(values, 'no-simulation'),
        dataFolder: resolve(textOption(values, 'data') ?? defaultDataFolder()),
        recordByItself: false,
      },
      terminal,
    );
    const { engine } = session;
    try {
      const started = await engine.call('recording.start', {});
      if (!started.ok) throw new CommandError(EXIT.notToBeHad, started.error.message);
      const began = performance.now();
      const ticking = setInterval(() => {
        const passed = (performance.now() - began) / 1000;
        const bytes = Math.round((engine.status().recording.bytes ?? 0) / 1024);
        const bar = seconds === undefined ? '' : `${progressBar(passed / seconds)} `;
        terminal.progress(`${bar}recording, ${Math.floor(passed)} s, ${bytes} KiB`);
      }, 500);
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((done) => {
        if (seconds !== undefined) timer = setTimeout(done, seconds * 1000);
      });
      await Promise.race([interrupted, enough]);
      clearTimeout(timer);
      clearInterval(ticking);
      terminal.progress('');
      const { recording, benches } = engine.status();
      const stopped = await engine.call('recording.stop', {});
      const failed = recording.state === 'failed' || !stopped.ok;
      if (failed) {
        terminal.say(
          `sidetone: the recording is not whole: ${recording.problem ?? (stopped.ok ? '' : stopped.error.message)}`,
        );
      }
      const broken = benches.find((bench) => bench.state === 'broken');
      if (broken !== undefined) terminal.say(`sidetone: ${broken.title}: ${broken.problem ?? 'broken'}`);
      terminal.print(`${session.dataFolder}/recordings/${started.value.recordingId}.mcap`);
      return failed || broken !== undefined ? EXIT.doneWithLoss : EXIT.good;
    } finally {
      terminal.progress('');
      await session.end();
    }
  },
};
