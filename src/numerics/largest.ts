/** The k largest of numbers that come one after the other; of equal ones those that came first. */
export class Largest {
  readonly #values: Float64Array
  readonly #indices: Uint32Array
  #size = 0

  constructor(k: number) {
    this.#values = new Float64Array(k)
    this.#indices = new Uint32Array(k)
  }

  /** Numbers of ascending indices from `first` on. */
  offer(numbers: Float64Array, first: number): void {
    const values = this.#values
    const k = values.length
    for (let at = 0; at < numbers.length; at++) {
      const value = numbers[at]
      if (this.#size < k) {
        values[this.#size] = value
        this.#indices[this.#size] = first + at
        this.#rise(this.#size++)
      } else if (value > values[0]) {
        values[0] = value
        this.#indices[0] = first + at
        this.#sink()
      }
    }
  }

  /** What was kept, the largest first. */
  sorted(): { indices: Uint32Array<ArrayBuffer>; values: Float64Array<ArrayBuffer> } {
    const order = Array.from({ length: this.#size }, (_, place) => place)
    order.sort((a, b) => (this.#before(a, b) ? 1 : -1))
    return {
      indices: Uint32Array.from(order, (place) => this.#indices[place]),
      values: Float64Array.from(order, (place) => this.#values[place]),
    }
  }

  /** Whether what is at place a goes first when there is no room: the smaller, and of equal ones the later. */
  #before(a: number, b: number): boolean {
    const [x, y] = [this.#values[a], this.#values[b]]
    return x < y || (x === y && this.#indices[a] > this.#indices[b])
  }

  #rise(place: number): void {
    let at = place
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.#before(at, above)) return
      this.#swap(at, above)
      at = above
    }
  }

  #sink(): void {
    let at = 0
    for (;;) {
      let least = at
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < this.#size && this.#before(below, least)) least = below
      }
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const [values, indices] = [this.#values, this.#indices]
    const value = values[a]
    values[a] = values[b]
    values[b] = value
    const index = indices[a]
    indices[a] = indices[b]
    indices[b] = index
  }
}

/** Indices of the k largest numbers, the largest first; among equals the lower index first. */
export function largestOf(numbers: Float64Array, k: number): Uint32Array<ArrayBuffer> {
  const largest = new Largest(k)
  largest.offer(numbers, 0)
  return largest.sorted().indices
}
