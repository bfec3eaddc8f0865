/** Neighbours of each variable, in one array. */
export interface Graph {
  readonly starts: Uint32Array
  readonly sources: Uint32Array
}

/** Sets of the neighbours of each variable, in steps. */
export function* neighboursOf({ starts, sources }: Graph, n: number): Generator<void, Set<number>[]> {
  const near: Set<number>[] = []
  for (let i = 0; i < n; i++) {
    near.push(new Set(sources.subarray(starts[i], starts[i + 1])))
    if (i % 1024 === 1023) yield
  }
  return near
}

/** Takes out a variable, whose neighbours become neighbours of each other. @returns them, in ascending order. */
export function takeOut(near: readonly Set<number>[], variable: number): Uint32Array {
  const scope = Uint32Array.from(near[variable]).sort()
  for (const a of scope) {
    near[a].delete(variable)
    for (const b of scope) if (a !== b) near[a].add(b)
  }
  return scope
}

/** Takes out the variable with the fewest neighbours, which become neighbours of each other (Rose 1972), and so on. */
export class MinimumDegree {
  readonly #near: readonly Set<number>[]
  /** Variables by their number of neighbours when they were put there. */
  readonly #waiting: number[][] = []
  readonly #gone: Uint8Array
  #least = 0
  #left: number

  private constructor(near: readonly Set<number>[]) {
    const n = near.length
    this.#near = near
    this.#gone = new Uint8Array(n)
    this.#left = n
  }

  /** In steps. */
  static *of(graph: Graph, n: number): Generator<void, MinimumDegree> {
    const all = new MinimumDegree(yield* neighboursOf(graph, n))
    for (let i = n - 1; i >= 0; i--) all.#put(i)
    return all
  }

  /** Variables that are still there. */
  get left(): number {
    return this.#left
  }

  /** Neighbours of the variable that is next; there is one. */
  get degree(): number {
    for (;;) {
      while (this.#waiting[this.#least].length === 0) this.#least++
      const i = this.#waiting[this.#least].at(-1) as number
      if (this.#gone[i] === 0 && this.#near[i].size === this.#least) return this.#least
      // It has been put elsewhere since.
      this.#waiting[this.#least].pop()
    }
  }

  /** Takes out the next one. @returns it and its neighbours by then, in ascending order. */
  take(): { variable: number; scope: Uint32Array } {
    const degree = this.degree
    const variable = this.#waiting[degree].pop() as number
    this.#gone[variable] = 1
    this.#left--
    const scope = takeOut(this.#near, variable)
    for (const a of scope) {
      this.#put(a)
      this.#least = Math.min(this.#least, this.#near[a].size)
    }
    return { variable, scope }
  }

  #put(i: number): void {
    const degree = this.#near[i].size
    while (this.#waiting.length <= degree) this.#waiting.push([])
    this.#waiting[degree].push(i)
  }
}
