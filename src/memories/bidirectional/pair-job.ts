import type { Portion } from '../../async/chunk-size.js'
import { allocate, describe, HopfieldError, isRevoked } from '../../errors.js'
import { Schema, unread } from '../../input/options.js'
import { apart, fresh, type Into, intoOf, packedRoomFor, type Room, roomFor } from '../../input/out.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import { checkLasting } from '../../input/spins.js'
import { type StateReader, stateReader } from '../../input/state-reader.js'
import { readState, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float64s, Int8s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { Kernels, PairMemory } from '../../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../../kernels/contract/layout.js'
import { atOnce } from '../../platform/turn.js'
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

/** Where the states of both sides go. */
export type PairInto = readonly [left: Into | undefined, right: Into | undefined]
export const NOWHERE: PairInto = [undefined, undefined]

/**
 * What is given for `out`: an object of one side or both.
 * @param sides the schema of such an object.
 */
export function pairInto(method: string, sides: typeof CUE | typeof CUES, options: unknown): PairInto {
  const into = intoOf(method, options)
  if (into === undefined) return NOWHERE
  const { name, out } = into
  return Object.entries(sides.readWithin(name, out)).map(([side, given]) =>
    given === undefined ? undefined : { name: `${name}.${side}`, out: given },
  ) as unknown as PairInto
}

/** Units of cues read in one step, of a list of cues of any kind; words of those that are not given. */
const STEP = 2 ** 14

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
    return atOnce(this.reading(name, given))
  }

  /** The same in small steps. */
  reading(name: string, given: unknown): Generator<void, PairRowsOf> {
    if (!isRevoked(given) && Array.isArray(given)) return this.#each(name, given, given.length)
    if (given === null || typeof given !== 'object') {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected an array of cues, or an object of xs and ys, got ${describe(given)}`,
      )
    }
    const { xs, ys } = CUES.readWithin(name, given)
    const left = xs === undefined ? undefined : stateReader(`${name}.xs`, xs, this.#inputs)
    const right = ys === undefined ? undefined : stateReader(`${name}.ys`, ys, this.#outputs)
    if (left === undefined && right === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected xs, ys or both, got neither`)
    }
    if (left !== undefined && right !== undefined && left.count !== right.count) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}.ys: expected ${left.count} states, got ${right.count}`,
      )
    }
    return this.#sides(left, right)
  }

  /** Cues of a list. */
  *#each(name: string, cues: readonly unknown[], length: number): Generator<void, PairRowsOf> {
    const rows = this.#room(length)
    const some = Math.max(1, Math.floor(STEP / (this.#inputs + this.#outputs)))
    for (let b = 0; b < length; b++) {
      if (b > 0 && b % some === 0) yield
      if (b % some === 0) checkLasting(name, cues, length)
      this.#read(`${name}[${b}]`, cues[b], rows, b)
    }
    return rows
  }

  /** States of one side, or of both. */
  *#sides(left: StateReader | undefined, right: StateReader | undefined): Generator<void, PairRowsOf> {
    const count = left?.count ?? right?.count ?? 0
    const rows = this.#room(count)
    if (left === undefined) rows.fromY.fill(1)
    yield* left?.read(this.#kernels, 0, count, rows.xs) ?? this.#blanking(rows.xs, this.#inputs)
    yield* right?.read(this.#kernels, 0, count, rows.ys) ?? this.#blanking(rows.ys, this.#outputs)
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

  *#blanking(rows: Uint32Array, units: number): Generator<void, void> {
    const stride = rowWords(units)
    const some = stride * Math.max(1, Math.floor(STEP / stride))
    for (let at = 0; at < rows.length; at += some) {
      if (at > 0) yield
      this.#blank(rows.subarray(at, at + some), units)
    }
  }

  #room(count: number): PairRowsOf {
    const rows = (units: number): Uint32Array => {
      const size = count * rowWords(units)
      return allocate('cues', size * 4, () => this.#kernels.allocate(size))
    }
    return { xs: rows(this.#inputs), ys: rows(this.#outputs), fromY: new Uint8Array(count) }
  }
}

/** Units unpacked in one step. */
const UNPACKED = 2 ** 18

type PairRoom = Room<Int8s | PackedPatterns, Int8Array | Uint32Array>

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
  readonly #left: PairRoom
  readonly #right: PairRoom

  constructor(
    kernels: Kernels,
    [inputs, outputs]: readonly [number, number],
    rows: PairRowsOf,
    { maxSteps, packed }: { readonly maxSteps: number; readonly packed: boolean },
    [left, right]: PairInto,
  ) {
    this.count = rows.fromY.length
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.#rows = rows
    this.#maxSteps = maxSteps
    this.#packed = packed
    this.#outcomes = new Float64Array(WIDTH * this.count)
    this.#left = this.#roomFor(left, rows.xs, inputs)
    this.#right = this.#roomFor(right, rows.ys, outputs)
    if (left !== undefined && right !== undefined)
      apart(right.name, this.#right.plain, left.name, this.#left.plain)
  }

  checkRoom(): void {
    this.#left.check()
    this.#right.check()
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

  *finish(): Generator<void, void> {
    const { xs, ys } = this.#rows
    yield* this.#write(xs, this.#inputs, this.#left.plain)
    yield* this.#write(ys, this.#outputs, this.#right.plain)
  }

  result(): BidirectionalBatchResult {
    const [xs, ys] = [this.#left.given, this.#right.given] as [Int8s, Int8s]
    return new BidirectionalBatchResult(xs, ys, this.#outcomes)
  }

  #roomFor(into: Into | undefined, rows: Uint32Array, units: number): PairRoom {
    if (!this.#packed) return roomFor(into, Int8Array, this.count * units) as Room<Int8s, Int8Array>
    return into === undefined ? fresh(rows, packedOf(units, rows)) : packedRoomFor(into, units, this.count)
  }

  /** The states of one side where they are wanted. */
  *#write(rows: Uint32Array, units: number, out: Int8Array | Uint32Array): Generator<void, void> {
    if (out === rows) return
    if (out instanceof Uint32Array) {
      out.set(rows)
      return
    }
    const stride = rowWords(units)
    const some = Math.max(1, Math.floor(UNPACKED / units))
    for (let from = 0; from < this.count; from += some) {
      const to = Math.min(from + some, this.count)
      this.#kernels.unpack(part(rows, from, to, stride), to - from, units, part(out, from, to, units))
      if (to < this.count) yield
    }
  }
}
