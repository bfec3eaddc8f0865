import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { DataError } from '../errors.js'
import { formatRows } from '../table.js'
import { integerFrom } from '../values.js'

interface Options {
  readonly serve?: boolean
  readonly connections: number
  readonly seconds: number
  readonly rounds: number
  readonly json?: boolean
}

/** The network of docs/server.md. */
const USUAL = { neurons: 1024, count: 51 }

/** What a server of a memory answers on this machine. The server and what asks it are packages of their own, and few want them. */
export function addBench(program: Command): void {
  program
    .command('bench')
    .argument(
      '[file]',
      `a saved memory; without it a network of ${USUAL.neurons} neurons and ${USUAL.count} patterns`,
    )
    .summary('measure a server on this machine')
    .description(
      'Starts a server of a memory on a free port of this machine, asks it through many connections, beside Fastify alone, and prints what each answer took. It needs the package hopfield-native-server, and wrk or the package autocannon.',
    )
    .requiredOption('--serve', 'measure a server')
    .option('--connections <n>', 'connections that ask at the same time', integerFrom(1, 10_000), 64)
    .option('--seconds <n>', 'seconds for each question and round', integerFrom(1, 600), 4)
    .option('--rounds <n>', 'rounds, in which the questions take turns', integerFrom(1, 100), 3)
    .option('--json', 'print one JSON document')
    .action(async (file: string | undefined, options: Options) => {
      const { measureServer } = await needed(import('hopfield-native-server/measure'))
      const folder = mkdtempSync(join(tmpdir(), 'hopfield-bench-'))
      try {
        const costs = await needed(measureServer(file ?? (await usual(folder)), options))
        if (options.json === true) console.log(JSON.stringify(costs, null, 2))
        else print(costs)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
}

type Costs = Awaited<ReturnType<typeof import('hopfield-native-server/measure').measureServer>>

function print(costs: Costs): void {
  const rows = costs.map(({ name, rate, ratio, cost, p50, p99, failures }) => [
    name,
    Math.round(rate).toLocaleString('en'),
    `${(ratio * 100).toFixed(0)} %`,
    Number.isNaN(cost) ? '–' : `${(cost * 1e6).toFixed(0)} µs`,
    `${p50.toFixed(1)} ms`,
    `${p99.toFixed(1)} ms`,
    String(failures),
  ])
  const head = ['question', 'answers per second', 'of Fastify', 'processor time', 'p50', 'p99', 'no answers']
  console.log(formatRows(head, rows))
}

async function usual(folder: string): Promise<string> {
  const path = join(folder, 'memory.safetensors')
  await new HopfieldNetwork({ neurons: USUAL.neurons }).store(randomPatterns(USUAL)).save(path)
  return path
}

/** What comes of packages that may not be there. */
async function needed<T>(found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DataError('bench --serve needs other packages: npm install hopfield-native-server autocannon')
  }
}
