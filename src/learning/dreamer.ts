import { call, isLight, type Steps } from '../async/steps.js'
import { type Kernels, OUTCOME, type RecallPlan } from '../kernels/contract/kernels.js'
import { clearPadding, columnWords, rowWords } from '../kernels/contract/layout.js'
import { PURPOSE } from '../numerics/philox.js'
import { paddedIntegers, paddedReals } from '../storage/matrix-arrays.js'

const NO_ROWS = new Uint32Array(0)

/** Recalls from random states, on weights that change between recalls. The random states depend only on the seed. */
export class Dreamer {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #weights: Float64Array
  readonly #plan: RecallPlan
  readonly #state: Uint32Array
  readonly #outcome = new Float64Array(OUTCOME.length)

  /** @param seed the two words of the seed. */
  constructor(
    kernels: Kernels,
    neurons: number,
    weights: Float64Array,
    [seedLow, seedHigh]: readonly [low: number, high: number],
  ) {
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

  /** The state in which dream k ended, packed: a view that the next dream overwrites. */
  *dream(k: number): Steps<Uint32Array> {
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
      symmetric: true,
    } as const
    const request = [memory, state, 1, { ...this.#plan, stream: k }, state, this.#outcome] as const
    yield {
      here: () => {
        this.#kernels.recall(...request)
      },
      beside: (flag) => this.#kernels.recallAsync(...request, flag),
      light: isLight(this.#kernels, 4 * this.#neurons * this.#neurons),
    }
    return state
  }
}

/** Hebb's weights J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ as reals, from which dreams start. */
export function* hebbianReals(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
): Steps<Float64Array> {
  if (count === 0) return paddedReals(kernels, neurons)
  const columns = new Uint32Array(neurons * columnWords(count))
  yield* call(kernels, (neurons * count) / 8, 'transpose', rows, count, neurons, columns)
  const integers = paddedIntegers(neurons)
  const operations = neurons * neurons * (1 + count / 64)
  yield* call(kernels, operations, 'hebbian', columns, count, neurons, 1, integers, true)
  const weights = paddedReals(kernels, neurons)
  yield* call(kernels, 8 * weights.length, 'quotients', integers, weights.length, neurons, weights)
  return weights
}
