import { fold8 } from '../../numerics/dot8.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { drawOf, Machine, potential, words } from './machine.js'

/** −F of one row, of which `fields` has y, at one β. */
class FreeEnergy {
  readonly #machine: Machine
  readonly #biases: Float32Array
  readonly #base: Float32Array | undefined
  readonly #sums = new Float64Array(8)
  readonly #z: Float64Array
  readonly fields: Float64Array

  constructor(machine: Machine, biases: Float32Array, base: Float32Array | undefined) {
    this.#machine = machine
    this.#biases = biases
    this.#base = base
    this.#z = new Float64Array(machine.hidden)
    this.fields = new Float64Array(machine.hidden)
  }

  at(beta: number, visible: Float32Array, row: number): number {
    const { visible: width, hidden, visibleKind, hiddenKind } = this.#machine
    const [sums, z] = [this.#sums, this.#z]
    sums.fill(0)
    for (let i = 0; i < width; i++) {
      const b = beta * this.#biases[i] + (1 - beta) * (this.#base?.[i] ?? 0)
      sums[i & 7] += visible[row * width + i] * b
    }
    let own = fold8(sums)
    if (visibleKind === 'gaussian') {
      sums.fill(0)
      for (let i = 0; i < width; i++) sums[i & 7] += visible[row * width + i] * visible[row * width + i]
      own -= 0.5 * fold8(sums)
    }
    for (let j = 0; j < hidden; j++) z[j] = beta * this.fields[j]
    return own + potential(hiddenKind, z, hidden)
  }
}

export function freeEnergies(...given: Parameters<typeof freeEnergySteps>): void {
  atOnce(freeEnergySteps(...given))
}

/** In steps. */
export function* freeEnergySteps(
  shape: Uint32Array,
  weights: Float32Array,
  visibleBiases: Float32Array,
  hiddenBiases: Float32Array,
  base: Float32Array | undefined,
  betas: Float64Array | undefined,
  visible: Float32Array,
  count: number,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const energy = new FreeEnergy(machine, visibleBiases, base)
  for (let b = 0; b < count; b++) {
    machine.hiddenFields(hiddenBiases, visible, b, energy.fields)
    out[b] = 0 - energy.at(betas?.[b] ?? 1, visible, b)
    if (pace.due(machine.size)) yield
  }
}

export function importance(...given: Parameters<typeof importanceSteps>): void {
  atOnce(importanceSteps(...given))
}

/** In steps. */
export function* importanceSteps(
  shape: Uint32Array,
  weights: Float32Array,
  visibleBiases: Float32Array,
  hiddenBiases: Float32Array,
  base: Float32Array | undefined,
  betas: Float64Array,
  walk: Float64Array,
  visible: Float32Array,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const machine = new Machine(shape, weights)
  const { visible: width, hidden, stride, visibleKind, hiddenKind, size } = machine
  const energy = new FreeEnergy(machine, visibleBiases, base)
  const [seedLow, seedHigh, firstSweep, , stream] = walk
  const [h, x] = [new Float32Array(stride), new Float32Array(width)]
  const [below, above] = [new Uint32Array(hidden), new Uint32Array(width)]
  for (const b of out.keys()) {
    for (let k = 1; k < betas.length; k++) {
      const beta = betas[k]
      machine.hiddenFields(hiddenBiases, visible, b, energy.fields)
      out[b] += energy.at(beta, visible, b) - energy.at(betas[k - 1], visible, b)
      if (pace.due(2 * size)) yield
      if (k + 1 === betas.length) break
      const sweep = firstSweep + 2 * (k - 1)
      words(seedLow, seedHigh, sweep, stream + b, below)
      for (let j = 0; j < hidden; j++) h[j] = drawOf(hiddenKind, beta * energy.fields[j], below[j])
      words(seedLow, seedHigh, sweep + 1, stream + b, above)
      machine.visibleFields(visibleBiases, h, 0, x)
      for (let i = 0; i < width; i++) {
        const z = beta * x[i] + (1 - beta) * (base?.[i] ?? 0)
        visible[b * width + i] = drawOf(visibleKind, z, above[i])
      }
    }
  }
}
