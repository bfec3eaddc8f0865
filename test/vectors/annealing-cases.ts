import { ACCEPTANCES, type Acceptance, type AnnealingMemory, VARIANTS } from '../../src/kernels/contract/kernels.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest } from './cases.js'

/** Replicas and their −2E after some sweeps, by digest. Repeated in native/test/annealing_test.cc. */
export interface AnnealingCase {
  neurons: number
  count: number
  kind: 'ones' | 'signs' | 'small' | 'large' | 'real'
  external: boolean
  acceptance: Acceptance
  replicas: string
  quadratics: string
  /** Replicas after an exchange of clusters. */
  clusters: string
  /** Positions, momenta and pumps after some steps. */
  oscillators: string
}

const SIZES: [neurons: number, count: number][] = [
  [1, 1], [5, 65], [8, 2], [9, 512], [17, 130], [40, 200], [70, 64],
] // biome-ignore format: a table
const KINDS = ['ones', 'signs', 'small', 'large', 'real'] as const
const SCALES = { ones: 1, signs: 1, small: 0.5, large: 0.001, real: 1 }

/** J_ij for i > j: about half of them are 0, but for signs. */
function weightOf(kind: AnnealingCase['kind'], i: number, j: number): number {
  const x = (7 * i + 13 * j + i * j) % 23
  if (kind === 'signs') return x % 3 === 0 ? 1 : -1
  if (x % 2 === 0) return 0
  const sign = x % 4 === 1 ? 1 : -1
  if (kind === 'ones') return sign
  if (kind === 'small') return sign * (1 + (x % 5))
  return kind === 'large' ? sign * 1000 * x : (sign * x) / 16
}

function memoryOf(kind: AnnealingCase['kind'], neurons: number): AnnealingMemory {
  const stride = paddedStride(neurons)
  const weights = kind === 'real' ? new Float64Array(neurons * stride) : new Int32Array(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) weights[i * stride + j] = weights[j * stride + i] = weightOf(kind, i, j)
  }
  return { form: 'matrix', neurons, count: 0, rows: new Uint32Array(0), weights, symmetric: true }
}

export function makeAnnealingCases(): AnnealingCase[] {
  return SIZES.flatMap(([neurons, count], index) =>
    KINDS.flatMap((kind, k) =>
      ACCEPTANCES.map((acceptance) => annealingCase(neurons, count, index, kind, k, acceptance)),
    ),
  )
}

function annealingCase(
  neurons: number,
  count: number,
  index: number,
  kind: AnnealingCase['kind'],
  k: number,
  acceptance: Acceptance,
): AnnealingCase {
  const external = (index + k) % 2 === 1
  const memory = memoryOf(kind, neurons)
  const externalField = external ? Float64Array.from({ length: neurons }, (_, i) => (i % 5) - 2) : undefined
  const replicas = new Uint32Array(2 * neurons * Math.ceil(count / 64))
  kernels.philox(8000 + index, 0, 1, 0, 0, replicas)
  const betas = Float64Array.of(0.05, 0.3, 2, Number.POSITIVE_INFINITY).map((beta) => beta * SCALES[kind])
  const address = { firstSweep: 3, seedLow: 8000 + index, seedHigh: 1, group: 2 ** 32 + 2 }
  kernels.anneal(memory, { betas, ...address, acceptance, externalField }, replicas, count)
  const quadratics = new Float64Array(count)
  kernels.replicaQuadratics(memory, externalField, replicas, count, quadratics)
  const annealed = { replicas: digest(replicas), quadratics: digest(quadratics) }
  const starts = Uint32Array.from({ length: count >> 1 }, (_, p) => (7 * p) % neurons)
  kernels.exchangeClusters(memory, starts, replicas, count)
  const clusters = digest(replicas)
  const oscillators = oscillatorsOf(memory, kind, externalField, index + k)
  return { neurons, count, kind, external, acceptance, ...annealed, clusters, oscillators }
}

/** Ten sets of oscillators. */
function oscillatorsOf(
  memory: AnnealingMemory,
  kind: AnnealingCase['kind'],
  externalField: Float64Array | undefined,
  index: number,
): string {
  const size = 10 * memory.neurons
  const positions = Float64Array.from({ length: size }, (_, k) => (((7 * k + index) % 23) - 11) / 100)
  const momenta = new Float64Array(size)
  const pumps = new Float64Array(size).fill(1)
  const plan = { variant: VARIANTS[index % 3], strength: 0.2 * SCALES[kind], step: 0.7, numSteps: 6, left: 7 }
  kernels.bifurcate(memory, { ...plan, externalField }, positions, momenta, pumps, 10)
  return digest(positions) + digest(momenta) + digest(pumps)
}
