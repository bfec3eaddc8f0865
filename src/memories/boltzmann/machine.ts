import { call, inPortions, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import type { Kernels, UnitKind } from '../../kernels/contract/kernels.js'
import { hiddenStride, MACHINE, UNIT_KINDS, WALK } from '../../kernels/contract/kernels.js'
import { type MachineArrays, unstrided } from '../../storage/machine-weights.js'

/** Visible rows. */
export interface Rows {
  readonly count: number
  readonly data: Float32s
}

/** A restricted Boltzmann machine as it is at one moment, and the kernels that compute with it. */
export class Machine {
  readonly kernels: Kernels
  readonly visible: number
  readonly hidden: number
  readonly stride: number
  readonly visibleKind: UnitKind
  readonly hiddenKind: UnitKind
  readonly shape: Uint32Array
  readonly arrays: MachineArrays

  constructor(
    kernels: Kernels,
    of: Pick<Machine, 'visible' | 'hidden' | 'visibleKind' | 'hiddenKind'>,
    arrays: MachineArrays,
  ) {
    this.kernels = kernels
    this.visible = of.visible
    this.hidden = of.hidden
    this.stride = hiddenStride(of.hidden)
    this.visibleKind = of.visibleKind
    this.hiddenKind = of.hiddenKind
    this.shape = new Uint32Array(MACHINE.length)
    this.shape[MACHINE.visible] = of.visible
    this.shape[MACHINE.hidden] = of.hidden
    this.shape[MACHINE.visibleKind] = UNIT_KINDS.indexOf(of.visibleKind)
    this.shape[MACHINE.hiddenKind] = UNIT_KINDS.indexOf(of.hiddenKind)
    this.arrays = arrays
  }

  /** The same with other arrays. */
  with(arrays: MachineArrays): Machine {
    return new Machine(this.kernels, this, arrays)
  }

  /** Operations of one field of every unit of a layer. */
  get size(): number {
    return this.visible * this.stride
  }

  singles(rows: number, width: number): Float32s {
    return allocate('rows', rows * width * 4, () => new Float32Array(rows * width))
  }

  doubles(count: number): Float64s {
    return allocate('numbers', count * 8, () => new Float64Array(count))
  }

  /** Means of hidden units at visible rows, in rows of `stride`. */
  *hiddenMeans(visible: Float32Array, count: number, aside = true): Steps<Float32s> {
    const out = this.singles(count, this.stride)
    const { weights, hiddenBiases } = this.arrays
    for (const [from, to] of inPortions(this.kernels, count, this.size, aside)) {
      const rows = visible.subarray(from * this.visible, to * this.visible)
      const part = out.subarray(from * this.stride, to * this.stride)
      const given = [this.shape, weights, hiddenBiases, rows, to - from, part] as const
      yield* call(this.kernels, (to - from) * this.size, 'hiddenMeans', ...given)
    }
    return out
  }

  /** Means of visible units at hidden rows of `stride`. */
  *visibleMeans(hidden: Float32Array, count: number, aside = true): Steps<Float32s> {
    const out = this.singles(count, this.visible)
    const { weights, visibleBiases } = this.arrays
    for (const [from, to] of inPortions(this.kernels, count, this.size, aside)) {
      const rows = hidden.subarray(from * this.stride, to * this.stride)
      const part = out.subarray(from * this.visible, to * this.visible)
      const given = [this.shape, weights, visibleBiases, rows, to - from, part] as const
      yield* call(this.kernels, (to - from) * this.size, 'visibleMeans', ...given)
    }
    return out
  }

  /** Means of hidden units at rows, B × H numbers. */
  *transformed({ data, count }: Rows): Steps<Float32s> {
    return yield* unstrided(yield* this.hiddenMeans(data, count), this.hidden)
  }

  /** Means of visible units at those of the hidden ones at rows, B × V numbers. */
  *reconstructed({ data, count }: Rows): Steps<Float32s> {
    return yield* this.visibleMeans(yield* this.hiddenMeans(data, count), count)
  }

  /** F of visible rows, at β of each if given, without the constant of Gaussian hidden units. */
  *freeEnergies(visible: Float32Array, count: number, betas?: Float64Array): Steps<Float64s> {
    const out = this.doubles(count)
    const { weights, visibleBiases, hiddenBiases } = this.arrays
    for (const [from, to] of inPortions(this.kernels, count, 2 * this.size, true)) {
      const rows = visible.subarray(from * this.visible, to * this.visible)
      const given = [this.shape, weights, visibleBiases, hiddenBiases, undefined] as const
      const some = betas?.subarray(from, to)
      const results = [some, rows, to - from, out.subarray(from, to)] as const
      yield* call(this.kernels, 2 * (to - from) * this.size, 'freeEnergies', ...given, ...results)
    }
    return out
  }

  /** Gibbs steps of the chains whose visible rows these are; the rows, hidden rows and means are written. */
  *gibbs(walk: Walk): Steps<void> {
    const { weights, visibleBiases, hiddenBiases } = this.arrays
    const { visible, hidden, means, betas, clamp } = walk
    const count = betas.length
    const most = Math.max(1, Math.floor(2 ** 24 / (2 * this.size * count)))
    for (let done = 0; done < walk.steps; done += most) {
      const steps = Math.min(most, walk.steps - done)
      const numbers = new Float64Array(WALK.length)
      numbers[WALK.seedLow] = walk.seed[0]
      numbers[WALK.seedHigh] = walk.seed[1]
      numbers[WALK.firstSweep] = walk.firstSweep + 2 * done
      numbers[WALK.steps] = steps
      numbers[WALK.stream] = walk.stream
      const given = [
        this.shape,
        weights,
        visibleBiases,
        hiddenBiases,
        undefined,
        clamp,
        betas,
        numbers,
      ] as const
      yield* call(this.kernels, 2 * steps * count * this.size, 'gibbs', ...given, visible, hidden, means)
    }
  }
}

/** Chains of Gibbs steps. */
export interface Walk {
  readonly seed: readonly [low: number, high: number]
  readonly firstSweep: number
  readonly steps: number
  readonly stream: number
  /** β of each chain. */
  readonly betas: Float64Array
  readonly clamp: Uint8Array | undefined
  readonly visible: Float32Array
  readonly hidden: Float32Array
  readonly means: Float32Array | undefined
}

/** ½ ln 2π: what a Gaussian unit adds to a logarithm of a partition function. */
export const HALF_LOG_2PI = 0.9189385332046728
