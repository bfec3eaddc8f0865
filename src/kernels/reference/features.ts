import { fold8 } from '../../numerics/dot8.js'
import { sineCosine } from '../../numerics/sine-cosine.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { FEATURE_ONE, FEATURES, featureSide } from '../contract/features.js'

/** 1.5·2^52: adding and then subtracting it rounds to an integer. */
const ROUND = 6755399441055744

/** The frequencies of a memory, block by block. */
class Frequencies {
  readonly dimension: number
  readonly side: number
  readonly blocks: number
  readonly count: number
  readonly scale: number
  readonly #signs: Uint32Array

  constructor(features: Float64Array, signs: Uint32Array) {
    this.dimension = features[FEATURES.dimension]
    this.count = features[FEATURES.frequencies]
    this.scale = features[FEATURES.scale]
    this.side = featureSide(this.dimension)
    this.blocks = Math.ceil(this.count / this.side)
    this.#signs = signs
  }

  /** Angles in turns of the frequencies of one block at vector `row`. */
  angles(block: number, vectors: Float32Array, row: number, out: Float64Array): void {
    out.fill(0)
    for (let i = 0; i < this.dimension; i++) out[i] = vectors[row * this.dimension + i]
    for (let r = 0; r < 3; r++) {
      this.#flip(3 * block + r, out)
      hadamard(out)
    }
    for (let y = 0; y < this.side; y++) out[y] *= this.scale
  }

  /** Rᵀ w of one block, in place. */
  back(block: number, w: Float64Array): void {
    for (let r = 2; r >= 0; r--) {
      hadamard(w)
      this.#flip(3 * block + r, w)
    }
  }

  #flip(row: number, x: Float64Array): void {
    const at = (row * this.side) / 32
    for (let i = 0; i < this.side; i++) {
      if ((this.#signs[at + (i >>> 5)] >>> (i & 31)) & 1) x[i] += -2 * x[i]
    }
  }
}

function hadamard(x: Float64Array): void {
  for (let distance = 1; distance < x.length; distance *= 2) {
    for (let from = 0; from < x.length; from += 2 * distance) {
      for (let i = from; i < from + distance; i++) {
        const [a, b] = [x[i], x[i + distance]]
        x[i] = a + b
        x[i + distance] = a - b
      }
    }
  }
}

export function addFeatures(...given: Parameters<typeof addFeatureSteps>): void {
  atOnce(addFeatureSteps(...given))
}

/** In steps. */
export function* addFeatureSteps(
  features: Float64Array,
  signs: Uint32Array,
  vectors: Float32Array,
  count: number,
  factor: number,
  sums: Float64Array,
): Generator<void, void> {
  const frequencies = new Frequencies(features, signs)
  const { side, blocks } = frequencies
  const angles = new Float64Array(side)
  const pace = new Pace()
  for (let block = 0; block < blocks; block++) {
    const own = Math.min(side, frequencies.count - block * side)
    const at = 2 * block * side
    for (let b = 0; b < count; b++) {
      frequencies.angles(block, vectors, b, angles)
      for (let y = 0; y < own; y++) {
        const [sine, cosine] = sineCosine(angles[y])
        sums[at + y] += factor * (cosine * FEATURE_ONE + ROUND - ROUND)
        sums[at + side + y] += factor * (sine * FEATURE_ONE + ROUND - ROUND)
      }
      if (pace.due(100 * side)) yield
    }
  }
}

export function askFeatures(...given: Parameters<typeof askFeatureSteps>): void {
  atOnce(askFeatureSteps(...given))
}

/** In steps. */
export function* askFeatureSteps(
  features: Float64Array,
  signs: Uint32Array,
  sums: Float64Array,
  vectors: Float32Array,
  count: number,
  densities: Float64Array,
  pulls: Float64Array,
): Generator<void, void> {
  const frequencies = new Frequencies(features, signs)
  const { side, blocks, dimension } = frequencies
  const x = new Float64Array(side)
  const back = new Float64Array(side)
  const total = new Float64Array(8)
  const pace = new Pace()
  for (let b = 0; b < count; b++) {
    back.fill(0)
    total.fill(0)
    for (let block = 0; block < blocks; block++) {
      frequencies.angles(block, vectors, b, x)
      const own = Math.min(side, frequencies.count - block * side)
      const at = 2 * block * side
      for (let y = 0; y < own; y++) {
        const [sine, cosine] = sineCosine(x[y])
        const [c, s] = [sums[at + y], sums[at + side + y]]
        total[y & 7] += c * cosine + s * sine
        x[y] = s * cosine - c * sine
      }
      x.fill(0, own)
      frequencies.back(block, x)
      for (let i = 0; i < side; i++) back[i] += x[i]
      if (pace.due(200 * side)) yield
    }
    const density = features[FEATURES.unit] * fold8(total)
    densities[b] = density
    for (let i = 0; i < dimension; i++) {
      pulls[b * dimension + i] = features[FEATURES.gain] * back[i] + density * vectors[b * dimension + i]
    }
  }
}
