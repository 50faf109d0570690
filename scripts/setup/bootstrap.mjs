/**
 * Plain Node, no dependencies: makes a fresh clone ready. Installs packages when they are missing or the lock file
 * changed, builds what is older than its source, and names each step. Nothing is done twice: stamps in dist/ and
 * node_modules/ hold a digest of what each step was made from.
 *
 *   node scripts/setup/bootstrap.mjs start | test | cli
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const OLDEST_NODE = [20, 19];
const INSTALL_STAMP = join(root, 'node_modules', '.sidetone-installed');
const BUILD_STAMP = join(root, 'dist', '.sidetone-built');
const PAGE_STAMP = join(root, 'dist', '.sidetone-page');
const ELECTRON_STAMP = join(root, 'node_modules', '.sidetone-electron');
/** A download that failed is not tried again at every start: a second start must take under 5 s. */
const ELECTRON_RETRY_AFTER_MILLISECONDS = 24 * 60 * 60 * 1000;
/** The Electron archive is about 110 MB; a line too slow for this gets the browser instead. */
const ELECTRON_INSTALL_LIMIT_MILLISECONDS = 5 * 60 * 1000;

const CODE_FOLDERS = ['shared', 'electron', 'companion', 'scripts'];
const PAGE_FOLDERS = ['renderer', 'shared'];
const SOURCE_FILE = /\.(ts|tsx|mts|css|html|json|svg|yaml)$/;

/** Spoken to people on stderr, so that `--json` output on stdout stays clean. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(`sidetone: ${line}`);
  process.exit(3);
}

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (SOURCE_FILE.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Names, sizes and modification times: 5 ms for the whole tree, and right unless somebody forges a time. */
function digestOf(folders, alsoFiles) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
  };
  for (const folder of folders)
    if (existsSync(join(root, folder))) for (const path of filesUnder(join(root, folder))) add(path);
  for (const file of alsoFiles) add(join(root, file));
  return hash.digest('hex');
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function writeStamp(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Runs a step under one line that shows it is alive; its output is shown only when it fails. */
function step(title, command, args, options = {}) {
  return new Promise((resolve) => {
    const began = Date.now();
    const live = process.stderr.isTTY;
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
    if (!live) say(`sidetone: ${title} ...`);
    const timer = live
      ? setInterval(() => process.stderr.write(`\rsidetone: ${title} ... ${seconds()} `), 500)
      : undefined;
    if (live) process.stderr.write(`sidetone: ${title} ... `);
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const limit =
      options.limitMilliseconds === undefined
        ? undefined
        : setTimeout(() => child.kill('SIGTERM'), options.limitMilliseconds);
    const end = (ok, reason) => {
      clearInterval(timer);
      clearTimeout(limit);
      const mark = ok ? 'done' : reason;
      say(live ? `\rsidetone: ${title} ... ${mark} in ${seconds()}   ` : `sidetone: ${title} ${mark} in ${seconds()}`);
      resolve({ ok, output });
    };
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code, signal) => end(code === 0, signal ?? `failed (${code})`));
  });
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Packages that somebody installed by hand are as good, when npm's own list of them says what the lock file says. */
function isInstalled() {
  const listed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(listed) || !existsSync(join(root, 'node_modules', '.bin', 'tsc'))) return false;
  const installed = JSON.parse(readFileSync(listed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

async function install() {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');
  if (readStamp(INSTALL_STAMP) === digest) return;
  if (isInstalled()) {
    writeStamp(INSTALL_STAMP, digest);
    return;
  }
  const { ok, output } = await step('installing packages (about 20 s the first time)', npm, [
    'ci',
    '--no-audit',
    '--no-fund',
  ]);
  if (!ok)
    fail(`the packages could not be installed:\n${output}\nIs the npm registry reachable? Then run the command again.`);
  writeStamp(INSTALL_STAMP, digest);
}

async function build() {
  const digest = digestOf(CODE_FOLDERS.concat('renderer'), ['package.json', 'package-lock.json', 'tsconfig.json']);
  if (readStamp(BUILD_STAMP) === digest) return;
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { ok, output } = await step('building', process.execPath, [compiler, '-b']);
  if (!ok) fail(`the build failed:\n${output}`);
  writeStamp(BUILD_STAMP, digest);
}

async function buildPage() {
  const digest = digestOf(PAGE_FOLDERS, ['package-lock.json', 'scripts/config/vite.config.ts']);
  if (readStamp(PAGE_STAMP) === digest) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', 'scripts/config/vite.config.ts', '--logLevel', 'warn'];
  const { ok, output } = await step('building the page', process.execPath, args);
  if (!ok) fail(`the page could not be built:\n${output}`);
  writeStamp(PAGE_STAMP, digest);
}

/** Electron's package brings no binary; where a window can be shown, try once to have it. */
async function bringElectron() {
  const folder = join(root, 'node_modules', 'electron');
  const canShowWindow = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!canShowWindow || !existsSync(folder) || existsSync(join(folder, 'path.txt'))) return;
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  const [triedVersion, triedAt] = (readStamp(ELECTRON_STAMP) ?? '').split(' ');
  if (triedVersion === version && Date.now() - Number(triedAt) < ELECTRON_RETRY_AFTER_MILLISECONDS) return;
  const { ok } = await step('downloading Electron', process.execPath, [join(folder, 'install.js')], {
    limitMilliseconds: ELECTRON_INSTALL_LIMIT_MILLISECONDS,
  });
  if (!ok) rmSync(join(folder, 'dist'), { recursive: true, force: true });
  writeStamp(ELECTRON_STAMP, `${version} ${Date.now()}`);
}

/** goal: start (program, page, Electron), test and cli (program and page). Ends the process with status 3 when it cannot. */
export async function bootstrap(goal) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    fail(
      `Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}. Install a newer one and run the command again.`,
    );
  }
  if (spawnSync(npm, ['--version'], { stdio: 'ignore' }).error) fail('npm is not on the PATH; it comes with Node.');
  await install();
  await build();
  await buildPage();
  if (goal === 'start') await bringElectron();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await bootstrap(process.argv[2] ?? 'cli');
