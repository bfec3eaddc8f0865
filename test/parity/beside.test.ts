import { describe, expect, it } from 'vitest'
import { BESIDE, type Kernels } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride, planeWords, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'
import { patternRows } from './inputs.js'

const [N, P] = [77, 9]
const rows = patternRows({ neurons: N, count: P, kind: 'random', seed: 1 })
const columns = new Uint32Array(N * columnWords(P))
reference.transpose(rows, P, N, columns)
const planes = new Uint32Array(planeWords(P, N))
reference.interleave(rows, P, N, planes)
const size = N * paddedStride(N)

const numbers = (length: number): Float64Array => Float64Array.from({ length }, (_, k) => Math.sin(k))

const SINGLES = (length: number): Float32Array => Float32Array.from({ length }, (_, k) => Math.cos(k))
/** Six visible and three hidden units of 0 and 1. */
const SHAPE = Uint32Array.of(6, 3, 0, 0)

/** The arguments of a kernel, freshly made. */
const GIVEN: { readonly [Name in (typeof BESIDE)[number]]: () => Parameters<Kernels[Name]> } = {
  transpose: () => [rows, P, N, new Uint32Array(columns.length)],
  overlaps: () => [rows, P, N, rows, P, new Int32Array(P * P)],
  interleave: () => [rows, P, N, new Uint32Array(planes.length)],
  nearest: () => [planes, P, N, rows, P, 0, 1, new Uint32Array(P), new Int32Array(P)],
  keyNorms: () => [Float32Array.from({ length: 60 }, (_, k) => k / 7), 6, 10, new Float64Array(6)],
  hebbian: () => [columns, P, N, 1, new Int32Array(size), true],
  quotients: () => [new Int32Array(size).map((_, k) => k - 7), size, 7, new Float64Array(size)],
  correlations: () => [columns, columns, P, N, N, new Int32Array(N * N)],
  storkey: () => [rows, P, N, new Float64Array(size)],
  rankOne: () => [rows.subarray(0, rowWords(N)), N, 0.25, new Float64Array(size)],
  border: () => [rows, 0, P, N, 1e-6, new Float64Array(P * 16), 16, new Float64Array(P)],
  retire: () => [Float64Array.from({ length: P * 16 }, (_, k) => (k % 17 === 0 ? 1 : 0)), 16, P, 3],
  responses: () => [new Float64Array(P * 16).fill(3), 16, columns, P, N, undefined, new Float64Array(N)],
  perceptron: () => [rows, P, N, 0.5, 100, new Int32Array(size), new Uint32Array(N)],
  minimalOverlap: () => [
    rows,
    P,
    N,
    N,
    100,
    new Int32Array(size),
    new Uint32Array(N),
    new Float64Array(2 * N),
  ],
  bounded: () => [rows, P, N, 3, new Int32Array(size)],
  clipped: () => [columns, P, N, new Uint32Array(N * rowWords(N))],
  lowestStates: () => [numbers(81), numbers(9), 9, 2, 1, new Float64Array(3)],
  hiddenMeans: () => [SHAPE, SINGLES(96), SINGLES(16), SINGLES(12), 2, new Float32Array(32)],
  visibleMeans: () => [SHAPE, SINGLES(96), SINGLES(6), SINGLES(32), 2, new Float32Array(12)],
  gibbs: () => {
    const [betas, walk] = [Float64Array.of(1, 0.5), Float64Array.of(1, 2, 3, 4, 5)]
    const results = [SINGLES(12), new Float32Array(32), new Float32Array(12)] as const
    return [SHAPE, SINGLES(96), SINGLES(6), SINGLES(16), undefined, undefined, betas, walk, ...results]
  },
  contrast: () => {
    const lesson = Float64Array.of(1, 2, 3, 2, 1, 0.1, 0, 0, 0, 0)
    const none = [undefined, undefined, undefined] as const
    return [
      SHAPE,
      SINGLES(96),
      SINGLES(6),
      SINGLES(16),
      ...none,
      SINGLES(12),
      Uint32Array.of(1, 0, 1),
      lesson,
    ]
  },
  freeEnergies: () => {
    const rows = [SINGLES(12), 2, new Float64Array(2)] as const
    return [SHAPE, SINGLES(96), SINGLES(6), SINGLES(16), undefined, undefined, ...rows]
  },
  importance: () => {
    const walk = [Float64Array.of(0, 0.5, 1), Float64Array.of(1, 2, 3, 4, 5)] as const
    return [SHAPE, SINGLES(96), SINGLES(6), SINGLES(16), undefined, ...walk, SINGLES(12), new Float64Array(2)]
  },
  addFeatures: () => {
    const frequencies = Float64Array.of(9, 100, 0.01, 0.5, 0.25)
    return [frequencies, new Uint32Array(12).fill(77), SINGLES(18), 2, 1, new Float64Array(256)]
  },
  askFeatures: () => {
    const frequencies = Float64Array.of(9, 100, 0.01, 0.5, 0.25)
    const results = [new Float64Array(2), new Float64Array(18)] as const
    return [frequencies, new Uint32Array(12).fill(77), numbers(256), SINGLES(18), 2, ...results]
  },
  logPartitions: () => [numbers(32), numbers(4), 4, numbers(7), 7, 0, 0, 1, 0, 2, new Float64Array(2)],
}

type Kernel = (...given: readonly unknown[]) => unknown

for (const kernels of [reference, ...NATIVE_TIERS]) {
  describe(`kernels beside this thread, ${kernels.tier}`, () => {
    for (const name of BESIDE) {
      it(`${name} writes and answers what it does here`, async () => {
        const [here, there] = [GIVEN[name](), GIVEN[name]()]
        const answer = (kernels[name] as Kernel)(...here)
        const promise = (kernels.beside[name] as Kernel)(...there)
        expect(promise).toBeInstanceOf(Promise)
        expect(await promise).toBe(answer)
        expect(there).toEqual(here)
        expect(here).not.toEqual(GIVEN[name]())
      })
    }

    it('refuses arrays that are too short', async () => {
      if (!kernels.parallel) return
      await expect(
        (async () => kernels.beside.storkey(rows, P, N, new Float64Array(size - 1)))(),
      ).rejects.toThrow(/argument 3: expected a longer array/)
    })
  })
}
