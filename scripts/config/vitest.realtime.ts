import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;

/** Real calls in real processes: one file at a time and nothing beside them, or the clock tells of the machine's load. */
export default defineConfig({
  root,
  test: {
    include: ['{electron,companion,scripts}/**/*.realtime.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
