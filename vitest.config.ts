import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** They look at the clock, and want the machine to themselves. */
const TIMED = [
  'test/async/stop.test.ts',
  'test/memories/bipolar/event-loop.test.ts',
  'apps/cli/test/progress.test.ts',
]

/** What changes or measures the process that it runs in. Such a file has a process of its own; the others share one. */
const ALONE =
  /\bvi\.(mock|doMock|resetModules|stubEnv|stubGlobal|useFakeTimers)\b|process\.env\S* = |delete process\.env|setFlagsFromString|memoryUsage|flat-memory/

const files = ['test', ...readdirSync('apps').map((app) => `apps/${app}/test`)]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`),
  )
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.long.test.ts') && !TIMED.includes(name))
const alone = files.filter((name) => ALONE.test(readFileSync(name, 'utf8')))

const common = {
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  setupFiles: ['test/helpers/equality.ts'],
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'all',
          include: files.filter((name) => !alone.includes(name)),
          // Half a second a file, to start a process and load the sources.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'alone',
          include: alone,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'timed',
          include: TIMED,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
