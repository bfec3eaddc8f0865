import { defineConfig } from 'vitest/config'

/** They look at the clock, and want the machine to themselves. */
const TIMED = [
  'test/async/stop.test.ts',
  'test/memories/bipolar/event-loop.test.ts',
  'apps/cli/test/endings.test.ts',
  'apps/cli/test/progress.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.test.ts', ...TIMED],
          pool: 'forks',
          maxWorkers: '100%',
          testTimeout: 120_000,
          setupFiles: ['test/helpers/equality.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: TIMED,
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 120_000,
          setupFiles: ['test/helpers/equality.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
