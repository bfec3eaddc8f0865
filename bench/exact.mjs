// How long does a recall take by separations that retrieve exactly, beside softmax, at a β at which all of them retrieve? Unit vectors; a
// query is a key plus noise of half its length, or where it says noisy of .91 of it; one step, no energy. And a Hamming ball of random ±1
// patterns, beside `nearest`, which compares all of them. The best tier and AVX2: how the others compare is the same for all
// separations, and `retrieval` and `nearest` tell it.
import { backend, DenseAssociativeMemory, ModernHopfield, PackedPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder, noisyQueries, readInput, unitVectors } from './inputs.mjs'
import { duration, factor, measure, percent, QUICK, table, takeTurns } from './measure.mjs'

/** d, M, length of the noise, β. At the least β of each shape softmax retrieves too, but nearly all keys weigh something. */
const SHAPES = QUICK
  ? [[64, 20_000, 0.5, 64]]
  : [[512, 50_000, 0.5, 20], [512, 50_000, 0.5, 181], [64, 200_000, 0.5, 64], [64, 200_000, 0.909, 64]] // biome-ignore format: a table
const BATCHES = [1, 256]
const SEPARATIONS = ['softmax', 'sparsemax', 'entmax15', 'normmax', 'epanechnikov']
/** The best tier, and the one that most machines have. */
function testedTiers() {
  const [first, ...others] = usableTiers()
  return [first, ...others.filter((tier) => tier === 'avx2')]
}

/** Of two unit vectors: between a noisy query's distance to its own key and to all others. */
const RADIUS = 0.85

/** N, P, radius, flipped neurons of a cue. */
const BALLS = QUICK ? [[1024, 50_000, 100, 50]] : [[1024, 1_000_000, 100, 50], [1024, 1_000_000, 200, 100], [256, 1_000_000, 32, 16]] // biome-ignore format: a table

/** Rows of one tier, in its own process. */
export async function workBalls({ neurons, count, radius, flips }) {
  // Rows are whole cache lines; what is written behind the last neuron is cleared.
  const stride = Math.ceil(neurons / 512) * 16
  const words = new Uint32Array(count * stride)
  let state = 12345
  for (let k = 0; k < words.length; k++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[k] = state
  }
  const net = new DenseAssociativeMemory({ neurons, interaction: { kind: 'epanechnikov', radius } })
  net.store(new PackedPatterns({ neurons, words }))
  const rows = []
  for (const batch of BATCHES) {
    const cues = new Uint32Array(batch * stride)
    for (let b = 0; b < batch; b++) {
      const mu = (b * 7919) % count
      cues.set(words.subarray(mu * stride, (mu + 1) * stride), b * stride)
      for (let i = 0; i < flips; i++) {
        const k = (i * 37 + b) % neurons
        cues[b * stride + (k >> 5)] ^= 1 << (k & 31)
      }
    }
    const packed = new PackedPatterns({ neurons, words: cues })
    const recall = () => net.recallBatch(packed, { dynamics: 'synchronous', packed: true })
    const { states, active } = recall()
    let right = 0
    for (let b = 0; b < batch; b++) {
      const at = ((b * 7919) % count) * stride
      const own = states.words.subarray(b * stride, (b + 1) * stride)
      if (active[b] === 1 && own.every((word, k) => word === words[at + k])) right++
    }
    const { tier } = backend()
    const about = (what) => ({
      name: `${tier}, ${what}, ${batch}`,
      neurons,
      count,
      radius,
      flips,
      tier,
      batch,
      what,
    })
    rows.push({ ...about('recall'), right: right / batch, ...(await measure(recall)) })
    rows.push({ ...about('nearest'), right: 1, ...(await measure(() => net.nearest(packed))) })
  }
  return rows
}

