import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, so that it runs before anything is built
import { checkLayers, readTree } from './layers.mjs';

const check = (files: Record<string, string>): string[] => checkLayers(new Map(Object.entries(files)));

describe('the layer check', () => {
  it('prints the forbidden path and the reason', () => {
    const problems = check({
      'shared/iphone/model.ts': "import { x } from '../recovery/reduce.ts';",
      'shared/recovery/reduce.ts': '',
    });
    expect(problems).toEqual([
      'shared/iphone/model.ts\n    -> shared/recovery/reduce.ts\n    shared/iphone may not import shared/recovery: ' +
        "the model states facts in the wire's words, and does not know its judges",
    ]);
  });
  it('sees dynamic imports and re-exports', () => {
    expect(
      check({ 'electron/engine/a.ts': "const x = await import('../../companion/virtual/os-end.ts');" }),
    ).toHaveLength(1);
    expect(check({ 'shared/time/a.ts': "export { x } from '../wire/kinds.ts';" })).toHaveLength(1);
  });
  it('keeps Node and packages out of shared, and electron out of everything but the shell', () => {
    expect(check({ 'shared/wire/a.ts': "import { readFileSync } from 'node:fs';" })).toHaveLength(1);
    expect(check({ 'shared/link/a.ts': "import { z } from 'zod';" })).toHaveLength(1);
    expect(check({ 'shared/wire/a.ts': "import { z } from 'zod';" })).toHaveLength(0);
    expect(check({ 'electron/engine/a.ts': "import { app } from 'electron';" })).toHaveLength(1);
    expect(check({ 'electron/shell/a.ts': "import { app } from 'electron';" })).toHaveLength(0);
  });
  it('keeps clocks and chance out of shared, which no compiler does', () => {
    for (const impure of ['Date.now()', 'new Date()', 'Math.random()', 'globalThis.crypto'])
      expect(check({ 'shared/pcm/a.ts': `export const a = ${impure};` }), impure).toHaveLength(1);
    const fine = '// Math.random() would not do\nexport const a = new Date(0).toISOString();';
    expect(check({ 'shared/pcm/a.ts': fine, 'electron/engine/a.ts': 'export const a = Date.now();' })).toEqual([]);
  });
  it('finds cycles, whole', () => {
    const [problem] = check({
      'shared/time/a.ts': "import { b } from './b.ts';",
      'shared/time/b.ts': "import { c } from './c.ts';",
      'shared/time/c.ts': "import { a } from './a.ts';",
    });
    expect(problem).toBe(
      'import cycle:\n    shared/time/a.ts\n    -> shared/time/b.ts\n    -> shared/time/c.ts\n    -> shared/time/a.ts',
    );
  });
  it('reads a tree that is really there', () => {
    expect(readTree().size).toBeGreaterThan(50);
  });
});
