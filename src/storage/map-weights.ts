import type { Steps } from '../async/steps.js'
import { type RecordReader, type RecordWriter, within } from './record.js'
import { Unsettled } from './unsettled.js'

/** A linear map x → W (x − mean). Arrays never change once made. */
export interface MapArrays {
  /** outputs × dimension numbers, row-major. */
  readonly weights: Float32Array
  readonly mean: Float32Array
}

/** Largest magnitude of a map's numbers. */
const LARGEST = 1e30

/** What a linear map has learned. */
export class MapWeights {
  readonly #dimension: number
  readonly #outputs: number
  #arrays: MapArrays
  readonly #unsettled = new Unsettled()

  constructor(dimension: number, outputs: number, arrays: MapArrays) {
    this.#dimension = dimension
    this.#outputs = outputs
    this.#arrays = arrays
  }

  arrays(): MapArrays {
    this.#unsettled.settle()
    return this.#arrays
  }

  /** Puts others in their place. */
  take(arrays: MapArrays): void {
    this.#unsettled.replaced()
    this.#arrays = arrays
  }

  record(to: RecordWriter): void {
    const { weights, mean } = this.#arrays
    to.array('weights', weights, [this.#outputs, this.#dimension])
    to.array('mean', mean, [this.#dimension])
  }

  restore(from: RecordReader): void {
    const weights = from.array('weights', Float32Array, [this.#outputs, this.#dimension])
    const mean = from.array('mean', Float32Array, [this.#dimension])
    within(from, 'weights', weights, LARGEST)
    within(from, 'mean', mean, LARGEST)
    this.#unsettled.opened(from)
    this.#arrays = { weights, mean }
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }
}
