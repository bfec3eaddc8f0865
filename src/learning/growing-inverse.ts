import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride, rowWords } from '../kernels/contract/layout.js'
import { alignedReals } from '../storage/aligned.js'

/**
 * Squared distance of a pattern from the span of those before it, as a share of N, up to which it depends on them. Measured:
 * rounding leaves up to 2e-8 of patterns that do (128 neurons, 2 % noise on one pattern; 1,000 glyphs of 256 leave 2e-9), and
 * those that do not have 3e-4 or more, even where the memory is filled to the last. This is the middle.
 */
export const DEPENDENCE = 1e-6

/** Coefficients below this count as zero when dependences are told: it is some hundred times what rounding makes of 0 there. */
const TOLD = 1e-4
/** How many of them a message lists. */
const LISTED = 8

/** A pattern that was not taken in, since it is a combination of those that were. */
export interface Dependence {
  /** Its position among the patterns handed in. */
  readonly index: number
  /** Patterns of the memory that it is a combination of, ascending; numbered as they are in it at that moment. */
  readonly on: readonly number[]
}

export interface Bordering {
  /** Positions, among the patterns handed in, of those that were taken in. */
  readonly added: readonly number[]
  /** The others; none unless dependent patterns may be skipped. */
  readonly skipped: readonly Dependence[]
}

/**
 * Patterns and the inverse of their overlaps, C⁻¹ with C = ΞΞᵀ, for J = ΞᵀC⁻¹Ξ, which has every pattern as a fixed point
 * (Personnaz, Guyon and Dreyfus 1985; Kanter and Sompolinsky 1987). It grows by bordering and shrinks by a Schur complement, O(P²)
 * each; the same bits however a series of patterns is cut into calls. It holds N linearly independent patterns at most.
 */
export class GrowingInverse {
  readonly neurons: number
  readonly #kernels: Kernels
  readonly #tolerance: number
  /** Room for `#stride` patterns; those to come are written behind the others before they count. */
  #rows: Uint32Array = new Uint32Array(0)
  /** stride × stride; zeros beyond P × P. */
  #inverse: Float64Array = new Float64Array(0)
  #stride = 0
  #count = 0
  /** Since the inverse was last made of patterns alone. */
  #removed = 0

  constructor(kernels: Kernels, neurons: number, tolerance: number = DEPENDENCE) {
    this.#kernels = kernels
    this.neurons = neurons
    this.#tolerance = tolerance
  }

  /** P. */
  get count(): number {
    return this.#count
  }

  /** Numbers a row of {@link matrix}: a multiple of 8, P or more. */
  get stride(): number {
    return this.#stride
  }

  /** P rows of `stride` numbers, zeros behind the P-th: a live view until patterns come or go. */
  get matrix(): Float64Array {
    return this.#inverse.subarray(0, this.#count * this.#stride)
  }

  /** P packed rows: a live view until patterns come or go. */
  get rows(): Uint32Array {
    return this.#rows.subarray(0, this.#count * rowWords(this.neurons))
  }

  /**
   * Takes `count` packed patterns in, one after the other.
   * @param dependent what becomes of a pattern that is a combination of those before it.
   * @throws HopfieldError ERR_HOPFIELD_DEPENDENT naming it and what it is a combination of, unless skipped; then nothing has changed.
   */
  addMany(rows: Uint32Array, count: number, dependent: 'error' | 'skip' = 'error'): Bordering {
    const words = rowWords(this.neurons)
    const known = this.#count
    const all = known + count
    const stride = all <= this.#stride ? this.#stride : paddedStride(Math.max(all, 2 * this.#stride))
    // One pattern that fails leaves the inverse as it was; of several, some may have gone in before.
    const inverse = stride === this.#stride && count <= 1 ? this.#inverse : this.#copy(stride)
    const together = stride === this.#stride ? this.#rows : this.#copyRows(stride)
    together.set(rows.subarray(0, count * words), known * words)
    const coefficients = new Float64Array(all)
    const added: number[] = []
    const skipped: Dependence[] = []
    for (let at = 0; at < count; ) {
      const now = known + added.length
      const went = this.#kernels.border(
        together,
        now,
        count - at,
        this.neurons,
        this.#tolerance,
        inverse,
        stride,
        coefficients,
      )
      for (let k = 0; k < went; k++) added.push(at + k)
      at += went
      if (at === count) break
      const on = [...coefficients.subarray(0, now + went).keys()].filter(
        (mu) => Math.abs(coefficients[mu]) > TOLD,
      )
      if (dependent === 'error') throw dependence(at, on)
      skipped.push({ index: at, on })
      at++
      together.copyWithin(
        (now + went) * words,
        (now + went + 1) * words,
        (now + went + 1 + count - at) * words,
      )
    }
    this.#rows = together
    this.#inverse = inverse
    this.#stride = stride
    this.#count = known + added.length
    return { added, skipped }
  }

  /**
   * Takes pattern `index` out; those behind it move up. Rounding adds up over many of these: when as many have gone as stay, the
   * inverse is made anew, which is O(P²) a removal all the same.
   * @param index 0 to P − 1.
   */
  remove(index: number): void {
    const words = rowWords(this.neurons)
    const left = this.#count - 1
    if (this.#removed + 1 < left) {
      this.#kernels.retire(this.#inverse, this.#stride, this.#count, index)
      this.#rows.copyWithin(index * words, (index + 1) * words, this.#count * words)
      this.#count = left
      this.#removed++
      return
    }
    // Fewer patterns are farther from depending on each other than they were: none of them is near a tolerance of 0.
    const fresh = new GrowingInverse(this.#kernels, this.neurons, 0)
    fresh.addMany(this.rows.slice(0, index * words), index)
    fresh.addMany(this.rows.slice((index + 1) * words), left - index)
    this.#rows = fresh.#rows
    this.#inverse = fresh.#inverse
    this.#stride = fresh.#stride
    this.#count = left
    this.#removed = 0
  }

  #copyRows(room: number): Uint32Array {
    const words = room * rowWords(this.neurons)
    const copy = allocate('patterns', words * 4, () => this.#kernels.allocate(words))
    copy.set(this.rows)
    return copy
  }

  #copy(stride: number): Float64Array {
    const copy = alignedReals(this.#kernels, 'inverse', stride * stride)
    for (let mu = 0; mu < this.#count; mu++) {
      const from = mu * this.#stride
      copy.set(this.#inverse.subarray(from, from + this.#count), mu * stride)
    }
    return copy
  }
}

function dependence(index: number, on: readonly number[]): HopfieldError {
  const list = on.slice(0, LISTED).join(', ')
  const more = on.length > LISTED ? ` and ${on.length - LISTED} more` : ''
  return new HopfieldError(
    'ERR_HOPFIELD_DEPENDENT',
    `patterns[${index}]: expected a pattern that is linearly independent of those before it, got a combination of pattern ${list}${more}`,
  )
}
