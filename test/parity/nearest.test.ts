import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planeWords, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { cueRow, EDGES, patternRows, type Shape, shapes } from './inputs.js'

const SEED = 20261125

/** Planes on which no alignment can be relied, and that were something else before. */
function planesOf(kernels: typeof reference, { neurons, count }: Shape, rows: Uint32Array): Uint32Array {
  const planes = new Uint32Array(planeWords(count, neurons) + 1).fill(7).subarray(1)
  kernels.interleave(rows, count, neurons, planes)
  return planes
}

function statesOf(shape: Shape, count: number): Uint32Array {
  const stride = rowWords(shape.neurons)
  const states = new Uint32Array(count * stride + 1).subarray(1)
  for (let b = 0; b < count; b++) states.set(cueRow(shape, b), b * stride)
  return states
}

/** Every edge of N with every edge of P, and tiles that end before, at and after the last pattern. */
function forShapes(check: (shape: Shape) => void): void {
  for (const neurons of EDGES) {
    for (const count of EDGES) check({ neurons, count, kind: 'random', seed: neurons * 1000 + count })
  }
  for (const neurons of [1, 64, 65, 2048, 5000]) {
    for (const count of [1023, 1024, 1025, 2080, 2100]) check({ neurons, count, kind: 'random', seed: count })
  }
  const some = shapes.filter(({ count }) => count > 0)
  fc.assert(fc.property(some, check), { seed: SEED, numRuns: 100 })
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('lays patterns out in planes as the reference does', () => {
    forShapes((shape) => {
      const rows = patternRows(shape)
      // What lies beyond a row's neurons is not ours.
      if (shape.neurons % 512 !== 0) rows[rows.length - 1] |= 0x80000000
      expectSame(planesOf(tier, shape, rows), planesOf(reference, shape, rows))
    })
  })

  test('finds the nearest patterns as the reference does', () => {
    forShapes((shape) => {
      const { neurons, count } = shape
      const planes = planesOf(reference, shape, patternRows(shape))
      const states = statesOf(shape, 5)
      for (const k of [1, 2, 9, 40]) {
        const [i, j] = [new Uint32Array(5 * k), new Uint32Array(5 * k)]
        const [v, w] = [new Int32Array(5 * k), new Int32Array(5 * k)]
        tier.nearest(planes, count, neurons, states, 5, 0, k, i, v)
        reference.nearest(planes, count, neurons, states, 5, 0, k, j, w)
        expectSame(i, j)
        expectSame(v, w)
      }
    })
  })

  test('goes on from patterns before as if it had seen them all at once', () => {
    for (const [neurons, k] of [1, 3, 64, 300].flatMap((n) => [1, 9, 20].map((most) => [n, most]))) {
      const shape: Shape = { neurons, count: 57, kind: 'random', seed: neurons }
      const rows = patternRows(shape)
      const states = statesOf(shape, 5)
      const [i, j] = [new Uint32Array(5 * k), new Uint32Array(5 * k)]
      const [v, w] = [new Int32Array(5 * k), new Int32Array(5 * k)]
      tier.nearest(planesOf(tier, shape, rows), 57, neurons, states, 5, 0, k, i, v)
      for (const [from, to] of [
        [0, 8],
        [8, 9],
        [9, 40],
        [40, 57],
      ] as const) {
        const count = to - from
        const planes = planesOf(tier, { ...shape, count }, rows.subarray(from * rowWords(neurons)))
        tier.nearest(planes, count, neurons, states, 5, from, k, j, w)
      }
      expectSame(j, i)
      expectSame(w, v)
    }
  })

  test('takes the lowest of equals, wherever they are', () => {
    for (const neurons of [1, 64, 256, 700]) {
      for (const count of [9, 16, 4097]) {
        const shape: Shape = { neurons, count, kind: 'equal', seed: 3 }
        const rows = patternRows(shape)
        const stride = rowWords(neurons)
        const state = rows.slice(0, stride)
        // All alike but for one bit, up to the pattern at `first`, and from there on equal to the state.
        for (const first of [0, 1, 7, 8, count - 2, count - 1]) {
          const given = rows.slice()
          for (let mu = 0; mu < first; mu++) given[mu * stride] ^= 1
          const planes = planesOf(tier, shape, given)
          const [index, overlap] = [new Uint32Array(1), new Int32Array(1)]
          tier.nearest(planes, count, neurons, state, 1, 0, 1, index, overlap)
          expect([index[0], overlap[0]]).toEqual([first, neurons])
        }
      }
    }
  })

  test('finds a pattern opposite to the state where there is no other', () => {
    for (const neurons of EDGES) {
      for (const count of [1, 8, 40]) {
        const rows = patternRows({ neurons, count, kind: 'equal', seed: 5 })
        const state = patternRows({ neurons, count: 2, kind: 'complement', seed: 5 }).slice(rowWords(neurons))
        const planes = planesOf(tier, { neurons, count, kind: 'equal', seed: 5 }, rows)
        const [index, overlap] = [new Uint32Array(1), new Int32Array(1)]
        tier.nearest(planes, count, neurons, state, 1, 0, 1, index, overlap)
        expect([index[0], overlap[0]]).toEqual([0, -neurons])
      }
    }
  })
})

test('the reference finds what its own overlaps say', () => {
  forShapes((shape) => {
    const { neurons, count } = shape
    const rows = patternRows(shape)
    const states = statesOf(shape, 3)
    const all = new Int32Array(3 * count)
    reference.overlaps(rows, count, neurons, states, 3, all)
    const k = Math.min(count, 4)
    const [indices, overlaps] = [new Uint32Array(3 * k), new Int32Array(3 * k)]
    reference.nearest(planesOf(reference, shape, rows), count, neurons, states, 3, 0, k, indices, overlaps)
    for (let b = 0; b < 3; b++) {
      const own = all.subarray(b * count, (b + 1) * count)
      const order = Array.from(own.keys()).sort((x, y) => own[y] - own[x] || x - y)
      const best = order.slice(0, k)
      expect(Array.from(indices.subarray(b * k, (b + 1) * k))).toEqual(best)
      expect(Array.from(overlaps.subarray(b * k, (b + 1) * k))).toEqual(best.map((mu) => own[mu]))
    }
  })
})
