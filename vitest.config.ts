import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.long.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    // .ci/run reads its counts from the file.
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: 'build-results.json' }]] : ['default'],
  },
})
