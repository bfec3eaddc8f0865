import { INTEGRATION, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { clearPadding, columnWords, paddedStride, planeWords, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { withoutPadding } from '../../src/storage/matrix-arrays.js'

/**
 * The shared vectors: inputs by rule, outputs by digest, made by the reference and read by native/test, so that a
 * core compiled for another processor is held to the same bits without Node. The rules are repeated in
 * native/test/vectors_test.cc; both must say the same.
 */
export interface VectorCase {
  neurons: number
  count: number
  /** 'random', or 'pairs': each odd pattern is the opposite of the one before it, which makes ties. */
  kind: 'random' | 'pairs'
  seed: number
  rows: string
  columns: string
  overlaps: string
  planes: string
  /** Of the cue; where there are patterns. */
  nearest?: { index: number; overlap: number }
  fields: string
  quadratic: string
  weights?: string
  denseFields?: string
  /**
   * Graded neurons with these weights over N: tanh and rk4; logistic and euler with step control; the first again, hearing only neurons
   * of their own parity.
   */
  graded?: string[]
  recalls: VectorRecall[]
}

export interface VectorRecall {
  dense: boolean
  dynamics: RecallPlan['dynamics']
  order: 'random' | 'cyclic' | 'random-site' | 'explicit'
  tie: RecallPlan['tie']
  maxSweeps: number
  stream: number
  external: boolean
  clamp: boolean
  state: string
  sweeps: number
  flips: number
  cycle: number
  /** The 64 bits of the f64, in hexadecimal. */
  energy: string
  traceEnergies: string
  traceOverlaps: string
  traceFlips: string
}

/** FNV-1a, 64 bits, of the bytes as they lie in memory. */
export function digest(view: ArrayBufferView): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}

export function bitsOf(value: number): string {
  return new BigUint64Array(Float64Array.of(value).buffer)[0].toString(16).padStart(16, '0')
}

export function row(neurons: number, seed: number, sweep: number, query: number): Uint32Array {
  const words = new Uint32Array(rowWords(neurons))
  kernels.philox(seed, 0, sweep, query, 0, words)
  clearPadding(words, neurons)
  return words
}

export function patterns(neurons: number, count: number, kind: VectorCase['kind'], seed: number): Uint32Array {
  const stride = rowWords(neurons)
  const rows = new Uint32Array(count * stride)
  for (let mu = 0; mu < count; mu++) {
    const pattern = row(neurons, seed, 1, kind === 'pairs' ? mu >> 1 : mu)
    if (kind === 'pairs' && mu % 2 === 1) {
      for (let k = 0; k < stride; k++) pattern[k] = ~pattern[k]
      clearPadding(pattern, neurons)
    }
    rows.set(pattern, mu * stride)
  }
  return rows
}

const SIZES: [neurons: number, count: number][] = [
  [1, 0], [1, 1], [2, 3], [7, 2], [8, 2], [9, 3], [25, 3], [31, 4], [32, 5], [33, 8], [63, 9], [64, 31], [65, 32],
  [100, 33], [255, 63], [256, 64], [257, 65], [511, 20], [512, 21], [513, 22], [1000, 130], [1025, 70], [1100, 300],
  [33000, 6], [127, 9], [128, 40], [129, 65], [192, 33], [193, 8],
] // biome-ignore format: a table

/** Beyond this size sums are long enough to be worth a shorter recall. */
const LARGE = 10_000

const ORDERS = ['random', 'cyclic', 'random-site', 'explicit'] as const
const TIES = ['positive', 'negative', 'keep'] as const

export function makeCases(): VectorCase[] {
  return SIZES.flatMap(([neurons, count], index) =>
    (['random', 'pairs'] as const).map((kind) => makeCase(neurons, count, kind, 1000 + index)),
  )
}

function makeCase(neurons: number, count: number, kind: VectorCase['kind'], seed: number): VectorCase {
  const rows = patterns(neurons, count, kind, seed)
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)
  const base = row(neurons, seed, 1, 0)
  const [a, b] = [row(neurons, seed, 2, 0), row(neurons, seed, 2, 1)]
  const cue = base.map((w, k) => w ^ (a[k] & b[k]))
  const overlaps = new Int32Array(count)
  kernels.overlaps(rows, count, neurons, cue, 1, overlaps)
  const planes = new Uint32Array(planeWords(count, neurons))
  kernels.interleave(rows, count, neurons, planes)
  const [index, overlap] = [new Uint32Array(1), new Int32Array(1)]
  if (count > 0) kernels.nearest(planes, count, neurons, cue, 1, 0, 1, index, overlap)
  const implicit = { form: 'implicit', neurons, count, rows, columns } as const
  const fields = new Float64Array(neurons)
  kernels.localFields(implicit, cue, fields)
  const quadratic = new Float64Array(1)
  kernels.quadratics(implicit, cue, 1, quadratic)
  const dense = neurons <= 600
  const weights = new Int32Array(dense ? neurons * paddedStride(neurons) : 0)
  const matrix = { form: 'matrix', neurons, count, rows, weights, symmetric: true } as const
  const matrixFields = new Float64Array(neurons)
  if (dense) {
    kernels.hebbian(columns, count, neurons, 1, weights, false)
    kernels.localFields(matrix, cue, matrixFields)
  }
  const draws = row(neurons * 32, seed, 3, 0)
  const mask = row(neurons, seed, 4, 0)
  const other = row(neurons, seed, 4, 1)
  const clamp = mask.map((w, k) => w & other[k])
  const recalls: VectorRecall[] = []
  for (let variant = 0; variant < 16; variant++) {
    const useDense = dense && variant % 4 === 3
    const plan: RecallPlan = {
      dynamics: variant % 2 === 0 ? 'asynchronous' : 'synchronous',
      order: 'random',
      tie: TIES[variant % 3],
      maxSweeps: neurons <= LARGE ? 20 : 1,
      seedLow: seed,
      seedHigh: variant,
      stream: variant * 2 ** 31,
      streams: undefined,
      temperatures: undefined,
      firstSweep: 0,
      scale: neurons,
      externalField:
        variant % 5 === 4 && neurons <= LARGE
          ? Float64Array.from({ length: neurons }, (_, i) => ((draws[i] % 17) - 8) / 16)
          : undefined,
      clamp: variant % 7 === 6 ? clamp : undefined,
    }
    const order = ORDERS[(variant >> 1) % 4]
    const explicit = Uint32Array.from({ length: neurons }, (_, i) => draws[i] % neurons)
    const memory = useDense ? matrix : implicit
    const state = new Uint32Array(rowWords(neurons))
    const outcome = new Float64Array(OUTCOME.length)
    const used = { ...plan, order: order === 'explicit' ? explicit : order }
    const trace = kernels.recallTraced(memory, cue, used, state, outcome)
    recalls.push({
      dense: useDense,
      dynamics: plan.dynamics,
      order,
      tie: plan.tie,
      maxSweeps: plan.maxSweeps,
      stream: plan.stream,
      external: plan.externalField !== undefined,
      clamp: plan.clamp !== undefined,
      state: digest(state),
      sweeps: outcome[OUTCOME.sweeps],
      flips: outcome[OUTCOME.flips],
      cycle: outcome[OUTCOME.cycle],
      energy: bitsOf(outcome[OUTCOME.energy]),
      traceEnergies: digest(trace.energies),
      traceOverlaps: digest(trace.overlaps),
      traceFlips: digest(trace.flips),
    })
  }
  return {
    neurons,
    count,
    kind,
    seed,
    rows: digest(rows),
    columns: digest(columns),
    overlaps: digest(overlaps),
    planes: digest(planes),
    ...(count > 0 ? { nearest: { index: index[0], overlap: overlap[0] } } : {}),
    fields: digest(fields),
    quadratic: bitsOf(quadratic[0]),
    ...(dense ? { weights: digest(withoutPadding(weights, neurons)), denseFields: digest(matrixFields) } : {}),
    ...(dense ? { graded: integrations(neurons, weights, draws) } : {}),
    recalls,
  }
}

