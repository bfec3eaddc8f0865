import { LearnedArrays } from './learned-arrays.js'
import { type RecordReader, type RecordWriter, within } from './record.js'

/** A linear map x → W (x − mean). Arrays never change once made. */
export interface MapArrays {
  /** outputs × dimension numbers, row-major. */
  readonly weights: Float32Array
  readonly mean: Float32Array
}

/** Largest magnitude of a map's numbers: it learns no others, and none is opened with others. */
export const LARGEST_OF_MAP = 1e30

/** What a linear map has learned. */
export class MapWeights extends LearnedArrays<MapArrays> {
  readonly #dimension: number
  readonly #outputs: number

  constructor(dimension: number, outputs: number, arrays: MapArrays) {
    super(arrays)
    this.#dimension = dimension
    this.#outputs = outputs
  }

  record(to: RecordWriter): void {
    const { weights, mean } = this.held
    to.array('weights', weights, [this.#outputs, this.#dimension])
    to.array('mean', mean, [this.#dimension])
  }

  restore(from: RecordReader): void {
    const weights = from.array('weights', Float32Array, [this.#outputs, this.#dimension])
    const mean = from.array('mean', Float32Array, [this.#dimension])
    within(from, 'weights', weights, LARGEST_OF_MAP)
    within(from, 'mean', mean, LARGEST_OF_MAP)
    this.open(from, { weights, mean })
  }
}
