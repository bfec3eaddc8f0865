import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { ImplicitMemory, Kernels } from '../kernels/contract/kernels.js'
import { inTurns } from '../platform/turn.js'
import { PatternRows } from './packed-rows.js'
import { notOfShare, sharedLayout } from './shared-layout.js'
import type { Lease, Weights } from './weights.js'

const NO_COLUMNS = new Uint32Array(0)

/** J = ΞᵀΞ − P·1, never formed: N·P/8 bytes, twice that once an asynchronous recall has been asked for. */
export class ImplicitWeights implements Weights {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #patterns: PatternRows
  /** What recalls read; made at the first of them after a change. */
  #memory: ImplicitMemory | undefined
  /** Columns under way for the memory they are for. */
  #underWay: { memory: ImplicitMemory; whole: Promise<ImplicitMemory> } | undefined
  /** Words that others have too, if the memory lies in them. */
  #shared: Uint32Array | undefined

  /** @param shared words of sharedLayout that hold `count` patterns; none to begin with nothing. */
  constructor(kernels: Kernels, neurons: number, shared?: Uint32Array, count = 0) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#patterns = new PatternRows(kernels, neurons)
    if (shared === undefined) return
    this.#adopt(shared, count)
    // Kernels size their room by what overlaps can be; columns of other patterns would carry them beyond it.
    if (!this.#patterns.agrees(shared.subarray(sharedLayout(neurons, count, false).rows))) throw notOfShare()
  }

  readonly form = 'implicit'
  readonly symmetric = true

  get count(): number {
    return this.#patterns.count
  }

  /** J is Hebb's integer, the textbook's has 1/N. */
  get divisor(): number {
    return this.#neurons
  }

  store(patterns: StateSource): undefined {
    this.#patterns.stage(patterns)
    this.#patterns.commit(patterns.count)
    this.#changed()
  }

  replace(index: number, pattern: StateSource): void {
    this.#patterns.replace(index, this.#patterns.packed(pattern))
    this.#changed()
  }

  forget(index: number): void {
    this.#patterns.forget(index)
    this.#changed()
  }

  clear(): void {
    this.#patterns.clear()
    this.#changed()
  }

  rows(from: number, to: number): Uint32Array {
    return this.#patterns.view(from, to)
  }

  planes(): Uint32Array {
    return this.#patterns.planes()
  }

  matrix(): Int32Array {
    const n = this.#neurons
    const words = allocate('weights', n * n * 4, () => this.#kernels.allocate(n * n))
    const out = new Int32Array(words.buffer, words.byteOffset, n * n)
    this.#kernels.hebbian(this.#patterns.columns(0, this.count), this.count, n, 1, out, true)
    return out
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.#patterns.overlaps(state)
  }

  fields(state: Uint32Array, out: Float64Array): void {
    const rows = this.rows(0, this.count)
    this.#kernels.implicitFields(rows, this.count, this.#neurons, this.overlaps(state), state, out)
  }

  quadratic(state: Uint32Array): number {
    return this.#kernels.implicitQuadratic(this.overlaps(state), this.count, this.#neurons)
  }

  memory(asynchronous: boolean): ImplicitMemory {
    if (this.#memory !== undefined && (!asynchronous || this.#memory.columns !== NO_COLUMNS)) {
      return this.#memory
    }
    this.#memory = {
      form: 'implicit',
      neurons: this.#neurons,
      count: this.count,
      rows: this.rows(0, this.count),
      columns: asynchronous ? this.#patterns.columns(0, this.count) : NO_COLUMNS,
    }
    return this.#memory
  }

  async lease(asynchronous: boolean): Promise<Lease<ImplicitMemory>> {
    const release = this.#patterns.hold()
    try {
      const memory = this.memory(false)
      const ready = !asynchronous || memory.columns !== NO_COLUMNS
      return { memory: ready ? memory : await this.#withColumns(memory), release }
    } catch (error) {
      release()
      throw error
    }
  }

  share(): Uint32Array {
    if (this.#shared !== undefined) return this.#shared
    const { count } = this
    const { rows, end } = sharedLayout(this.#neurons, count, false)
    const words = allocate('shared memory', end * 4, () => this.#kernels.allocate(end, true))
    words.set(this.rows(0, count))
    this.#kernels.transpose(words.subarray(0, rows), count, this.#neurons, words.subarray(rows))
    this.#adopt(words, count)
    return words
  }

  #adopt(words: Uint32Array, count: number): void {
    const { rows, end } = sharedLayout(this.#neurons, count, false)
    this.#patterns.adopt(words.subarray(0, rows))
    this.#shared = words
    this.#memory = {
      form: 'implicit',
      neurons: this.#neurons,
      count,
      rows: this.rows(0, count),
      columns: words.subarray(rows, end),
    }
  }

  #changed(): void {
    this.#memory = undefined
    this.#shared = undefined
    this.#underWay = undefined
  }

  #withColumns(memory: ImplicitMemory): Promise<ImplicitMemory> {
    if (this.#underWay?.memory !== memory) {
      const whole = this.#addColumns(memory).finally(() => {
        if (this.#underWay?.whole === whole) this.#underWay = undefined
      })
      this.#underWay = { memory, whole }
    }
    return this.#underWay.whole
  }

  async #addColumns(memory: ImplicitMemory): Promise<ImplicitMemory> {
    let columns: Uint32Array = NO_COLUMNS
    await inTurns(
      this.#patterns.columnsInSteps(memory.rows, memory.count, (made) => {
        columns = made
      }),
    )
    const whole = { ...memory, columns }
    if (this.#memory === memory) this.#memory = whole
    return whole
  }
}
