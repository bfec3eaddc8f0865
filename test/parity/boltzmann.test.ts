import { describe, expect, test } from 'vitest'
import { CHAINS, hiddenStride, UNIT_KINDS } from '../../src/kernels/contract/boltzmann.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { EVERY_TIER as tier } from '../helpers/tiers.js'

// Layers around whole registers, tiles, blocks of rows and of the potential; all pairs of kinds that a machine may have.
const SIZES: [visible: number, hidden: number][] = [
  [1, 1], [3, 2], [8, 16], [17, 15], [64, 100], [65, 129], [131, 33], [20, 520],
] // biome-ignore format: a table
const KINDS: [visible: number, hidden: number][] = [
  [0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [2, 1], [0, 2], [1, 2],
] // biome-ignore format: a table

interface Example {
  readonly shape: Uint32Array
  readonly stride: number
  readonly draw: WordStream
  weights(): Float32Array
  readonly a: Float32Array
  readonly c: Float32Array
  rows(count: number, values?: (kind: number, draw: WordStream) => number): Float32Array
  hidden(count: number): Float32Array
}

function value(kind: number, draw: WordStream): number {
  const word = draw.word()
  if (kind === 2) return (word % 7) / 2 - 1.5
  return word % 3 === 0 ? 1 : kind === 1 ? -1 : 0
}

/** Most units are not 0, and all products are exact: those that kernels multiply without a look at which they are. */
function busy(kind: number, draw: WordStream): number {
  return kind === 0 && draw.word() % 4 !== 0 ? 1 : value(kind, draw)
}

/** Any numbers that a unit may have. */
function grey(kind: number, draw: WordStream): number {
  return kind === 2 ? value(kind, draw) : draw.uniform() * (1 + kind) - kind
}

function example(visible: number, hidden: number, kinds: [number, number], seed: number): Example {
  const stride = hiddenStride(hidden)
  const draw = new WordStream(seed, 7)
  const weights = new Float32Array(visible * stride)
  for (let k = 0; k < weights.length; k++) if (k % stride < hidden) weights[k] = (draw.uniform() - 0.5) / 2
  const a = Float32Array.from({ length: visible }, () => draw.uniform() - 0.5)
  const c = new Float32Array(stride)
  for (let j = 0; j < hidden; j++) c[j] = draw.uniform() - 0.5
  return {
    shape: Uint32Array.of(visible, hidden, ...kinds),
    stride,
    draw,
    weights: () => weights.slice(),
    a,
    c,
    rows: (count, values = value) =>
      Float32Array.from({ length: count * visible }, () => values(kinds[0], draw)),
    hidden(count) {
      const rows = new Float32Array(count * stride)
      for (let k = 0; k < rows.length; k++) if (k % stride < hidden) rows[k] = value(kinds[1], draw)
      return rows
    },
  }
}

function forAll(each: (example: Example, kinds: [number, number]) => void): void {
  for (const [s, [visible, hidden]] of SIZES.entries()) {
    // Each size with some kinds, each kind with some sizes.
    for (const [k, kinds] of KINDS.entries())
      if ((s + k) % 3 === 0) each(example(visible, hidden, kinds, s), kinds)
  }
}

/** Runs a kernel on both sides, on arrays of their own, and compares all that was written. */
function same(run: (kernels: typeof reference, take: <T extends ArrayBufferView>(of: T) => T) => void): void {
  const written: ArrayBufferView[][] = [reference, tier].map((kernels) => {
    const taken: ArrayBufferView[] = []
    run(kernels, (of) => {
      const copy = (of as unknown as Float32Array).slice() as unknown as typeof of
      taken.push(copy)
      return copy
    })
    return taken
  })
  for (const [k, expected] of written[0].entries()) expectSame(written[1][k], expected, `array ${k}`)
}

describe('every tier and the reference give the same', () => {
  test('means of units', () => {
    forAll(({ shape, stride, weights, a, c, rows, hidden }) => {
      const h = hidden(19)
      for (const v of [rows(130), rows(131, busy), rows(3, grey)]) {
        const count = v.length / shape[0]
        same((kernels, take) => {
          kernels.hiddenMeans(shape, weights(), c, v, count, take(new Float32Array(count * stride)))
        })
      }
      same((kernels, take) => {
        kernels.visibleMeans(shape, weights(), a, h, 19, take(new Float32Array(19 * shape[0])))
      })
    })
  })

  test('Gibbs steps, clamped or not, at any temperature', () => {
    forAll(({ shape, stride, weights, a, c, rows, draw }) => {
      const v = rows(5)
      const clamp = Uint8Array.from({ length: shape[0] }, () => draw.word() & 1)
      const base = Float32Array.from({ length: shape[0] }, () => draw.uniform() - 0.5)
      for (const [flags, from] of [
        [clamp, base],
        [undefined, undefined],
      ] as const) {
        same((kernels, take) => {
          const betas = Float64Array.of(1, 0.25, 0, 1.5, 1)
          const walk = Float64Array.of(5, 6, 2 ** 30, 3, 2 ** 32 - 2)
          const [h, means] = [take(new Float32Array(5 * stride)), take(new Float32Array(5 * shape[0]))]
          kernels.gibbs(shape, weights(), a, c, from, flags, betas, walk, take(v), h, means)
        })
      }
    })
  })

  test('lessons of every kind', () => {
    forAll(({ shape, stride, weights, a, c, rows, hidden, draw }) => {
      const some = [rows(9), rows(9, busy), rows(9, grey)]
      const order = Uint32Array.from({ length: 17 }, () => draw.bounded(9))
      const given = rows(17)
      const kept = hidden(7)
      const places = (shape[0] + 1) * stride + shape[0]
      const speeds = Float32Array.from({ length: places }, () => draw.uniform() - 0.5)
      const means = new Float32Array(shape[0] + stride)
      for (let k = 0; k < shape[0] + shape[1]; k++) means[k] = draw.uniform()
      const lessons = [
        { chains: CHAINS.data, momentum: 0, decay: 0, slide: 0, steps: 1, batch: 7 },
        { chains: CHAINS.kept, momentum: 0.5, decay: 0.01, slide: 0.1, steps: 2, batch: 7 },
        { chains: CHAINS.given, momentum: 0, decay: 0.1, slide: 0.01, steps: 1, batch: 7 },
        { chains: CHAINS.data, momentum: 0.9, decay: 0, slide: 0, steps: 1, batch: 40 },
      ]
      for (const [k, { chains, momentum, decay, slide, steps, batch }] of [
        ...lessons,
        ...lessons,
      ].entries()) {
        const data = some[k % some.length]
        same((kernels, take) => {
          const lesson = Float64Array.of(3, 4, 9, batch, steps, 0.05, momentum, decay, slide, chains)
          const states = chains === CHAINS.data ? undefined : take(chains === CHAINS.kept ? kept : given)
          const [w, visibleBiases, hiddenBiases] = [take(weights()), take(a), take(c)]
          const fast = momentum === 0 ? undefined : take(speeds)
          const slow = slide === 0 ? undefined : take(means)
          kernels.contrast(shape, w, visibleBiases, hiddenBiases, fast, slow, states, data, order, lesson)
        })
      }
    })
  })

  test('free energies and weights of annealed chains', () => {
    forAll(({ shape, weights, a, c, rows, draw }) => {
      const v = rows(4)
      const base = Float32Array.from({ length: shape[0] }, () => draw.uniform() - 0.5)
      same((kernels, take) => {
        kernels.freeEnergies(shape, weights(), a, c, undefined, undefined, v, 4, take(new Float64Array(4)))
        const betas = Float64Array.of(1, 0.5, 0, 2)
        kernels.freeEnergies(shape, weights(), a, c, base, betas, v, 4, take(new Float64Array(4)))
        const walk = Float64Array.of(5, 6, 2, 0, 2 ** 32 - 1)
        const rising = Float64Array.of(0, 0.2, 0.7, 1)
        kernels.importance(shape, weights(), a, c, base, rising, walk, take(v), take(new Float64Array(4)))
      })
    })
  })

  test('exact partition functions', () => {
    const draw = new WordStream(3, 9)
    for (const [units, others, prefix] of [
      [1, 1, 0],
      [2, 3, 2],
      [5, 9, 1],
      [9, 40, 3],
      [10, 520, 8],
    ]) {
      for (const [kind] of UNIT_KINDS.entries()) {
        for (const low of [0, -1]) {
          const stride = paddedStride(others)
          const couplings = new Float64Array(units * stride)
          for (let k = 0; k < couplings.length; k++) {
            if (k % stride < others) couplings[k] = 4 * (draw.uniform() - 0.5)
          }
          const own = Float64Array.from({ length: units }, () => draw.uniform() - 0.5)
          const fields = Float64Array.from({ length: others }, () => draw.uniform() - 0.5)
          same((kernels, take) => {
            const [from, to] = [Math.floor(2 ** prefix / 2), 2 ** prefix]
            const out = take(new Float64Array(to - from))
            const machine = [couplings, own, units, fields, others, kind] as const
            kernels.logPartitions(...machine, low, prefix, from, to, out)
          })
        }
      }
    }
  })
})

test('fields so large that exponentials end are finite', () => {
  const shape = Uint32Array.of(2, 3, 0, 0)
  const weights = new Float32Array(32).fill(3e4)
  const out = new Float64Array(1)
  const zeros = new Float32Array(16)
  const ones = Float32Array.of(1, 1)
  reference.freeEnergies(shape, weights, zeros, zeros, undefined, undefined, ones, 1, out)
  expect(out[0]).toBe(-180_000)
  same((kernels, take) => {
    kernels.freeEnergies(shape, weights, zeros, zeros, undefined, undefined, ones, 1, take(out))
  })
})
