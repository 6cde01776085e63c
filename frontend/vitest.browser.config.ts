import { defineConfig } from 'vitest/config'

/** Real Chromium against the real server: `npm run build`, then the server binary must be there. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    // One browser and one server at a time: two cores are few.
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
