import type { Portion } from '../../async/chunk-size.js'
import { allocate, describe, HopfieldError, isRevoked } from '../../errors.js'
import { Schema, unread } from '../../input/options.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import { type Float64s, type Int8s, readBoth, type Uint8s, type Uint32s } from '../../input/typed-arrays.js'
import type { Kernels, PairMemory } from '../../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../../kernels/contract/layout.js'
import { Batch, column, packedOf, part } from '../batch.js'
import type { Job, KernelCall } from '../runner.js'

/** A cue: one side, or both. A side that is not given starts as all +1 and is then computed from the other. */
export interface BidirectionalCue {
  x?: StateLike
  y?: StateLike
}

/** Many cues: an array of cues, or the states of one side or of both. */
export type BidirectionalCues = readonly BidirectionalCue[] | { xs?: StatesLike; ys?: StatesLike }

export interface BidirectionalResult<State = Int8s> {
  /** n values ±1, or PackedPatterns of one if asked. */
  x: State
  /** m values ±1, or PackedPatterns of one if asked. */
  y: State
  /** true if neither side changed when it was last computed from the other. */
  converged: boolean
  /** How often a side was computed from the other one, including the times at the end that changed nothing. */
  steps: number
  /** E of the pair. */
  energy: number
}

/** The results of B recalls, row b for cue b. Iterable: one {@link BidirectionalResult} per cue. */
export class BidirectionalBatchResult<
  S extends Int8s | PackedPatterns = Int8s | PackedPatterns,
> extends Batch<BidirectionalResult<S>, { x: S; y: S }> {
  /** B × n values ±1, row-major, or PackedPatterns if asked. */
  readonly xs: S
  /** B × m values ±1, or PackedPatterns if asked. */
  readonly ys: S
  readonly converged: Uint8s
  readonly steps: Uint32s
  readonly energies: Float64s

  constructor(xs: S, ys: S, outcomes: Float64Array) {
    super()
    const count = outcomes.length / WIDTH
    this.xs = xs
    this.ys = ys
    this.steps = column(new Uint32Array(count), outcomes, WIDTH, 0)
    this.converged = column(new Uint8Array(count), outcomes, WIDTH, 1)
    this.energies = column(new Float64Array(count), outcomes, WIDTH, 2)
  }

  override state(b: number): { x: S; y: S } {
    this.check('state', b)
    return { x: this.row(this.xs, b), y: this.row(this.ys, b) }
  }

  override at(b: number): BidirectionalResult<S> {
    this.check('at', b)
    return {
      x: this.row(this.xs, b),
      y: this.row(this.ys, b),
      converged: this.converged[b] === 1,
      steps: this.steps[b],
      energy: this.energies[b],
    }
  }
}

/** Numbers per outcome: steps, whether it settled, energy. */
const WIDTH = 3

/** Packed states of both sides, and which side comes first. */
export interface PairRowsOf {
  readonly xs: Uint32Array
  readonly ys: Uint32Array
  readonly fromY: Uint8Array
}

export const CUE = new Schema({ x: unread<StateLike>(), y: unread<StateLike>() })
export const CUES = new Schema({ xs: unread<StatesLike>(), ys: unread<StatesLike>() })

/** Reads all cues. Throws HopfieldError naming the argument. */
export class PairReader {
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number

  constructor(kernels: Kernels, inputs: number, outputs: number) {
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
  }

