import type { StateSource } from '../input/spins.js'
import type { Kernels, Memory } from '../kernels/contract/kernels.js'
import { PatternRows } from './packed-rows.js'
import type { Lease, Weights } from './weights.js'

/** Patterns in rows, and weights of whatever form that come from them. */
export abstract class RowWeights implements Weights {
  protected readonly kernels: Kernels
  protected readonly neurons: number
  protected readonly patterns: PatternRows
  /** What recalls read, synchronous ones and all; made at the first of them after a change. */
  #memories: [synchronous: Memory | undefined, asynchronous: Memory | undefined] = [undefined, undefined]
  #leases = 0

  constructor(kernels: Kernels, neurons: number) {
    this.kernels = kernels
    this.neurons = neurons
    this.patterns = new PatternRows(kernels, neurons)
  }

  abstract readonly form: Memory['form']
  abstract readonly divisor: number
  abstract readonly symmetric: boolean
  abstract matrix(): Int32Array | Float64Array
  abstract store(patterns: StateSource): readonly number[] | undefined
  abstract forget(index: number): void
  abstract clear(): void
  /** Learns `count` patterns from the beginning, in place of those that are stored; on any error nothing has changed. */
  protected abstract relearn(rows: Uint32Array, count: number): void
  /** The arrays in it are never written to as long as `held`. */
  protected abstract make(asynchronous: boolean): Memory
  /** As `make`, in as many turns of the event loop as it needs, of what is there in the first; undefined where `make` is quick. */
  protected makeInTurns?(asynchronous: boolean): Promise<Memory> | undefined

  get count(): number {
    return this.patterns.count
  }

  replace(index: number, pattern: StateSource): void {
    const row = this.patterns.packed(pattern)
    const rows = this.rows(0, this.count).slice()
    rows.set(row, index * row.length)
    this.patterns.own()
    this.relearn(rows, this.count)
    this.patterns.replace(index, row)
    this.changed()
  }

  rows(from: number, to: number): Uint32Array {
    return this.patterns.view(from, to)
  }

  planes(): Uint32Array {
    return this.patterns.planes()
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.patterns.overlaps(state)
  }

  memory(asynchronous: boolean): Memory {
    const which = asynchronous ? 1 : 0
    this.#memories[which] ??= this.make(asynchronous)
    return this.#memories[which]
  }

  async lease(asynchronous: boolean): Promise<Lease> {
    const holding = this.patterns.hold()
    this.#leases++
    let leased = true
    const release = (): void => {
      if (leased) this.#leases--
      leased = false
      holding()
    }
    try {
      return { memory: await this.#prepared(asynchronous), release }
    } catch (error) {
      release()
      throw error
    }
  }

  /** What is slow to make is made in small steps, of the weights as they are in this turn. */
  async #prepared(asynchronous: boolean): Promise<Memory> {
    const which = asynchronous ? 1 : 0
    const known = this.#memories[which]
    if (known !== undefined) return known
    const of = this.#memories
    const memory = (await this.makeInTurns?.(asynchronous)) ?? this.memory(asynchronous)
    // Unless the weights have changed meanwhile.
    if (of === this.#memories) this.#memories[which] = memory
    return memory
  }

  fields(state: Uint32Array, out: Float64Array): void {
    this.kernels.localFields(this.memory(false), state, out)
  }

  quadratic(state: Uint32Array): number {
    const out = new Float64Array(1)
    this.kernels.quadratics(this.memory(false), state, 1, out)
    return out[0]
  }

  /** Whether readers in other turns or threads have a memory: who would change its arrays has to copy them first. */
  protected get held(): boolean {
    return this.#leases > 0
  }

  protected changed(): void {
    this.#memories = [undefined, undefined]
  }

  /** The stored rows but one, a copy. */
  protected others(index: number): Uint32Array {
    const [before, after] = [this.rows(0, index), this.rows(index + 1, this.count)]
    const rows = new Uint32Array(before.length + after.length)
    rows.set(before)
    rows.set(after, before.length)
    return rows
  }
}
