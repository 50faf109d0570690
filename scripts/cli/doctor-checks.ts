/** What the doctor looks at, one check a row. Each says what it found, and what to do when that is not good. */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { findElectron } from '../../electron/engine/open-page.ts';
import { defaultDataFolder } from '../../electron/engine/options.ts';
import { builtProgramPaths } from '../../electron/engine/process-host.ts';
import { pageFolder } from './places.ts';

export interface Finding {
  readonly result: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do; always there when not ok. */
  readonly remedy?: string;
}
export interface Check {
  readonly title: string;
  look(about: { readonly dataFolder: string | undefined }): Promise<Finding>;
}

const OLDEST_NODE = { major: 20, minor: 19 };
/** libwebrtc loads and makes a connection in about 1 s on an idle machine. */
const WRTC_WITHIN_MILLISECONDS = 20_000;
const LOOPBACK_WITHIN_MILLISECONDS = 2000;
/** An hour of a simulated call is about 50 MB; below this a recording soon fails. */
const LITTLE_SPACE_BYTES = 500 * 1024 * 1024;
const NO_SPACE_BYTES = 20 * 1024 * 1024;
const BUILD_REMEDY = 'run npm start, which builds what is missing';

const ok = (found: string): Finding => ({ result: 'ok', found });
const warn = (found: string, remedy: string): Finding => ({ result: 'warn', found, remedy });
const fail = (found: string, remedy: string): Finding => ({ result: 'fail', found, remedy });
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const CHECKS: readonly Check[] = [
  { title: 'Node', look: async () => checkNode(process.versions.node) },
  { title: 'platform', look: async () => checkPlatform(process.platform, process.arch) },
  { title: 'programs', look: async () => checkPrograms() },
  {
    title: 'page',
    look: async () => (existsSync(join(pageFolder, 'index.html')) ? ok('built') : fail('not built', BUILD_REMEDY)),
  },
  { title: 'libwebrtc in Node', look: checkWebRtc },
  { title: 'loopback TCP', look: checkTcp },
  { title: 'loopback UDP', look: checkUdp },
  { title: 'data folder', look: ({ dataFolder }) => checkDataFolder(resolve(dataFolder ?? defaultDataFolder())) },
  { title: 'Electron', look: async () => checkElectron() },
  { title: 'Chromium', look: async () => checkChromium() },
];

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor);
  const oldest = `${OLDEST_NODE.major}.${OLDEST_NODE.minor}`;
  return good ? ok(version) : fail(`${version} is too old`, `install Node ${oldest} or newer from nodejs.org`);
}

export function checkPlatform(platform: string, architecture: string): Finding {
  const words = `${platform} ${architecture}`;
  if (platform === 'darwin') return ok(words);
  if (platform === 'linux') return ok(`${words}: the simulated iPhone only; a real one needs macOS`);
  return warn(words, 'Sidetone is made for macOS and tested on Linux; elsewhere the simulation may not start');
}

function checkPrograms(): Finding {
  const missing = Object.entries(builtProgramPaths()).filter(([, path]) => !existsSync(path));
  return missing.length === 0
    ? ok('built')
    : fail(`not built: ${missing.map(([name]) => name).join(', ')}`, BUILD_REMEDY);
}

/** In a process of its own: a native library that does not fit this machine takes its process with it. */
async function checkWebRtc(): Promise<Finding> {
  let library: string;
  try {
    library = createRequire(import.meta.url).resolve('@roamhq/wrtc');
  } catch {
    return fail('@roamhq/wrtc is not installed', 'run npm ci; without it there is no simulated call');
  }
  const code = `const { RTCPeerConnection } = require(${JSON.stringify(library)});
const connection = new RTCPeerConnection();
connection.addTransceiver('audio');
connection.createOffer().then((offer) => { process.stdout.write(offer.sdp.includes('opus') ? 'opus' : 'none'); process.exit(0); });`;
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--input-type=commonjs', '-e', code],
      { timeout: WRTC_WITHIN_MILLISECONDS },
      (error, said) => {
        if (error === null && said === 'opus') done(ok('loads, and offers a call'));
        else
          done(
            fail(
              reasonOf(error ?? 'it offers no audio').split('\n')[0] ?? '',
              'run npm ci on this machine; prebuilt for macOS and Linux, x64 and arm64',
            ),
          );
      },
    );
  });
}

function withinLoopbackTime(found: Promise<Finding>, what: string): Promise<Finding> {
  return new Promise((done) => {
    const remedy =
      'a firewall or sandbox keeps programs of this machine from talking to each other on 127.0.0.1: allow it';
    const timer = setTimeout(() => done(fail(`${what} did not come back`, remedy)), LOOPBACK_WITHIN_MILLISECONDS);
    found
      .catch((error: unknown) => fail(reasonOf(error), remedy))
      .then((finding) => {
        clearTimeout(timer);
        done(finding);
      });
  });
}

async function checkTcp(): Promise<Finding> {
  const server = createServer((socket) => socket.end('back'));
  const there = new Promise<Finding>((done, failed) => {
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const socket = connect(port, '127.0.0.1');
      socket.on('error', failed);
      socket.on('data', () => {
        socket.destroy();
        done(ok('works'));
      });
    });
  });
  const finding = await withinLoopbackTime(there, 'a connection');
  server.close();
  return finding;
}

async function checkUdp(): Promise<Finding> {
  const socket = createSocket('udp4');
  const there = new Promise<Finding>((done, failed) => {
    socket.on('error', failed);
    socket.on('message', () => done(ok('works')));
    socket.bind(0, '127.0.0.1', () => socket.send('hello', socket.address().port, '127.0.0.1'));
  });
  const finding = await withinLoopbackTime(there, 'a packet');
  socket.close();
  return finding;
}

async function checkDataFolder(folder: string): Promise<Finding> {
  // What is not there yet is made when it is needed. Tried one level deep only: a recursive mkdir never returns on /proc.
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const probe = join(nearest, `.sidetone-doctor-${process.pid}`);
  try {
    await writeFile(probe, 'x');
    await rm(probe);
    const { bavail, bsize } = await statfs(nearest);
    const free = bavail * bsize;
    const words = `${folder}, ${Math.round(free / 1024 / 1024)} MB free`;
    if (free < NO_SPACE_BYTES) return fail(words, 'free some space; nothing can be recorded');
    return free < LITTLE_SPACE_BYTES
      ? warn(words, 'free some space; an hour of recording takes about 50 MB')
      : ok(words);
  } catch (error) {
    const remedy = 'choose another with --data DIR, or make it writable';
    return fail(`${folder} cannot be written: ${reasonOf(error)}`, remedy);
  }
}

function checkElectron(): Finding {
  const electron = findElectron();
  if ('path' in electron) return ok(electron.path);
  return warn(
    electron.missing,
    'not needed: the same page opens in the browser; npm start tries to fetch it where a window can be shown',
  );
}

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function checkChromium(): Finding {
  const asked = process.env['SIDETONE_CHROMIUM'];
  const found = asked === undefined || asked === '' ? CHROMIUM_PLACES.find((path) => existsSync(path)) : asked;
  if (found !== undefined && existsSync(found)) return ok(found);
  return warn('none found', 'only the end-to-end tests need it, and npm test brings one');
}
