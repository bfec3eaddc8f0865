import { fold8 } from '../../numerics/dot8.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { normal } from '../../numerics/normal.js'
import { philoxBlock } from '../../numerics/philox.js'
import { singleLogistic } from '../../numerics/single-logistic.js'
import { hiddenStride, MACHINE, UNIT_KINDS, type UnitKind } from '../contract/boltzmann.js'

/** The arrays of a restricted Boltzmann machine, and the fields of its units. */
export class Machine {
  readonly visible: number
  readonly hidden: number
  readonly stride: number
  readonly visibleKind: UnitKind
  readonly hiddenKind: UnitKind
  readonly weights: Float32Array
  readonly #accumulators = new Float32Array(16)

  constructor(shape: Uint32Array, weights: Float32Array) {
    this.visible = shape[MACHINE.visible]
    this.hidden = shape[MACHINE.hidden]
    this.stride = hiddenStride(this.hidden)
    this.visibleKind = UNIT_KINDS[shape[MACHINE.visibleKind]]
    this.hiddenKind = UNIT_KINDS[shape[MACHINE.hiddenKind]]
    this.weights = weights
  }

  /** Operations of one field of every unit of a layer. */
  get size(): number {
    return this.visible * this.stride
  }

  /** y of one visible row: rounded to the type of `out`. */
  hiddenFields(
    biases: Float32Array,
    visible: Float32Array,
    row: number,
    out: Float32Array | Float64Array,
  ): void {
    const { weights, stride, hidden } = this
    const round = out instanceof Float32Array ? Math.fround : same
    for (let j = 0; j < hidden; j++) out[j] = biases[j]
    for (let i = 0; i < this.visible; i++) {
      const v = visible[row * this.visible + i]
      if (v === 0) continue
      for (let j = 0; j < hidden; j++) out[j] += round(v * weights[i * stride + j])
    }
  }

  /** x of one hidden row. */
  visibleFields(biases: Float32Array, hidden: Float32Array, row: number, out: Float32Array): void {
    const { weights, stride } = this
    for (let i = 0; i < this.visible; i++) {
      out[i] = biases[i] + this.rowSum(weights, i * stride, hidden, row * stride)
    }
  }

  /** Σ_j a_j·b_j over a hidden row, single. */
  rowSum(a: Float32Array, from: number, b: Float32Array, at: number): number {
    const sums = this.#accumulators.fill(0)
    for (let j = 0; j < this.stride; j++) sums[j & 15] += Math.fround(a[from + j] * b[at + j])
    for (let half = 8; half >= 1; half /= 2) {
      for (let k = 0; k < half; k++) sums[k] += sums[k + half]
    }
    return sums[0]
  }
}

function same(x: number): number {
  return x
}

/** The probability of the upper value of a unit that is not Gaussian, single. */
function chance(kind: UnitKind, z: number): number {
  const rounded = Math.fround(z)
  return singleLogistic(kind === 'bipolar' ? Math.fround(rounded + rounded) : rounded)
}

export function meanOf(kind: UnitKind, z: number): number {
  if (kind === 'gaussian') return Math.fround(z)
  const p = chance(kind, z)
  return kind === 'bipolar' ? Math.fround(Math.fround(p + p) - 1) : p
}

export function drawOf(kind: UnitKind, z: number, word: number): number {
  if (kind === 'gaussian') return Math.fround(z + normal((word + 0.5) * 2 ** -32))
  if (word < chance(kind, z) * 2 ** 32) return 1
  return kind === 'bipolar' ? -1 : 0
}

/** Σ of the potentials of units at z: what summing or integrating over their values gives, as a logarithm. */
export function potential(kind: UnitKind, z: Float64Array, units: number): number {
  const sums = new Float64Array(8)
  if (kind === 'gaussian') {
    for (let k = 0; k < units; k++) sums[k & 7] += z[k] * z[k]
    return 0.5 * fold8(sums)
  }
  const factors = new Float64Array(8)
  let logs = 0
  for (let from = 0; from < units; from += 512) {
    factors.fill(1)
    for (let k = from; k < Math.min(units, from + 512); k++) {
      const size = Math.abs(z[k])
      sums[k & 7] += kind === 'bipolar' ? size : Math.max(z[k], 0)
      factors[k & 7] *= 1 + exp(Math.max(0 - (kind === 'bipolar' ? size + size : size), -700))
    }
    const [a, b, c, d, e, f, g, h] = factors
    logs += log(a * e * (c * g) * (b * f * (d * h)))
  }
  return fold8(sums) + logs
}

/** Words 0 to out.length − 1 of one (seed, sweep, query). */
export function words(
  seedLow: number,
  seedHigh: number,
  sweep: number,
  query: number,
  out: Uint32Array,
): void {
  const [low, high] = [query >>> 0, Math.floor(query / 2 ** 32) >>> 0]
  const block = new Uint32Array(4)
  for (let at = 0; at < out.length; at += 4) {
    philoxBlock(seedLow, seedHigh, at >>> 2, sweep, low, high, block, 0)
    for (let w = 0; w < Math.min(out.length - at, 4); w++) out[at + w] = block[w]
  }
}
