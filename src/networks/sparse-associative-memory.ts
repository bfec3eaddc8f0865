import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/kernels.js'
import { popcount32, rowWords } from '../kernels/layout.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { type CodeLike, type CodesLike, readCode, readCodes } from '../patterns/codes.js'
import { checkChoice, checkInteger, checkOptions } from '../validate.js'

export interface SparseAssociativeMemoryOptions {
  /** Input units, 1 to 2^30. */
  neurons: number
  /** Output units of a hetero-associative memory; without it, patterns are associated with themselves. */
  outputs?: number
  /** Clipped Hebb: one bit a synapse. */
  rule: 'willshaw'
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
}

export interface SparseRecallOptions {
  /** An output unit becomes 1 where so many active cue units reach it; by default all of them. */
  threshold?: number
  /** Instead of a threshold: the k units reached by the most; of equal ones, those of lowest index. */
  winners?: number
}

export interface SparseRecallResult {
  /** 0 or 1 of every output unit. */
  state: Uint8Array
  /** Indices of the units that are 1, ascending. */
  active: Uint32Array
  /** One: all units are set at once. */
  steps: number
  converged: boolean
}

/**
 * The associative net of 0/1 units and one-bit synapses (Willshaw, Buneman and Longuet-Higgins 1969): a synapse is set once
 * its two units were active together. With the default threshold, a whole stored cue brings back every unit of its pattern.
 * Auto-associative: no unit's connection with itself is learned or counted in `fill`; an active cue unit hears itself.
 */
export class SparseAssociativeMemory {
  readonly neurons: number
  readonly outputs: number
  readonly #auto: boolean
  readonly #kernels: Kernels
  readonly #weights: Uint32Array
  #count = 0

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: SparseAssociativeMemoryOptions) {
    checkOptions('SparseAssociativeMemory', options ?? null, ['neurons', 'outputs', 'rule', 'backend'])
    const { backend = 'auto', outputs } = options
    this.neurons = checkInteger('neurons', options.neurons, 1, 2 ** 30)
    this.#auto = outputs === undefined
    this.outputs = this.#auto ? this.neurons : checkInteger('outputs', outputs, 1, 2 ** 30)
    checkChoice('rule', options.rule, ['willshaw'])
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    const words = this.neurons * rowWords(this.outputs)
    this.#weights = allocate('SparseAssociativeMemory', words * 4, () => this.#kernels.allocate(words))
    this.clear()
  }

  /** How many patterns were stored. */
  get patternCount(): number {
    return this.#count
  }

  /** The fraction of synapses that are set; of one input unit alone, auto-associative, 0. */
  get fill(): number {
    let ones = 0
    for (const word of this.#weights) ones += popcount32(word)
    const own = this.#auto ? this.neurons : 0
    return (ones - own) / Math.max(1, this.neurons * this.outputs - own)
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
    const row = new Uint32Array(rowWords(this.outputs))
    from.forEach((active, mu) => {
      row.fill(0)
      for (const j of to[mu]) row[j >>> 5] |= 1 << (j & 31)
      this.#kernels.willshawStore(this.#weights, this.neurons, this.outputs, active, row)
    })
    this.#count += from.length
    return this
  }

  /** @throws HopfieldError ERR_HOPFIELD_OPTION always: a synapse does not tell which patterns set it. */
  forget(_index: number): never {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      'forget: clipped synapses cannot forget one pattern; clear() all',
    )
  }

  /** Forgets everything. */
  clear(): this {
    this.#weights.fill(0)
    this.#count = 0
    const stride = rowWords(this.outputs)
    if (this.#auto)
      for (let i = 0; i < this.neurons; i++) this.#weights[i * stride + (i >>> 5)] |= 1 << (i & 31)
    return this
  }

  /** @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument. */
  recall(cue: CodeLike, options?: SparseRecallOptions): SparseRecallResult {
    const read = this.#options('recall', options)
    return this.#recall(readCode('cue', cue, this.neurons), read)
  }

  /** Many recalls, each as `recall` alone would give it. */
  recallBatch(cues: CodesLike, options?: SparseRecallOptions): SparseRecallResult[] {
    const read = this.#options('recallBatch', options)
    return readCodes('cues', cues, this.neurons).map((active) => this.#recall(active, read))
  }

  #options(where: string, options: SparseRecallOptions | undefined): SparseRecallOptions {
    checkOptions(where, options, ['threshold', 'winners'])
    const { threshold, winners } = options ?? {}
    if (threshold !== undefined) checkInteger('threshold', threshold, 1, 2 ** 30)
    if (winners !== undefined) checkInteger('winners', winners, 0, this.outputs)
    if (threshold !== undefined && winners !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', 'winners: expected no threshold beside it')
    }
    return { threshold, winners } as SparseRecallOptions
  }

  #recall(cue: Uint32Array, { threshold = cue.length, winners }: SparseRecallOptions): SparseRecallResult {
    const [n, m] = [this.neurons, this.outputs]
    let active: Uint32Array
    if (winners === undefined) {
      const row = new Uint32Array(rowWords(m))
      this.#kernels.willshawRecall(this.#weights, n, m, cue, threshold, row)
      active = onesOf(row)
    } else {
      const counts = new Uint32Array(m)
      this.#kernels.willshawCounts(this.#weights, n, m, cue, counts)
      const ranked = Uint32Array.from(counts, (_, j) => j).sort((a, b) => counts[b] - counts[a] || a - b)
      active = ranked.slice(0, winners).sort()
    }
    const state = new Uint8Array(m)
    for (const j of active) state[j] = 1
    return { state, active, steps: 1, converged: true }
  }
}

/** The bits of a row that are set, ascending. */
function onesOf(row: Uint32Array): Uint32Array {
  const found: number[] = []
  for (let w = 0; w < row.length; w++) {
    for (let rest = row[w]; rest !== 0; rest &= rest - 1) found.push(w * 32 + 31 - Math.clz32(rest & -rest))
  }
  return Uint32Array.from(found)
}
