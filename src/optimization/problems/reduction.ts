import type { Int8s } from '../../input/typed-arrays.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type CouplingTable, narrowed } from './coupling-table.js'
import { Ising, type Model } from './ising-model.js'

/** A smaller problem, some of whose states of least energy tell such a state of the larger one. */
export interface Reduced {
  /** Its energies are those of the states they tell. */
  readonly ising: Ising
  /** The state of the larger problem that a packed state tells, packed. */
  expand(row: Uint32Array): Uint32Array
  /** The state of the smaller problem that is nearest to a packed state of the larger one in what stands for others, packed. */
  restrict(row: Uint32Array): Uint32Array
}

/** Variables looked at in one step. */
const SOME = 1024

/**
 * Takes out variables whose strongest coupling is as strong as all others of it together: in some state of least energy such a variable
 * satisfies that coupling, so that it stands for the other one. All variables with at most two neighbours are of that kind, a field counts
 * as a neighbour that is always +1, and what has been taken out may make others so. Whole numbers stay whole.
 * @returns undefined if there is no such variable.
 */
export function* reduction<Solution>(ising: Ising<Solution>): Generator<void, Reduced | undefined> {
  const { variables: n, model } = ising
  if (!anyReducible(model, n)) return undefined
  yield
  const merger = new Merger(model, n)
  yield* merger.run()
  return merger.reduced(model)
}

/** Whether one of the numbers is at least as large as all others together. */
function dominates(largest: number, sum: number): boolean {
  return 2 * largest >= sum
}

function anyReducible({ table, fields }: Model, n: number): boolean {
  for (let i = 0; i < n; i++) {
    let largest = Math.abs(fields?.[i] ?? 0)
    let sum = largest
    for (let k = table.starts[i]; k < table.starts[i + 1]; k++) {
      const size = Math.abs(table.weights[k])
      sum += size
      if (size > largest) largest = size
    }
    if (dominates(largest, sum)) return true
  }
  return false
}

/** Variables that are taken out one after the other. Variable n is the one that is always +1. */
class Merger {
  readonly #n: number
  readonly #near: Map<number, number>[]
  /** For whom a variable stands, itself while it is not taken out, and with which sign. */
  readonly #other: Uint32Array
  readonly #sign: Int8Array
  readonly #gone: number[] = []

  constructor({ table, fields }: Model, n: number) {
    this.#n = n
    this.#near = Array.from({ length: n + 1 }, () => new Map())
    for (let i = 0; i < n; i++) {
      for (let k = table.starts[i]; k < table.starts[i + 1]; k++) {
        this.#near[i].set(table.sources[k], table.weights[k])
      }
      const b = fields?.[i] ?? 0
      if (b === 0) continue
      this.#near[i].set(n, b)
      this.#near[n].set(i, b)
    }
    this.#other = Uint32Array.from({ length: n + 1 }, (_, i) => i)
    this.#sign = new Int8Array(n + 1).fill(1)
  }

  *run(): Generator<void, void> {
    const waiting = Array.from({ length: this.#n }, (_, i) => this.#n - 1 - i)
    const due = new Uint8Array(this.#n + 1).fill(1)
    for (let turn = 1; waiting.length > 0; turn++) {
      const i = waiting.pop() as number
      due[i] = 0
      if (turn % SOME === 0) yield
      const near = this.#near[i]
      let [sum, largest, strongest] = [0, -1, this.#n]
      for (const [j, weight] of near) {
        const size = Math.abs(weight)
        sum += size
        if (size > largest) [largest, strongest] = [size, j]
      }
      if (!dominates(Math.max(largest, 0), sum)) continue
      this.#takeOut(i, strongest)
      for (const j of [...near.keys()]) {
        if (j === this.#n || due[j] === 1) continue
        due[j] = 1
        waiting.push(j)
      }
    }
  }

  /** Variable i stands for the other one from now on. */
  #takeOut(i: number, other: number): void {
    const near = this.#near[i]
    const sign = (near.get(other) ?? 1) < 0 ? -1 : 1
    this.#other[i] = other
    this.#sign[i] = sign
    this.#gone.push(i)
    for (const [j, weight] of near) {
      this.#near[j].delete(i)
      if (j === other) continue
      const together = (this.#near[other].get(j) ?? 0) + sign * weight
      if (together === 0) {
        this.#near[other].delete(j)
        this.#near[j].delete(other)
      } else {
        this.#near[other].set(j, together)
        this.#near[j].set(other, together)
      }
    }
  }

  reduced(model: Model): Reduced {
    const n = this.#n
    // Whoever was taken out last stands for one that is left.
    const signs = this.#sign
    const others = this.#other
    for (const i of this.#gone.reverse()) {
      signs[i] *= signs[others[i]]
      others[i] = others[others[i]]
    }
    const left = Array.from({ length: n }, (_, i) => i).filter((i) => others[i] === i)
    const place = new Uint32Array(n + 1)
    for (const [k, i] of left.entries()) place[i] = k
    const fields = new Float64Array(left.length)
    const starts = new Uint32Array(left.length + 1)
    const pairs: [number, number][] = []
    for (const [k, i] of left.entries()) {
      const row: [number, number][] = []
      for (const [j, weight] of this.#near[i]) {
        if (j === n) fields[k] = weight
        else row.push([place[j], weight])
      }
      pairs.push(...row.sort((a, b) => a[0] - b[0]))
      starts[k + 1] = pairs.length
    }
    const table: CouplingTable = {
      starts,
      sources: Uint32Array.from(pairs, ([j]) => j),
      weights: narrowed(Float64Array.from(pairs, ([, weight]) => weight)),
    }
    const offset = this.#offset(model, table, fields)
    const variables = left.length
    const expand = (row: Uint32Array): Uint32Array => {
      const out = new Uint32Array(rowWords(n))
      for (let i = 0; i < n; i++) {
        const k = place[others[i]]
        const spin = others[i] === n || (row[k >>> 5] >>> (k & 31)) & 1 ? 1 : -1
        if (spin * signs[i] > 0) out[i >>> 5] |= 1 << (i & 31)
      }
      return out
    }
    const restrict = (row: Uint32Array): Uint32Array => {
      const out = new Uint32Array(rowWords(variables))
      for (const [k, i] of left.entries()) out[k >>> 5] |= ((row[i >>> 5] >>> (i & 31)) & 1) << (k & 31)
      return out
    }
    const { scale } = model
    return {
      ising: new Ising(variables, () => ({ table, fields, scale, offset }), PLAIN),
      expand,
      restrict,
    }
  }

  /** What makes energies equal: that of one state tells it. */
  #offset(model: Model, table: CouplingTable, fields: Float64Array): number {
    const value = (i: number): number => this.#sign[i]
    let before = 0
    for (let i = 0; i < this.#n; i++) {
      const { starts, sources, weights } = model.table
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        if (sources[k] < i) before -= weights[k] * value(i) * value(sources[k])
      }
      before -= (model.fields?.[i] ?? 0) * value(i)
    }
    let after = 0
    for (const weight of table.weights) after -= weight / 2
    for (const b of fields) after -= b
    return model.offset + (before - after) / model.scale
  }
}

const PLAIN = {
  sense: 'min',
  value: (_: Int8Array, energy: () => number) => energy(),
  bound: (energy: number) => energy,
  decode: (state: Int8s) => state,
} as const
