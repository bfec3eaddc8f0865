// npm run bench [-- NAME… [--json] [--quick] [--runs=N] [--data=FOLDER] [--only=NAME,…] [--large]]: all benchmarks, or the named ones; tables, or JSON lines.
// npm run bench -- --chart: measures what docs/speed.svg shows and draws it.
import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { backend } from 'hopfield-native'

const QUESTIONS = [
  'limits',
  'one-cue-synchronous',
  'one-cue-asynchronous',
  'one-cue-size',
  'one-call',
  'one-pattern',
  'batch',
  'batch-size',
  'threads',
  'async-overhead',
  'batcher',
  'serve',
  'sizing',
  'weights',
  'energy',
  'nearest',
  'scaling',
  'retrieval',
  'single',
  'exact',
  'ball',
  'top',
  'neighbours',
  'learning',
  'projection',
  'temperature',
  'sparse',
  'webassembly',
  'wiring',
  'growing',
  'opening',
  'turns',
  'ties',
  'tank',
  'optimization',
  'solvers',
  'boltzmann',
  'features',
  'similarity',
]
const CHARTED = ['batch-size', 'one-cue-size']

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'))
const [json, quick, chart] = ['--json', '--quick', '--chart'].map((flag) => flags.includes(flag))
if (flags.includes('--large')) process.env.HOPFIELD_BENCH_LARGE = '1'
/** --runs=N, --data=FOLDER and --only=NAME,…, for benchmarks that take them. */
for (const [, name, value] of flags.map((flag) => /^--(runs|data|only)=(.+)$/.exec(flag) ?? [])) {
  if (name !== undefined) process.env[`HOPFIELD_BENCH_${name.toUpperCase()}`] = value
}
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = named.find((name) => !QUESTIONS.includes(name))
if (unknown !== undefined) {
  console.error(
    `bench: there is no benchmark ${JSON.stringify(unknown)}; expected one of ${QUESTIONS.join(', ')}`,
  )
  process.exit(2)
}

if (process.env.HOPFIELD_BENCH_ASKED) {
  const { run } = await import(`./${named[0]}.mjs`)
  await run({
    text: (line) => json || console.log(line),
    json: (row) => json && console.log(JSON.stringify(row)),
  })
  const { busyNote } = await import('./measure.mjs')
  if (busyNote()) console.error(busyNote())
} else {
  const { name, tier } = backend()
  if (!json && !chart) {
    console.log(
      `${cpus()[0].model}, ${availableParallelism()} core(s); Node ${process.versions.node}; backend ${name}, tier ${tier}. ` +
        `Medians; a number in brackets is the ratio to the first row.${quick ? ' QUICK: do not quote these times.' : ''}\n`,
    )
  }
  const lines = []
  for (const question of named.length > 0 ? named : chart ? CHARTED : QUESTIONS)
    lines.push(await ask(question))
  if (chart) {
    const { draw } = await import('./chart.mjs')
    await draw(lines.join('').trim().split('\n').map(JSON.parse))
  }
}

/**
 * Runs one benchmark in its own process, pinned to one core where the system can pin, or to as many cores as the benchmark
 * says. The programs compared are pinned too, so that they use no more threads. HOPFIELD_BENCH_CORE is the first core, 0 by default.
 */
async function ask(question) {
  const { cores = 1 } = await import(`./${question}.mjs`)
  const first = Number(process.env.HOPFIELD_BENCH_CORE ?? 0)
  const on = Array.from({ length: cores }, (_, i) => (first + i) % availableParallelism())
  const pinnable = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0
  const pin = pinnable ? ['taskset', '-c', on.join(',')] : []
  const self = fileURLToPath(import.meta.url)
  const [command, ...words] = [...pin, process.execPath, self, question, ...(json || chart ? ['--json'] : [])]
  const { status, stdout } = spawnSync(command, words, {
    stdio: ['inherit', chart ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, HOPFIELD_BENCH_ASKED: '1', ...(quick ? { HOPFIELD_BENCH_QUICK: '1' } : {}) },
  })
  if (status !== 0) process.exit(status ?? 1)
  return stdout ?? ''
}