function integrations(neurons: number, integers: Int32Array, draws: Uint32Array): string[] {
  const stride = paddedStride(neurons)
  const weights = new Float64Array(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) weights[i * stride + j] = integers[i * stride + j] / neurons
  }
  const externalField = Float64Array.from({ length: neurons }, (_, i) => ((draws[i] % 17) - 8) / 16)
  const connections = someConnections(neurons)
  const own = new Float64Array(connections.sources.length)
  for (let i = 0; i < neurons; i++) {
    for (let k = connections.starts[i]; k < connections.starts[i + 1]; k++)
      own[k] = weights[i * stride + connections.sources[k]]
  }
  return [0, 1, 2].flatMap((variant) => {
    const potentials = Float64Array.from({ length: neurons }, (_, i) => ((draws[i] % 2001) - 1000) / 500)
    const outputs = new Float64Array(neurons)
    const outcome = new Float64Array(INTEGRATION.length)
    kernels.integrate(
      {
        neurons,
        externalField: variant === 1 ? undefined : externalField,
        activation: variant === 1 ? 'logistic' : 'tanh',
        gain: 3,
        rate: 0.75,
        ...(variant === 2 ? { weights: own, connections } : { weights, connections: undefined }),
      },
      potentials,
      1,
      {
        method: variant === 1 ? 'euler' : 'rk4',
        adaptive: variant === 1,
        step: 0.125,
        accuracy: 0.001,
        tolerance: 0.001,
        maxSteps: 6,
      },
      outputs,
      outcome,
    )
    return [digest(potentials), digest(outputs), digest(outcome)]
  })
}

/** Of neuron i those of its own parity. */
function someConnections(neurons: number): { starts: Uint32Array; sources: Uint32Array } {
  const starts = new Uint32Array(neurons + 1)
  const sources: number[] = []
  for (let i = 0; i < neurons; i++) {
    for (let j = i % 2; j < neurons; j += 2) sources.push(j)
    starts[i + 1] = sources.length
  }
  return { starts, sources: Uint32Array.from(sources) }
}
