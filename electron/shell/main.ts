/**
 * The window. The engine runs in plain Node and starts this; the page's address with its one-time token comes by
 * environment, and the pipe on stdin is the engine's life: when it closes, so does the window.
 *
 * Type-checked, and never yet run: where this was written no Electron binary could be had.
 */
import { app, BrowserWindow, Menu, nativeTheme, session } from 'electron';
import { menuTemplate } from './menu.ts';
import { mayNavigate, mayOpenWindow, pageOriginOf } from './navigation.ts';
import { windowOptions } from './window-options.ts';

/** A page that crashes again and again is not reloaded for ever. */
const MAX_RELOADS = 3;
const RELOADS_WITHIN_MILLISECONDS = 60_000;
const WRONG_USAGE = 2;

const address = process.env['SIDETONE_PAGE_URL'];
delete process.env['SIDETONE_PAGE_URL'];
const pageOrigin = pageOriginOf(address);

if (address === undefined || pageOrigin === undefined) {
  process.stderr.write('sidetone: this window is opened by npm start\n');
  app.exit(WRONG_USAGE);
} else {
  run(address, pageOrigin);
}

function run(pageAddress: string, origin: string): void {
  app.enableSandbox();
  app.setName('Sidetone');
  process.stdin.resume();
  for (const event of ['end', 'close', 'error'] as const) process.stdin.on(event, () => app.quit());

  // Whatever page there is, it goes nowhere else and opens nothing.
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: mayOpenWindow() ? 'allow' : 'deny' }));
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
      contents.on(name as 'will-navigate', (event) => {
        if (!mayNavigate(event.url, origin)) event.preventDefault();
      });
    }
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });

  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => {
    denyPermissions();
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.name)));
    openWindow(pageAddress, origin);
  });
}

/** Electron grants every permission unless told otherwise; the page needs none. */
function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
}

function openWindow(pageAddress: string, origin: string): void {
  const window = new BrowserWindow(
    windowOptions({ platform: process.platform, isDark: nativeTheme.shouldUseDarkColors }),
  );
  window.once('ready-to-show', () => window.show());
  const reloads: number[] = [];
  window.webContents.on('render-process-gone', () => {
    const now = Date.now();
    while (reloads[0] !== undefined && now - reloads[0] > RELOADS_WITHIN_MILLISECONDS) reloads.shift();
    reloads.push(now);
    // The token is used up, but the cookie stays good.
    if (reloads.length <= MAX_RELOADS) void window.loadURL(`${origin}/`);
    else app.quit();
  });
  window.loadURL(pageAddress).catch((error: unknown) => {
    process.stderr.write(`sidetone: the page could not be loaded: ${String(error)}\n`);
    app.quit();
  });
}
