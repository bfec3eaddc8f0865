import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/kernels.js'
import { columnWords, rowWords, spin } from '../kernels/layout.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { MAX_NEURONS } from '../patterns/spins.js'
import { readState, readStates, type StateLike, type StatesLike } from '../patterns/states.js'
import { checkChoice, checkIndex, checkInteger, checkOptions } from '../validate.js'
import { PatternRows } from '../weights/pattern-rows.js'

export interface BidirectionalMemoryOptions {
  /** n, units of the x side, 1 to 2^30. */
  inputs: number
  /** m, units of the y side, 1 to 2^30. */
  outputs: number
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
}

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

/** One side: its patterns, and how many units it has. */
interface Side {
  readonly units: number
  readonly patterns: PatternRows
}

/**
 * The bidirectional associative memory (Kosko 1988): pairs of ±1 patterns, each of which calls up the other.
 *
 * M = Σ_μ ξ^μ (η^μ)ᵀ, never formed; y ← sgn(Mᵀx) and x ← sgn(My) in turn, a unit keeping its value at zero. E = −xᵀMy never
 * rises, whatever M, so that every recall ends in a pair that holds itself. Fewer than min(n, m) pairs fit, and rather n/(4 ln n).
 */
export class BidirectionalMemory {
  readonly inputs: number
  readonly outputs: number
  readonly #kernels: Kernels
  readonly #x: Side
  readonly #y: Side

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND. */
  constructor(options: BidirectionalMemoryOptions) {
    checkOptions('BidirectionalMemory', options ?? null, ['inputs', 'outputs', 'backend'])
    const { backend = 'auto' } = options
    this.inputs = checkInteger('inputs', options.inputs, 1, MAX_NEURONS)
    this.outputs = checkInteger('outputs', options.outputs, 1, MAX_NEURONS)
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    this.#x = { units: this.inputs, patterns: new PatternRows(this.#kernels, this.inputs) }
    this.#y = { units: this.outputs, patterns: new PatternRows(this.#kernels, this.outputs) }
  }

  /** P, how many pairs are stored. */
  get patternCount(): number {
    return this.#x.patterns.count
  }

  /**
   * Stores pairs, in addition to what is there. All or none are stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(xs: StatesLike, ys: StatesLike): this {
    const left = readStates('xs', xs, this.inputs)
    const right = readStates('ys', ys, this.outputs)
    if (left.count !== right.count) {
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `ys: expected ${left.count} states, got ${right.count}`)
    }
    this.#x.patterns.stage(left)
    this.#y.patterns.stage(right)
    this.#x.patterns.commit(left.count)
    this.#y.patterns.commit(right.count)
    return this
  }

  /** Takes pair `index` out again; later pairs move up by one. */
  forget(index: number): this {
    checkIndex('index', index, this.patternCount)
    this.#x.patterns.own()
    this.#y.patterns.own()
    this.#x.patterns.forget(index)
    this.#y.patterns.forget(index)
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#x.patterns.clear()
    this.#y.patterns.clear()
    return this
  }

  /** M as n × m integers, row-major, formed for this call. */
  weights(): Int32Array {
    const [n, m, count] = [this.inputs, this.outputs, this.patternCount]
    const [left, right] = [this.#x.patterns.columns(0, count), this.#y.patterns.columns(0, count)]
    const height = columnWords(count)
    const out = allocate('weights', n * m * 4, () => new Int32Array(n * m))
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        for (let mu = 0; mu < count; mu++) {
          out[i * m + j] += spin(left, mu, i * height) * spin(right, mu, j * height)
        }
      }
    }
    return out
  }

  /** E = −xᵀMy = −Σ_μ (ξ^μ·x)(η^μ·y), an integer. */
  energy(x: StateLike, y: StateLike): number {
    return this.#energy(this.#packed('x', x, this.inputs), this.#packed('y', y, this.outputs))
  }

  /**
   * Lets a pair settle, beginning from what is given: from x if both are. The cue is never changed.
   * @param options.maxSteps after which to give up, 1 to 2^31 − 1; 100 by default.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: BidirectionalCue, options?: { maxSteps?: number }): BidirectionalResult {
    checkOptions('cue', cue ?? null, ['x', 'y'])
    checkOptions('recall options', options, ['maxSteps'])
    if (cue.x === undefined && cue.y === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_TYPE', 'cue: expected x, y or both, got neither')
    }
    const most = checkInteger('maxSteps', options?.maxSteps ?? 100, 1, 2 ** 31 - 1)
    const x = this.#packed('cue.x', cue.x, this.inputs)
    const y = this.#packed('cue.y', cue.y, this.outputs)
    let fromX = cue.x !== undefined
    let [steps, quiet] = [0, 0]
    // Two quiet steps in a row: each side is what the other one makes of it.
    while (steps < most && quiet < 2) {
      const changed = fromX ? this.#turn(this.#x, x, this.#y, y) : this.#turn(this.#y, y, this.#x, x)
      quiet = changed ? 0 : quiet + 1
      fromX = !fromX
      steps++
    }
    return {
      x: this.#unpacked(x, this.inputs),
      y: this.#unpacked(y, this.outputs),
      converged: quiet === 2,
      steps,
      energy: this.#energy(x, y),
    }
  }

  /** Many recalls, each as `recall` alone would give it. */
  recallBatch(cues: readonly BidirectionalCue[], options?: { maxSteps?: number }): BidirectionalResult[] {
    return Array.from(cues, (cue) => this.recall(cue, options))
  }

  /** Computes one side from the other; whether it changed. */
  #turn(from: Side, state: Uint32Array, to: Side, out: Uint32Array): boolean {
    const { units, patterns } = to
    const { count } = patterns
    const fields = new Float64Array(units)
    this.#kernels.implicitFields(
      patterns.view(0, count),
      count,
      units,
      from.patterns.overlaps(state),
      out,
      fields,
    )
    let changed = false
    for (let j = 0; j < units; j++) {
      // The kernel takes out what a unit would tell itself; here nobody does.
      const field = fields[j] + count * spin(out, j)
      if (field === 0 || Math.sign(field) === spin(out, j)) continue
      out[j >>> 5] ^= 1 << (j & 31)
      changed = true
    }
    return changed
  }

  #energy(x: Uint32Array, y: Uint32Array): number {
    const [left, right] = [this.#x.patterns.overlaps(x), this.#y.patterns.overlaps(y)]
    return left.reduce((sum, v, mu) => sum - v * right[mu], 0)
  }

  #packed(name: string, state: StateLike | undefined, units: number): Uint32Array {
    const row = new Uint32Array(rowWords(units))
    if (state === undefined) for (let i = 0; i < units; i++) row[i >>> 5] |= 1 << (i & 31)
    else readState(name, state, units).packInto(this.#kernels, row)
    return row
  }

  #unpacked(row: Uint32Array, units: number): Int8Array {
    const out = new Int8Array(units)
    this.#kernels.unpack(row, 1, units, out)
    return out
  }
}
