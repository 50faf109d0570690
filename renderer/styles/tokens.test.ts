import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The declarations of the block that a selector opens, in order. */
function declarationsOf(css: string, selector: string): readonly string[] {
  const from = css.indexOf(selector);
  const block = css.slice(css.indexOf('{', from) + 1, css.indexOf('}', from));
  return [...block.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/--[\w-]+:[^;]+;/g)].map((match) =>
    match[0].replace(/\s+/g, ' '),
  );
}

// CSS cannot name a set of values once for two conditions, and the canvas reads plain values: so there are two of the set.
it('dark looks the same whether the system or the user chose it', () => {
  const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
  const bySystem = declarationsOf(css, ':root:not([data-theme="light"])');
  expect(bySystem.length).toBeGreaterThan(50);
  expect(declarationsOf(css, ':root[data-theme="dark"]')).toEqual(bySystem);
});
