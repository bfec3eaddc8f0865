import { allBeside, allHere, call, inPortions, Mark, NOBODY, type Steps } from '../async/steps.js'
import { allocate, HopfieldError } from '../errors.js'
import { checkInteger } from '../input/validate.js'
import {
  FEATURE_ONE,
  FEATURES,
  featureBlocks,
  featureSide,
  featureSignWords,
  featureSumLength,
  type Kernels,
} from '../kernels/contract/kernels.js'
import { PURPOSE } from '../numerics/philox.js'
import { copy } from './copying.js'
import { Leased } from './lease.js'
import { each, misfit, type RecordReader, type RecordWriter } from './record.js'
import { Unsettled } from './unsettled.js'

/** Sums of at most so many features are exact. */
export const MOST_VECTORS: number = 2 ** 28
const LARGEST_SUM = MOST_VECTORS * FEATURE_ONE

/** What kernels read of a memory of features. */
export interface FeatureArrays {
  /** FEATURES. */
  readonly features: Float64Array
  readonly signs: Uint32Array
  readonly sums: Float64Array
}

/** Operations of all features of one vector. */
export function featureOperations({ features, sums }: FeatureArrays): number {
  return sums.length * (20 + 3 * Math.log2(featureSide(features[FEATURES.dimension])))
}

/** The sums of the features of stored vectors, and how many vectors there are. */
export class FeatureSums {
  readonly #kernels: Kernels
  readonly #features: Float64Array
  readonly #signs: Uint32Array
  #sums: Leased<Float64Array>
  #count = 0
  /**
   * No sum is larger than that of so many features. That may be more than there are vectors: what is forgotten and never was stored is
   * in the sums as well.
   */
  #most = 0
  readonly #unsettled = new Unsettled()

