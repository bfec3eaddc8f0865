import { allHere, call, Mark, portionOf, type Steps } from '../async/steps.js'
import { allocate, HopfieldError } from '../errors.js'
import { checkInteger } from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride, rowWords, spin } from '../kernels/contract/layout.js'
import { alignedReals } from '../storage/aligned.js'
import { Leased } from '../storage/lease.js'
import { misfit, type RecordReader, type RecordWriter } from '../storage/record.js'

/**
 * A pattern counts as dependent if its squared distance from the span of the earlier ones is at most this share of N. Measured:
 * rounding gives dependent patterns up to 2e-8 (128 neurons, 2 % noise on one pattern; 1,000 glyphs of 256 pixels give 2e-9);
 * independent patterns have 3e-4 or more, even in a full memory. The limit lies between the two.
 */
export const DEPENDENCE = 1e-6

/** Coefficients below this count as zero in reports; rounding makes coefficients about a hundred times smaller out of 0. */
const TOLD = 1e-4
/**
 * How far C·C⁻¹x may be from x in an inverse that is read back. Patterns nearer to dependence than 1e-6 are refused, so rounding of
 * 1e-16 grows to 1e-8 or so with the condition of C, and to less than this after as many removals as there are patterns.
 */
const INVERSE_ERROR = 1e-3
/** Kernels take no longer rows. */
const MOST_STRIDE = 2 ** 25
/** How many of them an error message lists. */
const LISTED = 8

/** A pattern that was not stored because it is a linear combination of stored ones. */
export interface Dependence {
  /** Its position among the patterns given to the call. */
  readonly index: number
  /** Indices of the stored patterns it is a combination of, ascending, as numbered at that moment. */
  readonly on: readonly number[]
}

export interface Bordering {
  /** Positions of the patterns that were stored, among the patterns given. */
  readonly added: readonly number[]
  /** The patterns that were skipped; empty unless dependent patterns may be skipped. */
  readonly skipped: readonly Dependence[]
}

/**
 * The inverse C⁻¹ of the overlaps C = ΞΞᵀ of patterns that the caller keeps, for J = ΞᵀC⁻¹Ξ, which has every pattern as a fixed point
 * (Personnaz, Guyon and Dreyfus 1985; Kanter and Sompolinsky 1987). It grows by bordering and shrinks by a Schur complement, O(P²)
 * each. A series of patterns gives the same bits in one call as in many. It holds at most N linearly independent patterns.
 */
export class GrowingInverse {
  readonly neurons: number
  readonly #kernels: Kernels
  readonly #tolerance: number
  /** At least P rows of `stride`; zeros beyond P × P. */
  #held: Leased<Float64Array> = new Leased(new Float64Array(0))
  #stride = 0
  #count = 0
  /** Removals since the inverse was last computed from the patterns. */
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

  /** Numbers per row of {@link matrix}: a multiple of 8, at least P. */
  get stride(): number {
    return this.#stride
  }

  /** P rows of `stride` numbers, zeros after the P-th: a view, valid until the patterns change. */
  get matrix(): Float64Array {
    return this.#held.values.subarray(0, this.#count * this.#stride)
  }

  /** Keeps {@link matrix} as it is until the function that comes back is called: changes go to a copy. */
  hold(): () => void {
    return this.#held.hold()
  }

