import { allHere, type Steps } from '../async/steps.js'
import type { RecordReader } from './record.js'

/** What was opened and never used, if anything was: its contents are still to be looked through. */
export class Unsettled {
  #from: RecordReader | undefined

  opened(from: RecordReader): void {
    this.#from = from
  }

  /** Nothing of it is left. */
  replaced(): void {
    this.#from = undefined
  }

  get waits(): boolean {
    return this.#from !== undefined
  }

  /** Looks it through; throws if it is not what it should be. */
  settle(): void {
    if (this.#from !== undefined) allHere(this.settling())
  }

  /** The same in steps. */
  *settling(): Steps<void> {
    const from = this.#from
    if (from === undefined) return
    yield* from.settling()
    if (this.#from === from) this.#from = undefined
  }
}
