// How do store, recall and memory grow with the network? N = 256 to 262,144 at P = 0.05·N, each in its own process.
import { readFileSync } from 'node:fs'
import { addNoise, backend, HopfieldNetwork, PackedPatterns, randomPatterns } from 'hopfield-native'
import { apart } from './apart.mjs'
import { best, limits, lookUpRate } from './limits.mjs'
import { duration, factor, measure, metric, QUICK, table } from './measure.mjs'

const SIZES = QUICK ? [256, 4096, 65536] : [256, 1024, 4096, 16384, 65536, 262144]
/** Patterns are stored in portions, as if read from a file. */
const PORTION = 64
const BATCH = 16
const NOISE = 0.1

/** Peak resident bytes of this process; resourceUsage would include its parent's. */
function peak() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}

/** One size, in its own process. */
export async function work({ neurons, count }) {
  const before = peak()
  const net = new HopfieldNetwork({ neurons })
  const took = { generate: 0, store: 0 }
  for (let at = 0; at < count; at += PORTION) {
    const start = performance.now()
    const portion = randomPatterns({ count: Math.min(PORTION, count - at), neurons, seed: at, packed: true })
    const middle = performance.now()
    net.store(portion)
    took.generate += (middle - start) / 1e3
    took.store += (performance.now() - middle) / 1e3
  }
  const cues = new Int8Array(BATCH * neurons)
  for (let b = 0; b < BATCH; b++) {
    cues.set(addNoise(net.pattern(b % count), { noise: NOISE, seed: 2, stream: b }), b * neurons)
  }
  const cue = cues.subarray(0, neurons)
  const packed = PackedPatterns.from(cues, { neurons })
  const recalls = {
    synchronous: () => net.recall(cue, { dynamics: 'synchronous' }),
    batch: () => net.recallBatch(packed, { dynamics: 'synchronous', packed: true }),
    asynchronous: () => net.recall(cue, { dynamics: 'asynchronous' }),
  }
  const original = net.pattern(0)
  const found = {}
  for (const [name, call] of Object.entries(recalls)) {
    const start = performance.now()
    const result = call()
    found[name] = {
      first: (performance.now() - start) / 1e3, // includes what the first recall prepares
      overlap: overlap(original, result.state ?? result.states.pattern(0)),
      sweeps: result.sweeps,
      peak: peak(), // synchronous first, because asynchronous keeps the patterns twice
      ...(await measure(call, { time: 300 })),
    }
  }
  return { before, took, found }
}

function overlap(a, b) {
  return a.reduce((sum, x, i) => sum + x * b[i], 0) / a.length
}

export async function run(report) {
  const machine = limits('popcount', 'look-up', 'read')
  const rows = []
  for (const neurons of SIZES) {
    const count = Math.floor(neurons * 0.05)
    const { before, took, found } = apart(import.meta.url, 'work', { neurons, count })
    const bytes = (neurons * count) / 8
    const figures = { neurons, count, bytes, before, took, found }
    report.json({ question: 'scaling', ...figures })
    const { synchronous, batch, asynchronous } = found
    const memory = (at) => {
      const ratio = bytes > 1e7 ? ` (${factor((at - before) / bytes)}×)` : ''
      return `${Math.round((at - before) / 1e6)} MB${ratio}`
    }
    const told = (result) =>
      `${duration(result.median)}${result.overlap === 1 ? '' : ` (m = ${result.overlap.toFixed(6)})`}`
    const rate = metric((2 * neurons * count * synchronous.sweeps) / synchronous.median)
    rows.push([
      `${neurons.toLocaleString('en')}, ${count.toLocaleString('en')}`,
      duration(took.store),
      told(synchronous),
      rate,
      duration(batch.median / BATCH),
      factor((synchronous.median * BATCH) / batch.median),
      told(asynchronous),
      memory(synchronous.peak),
      memory(asynchronous.peak),
    ])
  }
  report.text(
    table(
      [
        'N, P = 0.05·N, 10 % noise',
        'store',
        'one cue, synchronous',
        'bit operations per second',
        `a cue of ${BATCH}`,
        'times as fast',
        'one cue, asynchronous',
        'memory after a synchronous recall',
        'after an asynchronous',
      ],
      rows,
    ),
  )
  const { tier } = backend()
  const [popcount, lookUp] = [best(machine, 'popcount', `${tier}, 1`), lookUpRate(machine, tier, 'L1')]
  report.text(
    '\nBit operations: 2·P·N per sweep and cue. Memory is the peak minus the peak of an empty process; the ratio to N·P/8 is in brackets.',
  )
  if (popcount !== undefined && lookUp !== undefined) {
    report.text(
      `One cue by popcount and look-up from the first-level cache: at most ${metric(2 / (1 / popcount + 1 / lookUp))} per second here; ` +
        `patterns read from memory once as they are and once as indices, a third more: ${metric((2 / (1 + 4 / 3)) * 8 * best(machine, 'read', 'loads, prefetched'))}.`,
    )
  }
  report.text('')
}