  record(to: RecordWriter): void {
    to.array('learner.inverse', this.matrix, [this.#count, this.#stride])
    to.hold(this.#held)
    to.fact('learner.removed', this.#removed)
  }

  restore(from: RecordReader, rows: Uint32Array, count: number): void {
    const name = 'learner.inverse'
    const inverse = from.array(name, Float64Array, [count, undefined])
    const stride = from.extent(name, 1)
    if (stride % 8 !== 0 || stride < count || stride > MOST_STRIDE) {
      throw misfit(name, `expected rows of a multiple of 8 numbers, at least ${count}, got ${stride}`)
    }
    this.#held = from.lease(inverse)
    this.#stride = stride
    this.#count = count
    this.#removed = from.fact('learner.removed', (at, value) => checkInteger(at, value, 0, 2 ** 31))
    from.check(() => this.#isInverse(name, rows))
  }

  /** Whether C·C⁻¹x = x, for the x = (1, −1, 1, …) that no matrix but an inverse gives back, and whether it is symmetric. */
  *#isInverse(name: string, rows: Uint32Array): Generator<void, void> {
    const { matrix, neurons, count: p } = this
    const [stride, words] = [this.#stride, rowWords(neurons)]
    const votes = new Float64Array(p)
    for (let mu = 0; mu < p; mu++) {
      for (let nu = 0; nu < stride; nu++) {
        const x = matrix[mu * stride + nu]
        const fits = nu < p ? x === matrix[nu * stride + mu] && Math.abs(x) <= 1e100 : x === 0
        if (!fits) throw misfit(`${name}[${mu * stride + nu}]`, `expected a symmetric matrix, got ${x}`)
        votes[mu] += nu % 2 === 0 ? x : -x
      }
      if (mu % 16 === 15) yield
    }
    const sums = new Float64Array(neurons)
    for (let mu = 0; mu < p; mu++) {
      for (let i = 0; i < neurons; i++) sums[i] += votes[mu] * spin(rows, i, mu * words)
      if (mu % 16 === 15) yield
    }
    for (let mu = 0; mu < p; mu++) {
      let back = 0
      for (let i = 0; i < neurons; i++) back += sums[i] * spin(rows, i, mu * words)
      if (mu % 16 === 15) yield
      if (Math.abs(back - (mu % 2 === 0 ? 1 : -1)) < INVERSE_ERROR) continue
      throw misfit(name, `expected the inverse of the patterns' overlaps; row ${mu} is not`)
    }
  }

  /**
   * Adds `count` patterns, one after the other.
   * @param rows all packed patterns: those it has, and the new ones behind them. New ones that are skipped are overwritten by those
   * behind them.
   * @param dependent what to do with a pattern that is a combination of earlier ones.
   * @param aside whether {@link matrix} stays as it is until the last step.
   * @throws HopfieldError ERR_HOPFIELD_DEPENDENT naming the pattern and what it is a combination of, unless skipped; then nothing has changed.
   */
  *addMany(
    rows: Uint32Array,
    count: number,
    dependent: 'error' | 'skip' = 'error',
    aside = false,
  ): Steps<Bordering> {
    const words = rowWords(this.neurons)
    const known = this.#count
    const all = known + count
    const stride = all <= this.#stride ? this.#stride : paddedStride(Math.max(all, 2 * this.#stride))
    // A single pattern that fails leaves the inverse unchanged; among several, earlier ones may have been added.
    const { values, writable } = this.#held
    const inPlace =
      stride === this.#stride && count <= 1 && writable && !aside && all * stride <= values.length
    const inverse = inPlace ? values : yield* this.#copy(stride)
    const coefficients = new Float64Array(all)
    const added: number[] = []
    const skipped: Dependence[] = []
    for (let at = 0; at < count; ) {
      const now = known + added.length
      const some = aside ? Math.min(count - at, portionOf(this.#kernels, all * all)) : count - at
      const into = [inverse, stride, coefficients] as const
      const given = [rows, now, some, this.neurons, this.#tolerance, ...into] as const
      const went = yield* call(this.#kernels, some * all * all, 'border', ...given)
      for (let k = 0; k < went; k++) added.push(at + k)
      at += went
      yield new Mark(at, count)
      if (went === some) continue
      const on = [...coefficients.subarray(0, now + went).keys()].filter(
        (mu) => Math.abs(coefficients[mu]) > TOLD,
      )
      if (dependent === 'error') throw dependence(at, on)
      skipped.push({ index: at, on })
      at++
      rows.copyWithin((now + went) * words, (now + went + 1) * words, (now + went + 1 + count - at) * words)
    }
    if (inverse !== values) this.#held = new Leased(inverse)
    this.#stride = stride
    this.#count = known + added.length
    return { added, skipped }
  }

  /**
   * Removes pattern `index`; later patterns move up. Each removal adds rounding errors: when as many patterns have been removed as
   * remain, the inverse is computed again from the patterns, which is still O(P²) per removal on average.
   * @param index 0 to P − 1.
   * @param rows all packed patterns, this one among them.
   */
  remove(index: number, rows: Uint32Array): void {
    const left = this.#count - 1
    if (this.#removed + 1 < left) {
      if (!this.#held.writable) this.#held = new Leased(allHere(this.#copy(this.#stride)))
      this.#kernels.retire(this.#held.values, this.#stride, this.#count, index)
      this.#count = left
      this.#removed++
      return
    }
    // With fewer patterns each is farther from the span of the others, so none can count as dependent.
    const fresh = new GrowingInverse(this.#kernels, this.neurons, 0)
    const words = rowWords(this.neurons)
    const others = allocate('patterns', left * words * 4, () => new Uint32Array(left * words))
    others.set(rows.subarray(0, index * words))
    others.set(rows.subarray((index + 1) * words, (left + 1) * words), index * words)
    allHere(fresh.addMany(others, left))
    this.#held = fresh.#held
    this.#stride = fresh.#stride
    this.#count = left
    this.#removed = 0
  }

  *#copy(stride: number): Steps<Float64Array> {
    const copy = alignedReals(this.#kernels, 'inverse', stride * stride)
    for (let mu = 0; mu < this.#count; mu++) {
      const from = mu * this.#stride
      copy.set(this.#held.values.subarray(from, from + this.#count), mu * stride)
      yield
    }
    return copy
  }
}

function dependence(index: number, on: readonly number[]): HopfieldError {
  const list = on.slice(0, LISTED).join(', ')
  const more = on.length > LISTED ? ` and ${on.length - LISTED} more` : ''
  return new HopfieldError(
    'ERR_HOPFIELD_DEPENDENT',
    `patterns[${index}]: expected a pattern that is linearly independent of the earlier ones, got a combination of pattern ${list}${more}; dependent: 'skip' leaves such patterns out`,
  )
}
