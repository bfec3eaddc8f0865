// How long does one noisy cue take to become stable when all neurons update at once?
import { limits } from './limits.mjs'
import { duration, factor } from './measure.mjs'
import { compare, ratioTable } from './one-cue.mjs'
import { plainSynchronous } from './peers.mjs'

const SIZES = [
  [1024, 51],
  [4096, 204],
  [16384, 819],
]
/** Plain JavaScript's matrix beyond this size takes seconds a recall. */
const PLAIN_MOST = 4096
/** Patterns beyond so many bytes come from the second-level cache. */
const NEAR = 32 * 1024

export async function run(report) {
  const machine = limits()
  const results = []
  for (const size of SIZES) {
    const plain = size[0] <= PLAIN_MOST ? plainSynchronous : undefined
    results.push(await compare('synchronous', size, { plain }, report))
  }
  report.text('## One cue, synchronous, 20 % noise, to stability\n')
  report.text(ratioTable(results))
  if (machine.popcountL1 === undefined) return
  report.text(
    `\nThe machine's measured rates (pattern bits a second): popcount ${rate(machine.popcountL1)} from L1, ${rate(machine.popcountL2)} from L2; ` +
      `masked 16-bit addition ${rate(machine.maskedAddL1)} and ${rate(machine.maskedAddL2)}. ${results.map((result) => share(result, machine)).join('; ')}.\n`,
  )
}

const rate = (x) => `${(x / 1e12).toPrecision(2)} T`

/** Two passes over the patterns a sweep, one by popcount, one by masked addition. */
function share({ neurons, count, ours }, machine) {
  const cache = (count * neurons) / 8 > NEAR ? 'L2' : 'L1'
  const bits = count * neurons * ours.sweeps
  const limit = bits / machine[`popcount${cache}`] + bits / machine[`maskedAdd${cache}`]
  return `N = ${neurons}: ${duration(limit)} at those rates, ${factor(ours.median / limit)}× that measured`
}
