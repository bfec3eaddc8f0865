import type { CouplingTable } from './coupling-table.js'
import type { Ising } from './ising-model.js'

/** In which order variables are taken out of a problem, and whom each is coupled to by then. */
export interface Eliminated {
  readonly order: Uint32Array
  /** Of each variable in this order. */
  readonly scopes: readonly Uint32Array[]
  /** Σ 2^|scope|: numbers of all tables. */
  readonly size: number
}

/** Numbers of all tables: some gigabytes would be the next step. */
const MOST_NUMBERS = 2 ** 27
/** Variables of a table. */
const MOST_WIDTH = 24

/**
 * Takes out the variable with the fewest neighbours, which become neighbours of each other (Rose 1972), and so on; in small steps.
 * @returns undefined if that makes tables too large.
 */
export function* eliminationOrder(
  { starts, sources }: CouplingTable,
  n: number,
): Generator<void, Eliminated | undefined> {
  const near: Set<number>[] = []
  for (let i = 0; i < n; i++) {
    near.push(new Set(sources.subarray(starts[i], starts[i + 1])))
    if (i % 1024 === 1023) yield
  }
  const waiting: number[][] = []
  const put = (i: number): void => {
    const degree = near[i].size
    while (waiting.length <= degree) waiting.push([])
    waiting[degree].push(i)
  }
  for (let i = n - 1; i >= 0; i--) put(i)
  const gone = new Uint8Array(n)
  const order = new Uint32Array(n)
  const scopes: Uint32Array[] = []
  let [size, degree] = [0, 0]
  while (scopes.length < n) {
    while (degree < waiting.length && waiting[degree].length === 0) degree++
    if (degree > MOST_WIDTH) return undefined
    const i = waiting[degree].pop() as number
    // It has been put elsewhere since.
    if (gone[i] === 1 || near[i].size !== degree) continue
    gone[i] = 1
    size += 2 ** degree
    if (size > MOST_NUMBERS) return undefined
    const scope = Uint32Array.from(near[i]).sort()
    order[scopes.length] = i
    scopes.push(scope)
    for (const a of scope) {
      near[a].delete(i)
      for (const b of scope) if (a !== b) near[a].add(b)
    }
    if (scopes.length % 256 === 255) yield
    for (const a of scope) {
      put(a)
      degree = Math.min(degree, near[a].size)
    }
  }
  return { order, scopes, size }
}

/** What a variable that was taken out leaves behind: the least of its energies, by the values of its scope, and how often it is reached. */
interface Table {
  readonly scope: Uint32Array
  readonly least: Float64Array
  readonly counts: Float64Array
}

/** Numbers of a table per step. */
const SOME = 2 ** 14

/** Dynamic programming over variables that are taken out one by one (Bertelè and Brioschi 1972). */
export class Eliminations {
  readonly state: Int8Array
  /** States of least energy, counted in f64. */
  minima = 1
  readonly #ising: Ising
  readonly #order: Eliminated

  constructor(ising: Ising, order: Eliminated) {
    this.#ising = ising
    this.#order = order
    this.state = new Int8Array(ising.variables)
  }

  /** All of it, in steps of some milliseconds. */
  *steps(): Generator<void, void> {
    const { order, scopes } = this.#order
    const place = new Uint32Array(order.length)
    for (const [k, i] of order.entries()) place[i] = k
    /** Tables by the variable of their scope that is taken out first. */
    const tables: Table[][] = Array.from(order, () => [])
    const ups: Uint8Array[] = []
    for (const [k, i] of order.entries()) {
      const ups_ = new Uint8Array(2 ** scopes[k].length)
      const table = yield* this.#takeOut(i, scopes[k], tables[i], ups_)
      ups.push(ups_)
      // Numbers that nobody will read again.
      tables[i] = []
      if (table.scope.length === 0) this.minima *= table.counts[0]
      else tables[table.scope.reduce((a, b) => (place[a] < place[b] ? a : b))].push(table)
    }
    for (let k = order.length - 1; k >= 0; k--) {
      const at = scopes[k].reduce((sum, j, bit) => sum + (this.state[j] > 0 ? 2 ** bit : 0), 0)
      this.state[order[k]] = ups[k][at] === 1 ? 1 : -1
    }
  }

  *#takeOut(
    i: number,
    scope: Uint32Array,
    tables: readonly Table[],
    ups: Uint8Array,
  ): Generator<void, Table> {
    const { table, fields } = this.#ising.model
    const couplings = new Float64Array(scope.length)
    for (let k = table.starts[i]; k < table.starts[i + 1]; k++) {
      const at = scope.indexOf(table.sources[k])
      if (at >= 0) couplings[at] = table.weights[k]
    }
    const size = ups.length
    const out = { scope, least: new Float64Array(size), counts: new Float64Array(size) }
    // For each table, the bit of each of its variables among ours; ours itself, −1.
    const bits = tables.map((one) => Array.from(one.scope, (j) => (j === i ? -1 : scope.indexOf(j))))
    const field = fields?.[i] ?? 0
    for (let at = 0; at < size; at++) {
      let sum = field
      for (let j = 0; j < scope.length; j++) sum += (at >>> j) & 1 ? couplings[j] : -couplings[j]
      let [down, up] = [sum, -sum]
      let [downs, upCount] = [1, 1]
      for (const [t, one] of tables.entries()) {
        let [low, own] = [0, 0]
        for (const [bit, from] of bits[t].entries()) {
          if (from < 0) own = 1 << bit
          else low |= ((at >>> from) & 1) << bit
        }
        down += one.least[low]
        up += one.least[low | own]
        downs *= one.counts[low]
        upCount *= one.counts[low | own]
      }
      ups[at] = up < down ? 1 : 0
      out.least[at] = up < down ? up : down
      out.counts[at] = up < down ? upCount : down < up ? downs : downs + upCount
      if (at % SOME === SOME - 1) yield
    }
    yield
    return out
  }
}
