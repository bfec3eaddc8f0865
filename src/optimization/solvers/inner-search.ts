import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import type { Ising } from '../problems/ising-model.js'
import type { Reduced } from '../problems/reduction.js'
import { beginAnywhere, type Search } from './search.js'

/**
 * A search within another, whose reads all count as read 0 of that, and whose problem may be smaller: only what is better than
 * anything before is told there.
 */
export class InnerSearch implements Search {
  readonly ising: Ising
  readonly kernels: Kernels
  readonly reads: number
  readonly seed: readonly [low: number, high: number]
  readonly words: number
  readonly limited = false
  readonly eachRead = false
  readonly #outer: Search
  readonly #reduced: Reduced | undefined
  #best: { readonly row: Uint32Array; readonly energy: number } | undefined

  constructor(outer: Search, reduced: Reduced | undefined, reads: number) {
    this.#outer = outer
    this.#reduced = reduced
    this.ising = reduced?.ising ?? outer.ising
    this.kernels = outer.kernels
    this.reads = reads
    this.seed = outer.seed
    this.words = rowWords(this.ising.variables)
  }

  get over(): boolean {
    return this.#outer.over
  }

  get sweeps(): number {
    return this.#outer.sweeps
  }
  set sweeps(sweeps: number) {
    this.#outer.sweeps = sweeps
  }

  /** The best state so far, of the smaller problem. */
  get best(): { readonly row: Uint32Array; readonly energy: number } | undefined {
    return this.#best
  }

  begin(first: number, rows: Uint32Array): void {
    beginAnywhere(this, first, rows)
  }

  offer(_: number, rows: Uint32Array, energies: Float64Array = this.ising.energies(rows)): void {
    for (const [k, energy] of energies.entries()) {
      if (this.#best !== undefined && !(energy < this.#best.energy)) continue
      const row = rows.slice(k * this.words, (k + 1) * this.words)
      this.#best = { row, energy }
      if (this.#reduced === undefined) this.#outer.offer(0, row, Float64Array.of(energy))
      else this.#outer.offer(0, this.#reduced.expand(row))
    }
  }
}
