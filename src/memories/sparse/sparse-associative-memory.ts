import { inChunks, oneAtATime } from '../../async/chunks.js'
import { ASYNC_KEYS, type AsyncOptions, readAsyncOptions } from '../../async/options.js'
import { allocate, HopfieldError } from '../../errors.js'
import { type CodeLike, type CodesLike, readCode, readCodes } from '../../input/codes.js'
import { checkChoice, checkIndex, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import type { CodePlan, Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { type CodeRule, CovarianceSynapses, joined, WillshawSynapses } from '../../storage/code-synapses.js'

/** How codes become synapses. */
export type SparseRule =
  /** Clipped Hebb, one bit a synapse (Willshaw, Buneman and Longuet-Higgins 1969). */
  | 'willshaw'
  | { rule: 'willshaw' }
  /** The covariance about `activity` a, the share of units that are 1, in (0, 1) (Tsodyks and Feigelman 1988). */
  | { rule: 'tsodyks-feigelman'; activity: number }

export interface SparseAssociativeMemoryOptions {
  /** n, input units, 1 to 2^30. */
  neurons: number
  /** Output units of a hetero-associative memory; without it, patterns are associated with themselves. */
  outputs?: number
  rule: SparseRule
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
}

export interface SparseRecallOptions {
  /**
   * Willshaw: an output unit becomes 1 where so many active cue units reach it; by default all of them. Tsodyks and Feigelman:
   * where its field, which is about 1 − a in a stored pattern and −a outside, is larger; ½ by default.
   */
  threshold?: number
  /** Instead of a threshold: the k units with the most; of equal ones, those of lowest index. */
  winners?: number
  /** Steps at most, each from the last one's units; auto-associative memories alone. 1 for Willshaw, 100 otherwise, by default. */
  steps?: number
}

export interface SparseRecallResult {
  /** 0 or 1 of every output unit. */
  state: Uint8Array
  /** Indices of the units that are 1, ascending. */
  active: Uint32Array
  /** Steps made; each sets all units at once. */
  steps: number
  /** Whether the last step changed nothing; true of a single step. */
  converged: boolean
}

/**
 * The associative memory of sparse 0/1 codes, auto-associative or from one kind of code to another.
 *
 * Willshaw, Buneman and Longuet-Higgins 1969: a synapse is set once its two units were active together. With the default
 * threshold, a whole stored cue brings back every unit of its pattern; auto-associative, no unit's connection with itself is learned
 * or counted in `fill`, and an active cue unit hears itself. Tsodyks and Feigelman 1988: J = Σ(η − a)(ξ − a), some 1/(2a|ln a|)
 * patterns a unit; no unit hears itself.
 */
export class SparseAssociativeMemory {
  readonly neurons: number
  readonly outputs: number
  readonly #kernels: Kernels
  readonly #auto: boolean
  readonly #rule: CodeRule
  readonly #steps: number
  /** What a lone recall needs, made once. */
  #single: CodeBatch | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: SparseAssociativeMemoryOptions) {
    checkOptions('SparseAssociativeMemory', options ?? null, ['neurons', 'outputs', 'rule', 'backend'])
    const { backend = 'auto', outputs } = options
    this.neurons = checkInteger('neurons', options.neurons, 1, 2 ** 30)
    this.#auto = outputs === undefined
    this.outputs = this.#auto ? this.neurons : checkInteger('outputs', outputs, 1, 2 ** 30)
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    const given = typeof options.rule === 'string' ? { rule: options.rule } : options.rule
    checkOptions('rule', given ?? null, ['rule', 'activity'])
    const rule = checkChoice('rule', given.rule, ['willshaw', 'tsodyks-feigelman'])
    const activity = 'activity' in given ? given.activity : undefined
    if (rule === 'willshaw') {
      if (activity !== undefined) {
        throw new HopfieldError('ERR_HOPFIELD_OPTION', 'rule.activity: has no meaning for willshaw')
      }
      this.#rule = new WillshawSynapses(this.#kernels, this.neurons, this.outputs, this.#auto)
    } else {
      const a = checkNumber('rule.activity', activity, 1e-9, 1 - 1e-9)
      this.#rule = new CovarianceSynapses(this.neurons, this.outputs, this.#auto, a)
    }
    this.#steps = rule === 'willshaw' || !this.#auto ? 1 : 100
  }

  /** How many patterns are stored. */
  get patternCount(): number {
    return this.#rule.count
  }

  /** The fraction of synapses that are set, of one bit each; undefined for a rule that has none. */
  get fill(): number | undefined {
    return this.#rule instanceof WillshawSynapses ? this.#rule.fill : undefined
  }

  /**
   * Stores patterns, or pairs of an input and an output. All or none are stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not 0 or 1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_OPTION.
   */
  store(inputs: CodesLike, outputs?: CodesLike): this {
    if (this.#auto !== (outputs === undefined)) {
      const wanted = this.#auto ? 'none, the memory is auto-associative' : 'one code an input'
      throw new HopfieldError('ERR_HOPFIELD_OPTION', `outputs: expected ${wanted}`)
    }
    const from = readCodes('inputs', inputs, this.neurons)
    const to = this.#auto ? from : readCodes('outputs', outputs, this.outputs)
    if (to.length !== from.length) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `outputs: expected ${from.length} codes, got ${to.length}`,
      )
    }
    this.#rule.store(from, to)
    return this
  }

  /**
   * Takes pattern `index` out again; later ones move up by one.
   * @throws HopfieldError ERR_HOPFIELD_OPTION for Willshaw: a synapse does not tell which patterns set it. ERR_HOPFIELD_RANGE.
   */
  forget(index: number): this {
    if (!(this.#rule instanceof WillshawSynapses)) checkIndex('index', index, this.patternCount)
    this.#rule.forget(index)
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#rule.clear()
    return this
  }

  /** @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument. */
  recall(cue: CodeLike, options?: SparseRecallOptions): SparseRecallResult {
    const plan = this.#plan('recall', options, KEYS)
    const units = readCode('cue', cue, this.neurons)
    this.#single ??= new CodeBatch([units], this.outputs)
    return this.#recall(this.#single.holding(units), plan)[0]
  }

  /** Many recalls, each as `recall` alone would give it. */
  recallBatch(cues: CodesLike, options?: SparseRecallOptions): SparseRecallResult[] {
    const plan = this.#plan('recallBatch', options, KEYS)
    return this.#recall(new CodeBatch(readCodes('cues', cues, this.neurons), this.outputs), plan)
  }

  /**
   * `recallBatch` off the event loop, on what is stored in the turn of the call: the same results for any number of threads and any
   * chunk. Rejects, and never throws: as `recallBatch` throws; with `signal.reason`; with what `onProgress` threw.
   */
  async recallAsync(
    cues: CodesLike,
    options?: SparseRecallOptions & AsyncOptions,
  ): Promise<SparseRecallResult[]> {
    const plan = this.#plan('recallAsync', options, [...KEYS, ...ASYNC_KEYS])
    const { chunk, ...limits } = readAsyncOptions(options)
    const read = readCodes('cues', cues, this.neurons)
    const { parallel } = this.#kernels
    const threads = parallel ? limits.threads : 1
    const memory = this.#rule.memory()
    const results: SparseRecallResult[] = new Array(read.length)
    const work = {
      read: async (from: number, to: number) => new CodeBatch(read.slice(from, to), this.outputs),
      compute: async (batch: CodeBatch, from: number) => {
        const { starts, units, count, rows, outcomes } = batch
        const run = (): Promise<void> =>
          this.#kernels.recallCodesAsync(memory, starts, units, count, plan, rows, outcomes)
        await (parallel ? run() : oneAtATime(run))
        for (const [b, result] of batch.results(plan).entries()) results[from + b] = result
      },
    }
    const release = this.#rule.hold()
    try {
      const even = Math.max(1, Math.ceil(read.length / threads))
      await inChunks(read.length, { ...limits, threads, chunk: chunk ?? Math.min(even, CHUNK) }, work)
    } finally {
      release()
    }
    return results
  }

  #plan(where: string, options: SparseRecallOptions | undefined, keys: readonly string[]): CodePlan {
    checkOptions(where, options, keys)
    const { threshold, winners, steps = this.#steps } = options ?? {}
    if (threshold !== undefined) {
      if (this.#rule instanceof WillshawSynapses) checkInteger('threshold', threshold, 1, 2 ** 30)
      else checkNumber('threshold', threshold, -1e100, 1e100)
    }
    if (winners !== undefined) checkInteger('winners', winners, 0, this.outputs)
    if (threshold !== undefined && winners !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', 'winners: expected no threshold beside it')
    }
    checkInteger('steps', steps, 1, this.#auto ? 2 ** 31 - 1 : 1)
    return { threshold, winners, steps }
  }

  #recall(batch: CodeBatch, plan: CodePlan): SparseRecallResult[] {
    const { starts, units, count, rows, outcomes } = batch
    this.#kernels.recallCodes(this.#rule.memory(), starts, units, count, plan, rows, outcomes)
    return batch.results(plan)
  }
}

const KEYS = ['threshold', 'winners', 'steps']
/** Cues a chunk at most: some milliseconds of large memories. */
const CHUNK = 256

/** Cues as kernels take them, and what becomes of them. */
class CodeBatch {
  readonly count: number
  readonly starts: Uint32Array
  units: Uint32Array
  readonly rows: Uint32Array
  readonly outcomes: Uint32Array
  readonly #outputs: number

  constructor(cues: readonly Uint32Array[], outputs: number) {
    const { starts, items } = joined(cues)
    const words = cues.length * rowWords(outputs)
    this.count = cues.length
    this.starts = starts
    this.units = items
    this.rows = allocate('states', words * 4, () => new Uint32Array(words))
    this.outcomes = new Uint32Array(2 * this.count)
    this.#outputs = outputs
  }

  /** A batch of one cue, of another one from now on. */
  holding(units: Uint32Array): this {
    this.units = units
    this.starts[1] = units.length
    return this
  }

  results({ steps: most }: CodePlan): SparseRecallResult[] {
    const stride = rowWords(this.#outputs)
    return Array.from({ length: this.count }, (_, b) => {
      const found: number[] = []
      for (let w = 0; w < stride; w++) {
        for (let rest = this.rows[b * stride + w]; rest !== 0; rest &= rest - 1) {
          found.push(w * 32 + 31 - Math.clz32(rest & -rest))
        }
      }
      const active = Uint32Array.from(found)
      const state = new Uint8Array(this.#outputs)
      for (const i of active) state[i] = 1
      const [steps, settled] = [this.outcomes[2 * b], this.outcomes[2 * b + 1]]
      return { state, active, steps, converged: settled === 1 || most === 1 }
    })
  }
}
