import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import type { CoupledMemory } from '../contract/kernels.js'
import { columnWords, paddedStride, rowWords, spin } from '../contract/layout.js'
import type { FieldState } from './field-state.js'
import { overlapSteps } from './overlap.js'

/** Votes by a matrix between patterns; see {@link CoupledMemory}. */
export class CoupledState implements FieldState {
  readonly #memory: CoupledMemory
  readonly #overlaps: Int32Array
  readonly #votes: Float64Array

  constructor(memory: CoupledMemory) {
    this.#memory = memory
    this.#overlaps = new Int32Array(memory.count)
    this.#votes = new Float64Array(memory.count)
  }

  get effort(): number {
    return 2 * this.#memory.count
  }

  *begin(state: Uint32Array): Generator<void, void> {
    const { rows, count, neurons } = this.#memory
    yield* overlapSteps(rows, count, neurons, state, 1, this.#overlaps)
    yield* coupleSteps(this.#memory, this.#overlaps, this.#votes)
  }

  field(i: number, value: 1 | -1): number {
    const { columns, count, selfWeights } = this.#memory
    const base = i * columnWords(count)
    let sum = 0
    for (let mu = 0; mu < count; mu++) sum += spin(columns, mu, base) * this.#votes[mu]
    return sum - selfWeights[i] * value
  }

  flipped(i: number, value: 1 | -1): void {
    const { columns, count, coupling, responses } = this.#memory
    const base = i * columnWords(count)
    for (let mu = 0; mu < count; mu++) this.#overlaps[mu] += 2 * value * spin(columns, mu, base)
    if (coupling !== 'matrix') {
      couple(this.#memory, this.#overlaps, this.#votes)
      return
    }
    const at = i * paddedStride(count)
    for (let mu = 0; mu < count; mu++) this.#votes[mu] += 2 * value * responses[at + mu]
  }

  *fields(state: Uint32Array, out: Float64Array): Generator<void, void> {
    const { rows, count, neurons, selfWeights } = this.#memory
    const stride = rowWords(neurons)
    const pace = new Pace()
    for (let i = 0; i < neurons; i++) {
      let sum = 0
      for (let mu = 0; mu < count; mu++) sum += spin(rows, i, mu * stride) * this.#votes[mu]
      out[i] = sum - selfWeights[i] * spin(state, i)
      if (pace.due(2 * count)) yield
    }
  }

  // biome-ignore lint/correctness/useYield: sums of a few numbers are one step.
  *quadratic(): Generator<void, number> {
    const { count, neurons, selfWeights } = this.#memory
    let sum = 0
    for (let mu = 0; mu < count; mu++) sum += this.#overlaps[mu] * this.#votes[mu]
    let self = 0
    for (let i = 0; i < neurons; i++) self += selfWeights[i]
    return sum - self
  }
}

/** w = A·v, or Aᵀ·v, which differ for a shift alone. */
export function couple(...given: Parameters<typeof coupleSteps>): void {
  atOnce(coupleSteps(...given))
}

/** The same in steps. */
function* coupleSteps(
  by: Pick<CoupledMemory, 'count' | 'coupling' | 'couplings' | 'lag' | 'cyclic'>,
  v: Int32Array,
  w: Float64Array,
  transposed = false,
): Generator<void, void> {
  const { count, coupling, couplings, lag, cyclic } = by
  switch (coupling) {
    case 'diagonal':
      for (let mu = 0; mu < count; mu++) w[mu] = couplings[mu] * v[mu]
      return
    case 'centred': {
      let total = 0
      for (let mu = 0; mu < count; mu++) total += v[mu]
      for (let mu = 0; mu < count; mu++) w[mu] = count * v[mu] - total
      return
    }
    case 'shift':
      for (let mu = 0; mu < count; mu++) {
        const from = transposed ? mu + lag : mu - lag
        if (from >= 0 && from < count) w[mu] = v[from]
        else w[mu] = cyclic ? v[from < 0 ? from + count : from - count] : 0
      }
      return
    case 'matrix': {
      const stride = paddedStride(count)
      const pace = new Pace()
      for (let mu = 0; mu < count; mu++) {
        let sum = 0
        for (let nu = 0; nu < count; nu++) sum += couplings[mu * stride + nu] * v[nu]
        w[mu] = sum
        if (pace.due(count)) yield
      }
    }
  }
}
