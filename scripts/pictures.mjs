/** `npm run pictures`: the end-to-end run, whose screenshots become the README's pictures. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/bootstrap.mjs';

process.env.SIDETONE_PICTURES = 'docs/images';
process.argv.push('--only', 'e2e');
// Small windows are looked at, not shown in the README.
process.on('exit', () => {
  for (const size of ['420', '960']) {
    for (const theme of ['light', 'dark'])
      rmSync(join(root, 'docs', 'images', `small-${size}-${theme}.png`), { force: true });
  }
});
await import('./test.mjs');
