// How long does one noisy cue take to become stable when all neurons update at once?
import { backend } from 'hopfield-native'
import { best, limitsInTurn, lookUpRate } from './limits.mjs'
import { duration, factor, metric } from './measure.mjs'
import { compare, ratioTable } from './one-cue.mjs'
import { peersNote, plainSynchronous } from './peers.mjs'

const SIZES = [
  [1024, 51],
  [4096, 204],
  [16384, 819],
]
/** Beyond this size plain JavaScript takes seconds per recall. */
const PLAIN_MOST = 4096
/** Patterns of more bytes are read from the second-level cache. */
const NEAR = 32 * 1024

export async function run(report) {
  const results = []
  for (const size of SIZES) {
    const plain = size[0] <= PLAIN_MOST ? plainSynchronous : undefined
    const turns = limitsInTurn('popcount', 'look-up')
    const options = { peers: ['matrix', 'factored'], plain, turns: [turns.group] }
    results.push({ ...(await compare('synchronous', size, options, report)), machine: turns.list() })
  }
  report.text('## One cue, synchronous, 20 % noise, to stability\n')
  report.text(`${ratioTable(results)}\n\n${peersNote('numpy')}`)
  const { tier } = backend()
  const rate = (machine, what, where) =>
    what === 'popcount' ? best(machine, what, `${tier}, 1`, where) : lookUpRate(machine, tier, where)
  const known = results.filter(({ machine }) => rate(machine, 'popcount', 'L1') !== undefined)
  if (known.length === 0) {
    report.text('')
    return
  }
  const [{ machine }] = known
  const told = (what) =>
    `${metric(rate(machine, what, 'L1'))} from L1, ${metric(rate(machine, what, 'L2'))} from L2`
  report.text(
    `The machine's measured rates (pattern bits per second): popcount ${told('popcount')}; look-ups in two tables of bytes ${told('look-up')}. ` +
      `${known.map((result) => share(result, rate)).join('; ')}.\n`,
  )
}

/** Two passes over the patterns per sweep, one by popcount, one by look-up; rates of the same run. */
function share({ neurons, count, ours, machine }, rate) {
  const cache = (count * neurons) / 8 > NEAR ? 'L2' : 'L1'
  const bits = count * neurons * ours.sweeps
  const limit = bits / rate(machine, 'popcount', cache) + bits / rate(machine, 'look-up', cache)
  return `N = ${neurons}: ${duration(limit)} at those rates, ${factor(ours.median / limit)}× that measured`
}
