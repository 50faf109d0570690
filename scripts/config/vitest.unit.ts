import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;

/** Everything that needs no real call and no browser; files side by side. */
export default defineConfig({
  root,
  test: {
    include: ['{shared,electron,renderer,companion,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', '**/*.realtime.test.ts', 'scripts/e2e/**'],
    pool: 'forks',
    testTimeout: 30_000,
  },
});
