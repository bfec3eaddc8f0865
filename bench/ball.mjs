// How long does a recall by a Hamming ball of random ±1 patterns take, beside `nearest`, which compares all of them? The best tier and AVX2.
import { backend, DenseAssociativeMemory, PackedPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { duration, measure, percent, QUICK, table, takeTurns } from './measure.mjs'

/** N, P, radius, flipped neurons of a cue. */
const SHAPES = [[1024, 1_000_000, 100, 50], [1024, 1_000_000, 200, 100], [256, 1_000_000, 32, 16]] // biome-ignore format: a table
const BATCHES = [1, 256]

/** Rows of one tier, in its own process. */
export async function work({ neurons, count, radius, flips }) {
  const stride = PackedPatterns.from(new Int8Array(neurons).fill(1), { neurons }).words.length
  const words = new Uint32Array(count * stride)
  let state = 12345
  for (let k = 0; k < words.length; k++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[k] = state
  }
  // What is written behind the last neuron is cleared.
  const patterns = new PackedPatterns({ neurons, words })
  const net = new DenseAssociativeMemory({ neurons, interaction: { kind: 'epanechnikov', radius } })
  net.store(patterns)
  const { tier } = backend()
  const rows = []
  for (const batch of BATCHES) {
    const sources = Array.from({ length: batch }, (_, b) => (b * 7919) % count)
    const cues = new Uint32Array(batch * stride)
    for (const [b, mu] of sources.entries()) {
      cues.set(words.subarray(mu * stride, (mu + 1) * stride), b * stride)
      for (let i = 0; i < flips; i++) {
        const k = (i * 37 + b) % neurons
        cues[b * stride + (k >> 5)] ^= 1 << (k & 31)
      }
    }
    const packed = new PackedPatterns({ neurons, words: cues })
    const recall = () => net.recallBatch(packed, { dynamics: 'synchronous', packed: true })
    const { states, active } = recall()
    const right = sources.filter((mu, b) => {
      const own = states.words.subarray(b * stride, (b + 1) * stride)
      return active[b] === 1 && own.every((word, k) => word === words[mu * stride + k])
    }).length
    const about = (what) => ({ name: `${tier}, ${what}, ${batch}`, tier, batch, what })
    rows.push({ ...about('recall'), right: right / batch, ...(await measure(recall)) })
    rows.push({ ...about('nearest'), ...(await measure(() => net.nearest(packed))) })
  }
  return rows
}

export async function run(report) {
  const [first, ...others] = usableTiers()
  const tiers = [first, ...others.filter((tier) => tier === 'avx2')]
  const lines = []
  for (const [neurons, most, radius, flips] of SHAPES) {
    const count = QUICK ? most / 20 : most
    const shape = { neurons, count, radius, flips }
    const rows = await takeTurns(
      tiers.map((tier) => () => apart(import.meta.url, 'work', shape, tierEnvironment(tier))),
    )
    for (const row of rows) report.json({ question: 'ball', ...shape, ...row })
    for (const tier of tiers) {
      const own = (what, batch) =>
        rows.find((row) => row.tier === tier && row.what === what && row.batch === batch)
      const time = (what, batch) => duration(own(what, batch).median / batch)
      lines.push([
        `${count.toLocaleString('en')} × ${neurons}, radius ${radius}, ${flips} flipped, \`${tier}\``,
        ...['recall', 'nearest'].flatMap((what) => BATCHES.map((batch) => time(what, batch))),
        percent(own('recall', 256).right),
      ])
    }
  }
  const head = ['time per cue, P × N', 'ball, alone', 'of 256', '`nearest`, alone', 'of 256', 'exact']
  report.text(`${table(head, lines)}\n`)
  report.text('A recall by a ball takes two synchronous sweeps: one that finds, one that confirms.\n')
}
