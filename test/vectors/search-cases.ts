import { TABU } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest, patterns, row } from './cases.js'

/** Searches for states of least energy, by digest. Repeated in native/test/vectors_test.cc. */
export interface SearchCase {
  neurons: number
  count: number
  seed: number
  /** Descent, tabu search and enumeration, with whole couplings and then with real ones. */
  found: string[]
}

const SIZES: [neurons: number, count: number][] = [[1, 1], [9, 3], [33, 8], [64, 31], [65, 32], [257, 65]] // biome-ignore format: a table

export function makeSearchCases(): SearchCase[] {
  return SIZES.map(([neurons, count], index) => {
    const seed = 9000 + index
    const stride = paddedStride(neurons)
    const columns = new Uint32Array(neurons * columnWords(count))
    kernels.transpose(patterns(neurons, count, 'random', seed), count, neurons, columns)
    const whole = new Int32Array(neurons * stride)
    kernels.hebbian(columns, count, neurons, 1, whole, true)
    const draws = row(neurons * 32, seed, 3, 0)
    const found = [whole, Float64Array.from(whole, (x) => x / 7)].map((weights, real) => {
      const memory = { form: 'matrix', neurons, count: 0, rows: new Uint32Array(0), weights, symmetric: true } as const
      const fields = Float64Array.from({ length: neurons }, (_, i) => ((draws[i] % 17) - 8) / 16)
      const low = row(neurons, seed, 2, 0)
      const flips = new Uint32Array(1)
      kernels.descend(memory, real === 1 ? fields : undefined, low, 1, 500, flips)
      const now = row(neurons, seed, 2, 1)
      const best = now.slice()
      const until = new Uint32Array(neurons)
      const numbers = new Float64Array(TABU.length).fill(Number.POSITIVE_INFINITY)
      const tenures = Uint32Array.from({ length: 40 }, (_, k) => k % 7)
      kernels.tabu(memory, real === 1 ? fields : undefined, now, best, until, 5, tenures, numbers)
      const n = Math.min(neurons, 10)
      const couplings = new Float64Array(n * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) couplings[i * n + j] = weights[i * stride + j]
      const fixed = n > 6 ? 2 : 0
      const least = new Float64Array(3)
      kernels.lowestStates(couplings, real === 1 ? fields : new Float64Array(n), n, fixed, fixed / 2, least)
      return [low, flips, now, best, until, numbers, least].map(digest).join('')
    })
    return { neurons, count, seed, found }
  })
}
