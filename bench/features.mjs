// How many random features does a memory of fixed size take? The error of what it estimates, beside that of positive features; the share of
// patterns that it recalls, beside the softmax that it stands for; and what it makes of a long stream. HOPFIELD_BENCH_DATA (or --data=FOLDER)
// has unifont-16x16.hex.gz, glyphs of 256 pixels.
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { addNoise, ModernHopfield, RandomFeatureMemory, randomPatterns } from 'hopfield-native'
import { duration, measure, QUICK, table, takeTurns } from './measure.mjs'

const N = 256
const CUES = QUICK ? 10 : 50
const NOISE = 0.1

const row = (all, k) => all.subarray(k * N, (k + 1) * N)

/** ±1 with about this cosine to another, and the cosine. */
function turned(pattern, wanted) {
  const flips = Math.round((N * (1 - wanted)) / 2)
  return { state: pattern.map((x, i) => (i < flips ? -x : x)), cosine: 1 - (2 * flips) / N }
}

/** Uniform numbers from 0 to 1, of a generator of 32 bits (mulberry32). */
function uniforms(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The same by positive features (Choromanski et al. 2021), 2·Y of them: the mean of e^(w·(a + b) − 2β) for normal w of variance β. */
function positive(a, b, beta, features, seed) {
  const uniform = uniforms(seed)
  const along = a.reduce((sum, x, i) => sum + x * b[i], 0) / N
  // w·(a + b) is normal with variance β·|a + b|²: no need to draw all of w.
  const width = Math.sqrt(beta * (2 + 2 * along))
  let sum = 0
  for (let k = 0; k < 2 * features; k++) {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    sum += Math.exp(width * normal - 2 * beta)
  }
  return sum / (2 * features)
}

function errors(report) {
  const rows = []
  const seeds = QUICK ? 10 : 100
  const pattern = row(randomPatterns({ count: 1, neurons: N, seed: 1 }), 0)
  for (const beta of [1, 4, 8]) {
    for (const frequencies of [256, 1024, 4096]) {
      const cells = [0.8, 0.5, 0].map((wanted) => {
        const { state, cosine } = turned(pattern, wanted)
        const exact = Math.exp(-beta * (1 - cosine))
        let [ours, theirs] = [0, 0]
        for (let seed = 0; seed < seeds; seed++) {
          const memory = new RandomFeatureMemory({
            dimension: N,
            frequencies,
            beta,
            vectors: 'bipolar',
            seed,
          })
          ours += (memory.store(pattern).density(state) - exact) ** 2
          theirs += (positive(pattern, state, beta, frequencies, seed) - exact) ** 2
        }
        const [trigonometric, exponential] = [ours, theirs].map((sum) => Math.sqrt(sum / seeds))
        report.json({ question: 'features', beta, frequencies, cosine, trigonometric, positive: exponential })
        return `${trigonometric.toFixed(4)} / ${exponential.toPrecision(2)}`
      })
      rows.push([beta, frequencies, ...cells])
    }
  }
  report.text(
    `## Root mean square error of e^(−β(1 − cosine)), ${seeds} seeds, N = ${N}: trigonometric / positive features, as many numbers\n`,
  )
  report.text(`${table(['β', 'frequencies', 'cosine 0.8', '0.5', '0'], rows)}\n`)
}

/** Of noisy cues, how many come back without an error, and their mean overlap. */
function recalled(memory, patterns, count, options = {}) {
  const cues = new Int8Array(CUES * N)
  for (let b = 0; b < CUES; b++)
    cues.set(addNoise(row(patterns, b % count), { noise: NOISE, seed: b }), b * N)
  const { states } = memory.recallBatch(
    memory instanceof ModernHopfield ? Float32Array.from(cues) : cues,
    options,
  )
  let [whole, overlap] = [0, 0]
  for (let b = 0; b < CUES; b++) {
    const pattern = row(patterns, b % count)
    let dot = 0
    for (let i = 0; i < N; i++) dot += Math.sign(states[b * N + i]) * pattern[i]
    whole += dot === N ? 1 : 0
    overlap += dot / N
  }
  return { whole: whole / CUES, overlap: overlap / CUES }
}

const percent = (share) => `${Math.round(100 * share)} %`
const shown = ({ whole, overlap }) => `${percent(whole)} (${overlap.toFixed(2)})`

/** Shares for some numbers of frequencies and β, and for the softmax. */
function shares(report, name, stored, patterns, count) {
  const perNumber = [1 / 4, 1, 4, 16].filter((times) => !QUICK || times < 4)
  const rows = [4, 8, 16].map((beta) => {
    const cells = perNumber.map((times) => {
      const frequencies = times * N * count
      const memory = new RandomFeatureMemory({ dimension: N, frequencies, beta, vectors: 'bipolar' })
      const found = recalled(memory.store(stored), patterns, count)
      report.json({
        question: 'features',
        name,
        stored: stored.length / N,
        patterns: count,
        beta,
        frequencies,
        ...found,
      })
      return shown(found)
    })
    const modern = new ModernHopfield({ dimension: N, similarity: 'cosine', beta })
    const exact = recalled(modern.store(Float32Array.from(stored)), patterns, count, {
      maxSteps: 20,
      energy: false,
    })
    return [beta, ...cells, shown(exact)]
  })
  report.text(
    `## ${name}: cues with ${percent(NOISE)} of ${N} pixels flipped that come back whole (mean overlap)\n`,
  )
  const heads = perNumber.map((times) => `Y = ${times * N * count}, ${times}·N·${count}`)
  report.text(`${table(['β', ...heads, 'softmax'], rows)}\n`)
}

/** Glyphs of the file, spread over it; undefined without. */
function glyphs(count) {
  const file = `${process.env.HOPFIELD_BENCH_DATA}/unifont-16x16.hex.gz`
  if (!existsSync(file)) return undefined
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  const out = new Int8Array(count * N).fill(-1)
  for (let mu = 0; mu < count; mu++) {
    const digits = lines[Math.floor((mu * lines.length) / count)].split(':')[1]
    for (let i = 0; i < N; i++) {
      if ((Number.parseInt(digits[i >> 2], 16) >> (3 - (i & 3))) & 1) out[mu * N + i] = 1
    }
  }
  return out
}

async function times(report) {
  const rows = []
  for (const [dimension, frequencies] of [
    [256, 16_384],
    [1024, 65_536],
    [1024, 1_048_576],
  ]) {
    const memory = new RandomFeatureMemory({ dimension, frequencies, vectors: 'bipolar' })
    const patterns = randomPatterns({ count: 1, neurons: dimension, seed: 1 })
    const [store, ask] = await takeTurns([
      async () => [{ name: 'store', ...(await measure(() => memory.store(patterns))) }],
      async () => [{ name: 'ask', ...(await measure(() => memory.density(patterns))) }],
    ])
    rows.push([dimension, frequencies, duration(store.median), duration(ask.median)])
    report.json({ question: 'features', dimension, frequencies, store: store.median, ask: ask.median })
  }
  report.text('## Times\n')
  report.text(table(['d', 'frequencies', 'to store a vector', 'a step of a recall'], rows))
}

export async function run(report) {
  errors(report)
  for (const count of [10, 50]) {
    const patterns = randomPatterns({ count, neurons: N, seed: 2 })
    shares(report, `${count} random patterns`, patterns, patterns, count)
  }
  const prototypes = randomPatterns({ count: 10, neurons: N, seed: 3 })
  const stream = new Int8Array(5000 * N)
  for (let mu = 0; mu < 5000; mu++) {
    stream.set(addNoise(row(prototypes, mu % 10), { noise: 0.2, seed: mu }), mu * N)
  }
  shares(report, 'A stream of 5000 noisy copies of 10 prototypes, 20 % flipped', stream, prototypes, 10)
  const drawn = glyphs(50)
  if (drawn === undefined) report.text('Without unifont-16x16.hex.gz no glyphs.\n')
  else shares(report, '50 glyphs', drawn, drawn, 50)
  await times(report)
}
