import { defineConfig } from 'vitest/config'

/** Real Chromium against the real server: `npm run build`, then the server binary must be there. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    // One server and one browser at a time: on two cores a second pair only makes both slow.
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
