import { nextTurn } from '../../platform/node.js'

/** Milliseconds after which a batch lets the event loop turn, between one of its items and the next. */
const TURN = 1.5

/** For batches that compute on this thread: time for others, first of all and then as often as needed. */
export class Pause {
  #since = Number.NEGATIVE_INFINITY

  async take(): Promise<void> {
    if (performance.now() - this.#since < TURN) return
    await nextTurn()
    this.#since = performance.now()
  }
}
