import { allHere } from '../../src/async/steps.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { joined } from '../../src/storage/code-lists.js'
import { CovarianceSynapses } from '../../src/storage/code-synapses.js'
import { digest } from './cases.js'

/** Codes of a plain rule, by digest. Repeated in native/test/vectors_test.cc. */
export interface CodeCase {
  units: number
  count: number
  /** The synapses that the codes set. */
  weights: string
  /** Rows and outcomes: all active units, two of them, three winners; then by covariance: ½, a field of 0, three winners. */
  ends: string[]
  /** Where connections are led, and the same as ascending lists of seven. */
  led: string
}

const SIZES: [units: number, count: number][] = [
  [5, 2], [33, 7], [64, 12], [513, 40], [1100, 60], [128, 20], [129, 20], [192, 30], [256, 30],
] // biome-ignore format: a table

/** Code μ: the units (7μ + k²·(3 + μ mod 5)) mod N for k = 0 … 5. */
function code(units: number, mu: number): Uint32Array {
  return Uint32Array.from(
    new Set([0, 1, 2, 3, 4, 5].map((k) => (7 * mu + k * k * (3 + (mu % 5))) % units)),
  ).sort()
}

export function makeCodeCases(): CodeCase[] {
  return SIZES.map(([units, count]) => {
    const codes = Array.from({ length: count }, (_, mu) => code(units, mu))
    const stride = rowWords(units)
    const weights = new Uint32Array(units * stride)
    for (const active of codes) {
      const row = new Uint32Array(stride)
      for (const unit of active) row[unit >>> 5] |= 1 << (unit & 31)
      kernels.willshawStore(weights, units, units, active, row)
    }
    const rule = new CovarianceSynapses(kernels, units, units, true, 0.05)
    allHere(rule.storing(codes, codes))
    const { starts, items } = joined([code(units, 1), code(units, 3).subarray(1), new Uint32Array(0)])
    const recall = (memory: Parameters<typeof kernels.recallCodes>[0], threshold?: number, winners?: number): string => {
      const [rows, outcomes] = [new Uint32Array(3 * stride), new Uint32Array(6)]
      kernels.recallCodes(memory, starts, items, 3, { threshold, winners, steps: 4 }, rows, outcomes)
      return digest(rows) + digest(outcomes)
    }
    const led = new Uint32Array(7 * units)
    kernels.rewired(9000 + units, 1, 2, 2 ** 32 - 50, 0.75, units, led)
    const places = digest(led)
    const repeated = new Uint32Array(Math.ceil(units / 32))
    kernels.ascend(Uint32Array.from({ length: units + 1 }, (_, k) => 7 * k), units, led, repeated)
    const synapses = { form: 'synapses', inputs: units, outputs: units, auto: true, weights } as const
    return {
      units,
      count,
      weights: digest(weights),
      ends: [
        recall(synapses),
        recall(synapses, 2),
        recall(synapses, undefined, 3),
        recall(rule.memory()),
        recall(rule.memory(), 0),
        recall(rule.memory(), undefined, 3),
      ],
      led: places + digest(led) + digest(repeated),
    }
  })
}
