import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { CHAINS } from '../contract/boltzmann.js'
import { drawOf, Machine, meanOf, words } from './machine.js'

export function contrast(...given: Parameters<typeof contrastSteps>): void {
  atOnce(contrastSteps(...given))
}

/** In steps. */
export function* contrastSteps(
  shape: Uint32Array,
  weights: Float32Array,
  visibleBiases: Float32Array,
  hiddenBiases: Float32Array,
  velocities: Float32Array | undefined,
  means: Float32Array | undefined,
  chains: Float32Array | undefined,
  data: Float32Array,
  order: Uint32Array,
  lesson: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const { visible, hidden, stride, visibleKind, hiddenKind, size } = machine
  const [seedLow, seedHigh, firstSweep, batch, steps, rate, momentum, decay, slide, start] = lesson
  const last = Math.floor(data.length / visible) - 1
  const width = Math.min(batch, order.length)
  const data0 = new Float32Array(width * visible)
  const data1 = new Float32Array(width * visible)
  const up0 = new Float32Array(width * stride)
  const up1 = new Float32Array(width * stride)
  const states = start === CHAINS.kept ? (chains as Float32Array) : new Float32Array(width * stride)
  const [y, x] = [new Float32Array(hidden), new Float32Array(visible)]
  const [below, above] = [new Uint32Array(hidden), new Uint32Array(visible)]
  const change = new Change(machine, visibleBiases, hiddenBiases, velocities, means, {
    rate,
    momentum,
    decay,
    slide,
  })
  let sweep = firstSweep

  /** Means of hidden units at row b, and their draws. */
  function upward(rows: Float32Array, b: number, out: Float32Array, draws: boolean): void {
    machine.hiddenFields(hiddenBiases, rows, b, y)
    if (draws) words(seedLow, seedHigh, sweep, b, below)
    for (let j = 0; j < hidden; j++) {
      out[b * stride + j] = meanOf(hiddenKind, y[j])
      if (draws) states[b * stride + j] = drawOf(hiddenKind, y[j], below[j])
    }
  }

  function downward(b: number): void {
    machine.visibleFields(visibleBiases, states, b, x)
    words(seedLow, seedHigh, sweep, b, above)
    for (let i = 0; i < visible; i++) data1[b * visible + i] = drawOf(visibleKind, x[i], above[i])
  }

  for (let from = 0; from < order.length; from += batch) {
    const n = Math.min(batch, order.length - from)
    for (let b = 0; b < n; b++) {
      const row = Math.min(order[from + b], last) * visible
      data0.set(data.subarray(row, row + visible), b * visible)
      upward(data0, b, up0, start === CHAINS.data)
      if (pace.due(size)) yield
    }
    if (start === CHAINS.data) sweep++
    if (start === CHAINS.given) {
      data1.set((chains as Float32Array).subarray(from * visible, (from + n) * visible))
      for (let b = 0; b < n; b++) upward(data1, b, up1, false)
      if (pace.due(n * size)) yield
    }
    for (let t = 0; t < steps && start !== CHAINS.given; t++) {
      for (let b = 0; b < n; b++) {
        downward(b)
        if (pace.due(size)) yield
      }
      sweep++
      for (let b = 0; b < n; b++) {
        upward(data1, b, up1, true)
        if (pace.due(size)) yield
      }
      sweep++
    }
    change.apply(n, data0, up0, data1, up1)
    if (pace.due(2 * n * size)) yield
  }
}

interface Rates {
  readonly rate: number
  readonly momentum: number
  readonly decay: number
  readonly slide: number
}

/** What a batch changes. Float32Array rounds what is stored; products are rounded where they are added. */
class Change {
  readonly #machine: Machine
  readonly #a: Float32Array
  readonly #c: Float32Array
  readonly #velocities: Float32Array | undefined
  readonly #means: Float32Array | undefined
  readonly #rates: Rates
  readonly #dv: Float32Array
  readonly #dh: Float32Array
  readonly #e: Float32Array
  readonly #d: Float32Array

