/** Gives out the built page, and nothing else. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';

/** Only what a built page consists of; anything else in the folder is not given out. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  /** Vite puts a digest into the names below /assets, so those never change. */
  readonly immutable: boolean;
}

/**
 * The path inside the page's folder that a request path names; undefined when it leads outside, is not plain, or is
 * hidden. Pure: no file is touched.
 */
export function pathInside(urlPath: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || path.includes('\0') || path.includes('\\')) return undefined;
  const parts = path.split('/').slice(1);
  if (parts.some((part) => part.startsWith('.'))) return undefined;
  if (parts.slice(0, -1).some((part) => part === '')) return undefined;
  return path === '/' ? 'index.html' : parts.join('/');
}

/** Reads one file of the page. Undefined: not there, or not to be given out. */
export async function readStaticFile(folder: string, urlPath: string): Promise<StaticFile | undefined> {
  const inside = pathInside(urlPath);
  const contentType = inside === undefined ? undefined : CONTENT_TYPES[extname(inside)];
  if (inside === undefined || contentType === undefined) return undefined;
  try {
    const root = await realpath(folder);
    // A link inside the folder that points out of it is not followed.
    const path = await realpath(resolve(join(root, inside)));
    const fromRoot = relative(root, path);
    if (fromRoot.startsWith('..') || resolve(root, fromRoot) !== path || fromRoot.split(sep).includes('..'))
      return undefined;
    return { body: await readFile(path), contentType, immutable: inside.startsWith('assets/') };
  } catch {
    return undefined;
  }
}
