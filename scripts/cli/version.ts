/** Where the package is, and its version. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the package, seen from dist/scripts/cli or, in tests, from scripts/cli. */
export const packageRoot: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url),
);

export function version(): string {
  const found: unknown = JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8'));
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : 'unknown';
}
