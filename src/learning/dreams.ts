import { type Kernels, OUTCOME, type RecallPlan } from '../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import type { MatrixRule } from '../storage/matrix-weights.js'
import { hebbianReals } from './matrix-rules.js'
import { daydream, unlearn } from './unlearning.js'

/** Where dreams come from. */
export interface DreamOptions {
  readonly seedLow: number
  readonly seedHigh: number
}

/** Where recalls from random states end, on weights that change from one to the next; a function of the seed alone. */
class Dreamer {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #weights: Float64Array
  readonly #plan: RecallPlan
  readonly #state: Uint32Array
  readonly #outcome = new Float64Array(OUTCOME.length)

  constructor(kernels: Kernels, neurons: number, weights: Float64Array, { seedLow, seedHigh }: DreamOptions) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#weights = weights
    this.#state = new Uint32Array(rowWords(neurons))
    this.#plan = {
      dynamics: 'asynchronous',
      order: 'random',
      tie: 'positive',
      maxSweeps: 100,
      temperatures: undefined,
      firstSweep: 0,
      seedLow,
      seedHigh,
      stream: 0,
      streams: undefined,
      scale: 1,
      externalField: undefined,
      clamp: undefined,
    }
  }

  /** The end of dream k, packed; a view that the next one overwrites. */
  dream(k: number): Uint32Array {
    const state = this.#state
    const { seedLow, seedHigh } = this.#plan
    this.#kernels.philox(seedLow, seedHigh, PURPOSE.dreams, k, 0, state)
    clearPadding(state, this.#neurons)
    const memory = {
      form: 'matrix',
      neurons: this.#neurons,
      count: 0,
      rows: NO_ROWS,
      weights: this.#weights,
    } as const
    this.#kernels.recall(memory, state, 1, { ...this.#plan, stream: k }, state, this.#outcome)
    return state
  }
}

const NO_ROWS = new Uint32Array(0)

/** Hebb's rule, and then so many dreams unlearned (Hopfield, Feinstein and Palmer 1983). All anew whatever is stored. */
export function unlearningRule(
  kernels: Kernels,
  neurons: number,
  dreams: number,
  rate: number,
  options: DreamOptions,
): MatrixRule {
  return {
    divisor: 1,
    learn(rows, count) {
      const weights = hebbianReals(kernels, rows, count, neurons)
      const dreamer = new Dreamer(kernels, neurons, weights, options)
      for (let k = 0; k < dreams && count > 0; k++) {
        unlearn(kernels, dreamer.dream(k), neurons, rate / neurons, weights)
      }
      return weights
    },
  }
}

/** Hebb's rule, and then so many daydreams: a stored pattern, drawn at random, for each dream (Serricchio et al. 2024). */
export function daydreamingRule(
  kernels: Kernels,
  neurons: number,
  dreams: number,
  tau: number,
  options: DreamOptions,
): MatrixRule {
  return {
    divisor: 1,
    learn(rows, count) {
      const weights = hebbianReals(kernels, rows, count, neurons)
      const dreamer = new Dreamer(kernels, neurons, weights, options)
      const stride = rowWords(neurons)
      const words = new WordStream(options.seedLow, options.seedHigh)
      for (let k = 0; k < dreams && count > 0; k++) {
        const mu = words.seek(PURPOSE.daydreams, k).bounded(count)
        const pattern = rows.subarray(mu * stride, (mu + 1) * stride)
        daydream(kernels, pattern, dreamer.dream(k), neurons, tau, weights)
      }
      return weights
    },
  }
}
