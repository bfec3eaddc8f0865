import type { Steps } from '../../async/steps.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import type { UnitKind } from '../../kernels/contract/kernels.js'
import { UNIT_KINDS } from '../../kernels/contract/kernels.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import { exp } from '../../numerics/exp.js'
import { log as ln } from '../../numerics/log.js'
import { logistic } from '../../numerics/tanh.js'
import { HALF_LOG_2PI, type Machine } from './machine.js'
import { type Enumerated, enumerated, exactLogPartition } from './partition.js'

/** A derivative of the mean ln p(v) of rows by each number of the machine. */
export interface Gradient {
  /** By W: V×H numbers, row-major. */
  weights: Float64s
  /** By a: V numbers. */
  visibleBiases: Float64s
  /** By c: H numbers. */
  hiddenBiases: Float64s
}

/** Units of the layer that is gone through. */
const MOST = 16

/** ⟨v h⟩ of the data less that of the machine, and so on: Ackley, Hinton and Sejnowski 1985. */
export function* exactGradient(machine: Machine, rows: { data: Float32s; count: number }): Steps<Gradient> {
  const { visible, hidden, stride, hiddenKind, arrays } = machine
  const layer = enumerated(machine, MOST)
  const sums = new Sums(visible, hidden)
  const v = new Float64Array(visible)
  const h = new Float64Array(hidden)
  for (let b = 0; b < rows.count; b++) {
    for (let i = 0; i < visible; i++) v[i] = rows.data[b * visible + i]
    for (let j = 0; j < hidden; j++) {
      let y: number = arrays.hiddenBiases[j]
      for (let i = 0; i < visible; i++) y += v[i] * arrays.weights[i * stride + j]
      h[j] = meanAt(hiddenKind, y)
    }
    sums.add(1 / rows.count, v, h)
    yield
  }
  const logPartition = yield* exactLogPartition(machine, false)
  const other = new Float64Array(layer.others)
  const own = new Float64Array(layer.units)
  for (let state = 0; state < 2 ** layer.units; state++) {
    const log = stateOf(layer, state, own, other)
    const p = exp(log - logPartition)
    if (layer.side === 'hidden') sums.add(0 - p, other, own)
    else sums.add(0 - p, own, other)
    if (state % 64 === 63) yield
  }
  const { weights, visibleBiases, hiddenBiases } = sums
  return { weights, visibleBiases, hiddenBiases }
}

/** Writes state number `state` of the enumerated layer, and the means of the other one; returns ln of its weight. */
function stateOf(layer: Enumerated, state: number, own: Float64Array, other: Float64Array): number {
  const { units, others, couplings, fields, low } = layer
  const kind = UNIT_KINDS[layer.kind]
  let log = 0
  other.set(fields)
  for (let j = 0; j < units; j++) {
    own[j] = (state >>> j) & 1 ? 1 : low
    log += own[j] * layer.own[j]
    for (let i = 0; i < others; i++) other[i] += own[j] * couplings[j * paddedStride(others) + i]
  }
  for (let i = 0; i < others; i++) {
    log += potentialAt(kind, other[i])
    other[i] = meanAt(kind, other[i])
  }
  return log
}

function meanAt(kind: UnitKind, z: number): number {
  if (kind === 'gaussian') return z
  return kind === 'binary' ? logistic(z) : 2 * logistic(2 * z) - 1
}

function potentialAt(kind: UnitKind, z: number): number {
  if (kind === 'gaussian') return z * z * 0.5 + HALF_LOG_2PI
  const size = Math.abs(z)
  if (kind === 'binary') return Math.max(z, 0) + ln(1 + exp(-size))
  return size + ln(1 + exp(-2 * size))
}

class Sums implements Gradient {
  readonly weights: Float64s
  readonly visibleBiases: Float64s
  readonly hiddenBiases: Float64s

  constructor(visible: number, hidden: number) {
    this.weights = new Float64Array(visible * hidden)
    this.visibleBiases = new Float64Array(visible)
    this.hiddenBiases = new Float64Array(hidden)
  }

  add(share: number, v: Float64Array, h: Float64Array): void {
    for (const [i, x] of v.entries()) {
      this.visibleBiases[i] += share * x
      for (let j = 0; j < h.length; j++) this.weights[i * h.length + j] += share * (x * h[j])
    }
    for (const [j, x] of h.entries()) this.hiddenBiases[j] += share * x
  }
}
