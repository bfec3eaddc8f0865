import { allocate, HopfieldError } from '../../errors.js'
import { readState, type StateLike } from '../../input/states.js'
import { checkOptions } from '../../input/validate.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../../kernels/contract/layout.js'

/** Where a recall begins: one side, or both. A side that is not given is all +1 until the other one has spoken. */
export interface BidirectionalCue {
  x?: StateLike
  y?: StateLike
}

export interface BidirectionalResult {
  /** n values ±1. */
  x: Int8Array
  /** m values ±1. */
  y: Int8Array
  /** true if each side is what the other one makes of it. */
  converged: boolean
  /** Times a side was computed anew, the quiet ones at the end included. */
  steps: number
  /** E of the pair. */
  energy: number
}

/** States of both sides as kernels take them, and what becomes of them. */
export interface PairPart {
  readonly count: number
  readonly xs: Uint32Array
  readonly ys: Uint32Array
  readonly fromY: Uint8Array
  readonly outcomes: Float64Array
}

/** A list of cues, read whole at once. */
export class PairBatch {
  readonly count: number
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number
  readonly #xs: Uint32Array
  readonly #ys: Uint32Array
  readonly #fromY: Uint8Array
  readonly #outcomes: Float64Array

  /** @throws HopfieldError naming what is wrong, by the `name` of the cue. */
  constructor(
    kernels: Kernels,
    [inputs, outputs]: readonly [number, number],
    cues: readonly BidirectionalCue[],
    name: (b: number) => string,
  ) {
    this.count = cues.length
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.#xs = this.#rows(inputs)
    this.#ys = this.#rows(outputs)
    this.#fromY = new Uint8Array(this.count)
    this.#outcomes = new Float64Array(3 * this.count)
    for (let b = 0; b < this.count; b++) this.#read(cues[b], b, name(b))
  }

  part(from: number, to: number): PairPart {
    const [width, height] = [rowWords(this.#inputs), rowWords(this.#outputs)]
    return {
      count: to - from,
      xs: this.#xs.subarray(from * width, to * width),
      ys: this.#ys.subarray(from * height, to * height),
      fromY: this.#fromY.subarray(from, to),
      outcomes: this.#outcomes.subarray(3 * from, 3 * to),
    }
  }

  results(): BidirectionalResult[] {
    return Array.from({ length: this.count }, (_, b) => {
      const { xs, ys, outcomes } = this.part(b, b + 1)
      const [steps, settled, energy] = outcomes
      const [x, y] = [this.#unpacked(xs, this.#inputs), this.#unpacked(ys, this.#outputs)]
      return { x, y, converged: settled === 1, steps, energy }
    })
  }

  #read(cue: BidirectionalCue, b: number, name: string): void {
    checkOptions(name, cue ?? null, ['x', 'y'])
    if (cue.x === undefined && cue.y === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected x, y or both, got neither`)
    }
    const { xs, ys } = this.part(b, b + 1)
    this.#pack(`${name}.x`, cue.x, this.#inputs, xs)
    this.#pack(`${name}.y`, cue.y, this.#outputs, ys)
    this.#fromY[b] = cue.x === undefined ? 1 : 0
  }

  #pack(name: string, state: StateLike | undefined, units: number, row: Uint32Array): void {
    if (state !== undefined) readState(name, state, units).packInto(this.#kernels, row)
    else {
      row.fill(0xffffffff)
      clearPadding(row, units)
    }
  }

  #unpacked(row: Uint32Array, units: number): Int8Array {
    const out = new Int8Array(units)
    this.#kernels.unpack(row, 1, units, out)
    return out
  }

  #rows(units: number): Uint32Array {
    const size = this.count * rowWords(units)
    return allocate('cues', size * 4, () => this.#kernels.allocate(size))
  }
}
