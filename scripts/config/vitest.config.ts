import { defineConfig } from 'vitest/config';

// One fork at a time for real-time suites is asked for on the command line; unit suites may run side by side.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['{shared,electron,renderer,companion,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**'],
    pool: 'forks',
    testTimeout: 20_000,
  },
});
