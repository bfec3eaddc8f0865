import { allocate } from '../errors.js'
import type { Float32s } from '../input/typed-arrays.js'
import { hiddenStride } from '../kernels/contract/boltzmann.js'
import { normal } from '../numerics/normal.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { LearnedArrays } from './learned-arrays.js'
import { each, misfit, type RecordReader, type RecordWriter, within } from './record.js'

/** Weights and biases of a machine of two layers, as kernels take them. They never change once made. */
export interface MachineArrays {
  /** V rows of hiddenStride(H) numbers, zeros behind the H-th. */
  readonly weights: Float32Array
  /** V numbers. */
  readonly visibleBiases: Float32Array
  /** hiddenStride(H) numbers, zeros behind the H-th. */
  readonly hiddenBiases: Float32Array
}

/** Largest magnitude of weights and biases: sums of them stay far within f32. */
export const LARGEST_WEIGHT = 1e6

/** What a restricted Boltzmann machine has learned. */
export class MachineWeights extends LearnedArrays<MachineArrays> {
  readonly #visible: number
  readonly #hidden: number

  constructor(visible: number, hidden: number, arrays: MachineArrays) {
    super(arrays)
    this.#visible = visible
    this.#hidden = hidden
  }

  record(to: RecordWriter): void {
    const { weights, visibleBiases, hiddenBiases } = this.held
    const stride = hiddenStride(this.#hidden)
    to.array('weights', weights, [this.#visible, stride])
    to.array('visibleBiases', visibleBiases, [this.#visible])
    to.array('hiddenBiases', hiddenBiases, [stride])
  }

  restore(from: RecordReader): void {
    const [visible, hidden] = [this.#visible, this.#hidden]
    const stride = hiddenStride(hidden)
    const weights = from.array('weights', Float32Array, [visible, stride])
    const visibleBiases = from.array('visibleBiases', Float32Array, [visible])
    const hiddenBiases = from.array('hiddenBiases', Float32Array, [stride])
    for (const [name, values] of Object.entries({ weights, visibleBiases, hiddenBiases })) {
      within(from, name, values, LARGEST_WEIGHT)
    }
    if (stride !== hidden) {
      from.check(function* () {
        for (const [name, rows] of [
          ['weights', weights],
          ['hiddenBiases', hiddenBiases],
        ] as const) {
          for (let at = 0; at < rows.length; at += stride) {
            const place = rows.subarray(at + hidden, at + stride).findIndex((x) => x !== 0)
            if (place >= 0)
              throw misfit(`${name}[${at + hidden + place}]`, 'expected 0 behind the last hidden unit')
            if (at % (64 * stride) === 0) yield
          }
        }
      })
    }
    this.open(from, { weights, visibleBiases, hiddenBiases })
  }
}

/** Weights drawn from a normal distribution of this width, and no biases: weight (i, j) depends on seed, i and j alone. */
export function randomMachine(
  visible: number,
  hidden: number,
  width: number,
  seed: readonly [low: number, high: number],
): MachineArrays {
  const arrays = emptyMachine(visible, hidden)
  const stride = hiddenStride(hidden)
  const draw = new WordStream(...seed)
  for (let i = 0; i < visible; i++) {
    draw.seek(PURPOSE.weights, i)
    for (let j = 0; j < hidden; j++) {
      arrays.weights[i * stride + j] = width * normal((draw.word() + 0.5) * 2 ** -32)
    }
  }
  return arrays
}

/** Zeros. */
export function emptyMachine(visible: number, hidden: number): MachineArrays {
  const stride = hiddenStride(hidden)
  return {
    weights: allocate('weights', visible * stride * 4, () => new Float32Array(visible * stride)),
    visibleBiases: new Float32Array(visible),
    hiddenBiases: new Float32Array(stride),
  }
}

/** Rows of H numbers in rows of hiddenStride(H). */
export function strided(rows: Float32Array, hidden: number): Float32Array {
  return restrided(rows, hidden, hiddenStride(hidden))
}

/** And back, in small steps. */
export function* unstrided(rows: Float32Array, hidden: number): Generator<void, Float32s> {
  const stride = hiddenStride(hidden)
  const count = rows.length / stride
  const out = allocate('rows', count * hidden * 4, () => new Float32Array(count * hidden))
  yield* each(count, (b) => out.set(rows.subarray(b * stride, b * stride + hidden), b * hidden), stride)
  return out
}

function restrided(rows: Float32Array, hidden: number, stride: number): Float32Array {
  const count = rows.length / hidden
  const out = allocate('weights', count * stride * 4, () => new Float32Array(count * stride))
  for (let b = 0; b < count; b++) out.set(rows.subarray(b * hidden, (b + 1) * hidden), b * stride)
  return out
}