/** Rows of one tier and separation, in its own process. */
export async function work({ folder, dimension, noise, beta, separation }) {
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries')
  const count = keys.length / dimension
  const how =
    separation === 'epanechnikov'
      ? { separation: { kind: separation, radius: RADIUS } }
      : { separation, beta }
  const net = new ModernHopfield({ dimension, capacity: count, ...how }).store(keys)
  const rows = []
  for (const batch of BATCHES) {
    const some = queries.subarray(0, batch * dimension)
    const call = () => net.recallBatch(some, { energy: false })
    const { states } = call()
    const near = Array.from({ length: batch }, (_, b) => similarity(states, keys, b, dimension, count))
    const right = near.filter((cosine) => cosine > 0.99).length / batch
    const same = near.filter((cosine) => cosine === 1).length / batch
    const { tier } = backend()
    rows.push({
      name: `${tier}, ${separation}, ${batch}`,
      dimension,
      count,
      noise,
      beta,
      separation,
      tier,
      batch,
      right,
      same,
      ...(await measure(call)),
    })
  }
  return rows
}

/** The cosine of a state and the key that its query is made of; exactly 1 where the bits are the same. */
function similarity(states, keys, b, dimension, count) {
  const key = keys.subarray(((b * 7919) % count) * dimension)
  const state = states.subarray(b * dimension, (b + 1) * dimension)
  if (state.every((x, c) => x === key[c])) return 1
  let dot = 0
  for (let c = 0; c < dimension; c++) dot += state[c] * key[c]
  return Math.min(dot / Math.hypot(...state), 1 - 2 ** -40)
}

function tellBalls(report, [neurons, count, radius, flips], rows) {
  report.text(
    `## A ball of radius ${radius}: N = ${neurons}, P = ${count.toLocaleString('en')}, ${flips} neurons flipped\n`,
  )
  for (const row of rows) report.json({ question: 'exact', ...row })
  report.text(
    table(
      ['', 'cues', 'time per cue', 'exact'],
      rows.map((row) => [
        `${row.tier}, ${row.what}`,
        row.batch,
        duration(row.median / row.batch),
        row.what === 'recall' ? percent(row.right) : '',
      ]),
    ),
  )
  report.text('')
}

export async function run(report) {
  for (const [neurons, count, radius, flips] of BALLS) {
    const groups = testedTiers().map(
      (tier) => () =>
        apart(import.meta.url, 'workBalls', { neurons, count, radius, flips }, tierEnvironment(tier)),
    )
    tellBalls(report, [neurons, count, radius, flips], await takeTurns(groups))
  }
  for (const [dimension, count, noise, beta] of SHAPES) {
    const keys = unitVectors(count, dimension, 1)
    const queries = noisyQueries(keys, dimension, noise, Math.max(...BATCHES))
    await inFolder(dimension, { keys, queries }, async (folder) => {
      const groups = testedTiers().flatMap((tier) =>
        SEPARATIONS.map((separation) => () => {
          const given = { folder, dimension, noise, beta, separation }
          return apart(import.meta.url, 'work', given, tierEnvironment(tier))
        }),
      )
      tell(report, [dimension, count, noise, beta], await takeTurns(groups))
    })
  }
}

function tell(report, [dimension, count, noise, beta], rows) {
  const shape = `d = ${dimension}, M = ${count.toLocaleString('en')}, β = ${beta}, noise ${noise}`
  for (const row of rows) report.json({ question: 'exact', ...row })
  for (const batch of BATCHES) {
    report.text(`## ${shape}, ${batch} at a time\n`)
    const own = rows.filter((row) => row.batch === batch)
    report.text(
      table(
        ['', 'time per query', 'softmax / this', 'retrieved', 'to the last bit'],
        own.map((row) => {
          const soft = own.find(({ tier, separation }) => tier === row.tier && separation === 'softmax')
          return [
            `${row.tier}, ${row.separation}`,
            duration(row.median / batch),
            `${factor(soft.median / row.median)}×`,
            percent(row.right),
            percent(row.same),
          ]
        }),
      ),
    )
    report.text('')
  }
}