  many(name: string, given: unknown): PairRowsOf {
    if (!isRevoked(given) && Array.isArray(given)) {
      const { length } = given
      const rows = this.#room(length)
      for (let b = 0; b < length; b++) this.#read(`${name}[${b}]`, given[b], rows, b)
      return rows
    }
    if (given === null || typeof given !== 'object') {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected an array of cues, or an object of xs and ys, got ${describe(given)}`,
      )
    }
    const { xs, ys } = CUES.readWithin(name, given)
    const [left, right] = readBoth(
      xs,
      () => (xs === undefined ? undefined : readStates(`${name}.xs`, xs, this.#inputs)),
      () => (ys === undefined ? undefined : readStates(`${name}.ys`, ys, this.#outputs)),
    )
    if (left === undefined && right === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected xs, ys or both, got neither`)
    }
    if (left !== undefined && right !== undefined && left.count !== right.count) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}.ys: expected ${left.count} states, got ${right.count}`,
      )
    }
    const rows = this.#room(left?.count ?? right?.count ?? 0)
    if (left === undefined) rows.fromY.fill(1)
    left?.packInto(this.#kernels, rows.xs)
    right?.packInto(this.#kernels, rows.ys)
    if (left === undefined) this.#blank(rows.xs, this.#inputs)
    if (right === undefined) this.#blank(rows.ys, this.#outputs)
    return rows
  }

  one(name: string, cue: unknown): PairRowsOf {
    const rows = this.#room(1)
    this.#read(name, cue, rows, 0)
    return rows
  }

  #read(name: string, cue: unknown, { xs, ys, fromY }: PairRowsOf, b: number): void {
    const { x, y } = CUE.readWithin(name, cue)
    if (x === undefined && y === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected x, y or both, got neither`)
    }
    this.#pack(`${name}.x`, x, this.#inputs, xs, b)
    this.#pack(`${name}.y`, y, this.#outputs, ys, b)
    fromY[b] = x === undefined ? 1 : 0
  }

  #pack(name: string, state: unknown, units: number, rows: Uint32Array, b: number): void {
    const stride = rowWords(units)
    const row = rows.subarray(b * stride, (b + 1) * stride)
    if (state === undefined) this.#blank(row, units)
    else readState(name, state, units).packInto(this.#kernels, row)
  }

  #blank(rows: Uint32Array, units: number): void {
    rows.fill(0xffffffff)
    for (let at = 0; at < rows.length; at += rowWords(units)) clearPadding(rows, units, at)
  }

  #room(count: number): PairRowsOf {
    const rows = (units: number): Uint32Array => {
      const size = count * rowWords(units)
      return allocate('cues', size * 4, () => this.#kernels.allocate(size))
    }
    return { xs: rows(this.#inputs), ys: rows(this.#outputs), fromY: new Uint8Array(count) }
  }
}

/** The recall of many pairs, in place. */
export class PairJob implements Job<PairMemory, BidirectionalBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number
  readonly #rows: PairRowsOf
  readonly #maxSteps: number
  readonly #packed: boolean
  readonly #outcomes: Float64Array

  constructor(
    kernels: Kernels,
    [inputs, outputs]: readonly [number, number],
    rows: PairRowsOf,
    { maxSteps, packed }: { readonly maxSteps: number; readonly packed: boolean },
  ) {
    this.count = rows.fromY.length
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.#rows = rows
    this.#maxSteps = maxSteps
    this.#packed = packed
    this.#outcomes = new Float64Array(WIDTH * this.count)
  }

  /** A few milliseconds of bit operations, as for one network with all units. */
  portion({ count }: PairMemory): Portion {
    const bits = (this.#inputs + this.#outputs) * Math.max(count, 1)
    if (!this.#kernels.parallel) return { most: Math.max(1, Math.floor(375_000 / bits)), multiple: 1 }
    return { most: Math.min(Math.max(Math.floor(2 ** 30 / bits), 32), 4096), multiple: 32 }
  }

  *compute(memory: PairMemory, from: number, to: number): Generator<KernelCall, void> {
    const [width, height] = [rowWords(this.#inputs), rowWords(this.#outputs)]
    const { xs, ys, fromY } = this.#rows
    const work = [
      memory,
      part(xs, from, to, width),
      part(ys, from, to, height),
      to - from,
      part(fromY, from, to, 1),
      this.#maxSteps,
      part(this.#outcomes, from, to, WIDTH),
    ] as const
    yield {
      here: () => this.#kernels.bidirectional(...work),
      beside: (flag) => this.#kernels.bidirectionalAsync(...work, flag),
    }
  }

  result(): BidirectionalBatchResult {
    const { xs, ys } = this.#rows
    return new BidirectionalBatchResult(
      this.#asked(xs, this.#inputs),
      this.#asked(ys, this.#outputs),
      this.#outcomes,
    )
  }

  #asked(rows: Uint32Array, units: number): Int8s | PackedPatterns {
    if (this.#packed) return packedOf(units, rows)
    const size = this.count * units
    const out = allocate('states', size, () => new Int8Array(size))
    this.#kernels.unpack(rows, this.count, units, out)
    return out
  }
}
