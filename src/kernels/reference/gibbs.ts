import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { drawOf, Machine, meanOf, words } from './machine.js'

export function hiddenMeans(...given: Parameters<typeof hiddenMeanSteps>): void {
  atOnce(hiddenMeanSteps(...given))
}

/** In steps. */
export function* hiddenMeanSteps(
  shape: Uint32Array,
  weights: Float32Array,
  hiddenBiases: Float32Array,
  visible: Float32Array,
  count: number,
  out: Float32Array,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const { hidden, stride, hiddenKind, size } = machine
  const fields = new Float32Array(hidden)
  for (let b = 0; b < count; b++) {
    machine.hiddenFields(hiddenBiases, visible, b, fields)
    for (let j = 0; j < stride; j++) out[b * stride + j] = j < hidden ? meanOf(hiddenKind, fields[j]) : 0
    if (pace.due(size)) yield
  }
}

export function visibleMeans(...given: Parameters<typeof visibleMeanSteps>): void {
  atOnce(visibleMeanSteps(...given))
}

/** In steps. */
export function* visibleMeanSteps(
  shape: Uint32Array,
  weights: Float32Array,
  visibleBiases: Float32Array,
  hidden: Float32Array,
  count: number,
  out: Float32Array,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const { visible, visibleKind, size } = machine
  const fields = new Float32Array(visible)
  for (let b = 0; b < count; b++) {
    machine.visibleFields(visibleBiases, hidden, b, fields)
    for (let i = 0; i < visible; i++) out[b * visible + i] = meanOf(visibleKind, fields[i])
    if (pace.due(size)) yield
  }
}

export function gibbs(...given: Parameters<typeof gibbsSteps>): void {
  atOnce(gibbsSteps(...given))
}

/** In steps. */
export function* gibbsSteps(
  shape: Uint32Array,
  weights: Float32Array,
  visibleBiases: Float32Array,
  hiddenBiases: Float32Array,
  base: Float32Array | undefined,
  clamp: Uint8Array | undefined,
  betas: Float64Array,
  walk: Float64Array,
  visible: Float32Array,
  hidden: Float32Array,
  means: Float32Array | undefined,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const { hidden: units, stride, visible: width, visibleKind, hiddenKind, size } = machine
  const [seedLow, seedHigh, firstSweep, steps, stream] = walk
  const [y, x] = [new Float32Array(units), new Float32Array(width)]
  const [below, above] = [new Uint32Array(units), new Uint32Array(width)]
  for (let t = 0; t < steps; t++) {
    for (const [b, beta] of betas.entries()) {
      const sweep = firstSweep + 2 * t
      words(seedLow, seedHigh, sweep, stream + b, below)
      machine.hiddenFields(hiddenBiases, visible, b, y)
      for (let j = 0; j < stride; j++) {
        hidden[b * stride + j] = j < units ? drawOf(hiddenKind, beta * y[j], below[j]) : 0
      }
      words(seedLow, seedHigh, sweep + 1, stream + b, above)
      machine.visibleFields(visibleBiases, hidden, b, x)
      for (let i = 0; i < width; i++) {
        const at = b * width + i
        const z = beta * x[i] + (1 - beta) * (base?.[i] ?? 0)
        if (clamp === undefined || clamp[i] === 0) visible[at] = drawOf(visibleKind, z, above[i])
        if (means === undefined || t + 1 < steps) continue
        means[at] = clamp === undefined || clamp[i] === 0 ? meanOf(visibleKind, z) : visible[at]
      }
      if (pace.due(2 * size)) yield
    }
  }
}
