import { defineConfig } from 'vitest/config'

// For an addon of its own: scripts/test-faults.sh builds it and runs this.
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    pool: 'forks',
    // One after the other: they share the file that says which allocation fails.
    fileParallelism: false,
    execArgv: ['--expose-gc'],
    testTimeout: 600_000,
  },
})
