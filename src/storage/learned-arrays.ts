import type { Steps } from '../async/steps.js'
import type { RecordReader } from './record.js'
import { Unsettled } from './unsettled.js'

/** Arrays that are learned all at once and never change once made, so that others may read them for as long as they like. */
export class LearnedArrays<Arrays> {
  #held: Arrays
  readonly #unsettled = new Unsettled()

  constructor(arrays: Arrays) {
    this.#held = arrays
  }

  arrays(): Arrays {
    this.#unsettled.settle()
    return this.#held
  }

  /** Puts others in their place. */
  take(arrays: Arrays): void {
    this.#unsettled.replaced()
    this.#held = arrays
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  /** The arrays, whether they were looked through or not. */
  protected get held(): Arrays {
    return this.#held
  }

  /** Takes those of a record, whose checks the first use makes. */
  protected open(from: RecordReader, arrays: Arrays): void {
    this.#unsettled.opened(from)
    this.#held = arrays
  }
}
