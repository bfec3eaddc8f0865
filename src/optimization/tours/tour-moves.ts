import type { Distances } from '../problems/distances.js'

/** Neighbours that moves look at. */
const NEAR = 10
/** Cities that move together. */
const SEGMENT = 3

/** A tour in an array, and the moves that make it shorter: 2-opt (Croes 1958) and Or-opt (Or 1976), between near cities. */
export class TourMoves {
  readonly tour: Uint32Array
  length = 0
  readonly #n: number
  readonly #d: Float64Array
  readonly #places: Uint32Array
  readonly #near: Uint32Array
  readonly #nearCount: number
  /** Gains that are no more than the rounding of their sum. */
  readonly #least: number
  /** Cities whose moves are to be looked at: a stack, and who is on it. */
  readonly #waiting: Uint32Array
  readonly #waits: Uint8Array
  #waitingCount = 0
  readonly #held = new Uint32Array(SEGMENT)

  constructor({ cities, matrix }: Distances, { near, least }: Nearby) {
    this.#n = cities
    this.#d = matrix
    this.tour = new Uint32Array(cities)
    this.#places = new Uint32Array(cities)
    this.#near = near
    this.#nearCount = near.length / cities
    this.#least = least
    this.#waiting = new Uint32Array(cities)
    this.#waits = new Uint8Array(cities)
  }

