/** What every command of `sidetone` is: a name, words for the help, options, and what it does. */
import type { ParseArgsConfig } from 'node:util';

/** The exit statuses of the whole project (README). */
export const EXIT = { good: 0, judgedBad: 1, wrongUsage: 2, notToBeHad: 3, doneWithLoss: 4 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export type OptionSpec = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** `N`, `FILE`: shown after the option's name. */
  readonly value?: string;
  readonly help: string;
};
export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface Terminal {
  /** A line of the result, on stdout. */
  print(text: string): void;
  /** A line for people, on stderr. */
  say(text: string): void;
  /** A line that replaces the one before while a terminal is attached; nothing otherwise. Empty: gone. */
  progress(text: string): void;
  readonly isInteractive: boolean;
  /** Calls back on Ctrl-C or SIGTERM, until disposed. */
  onInterrupt(listener: () => void): { dispose(): void };
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** How many words it takes beside options. */
  readonly words: { readonly least: number; readonly most: number };
  run(values: OptionValues, words: readonly string[], terminal: Terminal): Promise<ExitStatus>;
}

/** Ends a command with a message and a status; caught by main. */
export class CommandError extends Error {
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string) {
    super(message);
    this.status = status;
  }
}
export const usageError = (message: string): CommandError => new CommandError(EXIT.wrongUsage, message);

export const toParseOptions = (options: Command['options']): NonNullable<ParseArgsConfig['options']> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple }]) => [
      name,
      multiple === undefined ? { type } : { type, multiple },
    ]),
  );

export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export const flagOption = (values: OptionValues, name: string): boolean => values[name] === true;

/** A whole number within limits, or a usage error that says them. */
export function wholeNumber(values: OptionValues, name: string, least: number, most: number): number | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw usageError(`--${name} ${text}: a whole number from ${least} to ${most} is needed`);
}
