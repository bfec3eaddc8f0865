import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest, patterns, row } from './cases.js'

/** Pairs of random states that settle, by digest. Repeated in native/test/vectors_test.cc. */
export interface PairCase {
  inputs: number
  outputs: number
  count: number
  kind: 'random' | 'pairs'
  seed: number
  /** Both sides of three cues, the second one beginning with y, and their outcomes. */
  settled: string
}

const SIZES: [inputs: number, outputs: number, count: number][] = [
  [1, 2, 0], [2, 1, 3], [33, 8, 5], [64, 513, 31], [512, 65, 33], [1000, 1030, 40], [128, 129, 9], [192, 256, 33], [65, 257, 20],
] // biome-ignore format: a table

export function makePairCases(): PairCase[] {
  return SIZES.flatMap(([inputs, outputs, count], index) =>
    (['random', 'pairs'] as const).map((kind) => {
      const seed = 7000 + index
      const memory = {
        count,
        inputs,
        outputs,
        xs: patterns(inputs, count, kind, seed),
        ys: patterns(outputs, count, kind, seed + 100),
      }
      const sides = [inputs, outputs].map((units) =>
        Uint32Array.from([0, 1, 2].flatMap((b) => Array.from(row(units, seed, 2, b)))),
      )
      const outcomes = new Float64Array(9)
      kernels.bidirectional(memory, sides[0], sides[1], 3, Uint8Array.of(0, 1, 0), 20, outcomes)
      const settled = digest(sides[0]) + digest(sides[1]) + digest(outcomes)
      return { inputs, outputs, count, kind, seed, settled }
    }),
  )
}
