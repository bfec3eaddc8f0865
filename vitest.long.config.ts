import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts', 'apps/*/test/**/*.long.test.ts'],
    pool: 'forks',
    testTimeout: 3_600_000,
    setupFiles: ['test/helpers/equality.ts'],
  },
})
