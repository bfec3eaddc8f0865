import { fileURLToPath } from 'node:url'
import { load, randomPatterns } from 'hopfield-native'
import { served } from '../memories/served.js'
import { type Asking, type Fired, fire } from './fire.js'
import { type Program, started } from './program.js'

/** What a question costs. */
export interface Cost extends Fired {
  readonly name: string
  /** Of the rate of Fastify alone in the same rounds: 1 of Fastify itself. */
  readonly ratio: number
}

export interface MeasureOptions {
  readonly connections: number
  /** Of each question and round. */
  readonly seconds: number
  /** Questions take turns; medians of the rounds are told. */
  readonly rounds: number
}

interface Named extends Asking {
  readonly name: string
}

const CUES = 256
const program = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/**
 * Measures what a server of a saved memory answers per second on loopback, beside Fastify alone. Cues are random bits, or numbers 0 and 1.
 * @throws HopfieldError ERR_HOPFIELD_FILE for a file that cannot be opened.
 */
export async function measureServer(path: string, options: MeasureOptions): Promise<Cost[]> {
  const { questions } = served(await load(path, { mmap: true }))
  const running: Program[] = []
  try {
    const echo = await started([program('echo.js')])
    running.push(echo)
    const server = await started([program('../main.js'), '--port', '0', '--no-docs', `m=${path}`])
    running.push(server)
    const { cue, random } = questions.recall
    const asked: Named[] = [
      { name: 'Fastify alone', program: echo, path: '/', bodies: cuesOf(cue) },
      { name: 'recall', program: server, path: '/v1/memories/m/recall', bodies: cuesOf(cue) },
    ]
    if (random) {
      const path = '/v1/memories/m/recall?dynamics=synchronous'
      asked.push({ name: 'recall, synchronous', program: server, path, bodies: cuesOf(cue) })
    }
    for (const [name, question] of Object.entries(questions)) {
      if (name === 'recall') continue
      const path = `/v1/memories/m/${name}`
      asked.push({ name, program: server, path, bodies: cuesOf(question.cue) })
    }
    return await inTurns(asked, options)
  } finally {
    for (const { process } of running) process.kill()
  }
}

/** Rounds in which all questions are asked, one after the other, so that all meet the same machine. */
async function inTurns(asked: readonly Named[], options: MeasureOptions): Promise<Cost[]> {
  const rounds: Fired[][] = []
  for (const asking of asked) await fire(asking, { ...options, seconds: 1 }) // warm-up
  for (let round = 0; round < options.rounds; round++) {
    const found = []
    for (const asking of asked) found.push(await fire(asking, options))
    rounds.push(found)
  }
  return asked.map(({ name }, k) => {
    const of = (what: keyof Fired) => middle(rounds.map((round) => round[k][what]))
    const ratio = middle(rounds.map((round) => round[k].rate / round[0].rate))
    const [rate, cost, p50, p99] = [of('rate'), of('cost'), of('p50'), of('p99')]
    return { name, rate, ratio, cost, p50, p99, late: of('late'), failures: of('failures') }
  })
}

/** Random cues of a kind, packed. */
function cuesOf(cue: { readonly width: number; example(bits: Uint8Array): Uint8Array }): Uint8Array[] {
  const neurons = cue.width
  const bytes = randomPatterns({ count: CUES, neurons, seed: 1, packed: true }).toBytes()
  const size = bytes.length / CUES
  return Array.from({ length: CUES }, (_, k) => cue.example(bytes.subarray(k * size, (k + 1) * size)))
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
