import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Kernels, NEVER_LEARNED } from '../../src/kernels/contract/kernels.js'
import { paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { columnsOf, EDGES, type Kind, patternRows, randomRow, type Shape } from './inputs.js'

const SEED = 20261125

const small = fc.record<Shape>({
  neurons: fc.oneof(fc.constantFrom(...EDGES.filter((n) => n < 100)), fc.integer({ min: 1, max: 120 })),
  count: fc.integer({ min: 0, max: 20 }),
  kind: fc.constantFrom<Kind>('random', 'random', 'equal', 'complement'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

/** Every edge of N with a few patterns, a few N with every edge of P, and whatever fast-check makes of it. */
function forShapes(check: (shape: Shape) => void, most = 513): void {
  for (const neurons of EDGES.filter((n) => n <= most)) {
    for (const count of neurons < 500 ? [0, 1, 2, 3] : [3])
      check({ neurons, count, kind: 'random', seed: neurons * 10 + count })
  }
  for (const neurons of [1, 9, 40]) {
    for (const count of [7, 8, 9, 31, 32, 33, 63, 64, 65]) {
      check({ neurons, count, kind: 'random', seed: count })
    }
  }
  fc.assert(fc.property(small, check), { seed: SEED, numRuns: 40 })
}

/** Numbers on which no alignment can be relied. */
function unaligned(length: number): Float64Array {
  return new Float64Array(length + 1).subarray(1)
}

/** Symmetric, zero diagonal, padded rows; of sizes from 1e-3 to 1e3. */
function symmetric(neurons: number, seed: number): Float64Array {
  const random = new WordStream(seed, 0).seek(9, 0)
  const stride = paddedStride(neurons)
  const weights = unaligned(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      const x = (2 * random.uniform() - 1) * 10 ** (6 * random.uniform() - 3)
      weights[i * stride + j] = x
      weights[j * stride + i] = x
    }
  }
  return weights
}

function wholes(length: number, seed: number, span: number): Int32Array {
  const random = new WordStream(seed, 0).seek(10, 0)
  return new Int32Array(length + 1).subarray(1).map(() => Math.round((2 * random.uniform() - 1) * span))
}

/** Padded rows of an integer matrix. */
function integerRows(neurons: number, seed: number, span: number): Int32Array {
  return wholes(neurons * paddedStride(neurons), seed, span)
}

const answers = new Map<string, unknown>()

/** What the reference makes of a case: the same for every tier, so it is asked once. */
function once<T>(what: string, given: unknown, make: () => T): T {
  const key = `${what} ${JSON.stringify(given)}`
  if (!answers.has(key)) answers.set(key, make())
  return answers.get(key) as T
}

/** The inverse that `count` patterns of a shape leave, and what border said of each that it refused. */
function bordered(
  kernels: Kernels,
  shape: Shape,
  stride: number,
  cuts: readonly number[],
): [Float64Array, Float64Array] {
  const { neurons, count } = shape
  const words = rowWords(neurons)
  const given = patternRows(shape)
  const inverse = unaligned(Math.max(count, 1) * stride)
  const said: number[] = []
  let rows = new Uint32Array(0)
  let known = 0
  for (let at = 0; at < count; ) {
    const cut = Math.min(cuts.find((end) => end > at) ?? count, count)
    const next = new Uint32Array(known * words + (cut - at) * words)
    next.set(rows)
    next.set(given.subarray(at * words, cut * words), known * words)
    const coefficients = unaligned(known + cut - at).fill(7)
    const added = kernels.border(next, known, cut - at, neurons, 1e-9, inverse, stride, coefficients)
    said.push(added, ...coefficients)
    known += added
    rows = next.slice(0, known * words)
    // Past the one that was refused.
    at += added < cut - at ? added + 1 : added
  }
  return [inverse, Float64Array.from(said)]
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('learns by Storkey’s rule as the reference does, from nothing and from any symmetric weights', () => {
    forShapes((shape) => {
      const { neurons, count, seed } = shape
      const rows = patternRows(shape)
      for (const empty of [true, false]) {
        const answer = (kernels: Kernels): Float64Array => {
          const weights = empty ? unaligned(neurons * paddedStride(neurons)) : symmetric(neurons, seed)
          kernels.storkey(rows, count, neurons, weights)
          return weights
        }
        expectSame(
          answer(tier),
          once('storkey', [shape, empty], () => answer(reference)),
        )
      }
    })
  })

  test('adds a state’s products as the reference does, with and without the diagonal', () => {
    forShapes(({ neurons, seed }) => {
      const state = randomRow(seed, 0, neurons)
      const answer = (kernels: Kernels): Float64Array => {
        const weights = symmetric(neurons, seed)
        for (const factor of [0.1, -1e-3]) kernels.rankOne(state, neurons, factor, weights)
        return weights
      }
      expectSame(
        answer(tier),
        once('rankOne', [neurons, seed], () => answer(reference)),
      )
    })
  })

  test('lets the inverse grow as the reference does, however it is cut, and names the same dependent patterns', () => {
    forShapes((shape) => {
      for (const wider of [0, 8]) {
        const stride = paddedStride(Math.max(shape.count, 1)) + wider
        const expected = once('border', [shape, stride], () => bordered(reference, shape, stride, []))
        for (const [k, actual] of bordered(tier, shape, stride, []).entries()) expectSame(actual, expected[k])
        expectSame(bordered(tier, shape, stride, [1, 2, 5, 17])[0], expected[0])
      }
    })
  })

  test('lets the inverse grow to several hundred patterns as the reference does', () => {
    for (const [neurons, count] of [
      [513, 65],
      [600, 257],
    ] as const) {
      const shape: Shape = { neurons, count, kind: 'random', seed: 4 }
      const stride = paddedStride(count)
      expectSame(
        bordered(tier, shape, stride, [200])[0],
        once('border', [shape, stride], () => bordered(reference, shape, stride, []))[0],
      )
    }
  })

  test('takes a pattern out of the inverse as the reference does, whichever it is', () => {
    for (const count of [1, 2, 7, 8, 9, 10, 17, 33]) {
      const stride = paddedStride(count) + 8
      const [grown] = bordered(reference, { neurons: 100, count, kind: 'random', seed: count }, stride, [])
      for (let index = 0; index < count; index++) {
        const [a, b] = [unaligned(grown.length), unaligned(grown.length)]
        a.set(grown)
        b.set(grown)
        tier.retire(a, stride, count, index)
        reference.retire(b, stride, count, index)
        expectSame(a, b)
      }
    }
  })

  test('multiplies whole numbers by patterns as the reference does', () => {
    const check = (shape: Shape): void => {
      const { neurons, count, seed } = shape
      const columns = columnsOf(shape, patternRows(shape))
      const stride = paddedStride(count) + 8
      const matrix = unaligned(count * stride)
      matrix.set(wholes(count * stride, seed, 2 ** 30))
      const width = paddedStride(count)
      const make = (): [Float64Array, Float64Array] => [
        unaligned(neurons * width).fill(7),
        unaligned(neurons).fill(7),
      ]
      const [out, diagonal] = make()
      const [expectedOut, expectedDiagonal] = once('responses', shape, () => {
        const expected = make()
        reference.responses(matrix, stride, columns, count, neurons, ...expected)
        return expected
      })
      tier.responses(matrix, stride, columns, count, neurons, out, diagonal)
      expectSame(out, expectedOut)
      expectSame(diagonal, expectedDiagonal)
      const alone = make()
      tier.responses(matrix, stride, columns, count, neurons, alone[0], undefined)
      tier.responses(matrix, stride, columns, count, neurons, undefined, alone[1])
      expectSame(alone[0], out)
      expectSame(alone[1], diagonal)
    }
    forShapes(check)
    // More neurons and more patterns than go together.
    check({ neurons: 2100, count: 3, kind: 'random', seed: 1 })
    check({ neurons: 70, count: 150, kind: 'random', seed: 2 })
  })

  test('learns by the perceptron rule as the reference does, to the epoch', () => {
    forShapes((shape) => {
      const { neurons, count, seed } = shape
      const rows = patternRows(shape)
      for (const [kappa, span] of [
        [0, 0],
        [0.5, 3],
        [1e9, 1000],
      ] as const) {
        const [a, b] = [integerRows(neurons, seed, span), integerRows(neurons, seed, span)]
        const [p, q] = [new Uint32Array(neurons).fill(7), new Uint32Array(neurons).fill(7)]
        tier.perceptron(rows, count, neurons, kappa, 6, a, p)
        reference.perceptron(rows, count, neurons, kappa, 6, b, q)
        expectSame(a, b)
        expectSame(p, q)
      }
    }, 65)
  })

  test('stops a neuron before its weights leave what is exact', () => {
    const neurons = 9
    const rows = patternRows({ neurons, count: 3, kind: 'random', seed: 1 })
    for (const start of [2 ** 25, 33_554_431, 2 ** 31 - 1, -(2 ** 31)]) {
      const [a, b] = [new Int32Array(9 * 16).fill(start), new Int32Array(9 * 16).fill(start)]
      const [p, q] = [new Uint32Array(neurons), new Uint32Array(neurons)]
      tier.perceptron(rows, 3, neurons, 1e9, 1000, a, p)
      reference.perceptron(rows, 3, neurons, 1e9, 1000, b, q)
      expectSame(a, b)
      expectSame(p, q)
      expect(p).toEqual(new Uint32Array(neurons).fill(NEVER_LEARNED))
    }
  })

  test('starts from weights whose sum needs more than 32 bits as the reference does', () => {
    const [neurons, count] = [600, 2]
    const rows = patternRows({ neurons, count, kind: 'random', seed: 2 })
    const answer = (kernels: Kernels): [Int32Array, Uint32Array] => {
      const [weights, epochs] = [
        new Int32Array(neurons * paddedStride(neurons)).fill(3_600_000),
        new Uint32Array(neurons),
      ]
      kernels.perceptron(rows, count, neurons, 0.1, 3, weights, epochs)
      return [weights, epochs]
    }
    const expected = once('perceptron', neurons, () => answer(reference))
    for (const [k, actual] of answer(tier).entries()) expectSame(actual, expected[k])
  })

  test('learns by minimal overlap as the reference does, step by step', () => {
    forShapes((shape) => {
      const { neurons, count } = shape
      const rows = patternRows(shape)
      for (const [bound, most] of [
        [0, 100],
        [3.5 * neurons, 40],
        [1e300, 25],
      ] as const) {
        const answer = (kernels: Kernels): [Int32Array, Uint32Array, Float64Array] => {
          const weights = new Int32Array(neurons * paddedStride(neurons) + 1).subarray(1).fill(7)
          const [steps, stabilities] = [new Uint32Array(neurons).fill(7), unaligned(2 * neurons).fill(7)]
          kernels.minimalOverlap(rows, count, neurons, bound, most, weights, steps, stabilities)
          return [weights, steps, stabilities]
        }
        const expected = once('minimalOverlap', [shape, bound], () => answer(reference))
        for (const [k, actual] of answer(tier).entries()) expectSame(actual, expected[k])
      }
    }, 65)
  })

  test('keeps weights within bounds as the reference does, in 8, 16 and 32 bits', () => {
    forShapes((shape) => {
      const { neurons, count, seed } = shape
      const rows = patternRows(shape)
      for (const [limit, span] of [
        [1, 0],
        [3, 5],
        [125, 130],
        [126, 200],
        [32_765, 33_000],
        [32_766, 2 ** 31 - 1],
        [2 ** 31 - 3, 2 ** 31 - 1],
      ] as const) {
        const answer = (kernels: Kernels): Int32Array => {
          const weights = integerRows(neurons, seed, span)
          kernels.bounded(rows, count, neurons, limit, weights)
          return weights
        }
        expectSame(
          answer(tier),
          once('bounded', [shape, limit], () => answer(reference)),
        )
      }
    }, 65)
  })

  test('takes the signs of Hebb’s weights as the reference does', () => {
    forShapes((shape) => {
      const { neurons, count } = shape
      const columns = columnsOf(shape, patternRows(shape))
      const make = (): Uint32Array => new Uint32Array(neurons * rowWords(neurons) + 1).fill(7).subarray(1)
      const [a, b] = [make(), make()]
      tier.clipped(columns, count, neurons, a)
      reference.clipped(columns, count, neurons, b)
      expectSame(a, b)
    })
  })
})

test('Storkey’s weights stay exactly symmetric, with a zero diagonal', () => {
  for (const neurons of [3, 17, 64]) {
    const weights = new Float64Array(neurons * paddedStride(neurons))
    reference.storkey(patternRows({ neurons, count: 9, kind: 'random', seed: 3 }), 9, neurons, weights)
    const at = (i: number, j: number): number => weights[i * paddedStride(neurons) + j]
    for (let i = 0; i < neurons; i++) {
      expect(at(i, i)).toBe(0)
      for (let j = 0; j < i; j++) expect(at(i, j)).toBe(at(j, i))
    }
  }
})
