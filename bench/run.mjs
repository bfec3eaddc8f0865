// npm run bench [-- QUESTION… [--json]]: every question, or those named; tables, or JSON lines.
import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { backend } from 'hopfield-native'

const QUESTIONS = ['one-cue-synchronous', 'one-cue-asynchronous', 'one-call', 'memory']

const json = process.argv.includes('--json')
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = named.find((name) => !QUESTIONS.includes(name))
if (unknown !== undefined) {
  console.error(`bench: no question ${JSON.stringify(unknown)}; there are ${QUESTIONS.join(', ')}`)
  process.exit(2)
}

// One core for everything, peers included, where the system can pin: threads would compare something else.
const pinnable = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0
if (pinnable && !process.env.HOPFIELD_BENCH_PINNED) {
  const self = fileURLToPath(import.meta.url)
  const { status } = spawnSync('taskset', ['-c', '0', process.execPath, self, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, HOPFIELD_BENCH_PINNED: '1' },
  })
  process.exit(status ?? 1)
}

const report = {
  text: (line) => json || console.log(line),
  json: (row) => json && console.log(JSON.stringify(row)),
}
const { name, tier } = backend()
report.text(
  `${cpus()[0].model}, ${availableParallelism()} core(s) used; Node ${process.versions.node}; backend ${name}, tier ${tier}. ` +
    'Medians; in brackets how many times the first row.\n',
)
for (const question of named.length > 0 ? named : QUESTIONS) {
  const { run } = await import(`./${question}.mjs`)
  await run(report)
}
