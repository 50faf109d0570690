#!/usr/bin/env node
/** `npx sidetone ...` on a fresh clone: makes it ready, then runs the command line. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap, root } from './setup/bootstrap.mjs';

await bootstrap('cli');
await import(pathToFileURL(join(root, 'dist', 'scripts', 'cli', 'main.js')).href);
