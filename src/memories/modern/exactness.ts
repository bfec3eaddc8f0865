import type { Portion } from '../../async/chunk-size.js'
import { call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Uint32s } from '../../input/typed-arrays.js'
import {
  type Kernels,
  type KeyMemory,
  type RetrievalPlan,
  type Separator,
  softmaxCut,
} from '../../kernels/contract/kernels.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'
import { products } from './key-measures.js'

/** From which β on every stored pattern is recalled alone. */
export interface Exactness {
  /** Whether the network's own β is large enough: then the recall of each stored pattern returns its bits, and no other has weight. */
  exact: boolean
  /**
   * The least such β: 1/gap with 'sparsemax', 'normmax' and 'epanechnikov', which is 2/d_min² for Euclidean similarity; 2/gap with 'entmax15'; with
   * 'softmax', whose weights are cut, (32 + ⌈log2 M⌉)·ln 2/gap. Infinity where no β is: two patterns are equal, or one is more similar to
   * another than to itself. 0 with a single pattern. Where patterns have weights, ln of the largest over the smallest is added before the
   * division by the gap: then this β is enough, and a smaller one may be.
   */
  beta: number
  /** min s(x_i, x_i) − s(x_i, x_j) over i ≠ j: the separation Δ for 'dot', ½d_min² for 'euclidean'; Infinity with a single pattern. */
  gap: number
  /** Which i and j that are; empty with a single pattern. */
  closest: Uint32s
}

/** How far below its own logit those of all other keys must lie, so that a key alone has weight. */
function reachOf(separator: Separator, count: number): number {
  return separator === 'softmax' ? softmaxCut(count) : separator === 'entmax15' ? 2 : 1
}

/** Nothing but the most similar key has weight, so that weights cost nothing. */
const STEEP = 1e30

/** Compares every key with all others. */
export class ExactnessJob implements Job<KeyMemory, Exactness> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  /** Of each key. */
  readonly #gaps: Float64Array
  readonly #nearest: Uint32Array
  /** How much farther below another logit one may start: saliences differ. */
  #handicap = 0

  /** @param keys M. */
  constructor(kernels: Kernels, plan: RetrievalPlan, keys: number) {
    this.count = keys
    this.#kernels = kernels
    this.#plan = plan
    this.#gaps = allocate('exactness', keys * 8, () => new Float64Array(keys).fill(Number.POSITIVE_INFINITY))
    this.#nearest = allocate('exactness', keys * 4, () => new Uint32Array(keys))
  }

  portion(memory: KeyMemory): Portion {
    return products(memory)
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    if (memory.count === 1) return
    const { dimension, keys, salience } = memory
    if (salience !== undefined) this.#handicap = salience.mostLog - salience.leastLog
    const count = to - from
    const plan: RetrievalPlan = { ...this.#plan, beta: STEEP, separator: 'sparsemax' }
    const queries = part(keys, from, to, dimension)
    // Of any three keys one is neither the query nor the nearest other: two are enough to find that.
    const [indices, own] = [new Uint32Array(2 * count), new Float64Array(count)]
    const [similarities, weights] = [new Float64Array(2 * count), new Float64Array(2 * count)]
    this.#kernels.keyNorms(queries, count, dimension, own)
    const asked = [memory, queries, count, plan, 2, undefined, new Float64Array(count)] as const
    const operations = 2 * count * memory.count * dimension
    yield* call(this.#kernels, operations, 'mostSimilar', ...asked, indices, similarities, weights)
    for (let b = 0; b < count; b++) {
      const found = indices.indexOf(from + b, 2 * b)
      const itself = found === 2 * b || found === 2 * b + 1
      const other = found === 2 * b ? 2 * b + 1 : 2 * b
      this.#nearest[from + b] = indices[other]
      this.#gaps[from + b] = (itself ? similarities[found] : this.#self(own[b])) - similarities[other]
    }
  }

  /** The similarity of a key to itself, as the kernel has it without shifts, from its norm. */
  #self(norm: number): number {
    const { similarity } = this.#plan
    if (similarity === 'cosine') return norm === 0 ? 0 : 1
    return similarity === 'dot' ? norm * norm : (norm * norm) / 2
  }

  result(): Exactness {
    let closest = 0
    for (let i = 1; i < this.count; i++) if (this.#gaps[i] < this.#gaps[closest]) closest = i
    const gap = this.#gaps[closest]
    const reach = reachOf(this.#plan.separator, this.count) + this.#handicap
    return {
      exact: this.#plan.beta * gap >= reach,
      beta: gap > 0 ? reach / gap : Number.POSITIVE_INFINITY,
      gap,
      closest: this.count === 1 ? new Uint32Array(0) : Uint32Array.of(closest, this.#nearest[closest]),
    }
  }
}
