import type { Steps } from '../async/steps.js'
import type { MatrixMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { checkMatrix, isSymmetric } from './matrix-arrays.js'
import { misfit, type RecordReader, type RecordWriter, within } from './record.js'
import { Unsettled } from './unsettled.js'

const NONE = new Uint32Array(0)
/** Largest magnitude of couplings and biases. */
export const LARGEST_COUPLING = 1e6

/** Symmetric couplings of all units of a Boltzmann machine, and their biases. Arrays never change once made. */
export class BoltzmannCouplings {
  readonly #units: number
  #memory: MatrixMemory
  #biases: Float64Array
  readonly #unsettled = new Unsettled()

  /** @param weights rows of paddedStride(units), symmetric, with a zero diagonal. */
  constructor(units: number, weights: Float64Array, biases: Float64Array) {
    this.#units = units
    this.#memory = matrixOf(units, weights)
    this.#biases = biases
  }

  /** What kernels read. */
  get memory(): MatrixMemory {
    this.#unsettled.settle()
    return this.#memory
  }

  get biases(): Float64Array {
    this.#unsettled.settle()
    return this.#biases
  }

  take(weights: Float64Array, biases: Float64Array): void {
    this.#unsettled.replaced()
    this.#memory = matrixOf(this.#units, weights)
    this.#biases = biases
  }

  record(to: RecordWriter): void {
    const units = this.#units
    to.array('weights', this.#memory.weights, [units, paddedStride(units)])
    to.array('biases', this.#biases, [units])
  }

  restore(from: RecordReader): void {
    const units = this.#units
    const weights = from.array('weights', Float64Array, [units, paddedStride(units)])
    const biases = from.array('biases', Float64Array, [units])
    checkMatrix(from, 'weights', weights, units)
    within(from, 'weights', weights, LARGEST_COUPLING)
    within(from, 'biases', biases, LARGEST_COUPLING)
    from.check(function* () {
      yield
      if (!isSymmetric(weights, units)) throw misfit('weights', 'expected symmetric couplings')
      for (let i = 0; i < units; i++) {
        if (weights[i * paddedStride(units) + i] !== 0)
          throw misfit('weights', 'expected a diagonal of zeros')
      }
    })
    this.#unsettled.opened(from)
    this.#memory = matrixOf(units, weights)
    this.#biases = biases
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }
}

/** Couplings as kernels read them. */
export function matrixOf(units: number, weights: Float64Array): MatrixMemory {
  return { form: 'matrix', neurons: units, count: 0, rows: NONE, weights, symmetric: true }
}
