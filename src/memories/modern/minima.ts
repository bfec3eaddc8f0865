import { call, type Steps } from '../../async/steps.js'
import type { Float32s } from '../../input/typed-arrays.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { above, type RestingState, type Settling } from '../resting.js'
import { retrieval } from './retrieval-steps.js'

/** A minimum of the energy: a state that is the mean of all patterns within reach of it. */
export interface Minimum extends RestingState {
  /** d numbers. */
  state: Float32s
}

const MOST_STEPS = 10_000

/**
 * The minima that recalls reach from the means of sets of keys. A set S of keys has a minimum iff its mean has exactly S within reach
 * (Hoover et al. 2025): then a recall from there stays there, so that none is missed where all sets are asked.
 */
export class KeySettling implements Settling<Minimum> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #memory: KeyMemory

  constructor(kernels: Kernels, plan: RetrievalPlan, memory: KeyMemory) {
    this.count = memory.count
    this.#kernels = kernels
    this.#plan = plan
    this.#memory = { ...memory, values: memory.keys, width: memory.dimension }
  }

  *nearest(centres: Uint32Array, k: number): Steps<Uint32Array> {
    const { dimension, keys } = this.#memory
    const count = centres.length
    const rows = new Float32Array(count * dimension)
    for (const [b, mu] of centres.entries()) {
      rows.set(keys.subarray(mu * dimension, (mu + 1) * dimension), b * dimension)
    }
    const indices = new Uint32Array(count * k)
    const [similarities, weights] = [new Float64Array(count * k), new Float64Array(count * k)]
    const asked = [this.#memory, rows, count, this.#plan, k, undefined, new Float64Array(count)] as const
    const operations = 2 * count * this.count * dimension
    yield* call(this.#kernels, operations, 'mostSimilar', ...asked, indices, similarities, weights)
    return indices
  }

  *settle(sets: readonly (readonly number[])[]): Steps<[name: string, Minimum][]> {
    const { dimension, count: keys } = this.#memory
    const count = sets.length
    const ends = {
      states: new Float32Array(count * dimension),
      steps: new Uint32Array(count),
      converged: new Uint8Array(count),
      active: new Uint32Array(count),
      energies: new Float64Array(count),
    }
    yield* this.#rest(this.#means(sets), count, ends)
    const weights = new Float64Array(count * keys)
    const asked = [this.#memory, ends.states, count, this.#plan, weights] as const
    yield* call(this.#kernels, 2 * count * keys * dimension, 'associate', ...asked)
    const found: [string, Minimum][] = []
    for (let b = 0; b < count; b++) {
      if (b % 64 === 63) yield
      if (ends.converged[b] === 0 || ends.active[b] === 0) continue
      const members = above(weights.subarray(b * keys, (b + 1) * keys), 0)
      const state = ends.states.slice(b * dimension, (b + 1) * dimension)
      found.push([members.join(), { state, members, energy: ends.energies[b] }])
    }
    return found
  }

  /** As a recall computes them. */
  #means(sets: readonly (readonly number[])[]): Float32Array {
    const { dimension, keys } = this.#memory
    const out = new Float32Array(sets.length * dimension)
    for (const [b, members] of sets.entries()) {
      for (let c = 0; c < dimension; c++) {
        let sum = 0
        for (const mu of members) sum += keys[mu * dimension + c]
        out[b * dimension + c] = sum / members.length
      }
    }
    return out
  }

  *#rest(starts: Float32Array, count: number, ends: Parameters<typeof retrieval>[5]): Steps<void> {
    const [kernels, plan] = [this.#kernels, this.#plan]
    const limits = { maxSteps: MOST_STEPS, tolerance: 0, stops: true, energy: true }
    for (const step of retrieval(this.#memory, plan, limits, starts, count, ends, 0)) {
      if (step === undefined) {
        yield
        continue
      }
      const { memory, queries, count: some, mask, out, potentials } = step
      yield {
        here: () => kernels.retrieve(memory, queries, some, plan, mask, out, potentials),
        beside: (flag) => kernels.retrieveAsync(memory, queries, some, plan, mask, out, potentials, flag),
      }
    }
  }
}
