import { BreadthFirst } from './breadth-first.js'
import type { CouplingTable } from './coupling-table.js'
import type { Ising } from './ising-model.js'
import { MinimumDegree, neighboursOf, takeOut } from './minimum-degree.js'

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
 * An order in which variables are taken out, in small steps: those of few neighbours first, or from one end to the other, which makes smaller
 * tables of wide lattices.
 * @returns undefined if that makes tables too large.
 */
export function* eliminationOrder(table: CouplingTable, n: number): Generator<void, Eliminated | undefined> {
  const few = yield* byDegree(table, n)
  // No order makes all tables smaller than the neighbours of every variable are many.
  if (few === undefined && leastDegree(table, n) > MOST_WIDTH) return undefined
  const ends = yield* BreadthFirst.of(table, n)
  const smaller = ends.width <= MOST_WIDTH && ends.size < (few?.size ?? MOST_NUMBERS)
  return smaller ? yield* inOrder(table, ends.order) : few
}

function leastDegree({ starts }: CouplingTable, n: number): number {
  let least = n
  for (let i = 0; i < n; i++) least = Math.min(least, starts[i + 1] - starts[i])
  return least
}

function* byDegree(table: CouplingTable, n: number): Generator<void, Eliminated | undefined> {
  const all = yield* MinimumDegree.of(table, n)
  const order = new Uint32Array(n)
  const scopes: Uint32Array[] = []
  let size = 0
  while (all.left > 0) {
    if (all.degree > MOST_WIDTH) return undefined
    size += 2 ** all.degree
    if (size > MOST_NUMBERS) return undefined
    const { variable, scope } = all.take()
    order[scopes.length] = variable
    scopes.push(scope)
    if (scopes.length % 256 === 255) yield
  }
  return { order, scopes, size }
}

/** What variables are coupled to if they are taken out in an order of which it is known that tables are small enough. */
function* inOrder(table: CouplingTable, order: Uint32Array): Generator<void, Eliminated> {
  const near = yield* neighboursOf(table, order.length)
  const scopes: Uint32Array[] = []
  let size = 0
  for (const variable of order) {
    const scope = takeOut(near, variable)
    scopes.push(scope)
    size += 2 ** scope.length
    if (scopes.length % 256 === 255) yield
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
