/** Operations of one step: some tenths of a millisecond. */
const STEP = 2 ** 17
/** Those of the first step: the engine takes a hundred times as long for each before it has compiled the kernel. */
const FIRST = 2 ** 13

/** Tells work in steps when one is over. */
export class Pace {
  #step = FIRST
  #done = 0

  /** Whether a step is over, after so many more operations. */
  due(operations: number): boolean {
    this.#done += operations
    if (this.#done < this.#step) return false
    this.#done = 0
    this.#step = Math.min(2 * this.#step, STEP)
    return true
  }
}
