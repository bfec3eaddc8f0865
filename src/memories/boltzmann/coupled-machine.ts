import type { Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import type { Kernels, MatrixMemory } from '../../kernels/contract/kernels.js'
import { enumerate, MOST_STATES, type States } from './enumeration.js'

/** J in rows of paddedStride(units), and b. */
export interface Couplings {
  readonly weights: Float64Array
  readonly biases: Float64Array
}

/** A Boltzmann machine as it is at one moment, and the kernels that compute with it. */
export interface CoupledMachine extends Couplings {
  readonly kernels: Kernels
  readonly memory: MatrixMemory
  readonly visible: number
  readonly units: number
}

/** Visible states, packed. */
export interface VisibleRows {
  readonly words: Uint32Array
  readonly count: number
}

/** All states of a machine. @throws HopfieldError ERR_HOPFIELD_RANGE if they are too many, at once. */
export function statesOf({
  units,
  weights,
  biases,
}: Pick<CoupledMachine, 'units' | 'weights' | 'biases'>): Steps<States> {
  if (units <= MOST_STATES) return enumerate(units, weights, biases)
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `expected at most ${MOST_STATES} units to go through all states, got ${units}`,
  )
}