  constructor(
    machine: Machine,
    a: Float32Array,
    c: Float32Array,
    velocities: Float32Array | undefined,
    means: Float32Array | undefined,
    rates: Rates,
  ) {
    this.#machine = machine
    this.#a = a
    this.#c = c
    this.#velocities = velocities
    this.#means = means
    this.#rates = rates
    this.#dv = new Float32Array(machine.visible)
    this.#dh = new Float32Array(machine.stride)
    this.#e = new Float32Array(machine.stride)
    this.#d = new Float32Array(machine.stride)
  }

  apply(n: number, v0: Float32Array, h0: Float32Array, v1: Float32Array, h1: Float32Array): void {
    const { visible, stride, weights } = this.#machine
    const [dv, dh, e, d] = [this.#dv, this.#dh, this.#e, this.#d]
    const { fround } = Math
    const centred = this.#rates.slide > 0
    const means = this.#means as Float32Array
    this.#differences(n, v0, v1, dv, visible, 0)
    this.#differences(n, h0, h1, dh, stride, visible)
    e.set(dh)
    for (let i = 0; i < visible; i++) {
      d.fill(0)
      for (let b = 0; b < n; b++) this.#add(v0[b * visible + i], h0, b)
      for (let b = 0; b < n; b++) this.#add(0 - v1[b * visible + i], h1, b)
      let gain = dv[i]
      if (centred) {
        for (let j = 0; j < stride; j++) {
          const less = fround(d[j] - fround(means[i] * dh[j]))
          d[j] = less - fround(dv[i] * means[visible + j])
          e[j] -= fround(means[i] * d[j])
        }
        gain = fround(gain - this.#machine.rowSum(d, 0, means, visible))
      }
      for (let j = 0; j < stride; j++) this.#step(weights, i * stride + j, i * stride + j, d[j], n, true)
      this.#step(this.#a, i, visible * stride + i, gain, n, false)
    }
    for (let j = 0; j < stride; j++) this.#step(this.#c, j, visible * stride + visible + j, e[j], n, false)
  }

  /** Σ_b of what the data gave, less what the chains gave; and running means of the former. */
  #differences(
    n: number,
    from: Float32Array,
    less: Float32Array,
    out: Float32Array,
    width: number,
    at: number,
  ): void {
    const { fround } = Math
    const share = fround(1 / n)
    const slide = fround(this.#rates.slide)
    const means = this.#means
    out.fill(0)
    for (let b = 0; b < n; b++) for (let k = 0; k < width; k++) out[k] += from[b * width + k]
    if (means !== undefined && slide > 0) {
      for (let k = 0; k < width; k++) {
        const beyond = fround(fround(out[k] * share) - means[at + k])
        means[at + k] += fround(slide * beyond)
      }
    }
    for (let b = 0; b < n; b++) for (let k = 0; k < width; k++) out[k] -= less[b * width + k]
  }

  /** d += v·(row b of h). */
  #add(v: number, h: Float32Array, b: number): void {
    if (v === 0) return
    const { stride } = this.#machine
    const d = this.#d
    for (let j = 0; j < stride; j++) d[j] += Math.fround(v * h[b * stride + j])
  }

  #step(of: Float32Array, at: number, place: number, gain: number, n: number, decays: boolean): void {
    const { fround } = Math
    const { rate, momentum, decay } = this.#rates
    const velocities = this.#velocities
    let step = fround(fround(rate / n) * gain)
    if (velocities !== undefined && momentum !== 0) {
      step = fround(fround(fround(momentum) * velocities[place]) + step)
    }
    if (decays && decay !== 0) step = fround(step - fround(fround(rate * decay) * of[at]))
    if (velocities !== undefined && momentum !== 0) velocities[place] = step
    of[at] += step
  }
}
