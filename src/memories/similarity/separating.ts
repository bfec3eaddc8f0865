import { Mark, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { normal } from '../../numerics/normal.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { LARGEST_OF_MAP } from '../../storage/map-weights.js'
import { each } from '../../storage/record.js'
import { products, transposed } from './products.js'
import type { Fitting } from './similarity-options.js'

/** Rows more alike than this are taken for the same one: no map tells them apart. */
const SAME = 1 - 2 ** -20
/** How gradients and their squares are averaged (Kingma and Ba 2015). */
const [SLOW, SLOWER, LEAST] = [0.9, 0.999, 1e-12]

/** Rows of a batch through the map. */
interface Mapped {
  readonly from: Float32Array
  /** Of length 1, f32. */
  readonly units: Float32Array
  readonly sizes: Float64Array
}

/** What was learned, and the mean of the loss in each epoch. */
export interface Separated {
  readonly weights: Float32Array
  readonly losses: Float64s
}

/**
 * Learns W so that stored vectors are less like each other (Wu et al. 2024): descends the mean over rows of ln Σ_{ν≠μ} e^(β·cos(Wx^μ, Wx^ν)),
 * batch by batch. With noise, noisy copies x̃ are compared with the rows: the mean of ln Σ_{ν≠μ} e^(β·cos(Wx̃^μ, Wx^ν)) −
 * β·cos(Wx̃^μ, Wx^μ).
 */
export class Separating {
  readonly #kernels: Kernels
  readonly #rows: Float32Array
  readonly #dimension: number
  readonly #outputs: number
  readonly #options: Fitting
  readonly #weights: Float32Array
  readonly #slow: Float64Array
  readonly #slower: Float64Array
  #spread = 0
  #step = 0

  /** @param rows centred. */
  constructor(
    kernels: Kernels,
    rows: Float32Array,
    weights: Float32Array,
    dimension: number,
    options: Fitting,
  ) {
    this.#kernels = kernels
    this.#rows = rows
    this.#dimension = dimension
    this.#outputs = weights.length / dimension
    this.#options = options
    this.#weights = weights.slice()
    this.#slow = new Float64Array(weights.length)
    this.#slower = new Float64Array(weights.length)
  }

  *run(): Steps<Separated> {
    const { epochs, batchSize, seed, noise } = this.#options
    const count = this.#rows.length / this.#dimension
    const order = new Uint32Array(count)
    let square = 0
    yield* each(noise === 0 ? 0 : this.#rows.length, (k) => {
      square += this.#rows[k] * this.#rows[k]
    })
    this.#spread = noise * Math.sqrt(square / this.#rows.length)
    const losses = new Float64Array(epochs)
    const draw = new WordStream(...seed)
    for (let epoch = 0; epoch < epochs; epoch++) {
      yield* draw.seek(PURPOSE.lessons, epoch).permuting(order, count)
      let rows = 0
      // A row alone has nothing to be told from.
      for (let from = 0; from + 1 < count; from += batchSize) {
        const some = order.subarray(from, Math.min(from + batchSize, count))
        if (some.length < 2) break
        losses[epoch] += (yield* this.#learn(some, epoch)) * some.length
        rows += some.length
      }
      losses[epoch] /= rows
      yield* this.#check(epoch)
      yield new Mark(epoch + 1, epochs)
    }
    return { weights: this.#weights, losses }
  }

  *#learn(some: Uint32Array, epoch: number): Steps<number> {
    const [dimension, outputs, { beta, noise }] = [this.#dimension, this.#outputs, this.#options]
    const x = new Float32Array(some.length * dimension)
    const take = (b: number): void => {
      x.set(this.#rows.subarray(some[b] * dimension, (some[b] + 1) * dimension), b * dimension)
    }
    yield* each(some.length, take, dimension)
    const keys = yield* this.#mapped(x)
    const cues = noise === 0 ? keys : yield* this.#mapped(yield* this.#noisy(x, some, epoch))
    const cosines = yield* products(this.#kernels, cues.units, keys.units, outputs)
    const { loss, pulls } = yield* contrast(cosines, some.length, beta, noise > 0)
    const onCues = yield* products(this.#kernels, pulls, yield* transposed(keys.units, outputs), some.length)
    const back = yield* transposed(pulls, some.length)
    const onKeys = yield* products(this.#kernels, back, yield* transposed(cues.units, outputs), some.length)
    if (cues === keys) {
      yield* this.#descend(yield* this.#gradient(keys, yield* summed(onKeys, onCues)))
    } else {
      const ofCues = yield* this.#gradient(cues, onCues)
      yield* this.#descend(yield* summed(yield* this.#gradient(keys, onKeys), ofCues))
    }
    return loss
  }

  *#mapped(from: Float32Array): Steps<Mapped> {
    const outputs = this.#outputs
    const out = yield* products(this.#kernels, from, this.#weights, this.#dimension)
    const sizes = new Float64Array(out.length / outputs)
    const units = new Float32Array(out.length)
    const scale = (b: number): void => {
      let square = 0
      for (let o = 0; o < outputs; o++) square += out[b * outputs + o] * out[b * outputs + o]
      sizes[b] = Math.sqrt(square)
      if (sizes[b] === 0) return
      for (let o = 0; o < outputs; o++) units[b * outputs + o] = out[b * outputs + o] / sizes[b]
    }
    yield* each(sizes.length, scale, outputs)
    return { from, units, sizes }
  }

  /** Copies with normal noise: component i of row `row` draws word i of its query in the epoch. */
  *#noisy(x: Float32Array, some: Uint32Array, epoch: number): Generator<void, Float32Array> {
    const draw = new WordStream(...this.#options.seed)
    const out = x.slice()
    const count = this.#rows.length / this.#dimension
    const add = (b: number): void => {
      draw.seek(PURPOSE.noise, epoch * count + some[b])
      for (let i = 0; i < this.#dimension; i++)
        out[b * this.#dimension + i] += this.#spread * normal((draw.word() + 0.5) * 2 ** -32)
    }
    yield* each(some.length, add, this.#dimension)
    return out
  }

  /** The derivative by W, of a loss whose derivative by units of length 1 is `pulls`. */
  *#gradient({ from, units, sizes }: Mapped, pulls: Float64Array): Steps<Float64Array> {
    const outputs = this.#outputs
    const project = (b: number): void => {
      let along = 0
      for (let o = 0; o < outputs; o++) along += pulls[b * outputs + o] * units[b * outputs + o]
      for (let o = 0; o < outputs; o++) {
        const at = b * outputs + o
        pulls[at] = sizes[b] === 0 ? 0 : (pulls[at] - along * units[at]) / sizes[b]
      }
    }
    yield* each(sizes.length, project, outputs)
    const rows = yield* transposed(pulls, outputs)
    const columns = yield* transposed(from, this.#dimension)
    return yield* products(this.#kernels, rows, columns, sizes.length)
  }

  /** A step of Adam (Kingma and Ba 2015). */
  *#descend(gradient: Float64Array): Generator<void, void> {
    const step = ++this.#step
    const [first, second] = [1 - power(SLOW, step), 1 - power(SLOWER, step)]
    yield* each(gradient.length, (k) => {
      const g = gradient[k]
      this.#slow[k] = SLOW * this.#slow[k] + (1 - SLOW) * g
      this.#slower[k] = SLOWER * this.#slower[k] + (1 - SLOWER) * g * g
      const size = Math.sqrt(this.#slower[k] / second) + LEAST
      this.#weights[k] -= (this.#options.learningRate * (this.#slow[k] / first)) / size
    })
  }

  /** What has grown beyond all bounds is not taken. */
  *#check(epoch: number): Generator<void, void> {
    yield* each(this.#weights.length, (k) => {
      if (Math.abs(this.#weights[k]) <= LARGEST_OF_MAP) return
      throw new HopfieldError(
        'ERR_HOPFIELD_RANGE',
        `learningRate: weights grew beyond ${LARGEST_OF_MAP} in epoch ${epoch + 1}; take a smaller one`,
      )
    })
  }
}

function* summed(to: Float64Array, more: Float64Array): Generator<void, Float64Array> {
  yield* each(to.length, (k) => {
    to[k] += more[k]
  })
  return to
}

/** x^n by squaring: Math.pow differs between engines. */
function power(x: number, n: number): number {
  let out = 1
  for (let square = x, left = n; left > 0; left = Math.floor(left / 2), square *= square)
    if (left % 2 === 1) out *= square
  return out
}

/** The loss of rows of cosines, and its derivative by each of them. */
function* contrast(
  cosines: Float64Array,
  count: number,
  beta: number,
  own: boolean,
): Generator<void, { loss: number; pulls: Float32Array }> {
  const pulls = new Float32Array(cosines.length)
  const weights = new Float64Array(count)
  let loss = 0
  const row = (a: number): void => {
    let sum = 0
    for (let b = 0; b < count; b++) {
      const cosine = cosines[a * count + b]
      weights[b] = b === a || cosine > SAME ? 0 : exp(beta * (cosine - 1))
      sum += weights[b]
    }
    // Where all rows are the same, there is nothing to learn from this one.
    if (sum === 0) return
    for (let b = 0; b < count; b++) pulls[a * count + b] = (beta * (weights[b] / sum)) / count
    loss += (beta + log(sum)) / count
    if (!own) return
    pulls[a * count + a] = -beta / count
    loss -= (beta * cosines[a * count + a]) / count
  }
  yield* each(count, row, 2 * count)
  return { loss, pulls }
}
