// What does a call cost beyond its arithmetic? The same recalls one by one and in one batch, of few neurons.
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, measure, table } from './measure.mjs'

/** N, P. */
const SIZES = [[64, 3], [128, 6], [256, 13]] // biome-ignore format: a table
const CALLS = 1000

export async function run(report) {
  for (const [neurons, count] of SIZES) await compare(report, neurons, count)
}

async function compare(report, neurons, count) {
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
  const rows = []
  for (const [name, options] of Object.entries(cases)) {
    const single = await measure(() => {
      for (let b = 0; b < CALLS; b++) net.recall(cue, options)
    })
    const batch = await measure(() => net.recallBatch(cues, options))
    const [alone, together] = [single.median / CALLS, batch.median / CALLS]
    report.json({ question: 'one call', neurons, name, alone, together })
    rows.push([name, duration(alone), duration(together), duration(alone - together)])
  }
  report.text(`## What a call costs, N = ${neurons}, P = ${count}\n`)
  report.text(`${table(['', 'one call', 'time per cue in a batch', 'difference'], rows)}\n`)
}
