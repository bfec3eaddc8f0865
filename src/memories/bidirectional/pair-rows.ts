import { allHere, Mark, type Steps } from '../../async/steps.js'
import type { StateSource } from '../../input/spins.js'
import type { Kernels, PairMemory } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type Arrivals, inOnePiece } from '../../storage/arrivals.js'
import { lookedThroughFirst } from '../../storage/looked-through.js'
import { PatternRows } from '../../storage/packed-rows.js'
import { misfit, type RecordReader, type RecordWriter } from '../../storage/record.js'
import { Unsettled } from '../../storage/unsettled.js'
import type { Storage } from '../memory.js'
import type { Held } from '../runner.js'

/** Pairs of packed patterns. A method that throws has changed nothing. */
export class PairRows implements Storage {
  readonly xs: PatternRows
  readonly ys: PatternRows
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number
  /** What recalls read; made at the first of them after a change. */
  #memory: PairMemory | undefined
  readonly #unsettled = new Unsettled()

  constructor(kernels: Kernels, inputs: number, outputs: number) {
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.xs = new PatternRows(kernels, inputs)
    this.ys = new PatternRows(kernels, outputs)
  }

  get count(): number {
    return this.xs.count
  }

  record(to: RecordWriter): void {
    this.xs.record(to, 'xs')
    this.ys.record(to, 'ys')
  }

  restore(from: RecordReader): void {
    const [left, right] = [from.extent('xs', 0), from.extent('ys', 0)]
    if (left !== right) throw misfit('ys', `expected ${left} patterns, one for each of xs, got ${right}`)
    this.xs.restore(from, 'xs')
    this.ys.restore(from, 'ys')
    this.#memory = undefined
    this.#unsettled.opened(from)
  }

  store(xs: StateSource, ys: StateSource): undefined {
    return allHere(this.storing(inOnePiece(this.#kernels, xs), inOnePiece(this.#kernels, ys)))
  }

  /** The same in steps; until the last of them nothing has changed. */
  *storing(xs: Arrivals, ys: Arrivals): Steps<undefined> {
    const left = yield* this.xs.stage(xs)
    const right = yield* this.ys.stage(ys)
    yield new Mark(xs.count, xs.count)
    this.xs.commit(left, left.count)
    this.ys.commit(right, right.count)
    this.#memory = undefined
  }

  replace(index: number, x: StateSource, y: StateSource): void {
    const left = this.#packed(x, this.#inputs)
    const right = this.#packed(y, this.#outputs)
    this.#own()
    this.xs.view(index, index + 1).set(left)
    this.ys.view(index, index + 1).set(right)
    this.#memory = undefined
  }

  readonly swaps = true

  forget(index: number, swap = false): void {
    this.#own()
    this.xs.forget(index, swap)
    this.ys.forget(index, swap)
    this.#memory = undefined
  }

  clear(): void {
    this.xs.clear()
    this.ys.clear()
    this.#memory = undefined
  }

  memory(): PairMemory {
    this.#unsettled.settle()
    return this.#made()
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  #made(): PairMemory {
    const { count } = this
    const [inputs, outputs] = [this.#inputs, this.#outputs]
    this.#memory ??= { count, inputs, outputs, xs: this.xs.view(0, count), ys: this.ys.view(0, count) }
    return this.#memory
  }

  /** The pairs as they are now; until they are released, changes go to a copy. */
  lease(): Promise<Held<PairMemory>> {
    const releases = [this.xs.hold(), this.ys.hold()]
    return lookedThroughFirst(this.#kernels, this.settling(), this.#made(), () => {
      for (const release of releases) release()
    })
  }

  #packed(state: StateSource, units: number): Uint32Array {
    const row = new Uint32Array(rowWords(units))
    state.packInto(this.#kernels, row)
    return row
  }

  #own(): void {
    this.xs.own()
    this.ys.own()
  }
}
