import type { Graph } from './minimum-degree.js'

/** How often the last variable of a visit becomes the first of the next: by then it lies at an end. */
const VISITS = 4
/** Variables of a step. */
const SOME = 256

/**
 * The variables in the order of a breadth-first visit that begins at an end of each part, neighbours of fewer neighbours first (Cuthill and
 * McKee 1969; the ends of George and Liu 1979). If variables are taken out in this order, what one is coupled to by then waits in the queue.
 */
export class BreadthFirst {
  readonly order: Uint32Array
  /** Σ 2^|queue|, no less than the numbers of all tables. */
  size = 0
  /** The longest queue, no less than the variables of a table. */
  width = 0
  readonly #graph: Graph
  readonly #seen: Uint32Array
  #visits = 0

  private constructor(graph: Graph, n: number) {
    this.#graph = graph
    this.#seen = new Uint32Array(n)
    this.order = new Uint32Array(n)
  }

  /** In steps. */
  static *of(graph: Graph, n: number): Generator<void, BreadthFirst> {
    const found = new BreadthFirst(graph, n)
    const other = new Uint32Array(n)
    let done = 0
    for (let i = 0; i < n; i++) {
      if (found.#seen[i] !== 0) continue
      let first = i
      for (let k = 0; k < VISITS; k++) first = other[(yield* found.#visit(first, other, 0)) - 1]
      const end = yield* found.#visit(first, found.order, done)
      yield* found.#measure(done, end)
      done = end
    }
    return found
  }

  /** Puts all variables that hang together with one behind place `from`. @returns the place behind the last one. */
  *#visit(first: number, into: Uint32Array, from: number): Generator<void, number> {
    const { starts, sources } = this.#graph
    const seen = this.#seen
    const visit = ++this.#visits
    const degree = (i: number): number => starts[i + 1] - starts[i]
    let end = from
    into[end++] = first
    seen[first] = visit
    for (let at = from; at < end; at++) {
      const before = end
      for (let k = starts[into[at]]; k < starts[into[at] + 1]; k++) {
        const j = sources[k]
        if (seen[j] === visit) continue
        seen[j] = visit
        into[end++] = j
      }
      if (end - before > 1) into.subarray(before, end).sort((a, b) => degree(a) - degree(b) || a - b)
      if (at % SOME === SOME - 1) yield
    }
    return end
  }

  /** Adds up what the queue of a part holds when each of its variables is taken out. */
  *#measure(from: number, to: number): Generator<void, void> {
    const { starts, sources } = this.#graph
    const queued = ++this.#visits
    let waiting = 1
    this.#seen[this.order[from]] = queued
    for (let at = from; at < to; at++) {
      const i = this.order[at]
      waiting--
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        if (this.#seen[sources[k]] === queued) continue
        this.#seen[sources[k]] = queued
        waiting++
      }
      this.size += 2 ** waiting
      this.width = Math.max(this.width, waiting)
      if (at % SOME === SOME - 1) yield
    }
  }
}
