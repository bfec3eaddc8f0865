// What does recallAsync cost more than recallBatch, both on one thread? For a few cues, and for more than 50 ms of cues.
import { HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { makeInputs, SIZES } from './inputs.mjs'
import { duration, measure, percent, table, takeTurns } from './measure.mjs'

const BATCHES = [1, 16, 256]
/** Least duration of the large batch in seconds. */
const LONG = 0.06
const MOST = 32768

export async function run(report) {
  report.text('## recallAsync({ threads: 1 }) over recallBatch, synchronous, 20 % noise\n')
  if (HopfieldNetwork.prototype.recallAsync === undefined) {
    report.text('This build has no recallAsync.\n')
    return
  }
  const rows = []
  for (const [neurons, count] of SIZES) {
    const { patterns, cues } = makeInputs([neurons, count], BATCHES.at(-1))
    const net = new HopfieldNetwork({ neurons }).store(patterns)
    /** This many copies of the same cue. */
    const packedCues = (batch) => {
      const all = new Int8Array(batch * neurons)
      for (let at = 0; at < all.length; at += cues.length) {
        all.set(cues.subarray(0, Math.min(cues.length, all.length - at)), at)
      }
      return PackedPatterns.from(all, { neurons })
    }
    const options = { dynamics: 'synchronous', packed: true }
    const known = packedCues(BATCHES.at(-1))
    const { median } = await measure(() => net.recallBatch(known, options), { time: 100 })
    const long = Math.min(MOST, Math.ceil((LONG / median) * BATCHES.at(-1)))
    for (const batch of [...BATCHES, long]) {
      const packed = packedCues(batch)
      const [here, there] = await takeTurns([
        async () => [{ name: 'here', ...(await measure(() => net.recallBatch(packed, options))) }],
        async () => [
          { name: 'there', ...(await measure(() => net.recallAsync(packed, { ...options, threads: 1 }))) },
        ],
      ])
      const over = there.median - here.median
      report.json({
        question: 'async overhead',
        neurons,
        count,
        batch,
        recallBatch: here.median,
        recallAsync: there.median,
      })
      rows.push([
        `N = ${neurons}, P = ${count}, ${batch} cue(s)`,
        duration(here.median),
        duration(there.median),
        duration(over),
        percent(over / here.median),
      ])
    }
  }
  report.text(`${table(['', 'recallBatch', 'recallAsync', 'difference', 'share'], rows)}\n`)
}
