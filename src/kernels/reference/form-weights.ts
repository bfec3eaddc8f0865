import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import type { CoupledMemory } from '../contract/kernels.js'
import { columnWords, popcount32, spin } from '../contract/layout.js'
import { couple } from './coupled.js'

/** The neurons' values in all patterns, and Aᵀξ_i of one of them at a time. */
class Columns {
  readonly #memory: CoupledMemory
  readonly #height: number
  readonly #own: Int32Array
  readonly #votes: Float64Array

  constructor(memory: CoupledMemory) {
    this.#memory = memory
    this.#height = columnWords(memory.count)
    this.#own = new Int32Array(memory.count)
    this.#votes = new Float64Array(memory.count)
  }

  /** Makes neuron i the one whose weights `from` gives. */
  take(i: number): void {
    const { count, columns } = this.#memory
    for (let mu = 0; mu < count; mu++) this.#own[mu] = spin(columns, mu, i * this.#height)
    couple(this.#memory, this.#own, this.#votes, true)
  }

  /** ξ_iᵀAξ_j. */
  from(j: number): number {
    const { count, columns } = this.#memory
    let sum = 0
    for (let mu = 0; mu < count; mu++) sum += spin(columns, mu, j * this.#height) * this.#votes[mu]
    return sum
  }
}

/** Operations of one neuron. */
function effortOf({ count, coupling }: CoupledMemory): number {
  return coupling === 'matrix' ? count * count : 8 * count
}

export function formWeights(
  memory: CoupledMemory,
  from: number,
  to: number,
  divisor: number,
  out: Int32Array | Float64Array,
): void {
  const { neurons, selfWeights } = memory
  const columns = new Columns(memory)
  for (let i = from; i < to; i++) {
    columns.take(i)
    for (let j = 0; j < neurons; j++) {
      out[(i - from) * neurons + j] = (columns.from(j) - (i === j ? selfWeights[i] : 0)) / divisor
    }
  }
}

export function connectionWeights(...given: Parameters<typeof connectionWeightSteps>): number {
  return atOnce(connectionWeightSteps(...given))
}

/** In steps. */
export function* connectionWeightSteps(
  memory: CoupledMemory,
  first: number,
  starts: Uint32Array,
  sources: Uint32Array,
  out: Int32Array | Float64Array,
): Generator<void, number> {
  const pace = new Pace()
  const columns = new Columns(memory)
  let largest = 0
  for (let r = 0; r + 1 < starts.length; r++) {
    columns.take(first + r)
    if (pace.due(effortOf(memory))) yield
    for (let k = starts[r] - starts[0]; k < starts[r + 1] - starts[0]; k++) {
      const weight = columns.from(sources[k])
      largest = Math.max(largest, Math.abs(weight))
      out[k] = weight
      if (pace.due(2 * memory.count)) yield
    }
  }
  return largest
}

export function selfWeights(...given: Parameters<typeof selfWeightSteps>): void {
  atOnce(selfWeightSteps(...given))
}

/** In steps. */
export function* selfWeightSteps(
  memory: CoupledMemory,
  from: number,
  to: number,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const columns = new Columns(memory)
  for (let i = from; i < to; i++) {
    columns.take(i)
    out[i - from] = columns.from(i)
    if (pace.due(effortOf(memory))) yield
  }
}

export function correlations(...given: Parameters<typeof correlationSteps>): void {
  atOnce(correlationSteps(...given))
}

/** In steps. */
export function* correlationSteps(
  left: Uint32Array,
  right: Uint32Array,
  count: number,
  n: number,
  m: number,
  out: Int32Array,
): Generator<void, void> {
  const pace = new Pace()
  const height = columnWords(count)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let differing = 0
      for (let w = 0; w < height; w++) {
        differing += popcount32(left[i * height + w] ^ right[j * height + w])
      }
      out[i * m + j] = count - 2 * differing
    }
    if (pace.due(m * (height + 4))) yield
  }
}
