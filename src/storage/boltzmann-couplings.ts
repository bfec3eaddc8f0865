import type { MatrixMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { LearnedArrays } from './learned-arrays.js'
import { checkMatrix, isSymmetric } from './matrix-arrays.js'
import { misfit, type RecordReader, type RecordWriter, within } from './record.js'

const NONE = new Uint32Array(0)
/** Largest magnitude of couplings and biases. */
export const LARGEST_COUPLING = 1e6

interface CouplingArrays {
  /** What kernels read. */
  readonly memory: MatrixMemory
  readonly biases: Float64Array
}

/** Symmetric couplings of all units of a Boltzmann machine, and their biases. */
export class BoltzmannCouplings extends LearnedArrays<CouplingArrays> {
  readonly #units: number

  /** @param weights rows of paddedStride(units), symmetric, with a zero diagonal. */
  constructor(units: number, weights: Float64Array, biases: Float64Array) {
    super({ memory: matrixOf(units, weights), biases })
    this.#units = units
  }

  record(to: RecordWriter): void {
    const units = this.#units
    const { memory, biases } = this.held
    to.array('weights', memory.weights, [units, paddedStride(units)])
    to.array('biases', biases, [units])
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
    this.open(from, { memory: matrixOf(units, weights), biases })
  }
}

/** Couplings as kernels read them. */
export function matrixOf(units: number, weights: Float64Array): MatrixMemory {
  return { form: 'matrix', neurons: units, count: 0, rows: NONE, weights, symmetric: true }
}
