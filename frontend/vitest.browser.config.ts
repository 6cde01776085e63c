import { defineConfig } from 'vitest/config'

/** Real Chromium against the real server: `npm run build`, then the server binary must be there. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    // Each file has a server and a browser of its own; more than two at a time only wait for each other on a small machine.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
