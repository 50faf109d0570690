/**
 * Shows the page: in Electron's window when its binary is here, else in the default browser, else by saying the address.
 *
 * The `electron` package is never imported: importing it outside Electron downloads 110 MB. Its binary is found by path, as
 * the package itself finds it (path.txt beside dist/).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Disposable, Log } from './ports.ts';

/** A window that was asked to close has this long. */
const CLOSE_WITHIN_MILLISECONDS = 3000;
/** A launcher such as xdg-open that fails does so at once. */
const LAUNCHER_FAILS_WITHIN_MILLISECONDS = 1500;

export interface OpenedPage extends Disposable {
  readonly by: 'electron' | 'browser' | 'nobody';
}

export interface OpenRequest {
  readonly how: 'auto' | 'browser' | 'none';
  /** A fresh one-time address each time it is asked. */
  readonly pageUrl: () => string;
  readonly onWindowClosed: () => void;
  readonly log: Log;
}

/** Electron's binary, or why there is none. */
export function findElectron(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { readonly path: string } | { readonly missing: string } {
  let packageFolder: string;
  try {
    packageFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { missing: 'the electron package is not installed' };
  }
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  let name: string;
  try {
    name = readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim();
  } catch {
    if (override === undefined) return { missing: 'its binary could not be downloaded' };
    name = 'electron';
  }
  const path = join(override ?? join(packageFolder, 'dist'), name);
  return isExecutable(path) ? { path } : { missing: `its binary is not at ${path}` };
}

/** The first of these commands that is on the PATH. */
export function findOnPath(names: readonly string[], path = process.env['PATH'] ?? ''): string | undefined {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      const candidate = join(folder, name);
      if (folder !== '' && isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

export async function openPage(request: OpenRequest): Promise<OpenedPage> {
  if (request.how === 'none') return nobody;
  const isSet = (name: string): boolean => (process.env[name] ?? '') !== '';
  const canShowWindow = process.platform === 'darwin' || isSet('DISPLAY') || isSet('WAYLAND_DISPLAY');
  if (request.how === 'browser') return openBrowser(request, canShowWindow, '');
  const electron = findElectron();
  if ('missing' in electron) return openBrowser(request, canShowWindow, `No Electron window, ${electron.missing}: `);
  if (!canShowWindow) return openBrowser(request, false, 'No Electron window, there is no screen: ');
  const window = await openElectron(electron.path, request);
  return window ?? openBrowser(request, canShowWindow, 'No Electron window, its binary could not be started: ');
}

const nobody: OpenedPage = { by: 'nobody', dispose: () => undefined };

/** `why` there is no window, in the same line. */
async function openBrowser(request: OpenRequest, canShowWindow: boolean, why: string): Promise<OpenedPage> {
  const opener = canShowWindow ? findOnPath([process.platform === 'darwin' ? 'open' : 'xdg-open']) : undefined;
  if (opener !== undefined && (await launch(opener, request.pageUrl()))) {
    if (why !== '') request.log.info(`${why}the same page opens in the browser.`);
    return { ...nobody, by: 'browser' };
  }
  request.log.info(`${why}open the address above in a browser (none could be opened from here).`);
  return nobody;
}

/** False: the launcher is not there, or failed at once. */
function launch(opener: string, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    // The browser that it starts is the user's own and outlives us.
    const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(true), LAUNCHER_FAILS_WITHIN_MILLISECONDS);
    const finish = (ok: boolean): void => {
      clearTimeout(timer);
      resolve(ok);
    };
    child.on('error', () => finish(false));
    child.on('exit', (code) => finish(code === 0));
    child.unref();
  });
}

/** The window lives on a pipe from us: when we go away, without a word even, it closes. */
async function openElectron(binary: string, request: OpenRequest): Promise<OpenedPage | undefined> {
  const main = fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../dist/electron/shell/main.js' : '../shell/main.js',
      import.meta.url,
    ),
  );
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const child = spawn(binary, [main], {
    stdio: ['pipe', 'inherit', 'inherit'],
    // Not on the command line, where every user of the machine could read the token.
    env: { ...environment, SIDETONE_PAGE_URL: request.pageUrl() },
  });
  child.stdin?.on('error', () => undefined);
  const failed = await endsWithin(child, LAUNCHER_FAILS_WITHIN_MILLISECONDS);
  if (failed) return undefined;
  let isClosing = false;
  child.on('exit', () => {
    if (!isClosing) request.onWindowClosed();
  });
  return {
    by: 'electron',
    async dispose() {
      isClosing = true;
      child.stdin?.end();
      if (await endsWithin(child, CLOSE_WITHIN_MILLISECONDS)) return;
      child.kill('SIGKILL');
      await endsWithin(child, CLOSE_WITHIN_MILLISECONDS);
    },
  };
}

function endsWithin(child: ChildProcess, milliseconds: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), milliseconds);
    const ended = (): void => finish(true);
    const finish = (result: boolean): void => {
      clearTimeout(timer);
      child.off('exit', ended);
      child.off('error', ended);
      resolve(result);
    };
    child.on('exit', ended);
    child.on('error', ended);
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
