import { WHOLE_LATER, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, followed, type Steps } from '../../async/steps.js'
import { allocate, HopfieldError } from '../../errors.js'
import { someRows } from '../../input/number-rows.js'
import type { Float32s } from '../../input/typed-arrays.js'
import { readingVectors, readVectors, type Vectors, type VectorsLike } from '../../input/vectors.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { RETRIEVAL_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { normal } from '../../numerics/normal.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { LARGEST_OF_MAP, type MapArrays, MapWeights } from '../../storage/map-weights.js'
import { each, type RecordWriter } from '../../storage/record.js'
import { Kept } from '../kept.js'
import { KIND, openedRecord } from '../opening.js'
import { products } from './products.js'
import { Separating } from './separating.js'
import {
  FITTING,
  FITTING_LATER,
  type Fitting,
  SCHEMA,
  type SimilarityFitAsyncOptions,
  type SimilarityFitOptions,
  type SimilarityMapOptions,
  type SimilarityReport,
} from './similarity-options.js'
import { centred, meanOf, whitened } from './whitening.js'

/**
 * A linear map x → W (x − mean) to put in front of a memory, so that what is compared is not the vectors but what tells them apart. It is
 * fitted for separation (U-Hop: Wu, Hu, Hsiao and Liu 2024), or whitens, or projects at random.
 *
 * Store mapped vectors as keys and vectors as values: `new ModernHopfield({ dimension: outputs, valueDimension: d, similarity: 'cosine' })`. A map
 * is kept and shared as memories are. What it learns and maps has the same bits on every backend, tier and machine.
 */
export class SimilarityMap extends Kept {
  static readonly [KIND]: string = 'SimilarityMap'
  readonly dimension: number
  readonly outputs: number
  readonly #kernels: Kernels
  readonly #weights: MapWeights
  #report: SimilarityReport | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: SimilarityMapOptions) {
    const opened = openedRecord()
    const read = SCHEMA.read('SimilarityMap', options)
    const { dimension, outputs = dimension, seed, backend } = read
    const weights = new MapWeights(dimension, outputs, initial(dimension, outputs, seed))
    super(backend, weights, opened)
    this.dimension = dimension
    this.outputs = outputs
    this.#kernels = kernelsFor(backend, RETRIEVAL_KERNELS)
    this.#weights = weights
  }

  /** W: outputs × dimension numbers, row-major, a copy. */
  weights(): Float32s {
    return this.#weights.arrays().weights.slice() as Float32s
  }

  /** What is taken from a vector first: `dimension` numbers, a copy; zeros before the first fit. */
  mean(): Float32s {
    return this.#weights.arrays().mean.slice() as Float32s
  }

  /** How the last `fit` went; undefined before. It is not kept in files. */
  get learningReport(): SimilarityReport | undefined {
    return this.#report === undefined ? undefined : structuredClone(this.#report)
  }

  /**
   * Learns from vectors. It goes on from the present W, so that a random projection or a whitening may come first; the mean is learned anew.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _OPTION or _RANGE naming the argument; ERR_HOPFIELD_BUSY during another change. If it
   * throws, nothing is learned.
   */
  fit(data: VectorsLike, options?: SimilarityFitOptions): this {
    return this.change('fit', () => {
      const read = FITTING.read('fit', options)
      const rows = readVectors('fit: data', data, this.dimension)
      allHere(this.#fitted(some('fit: data', rows, read), read))
    })
  }

  /** As `fit`, beside other work: the same bits. Data are read in small steps, so do not change them until the promise settles. */
  async fitAsync(data: VectorsLike, options?: SimilarityFitAsyncOptions): Promise<this> {
    const { signal, onProgress, threads: _, ...read } = FITTING_LATER.read('fitAsync', options)
    const name = 'fitAsync: data'
    return this.changeAsync('fitAsync', { signal, onProgress }, () =>
      followed(readingVectors(name, data, this.dimension), (rows) =>
        this.#fitted(some(name, rows, read), read),
      ),
    )
  }

  /** W (x − mean) of vectors: B × outputs numbers, row-major. */
  transform(vectors: VectorsLike): Float32s {
    const { data } = readVectors('transform: vectors', vectors, this.dimension)
    return allHere(this.#mapped(data, this.#weights.arrays()))
  }

  /** As `transform`, off the event loop: the same bits. Vectors are read in small steps, so do not change them until the promise settles. */
  async transformAsync(vectors: VectorsLike, options?: WholeOptions): Promise<Float32s> {
    const { signal, onProgress } = WHOLE_LATER.read('transformAsync', options)
    // What the map is at the call, whichever turn the steps begin in.
    const arrays = this.#weights.arrays()
    const reading = readingVectors('transformAsync: vectors', vectors, this.dimension)
    return allBeside(
      followed(reading, ({ data }) => this.#mapped(data, arrays)),
      { signal, onProgress },
    )
  }

  protected override record(to: RecordWriter): string {
    to.option('dimension', this.dimension)
    to.option('outputs', this.outputs)
    return 'map'
  }

  protected override facts(): object {
    const { dimension, outputs } = this
    return { dimension, outputs, form: 'map' }
  }

  *#fitted(data: Float32Array, options: Fitting): Steps<void> {
    const { kind, ridge } = options
    const mean = yield* meanOf(data, this.dimension)
    const rows = yield* centred(data, mean)
    let { weights } = this.#weights.arrays()
    let losses = new Float64Array(0)
    if (kind === 'whitening') weights = yield* whitened(this.#kernels, rows, weights, this.dimension, ridge)
    if (kind === 'separating') {
      const learning = new Separating(this.#kernels, rows, weights, this.dimension, options)
      ;({ weights, losses } = yield* learning.run())
    }
    yield* checkReach('means', mean)
    yield* checkReach('weights', weights)
    this.#weights.take({ weights, mean })
    this.#report = { kind, losses }
  }

  *#mapped(data: Float32Array, { weights, mean }: MapArrays): Steps<Float32s> {
    const sums = yield* products(this.#kernels, yield* centred(data, mean), weights, this.dimension)
    const out = allocate('vectors', sums.length * 4, () => new Float32Array(sums.length))
    yield* each(out.length, (k) => {
      out[k] = sums[k]
    })
    return out
  }
}

/** Vectors of which there are enough to learn from. */
function some(name: string, rows: Vectors, { kind }: Fitting): Float32Array {
  const { count, data } = someRows(name, rows)
  if (kind !== 'separating' || count > 1) return data
  throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least two vectors to tell apart, got 1`)
}

/** A map of larger numbers would be refused where it is opened. */
function* checkReach(what: string, values: Float32Array): Generator<void, void> {
  yield* each(values.length, (k) => {
    if (Math.abs(values[k]) <= LARGEST_OF_MAP) return
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `data: expected ${what} within ±${LARGEST_OF_MAP}, got ${values[k]}; scale the vectors`,
    )
  })
}

function initial(dimension: number, outputs: number, seed: readonly [low: number, high: number]): MapArrays {
  const size = dimension * outputs
  const weights = allocate('weights', size * 4, () => new Float32Array(size))
  const mean = new Float32Array(dimension)
  if (outputs === dimension) {
    for (let i = 0; i < dimension; i++) weights[i * dimension + i] = 1
    return { weights, mean }
  }
  const draw = new WordStream(...seed)
  const width = 1 / Math.sqrt(outputs)
  for (let o = 0; o < outputs; o++) {
    draw.seek(PURPOSE.weights, o)
    for (let i = 0; i < dimension; i++)
      weights[o * dimension + i] = width * normal((draw.word() + 0.5) * 2 ** -32)
  }
  return { weights, mean }
}
