import type { Int8s } from '../../input/typed-arrays.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type CouplingTable, narrowed } from './coupling-table.js'
import { Ising, type Model } from './ising-model.js'
import type { Reduced } from './reduction.js'

/** States that may be contracted at once: a bit of a word for each. */
export const MOST_CONTRACTED = 31

/**
 * The problem of the blocks in which states agree (genetic renormalisation: Houdayer and Martin 1999): variables that are connected, and of
 * which any two are equal in all of these states or opposite in all of them, become one. All these states are among its states, and so are
 * all others that put their blocks together in other ways. A field is a neighbour that is always +1, so that what agrees with it is fixed.
 * Whole numbers stay whole.
 * @param states packed, one behind the other: 1 to MOST_CONTRACTED
 */
export function contraction<Solution>(ising: Ising<Solution>, states: Uint32Array): Reduced {
  return new Contraction(ising.model, ising.variables, states).reduced()
}

const NOWHERE = 2 ** 32 - 1

class Contraction {
  readonly #model: Model
  readonly #n: number
  /** Whether a variable is +1 in the first state: what it is where its block is +1. */
  readonly #up: Uint8Array
  /** Which states have it otherwise than the first one has it, in comparison with variable n, which is always +1. */
  readonly #turned: Uint32Array
  readonly #block: Uint32Array
  /** Variables by blocks, and where blocks begin. */
  readonly #members: Uint32Array
  readonly #starts: number[] = []
  #fixed = 0

  constructor(model: Model, n: number, states: Uint32Array) {
    this.#model = model
    this.#n = n
    this.#up = new Uint8Array(n)
    this.#turned = new Uint32Array(n)
    this.#block = new Uint32Array(n).fill(NOWHERE)
    this.#members = new Uint32Array(n)
    const words = rowWords(n)
    for (let i = 0; i < n; i++) {
      const bit = (state: number): number => (states[state * words + (i >>> 5)] >>> (i & 31)) & 1
      const first = bit(0)
      this.#up[i] = first
      for (let state = 1; state * words < states.length; state++) {
        this.#turned[i] |= (bit(state) ^ first) << state
      }
    }
    this.#gather()
  }

  /** Blocks, those that a field holds first: they are one. */
  #gather(): void {
    const { fields } = this.#model
    let count = 0
    if (fields !== undefined) {
      for (let i = 0; i < this.#n; i++) {
        if (fields[i] !== 0 && this.#turned[i] === 0) count = this.#grow(i, 0, count)
      }
      this.#fixed = count
    }
    const from = count > 0 ? 1 : 0
    if (from === 1) this.#starts.push(0)
    for (let i = 0; i < this.#n; i++) {
      if (this.#block[i] !== NOWHERE) continue
      this.#starts.push(count)
      count = this.#grow(i, this.#starts.length - 1, count)
    }
    this.#starts.push(count)
  }

  /** Puts variable i, and all that agree with it and are connected with it through such, into a block. @returns how many members there are by then. */
  #grow(i: number, block: number, from: number): number {
    if (this.#block[i] !== NOWHERE) return from
    const { starts, sources } = this.#model.table
    const turned = this.#turned
    let count = from
    const put = (j: number): void => {
      this.#block[j] = block
      this.#members[count++] = j
    }
    put(i)
    for (let at = from; at < count; at++) {
      const j = this.#members[at]
      for (let k = starts[j]; k < starts[j + 1]; k++) {
        const other = sources[k]
        if (this.#block[other] === NOWHERE && turned[other] === turned[i]) put(other)
      }
    }
    return count
  }

  reduced(): Reduced {
    const { table, fields, scale, offset } = this.#model
    const blocks = this.#starts.length - 1
    const held = this.#fixed > 0 ? 1 : 0
    const variables = blocks - held
    const sums = new Float64Array(blocks)
    const near: number[] = []
    const starts = new Uint32Array(variables + 1)
    const sources: number[] = []
    const weights: number[] = []
    const own = new Float64Array(variables)
    /** Twice what variables of one block make of the energy among themselves, and what the held ones feel. */
    let [inside, still] = [0, 0]
    for (let block = 0; block < blocks; block++) {
      let feels = 0
      for (let at = this.#starts[block]; at < this.#starts[block + 1]; at++) {
        const i = this.#members[at]
        const sign = this.#sign(i)
        feels += sign * (fields?.[i] ?? 0)
        for (let k = table.starts[i]; k < table.starts[i + 1]; k++) {
          const j = table.sources[k]
          const other = this.#block[j]
          const weight = sign * this.#sign(j) * table.weights[k]
          if (other === block) inside += weight
          else {
            if (sums[other] === 0) near.push(other)
            sums[other] += weight
          }
        }
      }
      if (block < held) {
        still += feels
        for (const other of near) sums[other] = 0
        near.length = 0
        continue
      }
      for (const other of near.sort((a, b) => a - b)) {
        const weight = sums[other]
        sums[other] = 0
        if (other < held) feels += weight
        else if (weight !== 0) {
          sources.push(other - held)
          weights.push(weight)
        }
      }
      near.length = 0
      own[block - held] = feels
      starts[block - held + 1] = sources.length
    }
    const smaller: CouplingTable = {
      starts,
      sources: Uint32Array.from(sources),
      weights: narrowed(Float64Array.from(weights)),
    }
    const rest = offset - (inside / 2 + still) / scale
    return {
      ising: new Ising(variables, () => ({ table: smaller, fields: own, scale, offset: rest }), PLAIN),
      expand: (row) => this.#expand(row, held),
      restrict: (row) => this.#restrict(row, held, variables),
    }
  }

  #sign(i: number): number {
    return this.#up[i] === 1 ? 1 : -1
  }

  #expand(row: Uint32Array, held: number): Uint32Array {
    const out = new Uint32Array(rowWords(this.#n))
    for (let i = 0; i < this.#n; i++) {
      const k = this.#block[i] - held
      const bit = k < 0 ? 1 : (row[k >>> 5] >>> (k & 31)) & 1
      out[i >>> 5] |= (bit === this.#up[i] ? 1 : 0) << (i & 31)
    }
    return out
  }

  #restrict(row: Uint32Array, held: number, variables: number): Uint32Array {
    const out = new Uint32Array(rowWords(variables))
    for (let k = 0; k < variables; k++) {
      const i = this.#members[this.#starts[k + held]]
      const bit = (row[i >>> 5] >>> (i & 31)) & 1
      if (bit === this.#up[i]) out[k >>> 5] |= 1 << (k & 31)
    }
    return out
  }
}

const PLAIN = {
  sense: 'min',
  value: (_: Int8Array, energy: () => number) => energy(),
  bound: (energy: number) => energy,
  decode: (state: Int8s) => state,
} as const
