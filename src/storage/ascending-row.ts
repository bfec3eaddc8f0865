/** What no number in a row is: they lie below 2^31. */
const FREE = 2 ** 32 - 1

/**
 * Different numbers below a bound, spread evenly, in a hash table that keeps their order (Amble and Knuth 1974): a number is at the
 * place where it belongs on average, or behind smaller ones that took it.
 */
export class AscendingRow {
  readonly #places: Uint32Array
  readonly #share: number

  /**
   * @param usual how many there are at a time, or are expected.
   * @param most no more than that at a time.
   */
  constructor(usual: number, most: number, below: number) {
    // Three of four places stay free. The last numbers may be pushed beyond, and one place more ends every search.
    this.#places = new Uint32Array(4 * usual + most + 1).fill(FREE)
    this.#share = (4 * usual) / below
  }

  /** False if it is there already. */
  add(x: number): boolean {
    const places = this.#places
    let at = Math.floor(x * this.#share)
    while (places[at] < x) at++
    if (places[at] === x) return false
    for (let held = x; held !== FREE; at++) {
      const next = places[at]
      places[at] = held
      held = next
    }
    return true
  }

  /** Writes them to from…end in ascending order, numbers from `gap` on one higher, and forgets them. */
  moveTo(out: Uint32Array, from: number, end: number, gap: number): void {
    const places = this.#places
    for (let at = 0, to = from; to < end; at++) {
      const x = places[at]
      places[at] = FREE
      // What is written for a free place is written over by the next: nobody can foretell which places are free.
      out[to] = x < gap ? x : x + 1
      to += 1 + ((x | 0) >> 31)
    }
  }
}