  /** Takes a tour as it is. */
  take(tour: Uint32Array, length: number): void {
    this.tour.set(tour)
    this.length = length
    for (let k = 0; k < this.#n; k++) this.#places[tour[k]] = k
  }

  /** Has the moves of a city looked at. */
  wake(city: number): void {
    if (this.#waits[city] === 1) return
    this.#waits[city] = 1
    this.#waiting[this.#waitingCount++] = city
  }

  wakeAll(): void {
    for (let k = this.#n - 1; k >= 0; k--) this.wake(this.tour[k])
  }

  /** Whether no city waits. */
  get done(): boolean {
    return this.#waitingCount === 0
  }

  /** Makes moves until no city that waits has one that is worth it, or about so many were made. @returns how many. */
  improve(most = Number.POSITIVE_INFINITY): number {
    let moves = 0
    while (this.#waitingCount > 0 && moves < most) {
      const city = this.#waiting[--this.#waitingCount]
      this.#waits[city] = 0
      while (this.#improveCity(city)) moves++
    }
    return moves
  }

  /**
   * Exchanges two neighbouring stretches of the tour, the first behind place `at`: a double bridge (Martin, Otto and Felten 1991).
   * @param first its length, and `second` that of the other: at least 1, and less than n together.
   */
  exchange(at: number, first: number, second: number, room: Uint32Array): void {
    const [n, d, tour] = [this.#n, this.#d, this.tour]
    const city = (k: number): number => tour[(at + k) % n]
    const all = first + second
    const [a, b, c, e] = [city(0), city(1), city(first), city(first + 1)]
    const [f, g] = [city(all), city(all + 1)]
    this.length += d[a * n + e] + d[f * n + b] + d[c * n + g] - d[a * n + b] - d[c * n + e] - d[f * n + g]
    for (let k = 0; k < all; k++) room[k] = city(k + 1)
    for (let k = 0; k < all; k++) this.#put((at + 1 + k) % n, room[(k + first) % all])
    for (const one of [a, b, c, e, f, g]) this.wake(one)
  }

  #improveCity(a: number): boolean {
    return this.#reverse(a, 1) || this.#reverse(a, this.#n - 1) || this.#move(a)
  }

  /** 2-opt: the edges from a and from a near city c to their neighbours on the same side become (a, c) and one between those. */
  #reverse(a: number, side: number): boolean {
    const [n, d, tour, places, near] = [this.#n, this.#d, this.tour, this.#places, this.#near]
    const b = tour[(places[a] + side) % n]
    const own = d[a * n + b]
    for (let k = a * this.#nearCount, end = k + this.#nearCount; k < end; k++) {
      const c = near[k]
      const gained = own - d[a * n + c]
      if (gained <= this.#least) return false
      const e = tour[(places[c] + side) % n]
      const gain = gained + d[c * n + e] - d[b * n + e]
      if (gain <= this.#least) continue
      if (side === 1) this.#turn(places[b], places[c])
      else this.#turn(places[c], places[b])
      this.length -= gain
      this.wake(a)
      this.wake(b)
      this.wake(c)
      this.wake(e)
      return true
    }
    return false
  }

  /** Turns the stretch from one place to another round, or what is outside it, which makes the same tour. */
  #turn(from: number, to: number): void {
    const [n, tour] = [this.#n, this.tour]
    let inside = to - from + 1
    if (inside <= 0) inside += n
    let [i, j, count] = [from, to, inside >> 1]
    if (2 * inside > n)
      [i, j, count] = [to === n - 1 ? 0 : to + 1, from === 0 ? n - 1 : from - 1, (n - inside) >> 1]
    for (; count > 0; count--) {
      const held = tour[i]
      this.#put(i, tour[j])
      this.#put(j, held)
      if (++i === n) i = 0
      if (--j < 0) j = n - 1
    }
  }

  /** Or-opt: one, two or three cities of which a is the first move next to a near city c. */
  #move(a: number): boolean {
    const [n, d, tour, places, near] = [this.#n, this.#d, this.tour, this.#places, this.#near]
    const most = Math.min(SEGMENT, n - 3)
    for (const side of [1, n - 1]) {
      const back = n - side
      const before = tour[(places[a] + back) % n]
      const own = d[before * n + a]
      for (let length = 1; length <= most; length++) {
        const last = tour[(places[a] + side * (length - 1)) % n]
        const after = tour[(places[last] + side) % n]
        const taken = own + d[last * n + after] - d[before * n + after]
        if (taken <= this.#least) continue
        for (let k = a * this.#nearCount, end = k + this.#nearCount; k < end; k++) {
          const c = near[k]
          if (own - d[a * n + c] <= this.#least) break
          // How far c lies behind a, in the direction of the segment: within it, it is no place to go to.
          if (((places[c] - places[a]) * (side === 1 ? 1 : -1) + n) % n < length) continue
          for (const to of [1, n - 1]) {
            const e = tour[(places[c] + to) % n]
            if (e === a || e === last) continue
            const gain = taken + d[c * n + e] - d[a * n + c] - d[last * n + e]
            if (gain <= this.#least) continue
            this.#shift(a, side, length, c, to)
            this.length -= gain
            for (const one of [a, last, before, after, c, e]) this.wake(one)
            return true
          }
        }
      }
    }
    return false
  }

  /** Puts a segment between c and its neighbour on the side `to`, a next to c. */
  #shift(a: number, side: number, length: number, c: number, to: number): void {
    const [n, tour, places, held] = [this.#n, this.tour, this.#places, this.#held]
    const first = side === 1 ? places[a] : (places[a] + n - length + 1) % n
    for (let k = 0; k < length; k++) held[k] = tour[(first + k) % n]
    // Forwards, the segment begins with a where c comes before it, and ends with a where c comes behind it.
    const keeps = (side === 1) === (to === 1)
    const left = to === 1 ? places[c] : (places[c] + n - 1) % n
    const ahead = (left - (first + length - 1) + 2 * n) % n
    const behind = n - length - ahead
    let start = first
    if (ahead <= behind) {
      for (let k = 0; k < ahead; k++) this.#put((first + k) % n, tour[(first + length + k) % n])
      start = first + ahead
    } else {
      for (let k = 1; k <= behind; k++) this.#put((first + length + n - k) % n, tour[(first + n - k) % n])
      start = first + n - behind
    }
    for (let k = 0; k < length; k++) this.#put((start + k) % n, held[keeps ? k : length - 1 - k])
  }

  #put(place: number, city: number): void {
    this.tour[place] = city
    this.#places[city] = place
  }
}

/** What moves look at. */
export interface Nearby {
  /** The nearest cities of each, nearest first, the first of equals. */
  readonly near: Uint32Array
  /** Gains that are no more than the rounding of their sum. */
  readonly least: number
}

/** Distances that are looked at in one step. */
const STEP = 2 ** 16

/** Looks at all distances, in small steps. */
export function* nearbyOf({ cities: n, matrix }: Distances): Generator<void, Nearby> {
  let [whole, most] = [true, 0]
  const count = Math.min(NEAR, n - 1)
  const out = new Uint32Array(n * count)
  const others = new Uint32Array(n)
  for (let a = 0; a < n; a++) {
    const row = matrix.subarray(a * n, (a + 1) * n)
    whole &&= row.every(Number.isInteger)
    for (let c = 0; c < n; c++) most = Math.max(most, row[c])
    // Those that are nearest so far, by insertion: most cities are farther than the last of them.
    let kept = 0
    for (let c = 0; c < n; c++) {
      if (c === a || (kept === count && row[c] >= row[others[kept - 1]])) continue
      let k = kept < count ? kept++ : count - 1
      for (; k > 0 && row[others[k - 1]] > row[c]; k--) others[k] = others[k - 1]
      others[k] = c
    }
    out.set(others.subarray(0, count), a * count)
    if ((a * n) % STEP < n) yield
  }
  return { near: out, least: whole ? 0 : most * 2 ** -40 }
}

/** From a city always to the nearest that is left, the first of equals; in small steps. */
export function* nearestNeighbour(
  { cities: n, matrix }: Distances,
  start: number,
  tour: Uint32Array,
): Generator<void, void> {
  const left = Uint32Array.from({ length: n }, (_, c) => c)
  let [count, at] = [n, start]
  for (let k = 0; k < n; k++) {
    tour[k] = left[at]
    const row = left[at] * n
    left.copyWithin(at, at + 1, count)
    count--
    let best = Number.POSITIVE_INFINITY
    for (let c = 0; c < count; c++) {
      if (matrix[row + left[c]] >= best) continue
      best = matrix[row + left[c]]
      at = c
    }
    if ((k * n) % STEP < n) yield
  }
}
