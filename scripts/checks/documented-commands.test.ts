/** The commands that the documents tell people to type. A long one is tried by a short stand-in; none is taken on trust. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
};
/** Commands of npm's own that are scripts of the package. */
const NPM_SHORTHANDS = ['start', 'test'];
/** What is the same on every machine and needs no proof. */
const COMMON_TOOLS = ['cd', 'git'];

function* markdownUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* markdownUnder(path);
    else if (entry.name.endsWith('.md')) yield path;
  }
}

/** Lines of sh blocks without their comments, and commands in running text. */
function commandsIn(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => (block ?? '').split('\n'));
  const inText = [...markdown.matchAll(/`((?:npx sidetone|npm (?:run|start|test)|node [\w./-]+\.m?js)[^`\n]*)`/g)];
  return [...blocks, ...inText.map(([, command]) => command ?? '')]
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

interface Documented {
  readonly where: string;
  readonly command: string;
  readonly words: readonly string[];
}
const documented: readonly Documented[] = [...markdownUnder(root)].flatMap((path) =>
  commandsIn(readFileSync(path, 'utf8')).map((command) => ({
    where: relative(root, path),
    command,
    words: command.split(/\s+/),
  })),
);
const sidetoneCommands = [
  ...new Set(
    documented
      .filter(({ words }) => words[0] === 'npx' && words[1] === 'sidetone')
      .map(({ words }) => words.slice(2).join(' ')),
  ),
];

const folder = mkdtempSync(join(tmpdir(), 'sidetone-documented-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sidetone(args: readonly string[]): Promise<{ readonly status: number | null; readonly said: string }> {
  const main = join(root, 'dist', 'scripts', 'cli', 'main.js');
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const hear = (chunk: unknown): void => {
      said = (said + String(chunk)).slice(-4000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (status) => done({ status, said }));
  });
}
/** The options a command's help names, `--help` included. */
async function optionsOf(command: string): Promise<readonly string[]> {
  const { status, said } = await sidetone([command, '--help']);
  expect(status, said).toBe(0);
  return ['--help', ...(said.match(/^ {2}--[\w-]+/gm) ?? []).map((option) => option.trim())];
}

describe('what the documents tell people to type', () => {
  it('is found at all', () => {
    expect(documented.length).toBeGreaterThan(5);
    expect(sidetoneCommands.length).toBeGreaterThan(3);
  });

  it.each(documented)('$where: $command', ({ words }) => {
    const [program, first, second] = words;
    if (program === 'npm') {
      const script = first === 'run' ? second : NPM_SHORTHANDS.includes(first ?? '') ? first : undefined;
      expect(Object.keys(manifest.scripts)).toContain(script);
      for (const [, path] of manifest.scripts[script ?? '']?.matchAll(/node (?!dist\/)(\S+)/g) ?? [])
        expect(existsSync(join(root, path ?? '')), path).toBe(true);
    } else if (program === 'npx') {
      expect(existsSync(join(root, manifest.bin[first ?? ''] ?? 'no such program'))).toBe(true);
    } else if (program === 'node') expect(existsSync(join(root, first ?? '')), first).toBe(true);
    else expect(COMMON_TOOLS).toContain(program);
  });

  it.each(sidetoneCommands)('npx sidetone %s', { timeout: 20_000 }, async (line) => {
    const [command = '', ...rest] = line.split(' ');
    if (command.startsWith('--')) {
      expect((await sidetone([command])).status).toBe(0);
      return;
    }
    const named = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
    const known = await optionsOf(command);
    for (const option of named) expect(known).toContain(option);
    // A file of the reader's own is not here, and a server or a recording does not end by itself.
    const hasOwnFile = rest.some((word) => word.includes('<') || word.endsWith('.yaml') || word.endsWith('.mcap'));
    if (hasOwnFile || !['run', 'scenarios', 'doctor'].includes(command)) return;
    // The same scenario, policy and parameters without the wait for a real call; 1 is a verdict, not a wrong command.
    const isReal = command === 'run' && !named.includes('--time');
    const { status, said } = await sidetone([command, ...rest, ...(isReal ? ['--time', 'virtual'] : [])]);
    expect(command === 'run' ? [0, 1] : [0], said).toContain(status);
  });
});
