/**
 * Makes a folder with those above it. Node's own recursive `mkdir` never comes back where a folder exists but answers
 * "no such file" to whatever is to be made in it, as /proc does.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Rejects with what the operating system said. A file of that name is left for whoever writes into it to find. */
export async function makeFolder(path: string): Promise<void> {
  if (await made(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  await mkdir(path).catch(unlessThere);
}

/** False: something above it is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    unlessThere(error);
  }
  return true;
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
