// How fast is the WebAssembly module beside AVX2, whose vectors are twice as wide, and beside TypeScript? Whole calls of the classes, with
// what it takes to carry their arrays into the module's memory and back.
import {
  addNoise,
  backend,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
} from 'hopfield-native'
import { anneal, maxCut } from 'hopfield-native/optimization'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'

const WASM = 'wasm-simd128'
const N = 1024
const P = 51
const TOGETHER = 256
const KEYS = QUICK ? 1000 : 10_000
const DIMENSION = 128

function* calls() {
  const patterns = randomPatterns({ count: P, neurons: N, seed: 1 })
  const cues = addNoise(randomPatterns({ count: P, neurons: N, seed: 1 }), { noise: 0.2, seed: 2 })
  const many = new Int8Array(TOGETHER * N)
  for (let b = 0; b < TOGETHER; b++) many.set(cues.subarray((b % P) * N, ((b % P) + 1) * N), b * N)
  const cue = cues.slice(0, N)
  const net = new HopfieldNetwork({ neurons: N }).store(patterns)
  const synchronous = { dynamics: 'synchronous' }
  yield ['a synchronous recall', () => net.recall(cue, synchronous).state]
  yield [`${TOGETHER} synchronous recalls`, () => net.recallBatch(many, synchronous).states]
  yield ['an asynchronous recall', () => net.recall(cue, { seed: 1 }).state]
  yield [`${TOGETHER} asynchronous recalls`, () => net.recallBatch(many, { seed: 1 }).states]
  yield ['overlaps', () => net.overlaps(cue)]

  const large = new HopfieldNetwork({ neurons: 256 })
  large.store(randomPatterns({ count: 10 * KEYS, neurons: 256, seed: 3 }))
  const asked = randomPatterns({ count: 1, neurons: 256, seed: 4 })
  yield [`the nearest of ${10 * KEYS} patterns of 256 neurons`, () => large.nearest(asked)]

  const dense = new DenseAssociativeMemory({ neurons: N, interaction: { kind: 'exponential' } }).store(
    patterns,
  )
  yield ['a dense recall (f64)', () => dense.recall(cue, { seed: 1 }).state]

  const normal = Float32Array.from(
    randomPatterns({ count: KEYS, neurons: DIMENSION, seed: 5 }),
    (spin) => spin / Math.sqrt(DIMENSION),
  )
  for (const [what, precision] of [
    ['f64', 'double'],
    ['f32', 'single'],
  ]) {
    const modern = new ModernHopfield({ dimension: DIMENSION, beta: 8, precision }).store(normal)
    const query = normal.slice(0, DIMENSION)
    yield [`one of ${KEYS} vectors of ${DIMENSION}, soft (${what})`, () => modern.retrieve(query).state]
  }

  const edges = Array.from({ length: 3000 }, (_, k) => [k % 1000, (k * 7 + 1 + (k >> 9)) % 1000]).filter(
    ([a, b]) => a !== b,
  )
  const problem = maxCut(edges)
  const plan = { numReads: 512, numSweeps: 20, seed: 1 }
  yield ['20 sweeps of 512 replicas on 1000 neurons of 6 neighbours', () => anneal(problem, plan).state]
}

/** Rows of one backend, in its own process. */
export async function work() {
  const { tier } = backend()
  const rows = []
  for (const [call, run] of calls()) {
    const result = run()
    const sort = { call, tier, result: ArrayBuffer.isView(result) ? digest(result) : JSON.stringify(result) }
    rows.push({ name: `${tier}, ${call}`, ...sort, ...(await measure(run)) })
  }
  return rows
}

export async function run(report) {
  const beside = usableTiers().includes('avx2') ? 'avx2' : usableTiers()[0]
  const own = { ...tierEnvironment('typescript'), HOPFIELD_BACKEND: 'wasm' }
  const rows = await takeTurns([
    () => apart(import.meta.url, 'work', {}, own),
    () => apart(import.meta.url, 'work', {}, tierEnvironment(beside)),
    () => apart(import.meta.url, 'work', {}, tierEnvironment('typescript')),
  ])
  const of = (tier, call) => rows.find((row) => row.tier === tier && row.call === call)
  const names = rows.filter(({ tier }) => tier === WASM).map(({ call }) => call)
  for (const row of rows) {
    report.json({ question: 'webassembly', ...row, ok: row.result === of(WASM, row.call).result })
  }
  report.text(`## WebAssembly beside ${beside} and TypeScript\n`)
  report.text(
    table(
      ['', 'WebAssembly', beside, 'its speed of that', 'TypeScript', 'times as fast'],
      names.map((call) => {
        const [wasm, native, slow] = [WASM, beside, 'typescript'].map((tier) => of(tier, call))
        const same = native.result === wasm.result && slow.result === wasm.result
        return [
          `${call}${same ? '' : ' — other results!'}`,
          duration(wasm.median),
          duration(native.median),
          factor(native.median / wasm.median),
          duration(slow.median),
          factor(slow.median / wasm.median),
        ]
      }),
    ),
  )
  report.text(`\nThe classic network has ${N} neurons and ${P} patterns; cues have 20 % noise.\n`)
}
