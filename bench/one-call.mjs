// What does a call cost beyond its arithmetic? The same recalls one by one and in one batch, N = 64.
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, measure, table } from './measure.mjs'

const NEURONS = 64
const CALLS = 1000

export async function run(report) {
  const patterns = randomPatterns({ count: 3, neurons: NEURONS, seed: 1 })
  const net = new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
  const cue = addNoise(patterns.subarray(0, NEURONS), { noise: 0.2, seed: 2 })
  const cues = new Int8Array(NEURONS * CALLS)
  for (let b = 0; b < CALLS; b++) cues.set(cue, b * NEURONS)
  const order = Uint32Array.from({ length: NEURONS }, (_, i) => i)
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
    report.json({ question: 'one call', name, alone, together })
    rows.push([name, duration(alone), duration(together), duration(alone - together)])
  }
  report.text(`## What a call costs, N = ${NEURONS}, P = 3\n`)
  report.text(`${table(['', 'one call', 'time per cue in a batch', 'difference'], rows)}\n`)
}
