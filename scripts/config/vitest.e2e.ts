import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;

/** Journeys of a user in a real Chromium against the real engine; one at a time. */
export default defineConfig({
  root,
  test: {
    include: ['scripts/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 90_000,
  },
});