  /** @param features FEATURES. */
  constructor(kernels: Kernels, features: Float64Array, seed: readonly [low: number, high: number]) {
    this.#kernels = kernels
    this.#features = features
    const [dimension, frequencies] = features
    const words = featureSignWords(dimension, frequencies)
    this.#signs = allocate('signs', 4 * words, () => new Uint32Array(words))
    const rows = 3 * featureBlocks(dimension, frequencies)
    // Words of one query each: neighbours share none.
    kernels.philox(...seed, PURPOSE.features, 0, 0, this.#signs, rows)
    this.#sums = new Leased(this.#zeros())
  }

  get vectorCount(): number {
    return this.#count
  }

  /** The arrays as they are now, until they change. */
  arrays(): FeatureArrays {
    this.#unsettled.settle()
    return this.#arrays()
  }

  /** The same, and they do not change before they are released. */
  async lease(): Promise<{ readonly memory: FeatureArrays; release(): void }> {
    const [memory, release] = [this.#arrays(), this.#sums.hold()]
    try {
      await allBeside(this.settling(), NOBODY)
      return { memory, release }
    } catch (error) {
      release()
      throw error
    }
  }

  /**
   * Adds vectors, or takes them away again.
   * @param vectors count × d numbers.
   */
  add(vectors: Float32Array, count: number, factor: 1 | -1): void {
    allHere(this.adding(vectors, count, factor, false))
  }

  /** The same in steps; until the last of them nothing has changed if `aside`. */
  *adding(vectors: Float32Array, count: number, factor: 1 | -1, aside = true): Steps<void> {
    this.#room(factor * count)
    yield* this.settling()
    const most = yield* FeatureSums.#reach([this], count)
    const from = this.#sums
    const sums = from.writable && !aside ? from.values : this.#zeros()
    if (sums !== from.values) yield* copy(from.values, sums)
    const operations = featureOperations({ ...this.#arrays(), sums })
    const dimension = this.#features[FEATURES.dimension]
    for (const [begin, end] of inPortions(this.#kernels, count, operations, aside)) {
      const rows = vectors.subarray(begin * dimension, end * dimension)
      const given = [this.#features, this.#signs, rows, end - begin, factor, sums] as const
      yield* call(this.#kernels, (end - begin) * operations, 'addFeatures', ...given)
      yield new Mark(end, count)
    }
    if (sums !== from.values) this.#sums = new Leased(sums)
    this.#count += factor * count
    this.#most = most
  }

  /** Adds the sums of another memory with the same frequencies. */
  merge(other: FeatureSums): void {
    this.#room(other.vectorCount)
    const more = other.arrays().sums
    this.#unsettled.settle()
    const most = allHere(FeatureSums.#reach([this, other], 0))
    const sums = this.#own()
    for (let k = 0; k < sums.length; k++) sums[k] += more[k]
    this.#count += other.vectorCount
    this.#most = most
  }

  clear(): void {
    this.#unsettled.replaced()
    this.#count = this.#most = 0
    if (this.#sums.writable) this.#sums.values.fill(0)
    else this.#sums = new Leased(this.#zeros())
  }

  record(to: RecordWriter): void {
    to.fact('vectors', this.#count)
    to.array('sums', this.#sums.values, this.#shape())
    to.hold(this.#sums)
  }

  restore(from: RecordReader): void {
    this.#count = from.fact('vectors', (name, value) => checkInteger(name, value, 0, MOST_VECTORS))
    const sums = from.array('sums', Float64Array, this.#shape())
    // Nobody has looked at them.
    this.#most = Number.POSITIVE_INFINITY
    const [dimension, frequencies] = this.#features
    const side = featureSide(dimension)
    from.check(() =>
      each(sums.length, (k) => {
        const place = Math.floor(k / (2 * side)) * side + (k % side)
        const whole = Number.isInteger(sums[k]) && Math.abs(sums[k]) <= LARGEST_SUM
        if (place >= frequencies ? sums[k] === 0 : whole) return
        const expected =
          place >= frequencies ? '0 behind the last frequency' : `a whole number within ±${LARGEST_SUM}`
        throw misfit(`sums[${k}]`, `expected ${expected}, got ${sums[k]}`)
      }),
    )
    this.#unsettled.opened(from)
    this.#sums = from.lease(sums)
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  #arrays(): FeatureArrays {
    return { features: this.#features, signs: this.#signs, sums: this.#sums.values }
  }

  #shape(): readonly number[] {
    const [dimension, frequencies] = this.#features
    return [featureBlocks(dimension, frequencies), 2, featureSide(dimension)]
  }

  /** Refuses what would leave too many vectors, or fewer than none. */
  #room(more: number): void {
    const count = this.#count + more
    if (count >= 0 && count <= MOST_VECTORS) return
    const expected =
      more < 0 ? `at most ${this.#count} vectors, as many as are stored` : `${MOST_VECTORS} vectors in all`
    const got = more < 0 ? -more : count
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `vectors: expected ${expected}, got ${got}`)
  }

  /**
   * How many features no sum is larger than, once these are added and those of `count` vectors have come or gone.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if sums might then not be exact.
   */
  static *#reach(added: readonly FeatureSums[], count: number): Steps<number> {
    const most = (): number => added.reduce((sum, one) => sum + one.#most, count)
    if (most() > MOST_VECTORS) for (const one of added) yield* one.#measure()
    if (most() <= MOST_VECTORS) return most()
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `vectors: expected sums of at most ${MOST_VECTORS} features, got ${most()}, with those of vectors that were forgotten and never stored`,
    )
  }

  /** Looks how large the sums are. */
  *#measure(): Steps<void> {
    const { values } = this.#sums
    let largest = 0
    yield* each(values.length, (k) => {
      largest = Math.max(largest, Math.abs(values[k]))
    })
    this.#most = Math.ceil(largest / FEATURE_ONE)
  }

  /** The sums to change: a copy of them while others read the old ones. */
  #own(): Float64Array {
    this.#unsettled.settle()
    if (!this.#sums.writable) {
      const own = this.#zeros()
      own.set(this.#sums.values)
      this.#sums = new Leased(own)
    }
    return this.#sums.values
  }

  #zeros(): Float64Array {
    const [dimension, frequencies] = this.#features
    const length = featureSumLength(dimension, frequencies)
    return allocate('sums', length * 8, () => new Float64Array(length))
  }
}
