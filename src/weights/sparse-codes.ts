import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/kernels.js'
import { popcount32, rowWords } from '../kernels/layout.js'

/** How the units that are 1 next are found. */
export interface CodeChoice {
  /** Of active cue units (Willshaw), or of the field (Tsodyks and Feigelman); undefined: the rule's own. */
  readonly threshold: number | undefined
  /** So many units in place of a threshold. */
  readonly winners: number | undefined
}

/** A rule by which codes, given as the units that are 1, call up others. */
export interface CodeRule {
  readonly count: number
  /** All or none of them. */
  store(inputs: readonly Uint32Array[], outputs: readonly Uint32Array[]): void
  forget(index: number): void
  clear(): void
  /** The output units that become 1, ascending. */
  next(active: Uint32Array, choice: CodeChoice): Uint32Array
}

/** One-bit synapses (Willshaw, Buneman and Longuet-Higgins 1969): set where two units were active together. */
export class WillshawSynapses implements CodeRule {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #outputs: number
  readonly #auto: boolean
  readonly #weights: Uint32Array
  #count = 0

  constructor(kernels: Kernels, neurons: number, outputs: number, auto: boolean) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#outputs = outputs
    this.#auto = auto
    const words = neurons * rowWords(outputs)
    this.#weights = allocate('SparseAssociativeMemory', words * 4, () => kernels.allocate(words))
    this.clear()
  }

  get count(): number {
    return this.#count
  }

  /** The fraction of synapses that are set; of one input unit alone, auto-associative, 0. */
  get fill(): number {
    let ones = 0
    for (const word of this.#weights) ones += popcount32(word)
    const own = this.#auto ? this.#neurons : 0
    return (ones - own) / Math.max(1, this.#neurons * this.#outputs - own)
  }

  store(inputs: readonly Uint32Array[], outputs: readonly Uint32Array[]): void {
    const row = new Uint32Array(rowWords(this.#outputs))
    for (const [mu, active] of inputs.entries()) {
      row.fill(0)
      for (const j of outputs[mu]) row[j >>> 5] |= 1 << (j & 31)
      this.#kernels.willshawStore(this.#weights, this.#neurons, this.#outputs, active, row)
    }
    this.#count += inputs.length
  }

  forget(): never {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      'forget: clipped synapses cannot forget one pattern; clear() all',
    )
  }

  /** Auto-associative: an active cue unit hears itself, or a whole cue would lose its own units. */
  clear(): void {
    this.#weights.fill(0)
    this.#count = 0
    const stride = rowWords(this.#outputs)
    for (let i = 0; i < this.#neurons && this.#auto; i++) {
      this.#weights[i * stride + (i >>> 5)] |= 1 << (i & 31)
    }
  }

  /** No cue unit calls up nothing. */
  next(active: Uint32Array, { threshold = Math.max(active.length, 1), winners }: CodeChoice): Uint32Array {
    const [n, m] = [this.#neurons, this.#outputs]
    if (winners !== undefined) {
      const counts = new Uint32Array(m)
      this.#kernels.willshawCounts(this.#weights, n, m, active, counts)
      return strongest(counts, winners)
    }
    const row = new Uint32Array(rowWords(m))
    this.#kernels.willshawRecall(this.#weights, n, m, active, threshold, row)
    const found: number[] = []
    for (let w = 0; w < row.length; w++) {
      for (let rest = row[w]; rest !== 0; rest &= rest - 1) found.push(w * 32 + 31 - Math.clz32(rest & -rest))
    }
    return Uint32Array.from(found)
  }
}

/**
 * The covariance of sparse codes (Tsodyks and Feigelman 1988): J_ij = Σ_μ (η_i^μ − a)(ξ_j^μ − a)/(a(1 − a)n), never formed: votes are
 * w^μ = o^μ − a·S, o the units that cue and pattern share and S those of the cue, and h_i = Σ_μ η_i^μ w^μ − a·Σ_μ w^μ, in ascending μ.
 */
export class CovarianceSynapses implements CodeRule {
  readonly #neurons: number
  readonly #outputs: number
  readonly #activity: number
  /** Auto-associative: no unit hears itself. */
  readonly #auto: boolean
  #inputs: Uint32Array[] = []
  #to: Uint32Array[] = []

  constructor(neurons: number, outputs: number, auto: boolean, activity: number) {
    this.#neurons = neurons
    this.#outputs = outputs
    this.#auto = auto
    this.#activity = activity
  }

  get count(): number {
    return this.#inputs.length
  }

  store(inputs: readonly Uint32Array[], outputs: readonly Uint32Array[]): void {
    this.#inputs = [...this.#inputs, ...inputs]
    this.#to = [...this.#to, ...outputs]
  }

  forget(index: number): void {
    this.#inputs.splice(index, 1)
    this.#to.splice(index, 1)
  }

  clear(): void {
    this.#inputs = []
    this.#to = []
  }

  next(active: Uint32Array, { threshold = 0.5, winners }: CodeChoice): Uint32Array {
    const fields = this.#fields(active)
    if (winners !== undefined) return strongest(fields, winners)
    const found: number[] = []
    for (let i = 0; i < fields.length; i++) if (fields[i] > threshold) found.push(i)
    return Uint32Array.from(found)
  }

  #fields(active: Uint32Array): Float64Array {
    const a = this.#activity
    const cue = new Uint8Array(this.#neurons)
    for (const i of active) cue[i] = 1
    const fields = new Float64Array(this.#outputs)
    /** Of each unit, how many patterns have it. */
    const shares = new Uint32Array(this.#outputs)
    let total = 0
    for (const [mu, input] of this.#inputs.entries()) {
      let shared = 0
      for (const j of input) shared += cue[j]
      const vote = shared - a * active.length
      total += vote
      for (const i of this.#to[mu]) {
        fields[i] += vote
        shares[i]++
      }
    }
    const scale = a * (1 - a) * this.#neurons
    for (let i = 0; i < fields.length; i++) {
      // Σ_μ (ξ_i^μ − a)², what an active unit would tell itself.
      const own = this.#auto && cue[i] === 1 ? shares[i] * (1 - 2 * a) + a * a * this.count : 0
      fields[i] = (fields[i] - a * total - own) / scale
    }
    return fields
  }
}

/** The `winners` largest, ascending by index; of equal ones those of lowest index. */
function strongest(values: Uint32Array | Float64Array, winners: number): Uint32Array {
  const ranked = Uint32Array.from(values, (_, j) => j).sort((i, j) => values[j] - values[i] || i - j)
  return ranked.slice(0, winners).sort()
}
