import type { Kernels, Memory } from '../kernels/kernels.js'
import type { StateSource } from '../patterns/spins.js'
import { PatternRows } from './pattern-rows.js'
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

  abstract readonly divisor: number
  abstract readonly symmetric: boolean
  abstract matrix(): Int32Array | Float64Array
  abstract store(patterns: StateSource): void
  abstract forget(index: number): void
  abstract clear(): void
  /** The arrays in it are never written to as long as `held`. */
  protected abstract make(asynchronous: boolean): Memory

  get count(): number {
    return this.patterns.count
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
    const memory = this.memory(asynchronous)
    const release = this.patterns.hold()
    this.#leases++
    let leased = true
    return {
      memory,
      release: () => {
        if (leased) this.#leases--
        leased = false
        release()
      },
    }
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
