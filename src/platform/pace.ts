/** Operations of one step: some tenths of a millisecond, and some milliseconds before the engine has compiled the kernel. */
const STEP = 2 ** 17

/** Tells work in steps when one is over. */
export class Pace {
  #done = 0

  /** Whether a step is over, after so many more operations. */
  due(operations: number): boolean {
    this.#done += operations
    if (this.#done < STEP) return false
    this.#done = 0
    return true
  }
}
