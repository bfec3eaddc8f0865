import fc from 'fast-check'
import type { ImplicitMemory, MatrixMemory, RecallPlan } from '../../src/kernels/contract/kernels.js'
import { clearPadding, columnWords, paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'

/** Sizes around every width a kernel works in: bytes, words, registers, short rows of each length, blocks. */
export const EDGES = [
  1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256, 257, 511, 512, 513,
] as const

export type Kind = 'random' | 'equal' | 'complement'

/** A memory described by rule: small enough to print when a property fails. */
export interface Shape {
  neurons: number
  count: number
  kind: Kind
  seed: number
}

const size = fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: 1, max: 700 }))

export const shapes = fc.record<Shape>({
  neurons: size,
  count: fc.oneof(
    fc.constantFrom(0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65),
    fc.integer({ min: 0, max: 300 }),
  ),
  // Equal patterns and pairs of opposites make ties and huge overlaps, which random ones hardly do.
  kind: fc.constantFrom<Kind>('random', 'random', 'equal', 'complement'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

/** Words on which no alignment can be relied: they start one word into their buffer. Set bits, which must not count, lie around them. */
function unaligned(words: number): Uint32Array {
  return new Uint32Array(words + 17)
    .fill(0xffffffff)
    .subarray(1, words + 1)
    .fill(0)
}

export function randomRow(seed: number, stream: number, neurons: number): Uint32Array {
  const row = unaligned(rowWords(neurons))
  reference.philox(seed, 0, 0x80000001, stream, 0, row)
  clearPadding(row, neurons)
  return row
}

export function patternRows({ neurons, count, kind, seed }: Shape): Uint32Array {
  const stride = rowWords(neurons)
  const rows = unaligned(count * stride)
  for (let mu = 0; mu < count; mu++) {
    const row = rows.subarray(mu * stride, (mu + 1) * stride)
    row.set(randomRow(seed, kind === 'equal' ? 0 : kind === 'complement' ? mu >> 1 : mu, neurons))
    if (kind === 'complement' && mu % 2 === 1) {
      for (let k = 0; k < stride; k++) row[k] = ~row[k]
      clearPadding(row, neurons)
    }
  }
  return rows
}

export function columnsOf({ neurons, count }: Shape, rows: Uint32Array): Uint32Array {
  const columns = unaligned(neurons * columnWords(count))
  reference.transpose(rows, count, neurons, columns)
  return columns
}

export function implicitMemory(shape: Shape): ImplicitMemory {
  const rows = patternRows(shape)
  return { form: 'implicit', ...shape, rows, columns: columnsOf(shape, rows) }
}

export function hebbianMatrix(shape: Shape): MatrixMemory {
  const rows = patternRows(shape)
  const weights = new Int32Array(shape.neurons * paddedStride(shape.neurons))
  reference.hebbian(columnsOf(shape, rows), shape.count, shape.neurons, 1, weights, true)
  return { form: 'matrix', ...shape, rows, weights, symmetric: true }
}

/** What is left of a plan to draw: everything but sizes. */
export interface PlanChoice {
  dynamics: RecallPlan['dynamics']
  order: 'random' | 'cyclic' | 'random-site' | 'explicit'
  tie: RecallPlan['tie']
  maxSweeps: number
  seedLow: number
  seedHigh: number
  stream: number
  normalized: boolean
  external: 'none' | 'coarse' | 'tiny'
  clamped: boolean
}

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })

export const planChoices = fc.record<PlanChoice>({
  dynamics: fc.constantFrom('asynchronous', 'synchronous'),
  order: fc.constantFrom('random', 'cyclic', 'random-site', 'explicit'),
  tie: fc.constantFrom('positive', 'negative', 'keep'),
  maxSweeps: fc.constantFrom(1, 2, 3, 20),
  seedLow: word,
  seedHigh: word,
  stream: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 52 })),
  normalized: fc.boolean(),
  external: fc.constantFrom('none', 'none', 'coarse', 'tiny'),
  clamped: fc.boolean(),
})

/** A plan to vary. */
export const PLAIN: PlanChoice = {
  dynamics: 'synchronous',
  order: 'random',
  tie: 'positive',
  maxSweeps: 20,
  seedLow: 1,
  seedHigh: 2,
  stream: 7,
  normalized: true,
  external: 'none',
  clamped: false,
}

export function planOf(choice: PlanChoice, { neurons, seed }: Shape): RecallPlan {
  const words = new Uint32Array(Math.max(neurons, rowWords(neurons)))
  reference.philox(seed, 1, 5, 0, 0, words)
  const clamp = words.slice(0, rowWords(neurons)).map((w, k) => w & words[words.length - 1 - k])
  clearPadding(clamp, neurons)
  return {
    dynamics: choice.dynamics,
    // Longer than a sweep, with repetitions, and not every neuron in it.
    order:
      choice.order === 'explicit'
        ? Uint32Array.from({ length: neurons + 3 }, (_, u) => words[u % neurons] % neurons)
        : choice.order,
    tie: choice.tie,
    maxSweeps: choice.maxSweeps,
    seedLow: choice.seedLow,
    seedHigh: choice.seedHigh,
    stream: choice.stream,
    streams: undefined,
    temperatures: undefined,
    firstSweep: 0,
    scale: choice.normalized ? neurons : 1,
    // Multiples of the field's own step make ties; denormals must not be flushed.
    externalField:
      choice.external === 'none'
        ? undefined
        : Float64Array.from({ length: neurons }, (_, i) =>
            choice.external === 'coarse' ? ((words[i] % 9) - 4) / neurons : ((words[i] % 3) - 1) * 5e-324,
          ),
    clamp: choice.clamped ? clamp : undefined,
  }
}

/** A pattern or a random state, with about a quarter of the bits changed. */
export function cueRow(shape: Shape, stream: number): Uint32Array {
  const base = randomRow(shape.seed, shape.kind === 'random' ? 0 : stream % 2, shape.neurons)
  const a = randomRow(shape.seed ^ 0x5bd1e995, 2 * stream, shape.neurons)
  const b = randomRow(shape.seed ^ 0x5bd1e995, 2 * stream + 1, shape.neurons)
  return base.map((w, k) => w ^ (a[k] & b[k]))
}
