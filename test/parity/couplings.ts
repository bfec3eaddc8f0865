// Symmetric couplings of random graphs, as connections and as a matrix.
import type { AnnealingMemory, SparseMemory } from '../../src/kernels/contract/kernels.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import type { WordStream } from '../../src/numerics/philox.js'

export type Weigh = (draw: WordStream) => number

const NONE = new Uint32Array(0)

type Rows = [neighbour: number, weight: number][][]

/** Of each of n neurons on a ring its nearest neighbours, and the one on the other side where they are an odd number. */
export function ring(n: number, degree: number, weigh: Weigh, draw: WordStream): SparseMemory {
  const rows: Rows = Array.from({ length: n }, () => [])
  for (let i = 0; i < n; i++) {
    for (let d = 1; d <= degree >> 1; d++) join(rows, i, (i + d) % n, weigh(draw))
    if (degree % 2 === 1 && i < n / 2) join(rows, i, i + n / 2, weigh(draw))
  }
  return memoryOf(rows)
}

function join(rows: Rows, i: number, j: number, weight: number): void {
  rows[i].push([j, weight])
  rows[j].push([i, weight])
}

/** All pairs with probability ½ and weights of this kind, or all pairs. */
export function connections(n: number, weigh: Weigh, full: boolean, draw: WordStream): SparseMemory {
  const rows: Rows = Array.from({ length: n }, () => [])
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (!full && draw.word() & 1) continue
      join(rows, i, j, weigh(draw))
    }
  }
  return memoryOf(rows)
}

function memoryOf(rows: Rows): SparseMemory {
  const n = rows.length
  const flat = rows.flatMap((row) => row.sort((a, b) => a[0] - b[0]))
  const starts = new Uint32Array(n + 1)
  for (const [i, row] of rows.entries()) starts[i + 1] = starts[i] + row.length
  const sources = Uint32Array.from(flat, ([j]) => j)
  const weights = flat.map(([, weight]) => weight)
  const plain = { form: 'sparse', neurons: n, count: 0, rows: NONE, starts, sources } as const
  if (!weights.every(Number.isInteger)) {
    const none = { targetStarts: NONE, targets: NONE, targetWeights: new Int32Array(0) }
    return { ...plain, weights: Float64Array.from(weights), ...none }
  }
  const whole = Int32Array.from(weights)
  return { ...plain, weights: whole, targetStarts: starts, targets: sources, targetWeights: whole }
}

export function matrix({ neurons, starts, sources, weights }: SparseMemory): AnnealingMemory {
  const stride = paddedStride(neurons)
  const rows =
    weights instanceof Int32Array ? new Int32Array(neurons * stride) : new Float64Array(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) rows[i * stride + sources[k]] = weights[k]
  }
  return { form: 'matrix', neurons, count: 0, rows: NONE, weights: rows, symmetric: true }
}
