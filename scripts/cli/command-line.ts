/**
 * `sidetone <command> ...`: finds the command, reads its options, runs it, turns what went wrong into words and a status.
 *
 *   0 good   1 judged bad   2 wrong usage or unreadable input   3 something needed could not be had   4 done, with loss
 */
import { parseArgs } from 'node:util';
import { nearest } from '../../shared/scenario/nearest.ts';
import {
  type Command,
  CommandError,
  EXIT,
  type ExitStatus,
  type OptionValues,
  type Terminal,
  toParseOptions,
} from './command.ts';
import { doctor } from './doctor.ts';
import { open } from './open.ts';
import { record } from './record.ts';
import { run } from './run.ts';
import { scenarios } from './scenarios.ts';
import { serve } from './serve.ts';
import { version } from './version.ts';

const COMMANDS: readonly Command[] = [serve, run, scenarios, record, open, doctor];

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'Sidetone shows, breaks and times the audio of an iPhone in a WebRTC call.',
    '',
    'usage: sidetone <command> [options]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'sidetone <command> --help tells its options; sidetone --version the version.',
    'exit status: 0 good; 1 judged bad; 2 wrong usage or unreadable input; 3 something needed could not be had; 4 done, with loss',
  ].join('\n');
}

function commandHelp(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]) => ({
    left: `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    right: option.help,
  }));
  const width = Math.max(0, ...rows.map((row) => row.left.length));
  const lines = rows.map((row) => `  ${row.left.padEnd(width)}  ${row.right}`);
  return [command.summary, '', `usage: sidetone ${command.usage}`, ...(lines.length === 0 ? [] : ['', ...lines])].join(
    '\n',
  );
}

/** Reads options strictly; what is wrong comes back as a usage error with the nearest known option. */
function readOptions(command: Command, args: readonly string[]): { values: OptionValues; words: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...toParseOptions(command.options), help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    return { values: values as OptionValues, words: positionals };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ', 1)[0] ?? '') : String(error);
    const word = /'--?([\w-]+)/.exec(message)?.[1];
    const known = Object.keys(command.options);
    const guess = word === undefined || known.includes(word) ? undefined : nearest(word, known);
    const hint = guess === undefined ? '' : `; did you mean --${guess}?`;
    throw new CommandError(EXIT.wrongUsage, `${message}${hint}\nusage: sidetone ${command.usage}`);
  }
}

/** The exit status; whatever goes wrong has been said. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    terminal.print(version());
    return EXIT.good;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = COMMANDS.find((command) => command.name === rest[0]);
    const text = asked === undefined ? help() : commandHelp(asked);
    if (name === undefined) terminal.say(text);
    else terminal.print(text);
    return name === undefined ? EXIT.wrongUsage : EXIT.good;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((one) => one.name);
    const guess = nearest(name, names);
    terminal.say(
      `sidetone: no command ${JSON.stringify(name)}${guess === undefined ? '' : `; did you mean ${guess}?`}`,
    );
    terminal.say(`commands: ${names.join(', ')}; sidetone --help tells more`);
    return EXIT.wrongUsage;
  }
  try {
    const { values, words } = readOptions(command, rest);
    if (values['help'] === true) {
      terminal.print(commandHelp(command));
      return EXIT.good;
    }
    const { least, most } = command.words;
    if (words.length < least || words.length > most) {
      const what =
        words.length < least ? 'something is missing' : `${JSON.stringify(words[most])} is one word too many`;
      throw new CommandError(EXIT.wrongUsage, `${what}\nusage: sidetone ${command.usage}`);
    }
    return await command.run(values, words, terminal);
  } catch (error) {
    terminal.progress('');
    if (error instanceof CommandError) {
      terminal.say(`sidetone: ${error.message}`);
      return error.status;
    }
    terminal.say(
      `sidetone: a bug in Sidetone: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return EXIT.notToBeHad;
  }
}
