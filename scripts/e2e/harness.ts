/** What every journey needs: the program as a user starts it, and a Chromium on its page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Screenshots of the run: the README's pictures, when asked to keep them. */
export const picturesFolder = join(root, process.env['SIDETONE_PICTURES'] ?? join('test-results', 'pictures'));
const START_LIMIT_MILLISECONDS = 30_000;

/** Background traffic of a fresh browser would be refused here, many times a second. */
const CHROMIUM_ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export interface Program {
  readonly child: ChildProcess;
  readonly pageUrl: string;
  readonly dataFolder: string;
  /** Everything it printed so far. */
  output(): string;
  /** Ctrl-C, and resolves with the exit status. */
  interrupt(): Promise<number | null>;
  dispose(): Promise<void>;
}

/** `npm start`'s program on a data folder of its own, without opening a window. */
export async function startProgram(extra: readonly string[] = [], dataFolder?: string): Promise<Program> {
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'sidetone-e2e-'));
  const child = spawn(
    process.execPath,
    ['dist/electron/engine/main.js', '--no-open', '--port', '0', '--data', folder, ...extra],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const pageUrl = await new Promise<string>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`no page address within ${START_LIMIT_MILLISECONDS} ms:\n${text}`)),
      START_LIMIT_MILLISECONDS,
    );
    child.once('exit', (code) => reject(new Error(`ended with status ${code}:\n${text}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      text += `${line}\n`;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*#\S+/.exec(line);
      if (found === null) return;
      clearTimeout(limit);
      resolve(found[0]);
    });
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    pageUrl,
    dataFolder: folder,
    output: () => text,
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['SIDETONE_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
}

/** A page on the program; anything it complains about (errors, refused by its policy) is collected. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { readonly dark?: boolean; readonly width?: number; readonly height?: number } = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** What a reader sees of an element: laid out, hidden parts left out. */
export const words = (locator: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden must not count as said
  locator.evaluate((element: HTMLElement) => element.innerText);

/** A picture named for what it shows. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(picturesFolder, { recursive: true });
  await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
