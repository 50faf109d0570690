/**
 * The layer check: every import in the tree against the house's directions (docs/architecture.md). Prints the forbidden
 * path with the reason, and any import cycle. No exceptions list, on purpose.
 *
 *   node scripts/checks/layers.mjs
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Room -> rooms it may import (besides itself). Inside shared each folder is a room. */
const BASE = ['shared/time', 'shared/audio', 'shared/pcm'];
const upTo = (...rooms) => [...BASE, ...rooms];
const ALL_SHARED = [
  'shared/time',
  'shared/audio',
  'shared/pcm',
  'shared/signalling',
  'shared/wire',
  'shared/link',
  'shared/iphone',
  'shared/recording',
  'shared/timeline',
  'shared/recovery',
  'shared/narration',
  'shared/scenario',
  'shared/contract',
];
export const RULES = {
  'shared/time': { may: [], why: 'time is the ground floor' },
  'shared/audio': { may: ['shared/time'], why: 'vocabulary knows nothing of its users' },
  'shared/pcm': { may: ['shared/time'], why: 'signals and detectors know nothing of devices' },
  'shared/signalling': { may: [], why: 'SDP and fragments are text in, text out' },
  'shared/wire': { may: BASE, why: 'the wire describes facts; it does not interpret them' },
  'shared/link': {
    may: upTo('shared/wire'),
    why: 'the link carries frames and must stay small enough for a companion',
  },
  'shared/iphone': {
    may: upTo('shared/wire'),
    why: "the model states facts in the wire's words, and does not know its judges",
  },
  'shared/recording': { may: upTo('shared/wire'), why: 'a recording stores what came over the wire, uninterpreted' },
  'shared/timeline': { may: upTo('shared/wire', 'shared/recording'), why: 'lanes are made from journal entries alone' },
  'shared/recovery': {
    may: upTo('shared/wire', 'shared/recording', 'shared/timeline'),
    why: 'incidents are made from entries and lanes',
  },
  'shared/narration': {
    may: upTo('shared/wire', 'shared/recording', 'shared/timeline', 'shared/recovery'),
    why: 'words come last',
  },
  'shared/scenario': {
    may: upTo(
      'shared/wire',
      'shared/recording',
      'shared/timeline',
      'shared/recovery',
      'shared/narration',
      'shared/iphone',
    ),
    why: 'scenarios drive the model and are judged by incidents',
  },
  'shared/contract': {
    may: ALL_SHARED.filter((room) => room !== 'shared/contract'),
    why: 'the contract is the last room of shared',
  },
  'companion/client': { may: ALL_SHARED, why: 'the client goes on a phone: shared only' },
  'companion/virtual': {
    may: [...ALL_SHARED, 'companion/client'],
    why: 'the simulated phone talks to the engine over the wire only',
  },
  'electron/engine': {
    may: ALL_SHARED,
    why: 'the engine starts phones and far ends by name and talks wire or HTTP to them',
  },
  'electron/farend': {
    may: [...ALL_SHARED, 'companion/client'],
    why: 'the far end is a device like any other: wire client, no engine',
  },
  'electron/shell': { may: [...ALL_SHARED, 'electron/engine'], why: 'the shell is a thin edge around the engine' },
  renderer: { may: ALL_SHARED, why: 'the page knows the engine only through the contract' },
  scripts: {
    may: [
      ...ALL_SHARED,
      'companion/client',
      'companion/virtual',
      'electron/engine',
      'electron/farend',
      'electron/shell',
      'renderer',
    ],
    why: '',
  },
};
/** Packages: room prefix -> what it may import from npm and Node. Tests and scripts may use any. */
const SHARED_PACKAGES = { 'shared/scenario': ['zod', 'yaml'], 'shared/link': [] };
const ELECTRON_ROOM = 'electron/shell';

const roomOf = (path) =>
  Object.keys(RULES)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

// Static imports, re-exports, dynamic imports with a literal; `import type` is looser only for packages.
const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

export function importsOf(text) {
  return [...withoutComments(text).matchAll(IMPORT)].map((match) => ({
    typeOnly: match[1] !== undefined,
    name: match[2] ?? match[3],
  }));
}

/** What would make a pure room depend on when and where it runs: time and chance are handed in. The compiler cannot tell. */
const IMPURE = /\b(?:Date\.now|Math\.random|performance\.now|globalThis)\b|\bnew Date\(\)/;

/** All violations as text; `files` maps path (relative to the root) to source text. */
export function checkLayers(files) {
  const problems = [];
  const graph = new Map();
  for (const [file, text] of files) {
    const room = roomOf(file);
    if (room === undefined) {
      problems.push(`${file}: stands in no room; move it into one of ${Object.keys(RULES).join(', ')}`);
      continue;
    }
    const isTest = /\.(test|fixture)\.tsx?$/.test(file);
    const isPure = room.startsWith('shared/') || room === 'companion/client';
    graph.set(file, []);
    const impure = room.startsWith('shared/') && !isTest ? IMPURE.exec(withoutComments(text)) : null;
    if (impure !== null)
      problems.push(`${file}\n    uses ${impure[0]}\n    ${room} is pure: clocks and random numbers are handed in`);
    for (const { name, typeOnly } of importsOf(text)) {
      if (name.startsWith('.')) {
        const target = relative(root, resolve(root, dirname(file), name)).replaceAll('\\', '/');
        if (!isTest && !typeOnly) graph.get(file).push(target);
        const targetRoom = roomOf(target);
        const allowed =
          targetRoom === room ||
          (targetRoom !== undefined && RULES[room].may.includes(targetRoom)) ||
          (isTest && room.startsWith('shared/') && targetRoom?.startsWith('shared/'));
        if (!allowed)
          problems.push(
            `${file}\n    -> ${target}\n    ${room} may not import ${targetRoom ?? 'from outside the rooms'}: ${RULES[room].why}`,
          );
        continue;
      }
      if (isTest || room === 'scripts') continue;
      const packageName = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0];
      const isNode = name.startsWith('node:') || builtinModules.includes(packageName);
      if (packageName === 'electron' && room !== ELECTRON_ROOM)
        problems.push(
          `${file}\n    -> electron\n    only ${ELECTRON_ROOM} imports electron: the program must run in plain Node`,
        );
      if (!isPure) continue;
      const permitted = SHARED_PACKAGES[room] ?? ['zod'];
      if (isNode) problems.push(`${file}\n    -> ${name}\n    ${room} is pure: no Node`);
      else if (room === 'companion/client' ? true : !permitted.includes(packageName))
        problems.push(
          `${file}\n    -> ${name}\n    ${room} may import ${permitted.join(' and ') || 'no package'} only`,
        );
    }
  }
  return problems.concat(cyclesIn(graph));
}

function cyclesIn(graph) {
  const state = new Map();
  const found = [];
  const visit = (file, path) => {
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (state.get(next) === 'open')
        found.push(`import cycle:\n    ${[...path.slice(path.indexOf(next)), next].join('\n    -> ')}`);
      else if (!state.has(next)) visit(next, [...path, next]);
    }
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file, [file]);
  return found;
}

export function readTree() {
  const files = new Map();
  for (const top of ['shared', 'electron', 'companion', 'renderer', 'scripts']) {
    if (!existsSync(join(root, top))) continue;
    for (const path of sources(join(root, top)))
      files.set(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return files;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = readTree();
  const problems = checkLayers(files);
  for (const problem of problems) console.error(`${problem}\n`);
  console.log(`layer check: ${files.size} files, ${problems.length} forbidden`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
