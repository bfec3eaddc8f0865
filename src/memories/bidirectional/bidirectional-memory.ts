import { defaultChunk } from '../../async/chunk-size.js'
import { inChunks, oneAtATime } from '../../async/chunks.js'
import { ASYNC_KEYS, type AsyncOptions, readAsyncOptions } from '../../async/options.js'
import { allocate, describe, HopfieldError } from '../../errors.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import { checkChoice, checkIndex, checkInteger, checkOptions } from '../../input/validate.js'
import type { Kernels, PairMemory } from '../../kernels/contract/kernels.js'
import { columnWords, rowWords, spin } from '../../kernels/contract/layout.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { PatternRows } from '../../storage/packed-rows.js'
import { type BidirectionalCue, type BidirectionalResult, PairBatch, type PairPart } from './pair-batch.js'

export interface BidirectionalMemoryOptions {
  /** n, units of the x side, 1 to 2^30. */
  inputs: number
  /** m, units of the y side, 1 to 2^30. */
  outputs: number
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
}

export interface BidirectionalOptions {
  /** After so many steps a recall gives up, 1 to 2^31 − 1; 100 by default. */
  maxSteps?: number
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
  readonly #x: PatternRows
  readonly #y: PatternRows

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND. */
  constructor(options: BidirectionalMemoryOptions) {
    checkOptions('BidirectionalMemory', options ?? null, ['inputs', 'outputs', 'backend'])
    const { backend = 'auto' } = options
    this.inputs = checkInteger('inputs', options.inputs, 1, MAX_NEURONS)
    this.outputs = checkInteger('outputs', options.outputs, 1, MAX_NEURONS)
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    this.#x = new PatternRows(this.#kernels, this.inputs)
    this.#y = new PatternRows(this.#kernels, this.outputs)
  }

  /** P, how many pairs are stored. */
  get patternCount(): number {
    return this.#x.count
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
    this.#x.stage(left)
    this.#y.stage(right)
    this.#x.commit(left.count)
    this.#y.commit(right.count)
    return this
  }

  /** Takes pair `index` out again; later pairs move up by one. */
  forget(index: number): this {
    checkIndex('index', index, this.patternCount)
    this.#x.own()
    this.#y.own()
    this.#x.forget(index)
    this.#y.forget(index)
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#x.clear()
    this.#y.clear()
    return this
  }

  /** M as n × m integers, row-major, formed for this call. */
  weights(): Int32Array {
    const [n, m, count] = [this.inputs, this.outputs, this.patternCount]
    const [left, right] = [this.#x.columns(0, count), this.#y.columns(0, count)]
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
    const v = this.#x.overlaps(this.#packed('x', x, this.inputs))
    const w = this.#y.overlaps(this.#packed('y', y, this.outputs))
    return v.reduce((sum, vote, mu) => sum - vote * w[mu], 0)
  }

  /**
   * Lets a pair settle, beginning from what is given: from x if both are. The cue is never changed.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: BidirectionalCue, options?: BidirectionalOptions): BidirectionalResult {
    checkOptions('recall options', options, ['maxSteps'])
    return this.#recall([cue], () => 'cue', options)[0]
  }

  /** Many recalls, each as `recall` alone would give it. */
  recallBatch(cues: readonly BidirectionalCue[], options?: BidirectionalOptions): BidirectionalResult[] {
    checkOptions('recallBatch', options, ['maxSteps'])
    return this.#recall(checkCues(cues), nameOf, options)
  }

  /**
   * `recallBatch` off the event loop, on the pairs as they are in the turn of the call: the same bits for any number of threads and
   * any chunk. Rejects, and never throws: as `recallBatch` throws; with `signal.reason`; with what `onProgress` threw.
   */
  async recallAsync(
    cues: readonly BidirectionalCue[],
    options?: BidirectionalOptions & AsyncOptions,
  ): Promise<BidirectionalResult[]> {
    checkOptions('recallAsync', options, ['maxSteps', ...ASYNC_KEYS])
    const most = stepsOf(options)
    const { chunk, ...limits } = readAsyncOptions(options)
    const batch = this.#read(checkCues(cues), nameOf)
    const threads = this.#kernels.parallel ? limits.threads : 1
    const memory = this.#memory()
    const work = {
      read: async (from: number, to: number) => batch.part(from, to),
      compute: async ({ xs, ys, count, fromY, outcomes }: PairPart) => {
        const run = (): Promise<void> =>
          this.#kernels.bidirectionalAsync(memory, xs, ys, count, fromY, most, outcomes)
        await (this.#kernels.parallel ? run() : oneAtATime(run))
      },
    }
    const holding = [this.#x.hold(), this.#y.hold()]
    try {
      const usual = this.#chunk(batch.count, threads)
      await inChunks(batch.count, { ...limits, threads, chunk: chunk ?? usual }, work)
    } finally {
      for (const release of holding) release()
    }
    return batch.results()
  }

  #recall(
    cues: readonly BidirectionalCue[],
    name: (b: number) => string,
    options: BidirectionalOptions | undefined,
  ): BidirectionalResult[] {
    const most = stepsOf(options)
    const batch = this.#read(cues, name)
    const { xs, ys, count, fromY, outcomes } = batch.part(0, batch.count)
    this.#kernels.bidirectional(this.#memory(), xs, ys, count, fromY, most, outcomes)
    return batch.results()
  }

  #read(cues: readonly BidirectionalCue[], name: (b: number) => string): PairBatch {
    return new PairBatch(this.#kernels, [this.inputs, this.outputs], cues, name)
  }

  #memory(): PairMemory {
    const { inputs, outputs, patternCount: count } = this
    const [x, y] = [this.#x, this.#y]
    return { count, inputs, outputs, xs: x.view(0, count), ys: y.view(0, count) }
  }

  #chunk(count: number, threads: number): number {
    return defaultChunk({
      neurons: this.inputs + this.outputs,
      patterns: this.patternCount,
      dense: false,
      asynchronous: false,
      count,
      threads,
      parallel: this.#kernels.parallel,
    })
  }

  #packed(name: string, state: StateLike, units: number): Uint32Array {
    const row = new Uint32Array(rowWords(units))
    readState(name, state, units).packInto(this.#kernels, row)
    return row
  }
}

const nameOf = (b: number): string => `cues[${b}]`

function checkCues(cues: unknown): readonly BidirectionalCue[] {
  if (Array.isArray(cues)) return cues
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `cues: expected an array of cues, got ${describe(cues)}`)
}

function stepsOf(options: BidirectionalOptions | undefined): number {
  return checkInteger('maxSteps', options?.maxSteps ?? 100, 1, 2 ** 31 - 1)
}
