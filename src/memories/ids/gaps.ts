/**
 * Numbers of things in a row that keep their numbers while some of them go, and those behind move up: a thing's index is its number less
 * how many with lower numbers have gone.
 */
export class Gaps {
  /** Numbers that have gone, ascending. */
  #gone: number[] = []

  /** How many have gone. */
  get count(): number {
    return this.#gone.length
  }

  /** The number of what is at an index. */
  numberAt(index: number): number {
    return index + this.#below((gone, k) => gone - k <= index)
  }

  /** Where a number is; undefined if it has gone. */
  indexOf(number: number): number | undefined {
    const below = this.#below((gone) => gone < number)
    return this.#gone[below] === number ? undefined : number - below
  }

  /** What is at an index goes. */
  remove(index: number): void {
    const number = this.numberAt(index)
    this.#gone.splice(number - index, 0, number)
  }

  copy(): Gaps {
    const gaps = new Gaps()
    gaps.#gone = this.#gone.slice()
    return gaps
  }

  /** Of so many numbers the last ones that have gone, and all beyond, may be given anew. @returns how many numbers there are then. */
  trim(numbers: number): number {
    let [left, count] = [this.#gone.length, numbers]
    while (left > 0 && this.#gone[left - 1] >= count - 1) {
      if (this.#gone[left - 1] === count - 1) count--
      left--
    }
    this.#gone.length = left
    return count
  }

  /** How many from the first on are so; none behind one that is not. */
  #below(is: (gone: number, k: number) => boolean): number {
    let low = 0
    let high = this.#gone.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (is(this.#gone[middle], middle)) low = middle + 1
      else high = middle
    }
    return low
  }
}
