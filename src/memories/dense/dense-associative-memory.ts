import { MAX_NEURONS } from '../../input/spins.js'
import { stateReader } from '../../input/state-reader.js'
import type { StateLike, StatesLike } from '../../input/states.js'
import { checkChoice, checkInteger, checkOptions } from '../../input/validate.js'
import type { InteractionMemory, Kernels, Tie } from '../../kernels/contract/kernels.js'
import { energyOf } from '../../kernels/reference/energy.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { InteractionWeights } from '../../storage/interaction-weights.js'
import { energies } from '../bipolar/batch-measures.js'
import { BipolarMemory, isStable, packedState } from '../bipolar/bipolar-memory.js'
import { TIES } from '../bipolar/recall-options.js'
import { type Interaction, interactionTables } from './interaction-options.js'

export interface DenseAssociativeMemoryOptions {
  /** N, 1 to 2^30. */
  neurons: number
  /** How overlaps count. */
  interaction: Interaction
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
}

/**
 * The dense associative memory of ±1 neurons (Krotov and Hopfield 2016; Demircigil et al. 2017): patterns vote by a
 * function F of their overlap that grows faster than the square, so that near ones outvote the rest.
 *
 * Energy E = −Σ_μ F(v^μ), v^μ = ξ^μ·s; a neuron takes the sign of its local field
 * h_i = Σ_μ [F(ξ_i^μ + Σ_{k≠i} ξ_k^μ s_k) − F(−ξ_i^μ + Σ_{k≠i} ξ_k^μ s_k)].
 * Degree 2 is the Hopfield network with zero diagonal; degree n holds about N^(n−1)/(2(2n − 3)!! ln N) random patterns,
 * the exponential about 2^(N/2).
 *
 * One neuron at a time E never rises, so that recalls end in a fixed point. All results are the same bits on every
 * backend, tier and machine.
 */
export class DenseAssociativeMemory extends BipolarMemory<'externalField' | 'temperature'> {
  readonly #kernels: Kernels
  readonly #weights: InteractionWeights

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: DenseAssociativeMemoryOptions) {
    checkOptions('DenseAssociativeMemory', options ?? null, ['neurons', 'interaction', 'backend'])
    const { backend = 'auto' } = options
    const neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
    const tables = interactionTables(options.interaction, neurons)
    const kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    const memory = new InteractionWeights(kernels, neurons, tables)
    super({ neurons, kernels, memory, scale: () => 1, without: ['externalField', 'temperature'] })
    this.#kernels = kernels
    this.#weights = memory
  }

  /**
   * h_i, whose sign neuron i takes: N values. For an exponential F all are divided by a common positive factor,
   * e^(βv_max)·(1 − e^(−2β)) with v_max the largest overlap of this state, so that nothing overflows.
   */
  localField(state: StateLike): Float64Array {
    return this.#fields(this.#weights.memory(), packedState(this.#kernels, state, this.neurons))
  }

  /** E = −Σ_μ F(v^μ); for an exponential F the same to scale, −ln(Σ_μ e^(βv^μ))/β. 0 if nothing is stored. */
  energy(state: StateLike): number {
    const out = new Float64Array(1)
    const row = packedState(this.#kernels, state, this.neurons)
    this.#kernels.quadratics(this.#weights.memory(), row, 1, out)
    return energyOf(out[0], 1, 0)
  }

  /**
   * E of many states, each as `energy` would give it: B values.
   * @param states as recallBatch takes them.
   */
  energyBatch(states: StatesLike): Float64Array {
    const reader = stateReader('states', states, this.neurons)
    return energies(this.#kernels, this.#weights.memory(), reader, 1, undefined)
  }

  /** Whether no neuron would change its value: s_i = sgn(h_i) for all i, under the tie rule. */
  isFixedPoint(state: StateLike, options?: { tie?: Tie }): boolean {
    checkOptions('isFixedPoint', options, ['tie'])
    const { tie = 'positive' } = options ?? {}
    checkChoice('tie', tie, TIES)
    const row = packedState(this.#kernels, state, this.neurons)
    const fields = this.#fields(this.#weights.memory(), row)
    return isStable(row, this.neurons, tie, (i) => fields[i])
  }

  #fields(memory: InteractionMemory, row: Uint32Array): Float64Array {
    const out = new Float64Array(this.neurons)
    this.#kernels.localFields(memory, row, out)
    return out
  }
}
