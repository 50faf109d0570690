import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolder } from './folder.ts';

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sidetone-folder-'));
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('a data folder', () => {
  it('is made with those above it, also when another does so at the same time', async () => {
    const path = join(await newFolder(), 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, 'd'))]);
    await makeFolder(path);
    expect((await stat(join(path, 'd'))).isDirectory()).toBe(true);
  });
  it('below a file cannot be made, and says so', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    await expect(makeFolder(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
  it('in a place where nothing can be made is refused at once, where Node itself would try for ever', async (context) => {
    context.skip(!existsSync('/proc/self'), 'there is no /proc here');
    await expect(makeFolder('/proc/sidetone/recordings')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
