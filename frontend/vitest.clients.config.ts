import { defineConfig } from 'vitest/config'

/** The client libraries that people use, against the real server: its binary must be there. */
export default defineConfig({
  test: {
    include: ['tests/clients/**/*.test.ts'],
    environment: 'node',
    // Each test has a server of its own; more of them at a time only make each other slow.
    fileParallelism: false,
    testTimeout: 10_000,
  },
})
