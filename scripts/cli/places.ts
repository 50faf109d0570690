/** Where the built page and the recordings that ship with Sidetone are. */
import { join } from 'node:path';
import { packageRoot } from './version.ts';

export const pageFolder: string = join(packageRoot, 'dist', 'page');
export const bundledFolder: string = join(packageRoot, 'shared', 'recording', 'samples');
