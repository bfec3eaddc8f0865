import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Couplings, TABU } from '../../src/kernels/contract/kernels.js'
import { paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { randomRow } from './inputs.js'

const SEED = 20261126

interface Case {
  readonly neurons: number
  /** Share of the pairs that are coupled. */
  readonly density: number
  readonly numbers: 'signs' | 'whole' | 'large' | 'real' | 'zero'
  readonly fields: boolean
  readonly seed: number
}

function draw(random: WordStream, numbers: Case['numbers']): number {
  const x = 2 * random.uniform() - 1
  switch (numbers) {
    case 'signs':
      return x < 0 ? -1 : 1
    case 'whole':
      return Math.round(x * 100)
    case 'large':
      return Math.round(x * 2 ** 31 * 0.99)
    case 'real':
      return x * 10 ** (4 * random.uniform() - 2)
    case 'zero':
      return 0
  }
}

/** N × N numbers and N fields. */
function systemOf({ neurons, density, numbers, fields, seed }: Case): {
  matrix: Float64Array
  fields: Float64Array
} {
  const random = new WordStream(seed, 0).seek(3, 0)
  const matrix = new Float64Array(neurons * neurons)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      if (random.uniform() >= density) continue
      matrix[i * neurons + j] = matrix[j * neurons + i] = draw(random, numbers)
    }
  }
  const all = Float64Array.from({ length: neurons }, () => (fields ? draw(random, numbers) : 0))
  return { matrix, fields: all }
}

/** The same couplings in each form that searches take. */
function memoriesOf(matrix: Float64Array, neurons: number): Couplings[] {
  const starts = [0]
  const sources: number[] = []
  const values: number[] = []
  const stride = paddedStride(neurons)
  const padded = new Float64Array(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      padded[i * stride + j] = matrix[i * neurons + j]
      if (matrix[i * neurons + j] === 0) continue
      sources.push(j)
      values.push(matrix[i * neurons + j])
    }
    starts.push(sources.length)
  }
  const plain = { neurons, count: 0, rows: new Uint32Array(0) }
  const whole = matrix.every((x) => x === (x | 0))
  const [from, to] = [Uint32Array.from(starts), Uint32Array.from(sources)]
  const NONE = new Uint32Array(0)
  const lists = whole ? { targetStarts: from, targets: to } : { targetStarts: NONE, targets: NONE }
  const weights = whole ? Int32Array.from(values) : Float64Array.from(values)
  const targetWeights = weights instanceof Int32Array ? weights : new Int32Array(0)
  return [
    { form: 'sparse', ...plain, starts: from, sources: to, weights, ...lists, targetWeights },
    { form: 'matrix', ...plain, symmetric: true, weights: whole ? Int32Array.from(padded) : padded },
    ...(matrix.every((x) => x === Math.fround(x))
      ? [{ form: 'matrix', ...plain, symmetric: true, weights: Float32Array.from(padded) } as const]
      : []),
  ]
}

const cases = (sizes: fc.Arbitrary<number>): fc.Arbitrary<Case> =>
  fc.record({
    neurons: sizes,
    density: fc.constantFrom(0, 0.1, 0.5, 1),
    numbers: fc.constantFrom('signs', 'whole', 'large', 'real', 'zero'),
    fields: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  })
const sizes = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300),
)

describe.skipIf(NATIVE_TIERS.length === 0)('searches, every tier against the reference', () => {
  test('lowestStates', () => {
    const property = fc.property(cases(fc.integer({ min: 1, max: 12 })), fc.nat(), (of, number) => {
      const { matrix, fields } = systemOf(of)
      const { neurons } = of
      const fixed = number % (Math.max(neurons - 6, 0) + 1)
      const prefix = number % 2 ** fixed
      const [expected, actual] = [new Float64Array(3), new Float64Array(3)]
      reference.lowestStates(matrix, fields, neurons, fixed, prefix, expected)
      tier.lowestStates(matrix, fields, neurons, fixed, prefix, actual)
      expectSame(actual, expected)
    })
    fc.assert(property, { seed: SEED, numRuns: 120 })
  })

  test('descend, to the end and cut short', () => {
    const property = fc.property(cases(sizes), fc.constantFrom(1, 3, 1000), (of, maxFlips) => {
      const { matrix, fields } = systemOf(of)
      const words = rowWords(of.neurons)
      for (const memory of memoriesOf(matrix, of.neurons)) {
        const rows = new Uint32Array(3 * words)
        for (let b = 0; b < 3; b++) rows.set(randomRow(of.seed, b, of.neurons), b * words)
        const [expected, actual] = [rows, rows.slice()]
        const [some, others] = [new Uint32Array(3), new Uint32Array(3)]
        const b = of.fields ? fields : undefined
        reference.descend(memory, b, expected, 3, maxFlips, some)
        tier.descend(memory, b, actual, 3, maxFlips, others)
        expectSame(actual, expected)
        expectSame(others, some)
      }
    })
    fc.assert(property, { seed: SEED, numRuns: 40 })
  })

  test('tabu, from call to call', () => {
    const property = fc.property(cases(sizes), fc.integer({ min: 0, max: 12 }), (of, tenure) => {
      const { matrix, fields } = systemOf(of)
      for (const memory of memoriesOf(matrix, of.neurons)) {
        const [one, other] = [reference, tier].map((kernels) => {
          const row = randomRow(of.seed, 0, of.neurons)
          const best = row.slice()
          const until = new Uint32Array(of.neurons)
          const numbers = new Float64Array(TABU.length).fill(Number.POSITIVE_INFINITY)
          for (const first of [0, 20]) {
            const tenures = Uint32Array.from({ length: 20 }, (_, k) => tenure + ((k * 7) % 5))
            kernels.tabu(memory, of.fields ? fields : undefined, row, best, until, first, tenures, numbers)
          }
          return [row, best, until, numbers]
        })
        for (const [k, array] of one.entries()) expectSame(other[k], array)
      }
    })
    fc.assert(property, { seed: SEED, numRuns: 40 })
  })

  test('beside this thread, the same bytes', async () => {
    const of: Case = { neurons: 70, density: 0.5, numbers: 'whole', fields: true, seed: 5 }
    const { matrix, fields } = systemOf(of)
    const [memory] = memoriesOf(matrix, 70)
    const [here, beside] = [randomRow(1, 0, 70), randomRow(1, 0, 70)]
    const [some, others] = [new Uint32Array(1), new Uint32Array(1)]
    reference.descend(memory, fields, here, 1, 1000, some)
    for (const kernels of [reference, ...NATIVE_TIERS]) {
      beside.set(randomRow(1, 0, 70))
      await kernels.beside.descend(memory, fields, beside, 1, 1000, others)
      expectSame(beside, here)
      expect(others).toEqual(some)
    }
    const calls = NATIVE_TIERS.map(async (kernels) => {
      const row = randomRow(1, 0, 70)
      const best = row.slice()
      const numbers = new Float64Array(3).fill(Number.POSITIVE_INFINITY)
      await kernels.beside.tabu(
        memory,
        fields,
        row,
        best,
        new Uint32Array(70),
        0,
        new Uint32Array(50).fill(9),
        numbers,
      )
      const out = new Float64Array(3)
      await kernels.beside.lowestStates(matrix.slice(0, 100), fields, 10, 0, 0, out)
      return [row, best, numbers, out]
    })
    const [first, ...rest] = await Promise.all(calls)
    for (const other of rest) for (const [k, array] of other.entries()) expectSame(array, first[k])
  })
})
