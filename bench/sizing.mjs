// What size of a memory wants what machine? A server of each, its file, its resident memory and what it answers under 64 connections.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HopfieldNetwork } from 'hopfield-native'
import { client, fire } from '../apps/server/dist/measure/fire.js'
import { started } from '../apps/server/dist/measure/program.js'
import { makeInputs } from './inputs.mjs'
import { duration, middle, QUICK, table } from './measure.mjs'
import { bodies, CONNECTIONS, cores, SERVER } from './serve.mjs'

export { cores }

const SECONDS = QUICK ? 1 : 2
const ROUNDS = QUICK ? 1 : 3
const MB = 1e6

/** Neurons and patterns. */
const MEMORIES = QUICK
  ? [
      [256, 1000],
      [1024, 51],
    ]
  : [
      [256, 1000],
      [256, 100_000],
      [256, 1_000_000],
      [1024, 51],
      [1024, 100_000],
      [4096, 204],
    ]
const QUESTIONS = [
  ['nearest', 'nearest'],
  ['recall', 'recall'],
  ['recall, synchronous', 'recall?dynamics=synchronous'],
]
/** Patterns a neuron up to which noisy cues end in what they were made of. */
const RECALLED = 0.1

export async function run(report) {
  report.text(
    `## Servers of memories of several sizes, each with its core to itself: ${CONNECTIONS} connections of ${client} on loopback, ${ROUNDS} rounds of ${SECONDS} s\n`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-sizing-'))
  const rows = []
  try {
    for (const size of MEMORIES) {
      const path = join(folder, 'm.safetensors')
      for (const row of await measured(size, path)) {
        report.json({ question: 'sizing', ...row })
        rows.push(written(row))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const head = ['neurons', 'patterns', 'file', 'at the start', 'question', 'answers per second']
  report.text(table([...head, 'processor time each', 'p50', 'p99', 'resident then', 'of it files'], rows))
  report.text(
    '\nResident memory is that of one process in all, Node with it; pages of files are shared by all processes that map the same ones.\n',
  )
}

/** A server of one memory, asked one question after the other: what it was at the start, and after each. */
async function measured([neurons, patterns], path) {
  const inputs = makeInputs([neurons, patterns], 256)
  await new HopfieldNetwork({ neurons }).store(inputs.patterns).save(path)
  const program = await started(
    [SERVER, '--port', '0', `m=${path}`],
    Number(process.env.HOPFIELD_BENCH_CORE ?? 0),
  )
  try {
    const about = { neurons, patterns, file: statSync(path).size, start: resident(program).all }
    const found = []
    for (const [name, words] of QUESTIONS) {
      if (name !== 'nearest' && patterns > RECALLED * neurons) continue
      const question = { program, path: `/v1/memories/m/${words}`, bodies: bodies(inputs, neurons) }
      await fire(question, { connections: CONNECTIONS, seconds: 1 }) // warm-up
      const fired = []
      for (let round = 0; round < ROUNDS; round++)
        fired.push(await fire(question, { connections: CONNECTIONS, seconds: SECONDS }))
      const of = (what) => middle(fired.map((one) => one[what]))
      const failures = fired.reduce((sum, one) => sum + one.failures, 0)
      if (failures > 0) throw new Error(`sizing: ${failures} requests of ${words} were not answered`)
      const then = resident(program)
      const times = { rate: of('rate'), cost: of('cost'), p50: of('p50'), p99: of('p99') }
      found.push({ ...about, name, ...times, resident: then.all, files: then.files })
    }
    return found
  } finally {
    program.process.kill()
  }
}

/** Bytes of memory that a process has; NaN where the system does not tell. */
function resident({ process: { pid } }) {
  if (process.platform !== 'linux') return { all: Number.NaN, files: Number.NaN }
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [all, files] = ['VmRSS', 'RssFile'].map((name) => new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1])
  return { all: 1024 * Number(all), files: 1024 * Number(files) }
}

const megabytes = (bytes) => `${(bytes / MB).toFixed(bytes < MB ? 2 : 0)} MB`

function written({ neurons, patterns, file, start, name, rate, cost, p50, p99, resident, files }) {
  const [N, P, answers] = [neurons, patterns, Math.round(rate)].map((n) => n.toLocaleString('en'))
  const times = [duration(cost), duration(p50 / 1e3), duration(p99 / 1e3)]
  return [
    N,
    P,
    megabytes(file),
    megabytes(start),
    name,
    answers,
    ...times,
    megabytes(resident),
    megabytes(files),
  ]
}
