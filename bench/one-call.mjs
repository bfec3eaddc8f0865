// What does a call cost beyond its arithmetic? The same recalls one by one, into a new array and into one in use, and in one batch,
// of few neurons.
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, measure, table, takeTurns } from './measure.mjs'

/** N, P. */
const SIZES = [[64, 3], [128, 6], [256, 13]] // biome-ignore format: a table
const CALLS = 1000

/** Rows of one size: every way alone and in a batch. */
async function rowsOf([neurons, count]) {
  const patterns = randomPatterns({ count, neurons, seed: 1 })
  const net = new HopfieldNetwork({ neurons }).store(patterns)
  const cue = addNoise(patterns.subarray(0, neurons), { noise: 0.2, seed: 2 })
  const cues = new Int8Array(neurons * CALLS)
  for (let b = 0; b < CALLS; b++) cues.set(cue, b * neurons)
  const order = Uint32Array.from({ length: neurons }, (_, i) => i)
  const cases = {
    synchronous: { dynamics: 'synchronous' },
    'asynchronous, random order': { seed: 1 },
    'asynchronous, cyclic': { order: 'cyclic' },
    'asynchronous, explicit order': { order },
  }
  const out = new Int8Array(neurons)
  const outs = new Int8Array(neurons * CALLS)
  const alone = (options) => () => {
    for (let b = 0; b < CALLS; b++) net.recall(cue, options)
  }
  const rows = []
  for (const [way, options] of Object.entries(cases)) {
    const runs = {
      alone: alone(options),
      'alone, out': alone({ ...options, out }),
      'in a batch': () => net.recallBatch(cues, { ...options, out: outs }),
    }
    for (const [how, run] of Object.entries(runs))
      rows.push({ name: `${way}, ${how}`, way, ...(await measure(run)) })
  }
  return rows
}

export async function run(report) {
  const columns = []
  for (const size of SIZES) {
    const [neurons, count] = size
    const rows = await takeTurns([() => rowsOf(size)])
    for (const { name, median } of rows) {
      report.json({ question: 'one call', neurons, name, seconds: median / CALLS })
    }
    columns.push({ head: `N = ${neurons}, P = ${count}`, rows })
  }
  const ways = [...new Set(columns[0].rows.map(({ way }) => way))]
  const lines = ways.map((way) => [
    way,
    ...columns.map(({ rows }) => {
      const [alone, ...others] = rows.filter((row) => row.way === way).map(({ median }) => median / CALLS)
      return `${duration(alone)} (${others.map(duration).join('; ')})`
    }),
  ])
  const head = ['time of one call (with out; of a cue in a batch)', ...columns.map((column) => column.head)]
  report.text(`${table(head, lines)}\n`)
}
