/**
 * A Chromium for the end-to-end tests: SIDETONE_CHROMIUM, the system's, Playwright's, or brought now
 * (Debian's package as root, else Playwright's download).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function playwrightChromium() {
  try {
    const { chromium } = createRequire(import.meta.url)('playwright');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

export function findChromium() {
  const asked = process.env.SIDETONE_CHROMIUM;
  if (asked !== undefined && asked !== '') return existsSync(asked) ? asked : undefined;
  return SYSTEM.find((path) => existsSync(path)) ?? playwrightChromium();
}

/** Its path, or undefined when there is none to be had. Says each step through `say`. */
export function bringChromium(say) {
  const found = findChromium();
  if (found !== undefined) return found;
  const run = (command, args) =>
    spawnSync(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing Chromium (Debian package, about 30 s) ...');
    if (
      run('apt-get', ['update', '-qq']) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    )
      return findChromium();
  }
  say('downloading Chromium for Playwright ...');
  run(process.execPath, [createRequire(import.meta.url).resolve('playwright/cli.js'), 'install', 'chromium']);
  return findChromium();
}
