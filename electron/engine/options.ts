/** The options of `npm start`, and where things are on this machine. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly dataFolder: string;
  /** 0: any free one. */
  readonly port: number;
  /** `auto`: Electron when it is here, else the browser. `none`: only say the address. */
  readonly open: 'auto' | 'browser' | 'none';
  readonly simulation: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'start'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  /** Wrong usage: said on stderr, exit status 2. */
  | { readonly kind: 'wrong'; readonly message: string };

/** What is read from the machine: handed in, so that tests need none of it. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
}

export const thisMachine = (): Surroundings => ({
  platform: process.platform,
  home: homedir(),
  environment: process.env,
  // npm runs us in the package's folder and remembers where the user was.
  workingFolder: process.env['INIT_CWD'] ?? process.cwd(),
});

const MAX_PORT = 65_535;

export const HELP = `Sidetone shows, breaks and times the audio of an iPhone in a WebRTC call.

  npm start -- [options]

  --data DIR         where recordings are kept
  --port N           loopback port of the page (default: any free one)
  --browser          open the default browser, even where Electron is installed
  --no-open          open nothing, only say the address
  --no-simulation    never start the simulated iPhone
  --help             this text

Ctrl-C stops it.`;

/** macOS: ~/Library/Application Support/Sidetone; else $XDG_DATA_HOME/sidetone or ~/.local/share/sidetone. */
export function defaultDataFolder(machine: Surroundings = thisMachine()): string {
  if (machine.platform === 'darwin') return join(machine.home, 'Library', 'Application Support', 'Sidetone');
  const xdg = machine.environment['XDG_DATA_HOME'];
  // The XDG specification: a relative path there is to be ignored.
  return xdg?.startsWith('/') ? join(xdg, 'sidetone') : join(machine.home, '.local', 'share', 'sidetone');
}

/** `argv` without node and script. */
export function parseOptions(argv: readonly string[], machine: Surroundings = thisMachine()): ParsedOptions {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    values = parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        browser: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        'no-simulation': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
  if (values['help'] === true) return { kind: 'help' };
  const { data, port = '0' } = values;
  if (data === '') return { kind: 'wrong', message: '--data needs a folder' };
  if (typeof port !== 'string' || !/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT) {
    return { kind: 'wrong', message: `--port needs a number from 0 to ${MAX_PORT}, not ${JSON.stringify(port)}` };
  }
  if (values['browser'] === true && values['no-open'] === true) {
    return { kind: 'wrong', message: '--browser and --no-open exclude each other' };
  }
  return {
    kind: 'start',
    options: {
      dataFolder: typeof data === 'string' ? resolve(machine.workingFolder, data) : defaultDataFolder(machine),
      port: Number(port),
      open: values['no-open'] === true ? 'none' : values['browser'] === true ? 'browser' : 'auto',
      simulation: values['no-simulation'] !== true,
    },
  };
}
