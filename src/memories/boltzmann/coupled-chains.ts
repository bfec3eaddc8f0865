import { Mark, type Steps } from '../../async/steps.js'
import type { Int8s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import { PURPOSE, philoxBlock } from '../../numerics/philox.js'
import { matrixOf } from '../../storage/boltzmann-couplings.js'
import type { Fitting, Sampling } from './boltzmann-options.js'
import type { CoupledMachine, Couplings, VisibleRows } from './coupled-machine.js'
import { momentsOfRows, sweep, unitsMask } from './coupled-units.js'
import { less, type Moments } from './enumeration.js'

/** What chains came to; row b belongs to chain b. */
export interface BoltzmannSamples {
  /** The last visible states: B × V values ±1. */
  states: Int8s
  /** The last hidden ones: B × H values ±1. */
  hidden: Int8s
}

/** Sweeps between two reports. */
const SOME = 64

/** Draws by Glauber sweeps over all units that are not clamped. */
export function* coupledSamples(
  { kernels, memory, biases, visible, units }: CoupledMachine,
  given: VisibleRows | undefined,
  { seed, stream, clamp: flags, temperature, sweeps, count: wanted }: Sampling,
): Steps<BoltzmannSamples> {
  const count = given?.count ?? wanted ?? 1
  const hidden = units - visible
  const rows = randomRows(seed, stream, count, units)
  if (given !== undefined) for (let b = 0; b < count; b++) setUnits(rows, b, units, given.words, visible)
  const clamp = flags === undefined ? undefined : unitsMask(units, 0, 0)
  if (clamp !== undefined)
    for (let i = 0; i < visible; i++) if (flags?.[i] === 1) clamp[i >>> 5] |= 1 << (i & 31)
  const chains = { rows, count, clamp, seed, stream }
  for (let done = 0; done < sweeps; done += SOME) {
    const some = Math.min(SOME, sweeps - done)
    yield* sweep(kernels, memory, biases, chains, done, some, temperature)
    yield new Mark(done + some, sweeps)
  }
  const stride = rowWords(units)
  const unit = (b: number, i: number): number => spin(rows, i, b * stride)
  return {
    states: Int8Array.from({ length: count * visible }, (_, k) => unit(Math.floor(k / visible), k % visible)),
    hidden: Int8Array.from({ length: count * hidden }, (_, k) =>
      unit(Math.floor(k / hidden), visible + (k % hidden)),
    ),
  }
}

/** Streams of clamped chains begin here, those of free ones at 0. */
const CLAMPED_STREAM = 2 ** 40

/** Chains clamped to the data, and free ones, which go on from epoch to epoch. */
export class Clamping {
  readonly #kernels: Kernels
  readonly #units: number
  readonly #data: { rows: Uint32Array; count: number; clamp: Uint32Array }
  readonly #free: { rows: Uint32Array; count: number }
  readonly #read: Fitting
  readonly #hidden: boolean

  constructor(
    kernels: Kernels,
    visible: number,
    units: number,
    { words, count }: VisibleRows,
    read: Fitting,
  ) {
    const rows = randomRows(read.seed, CLAMPED_STREAM, count, units)
    const stride = rowWords(visible)
    for (let b = 0; b < count; b++) setUnits(rows, b, units, words.subarray(b * stride), visible, 0)
    this.#kernels = kernels
    this.#units = units
    this.#data = { rows, count, clamp: unitsMask(units, 0, visible) }
    this.#free = { rows: randomRows(read.seed, 0, read.chains, units), count: read.chains }
    this.#read = read
    this.#hidden = units > visible
  }

  *difference({ weights, biases }: Couplings, epoch: number): Steps<Moments> {
    const { seed, sweeps } = this.#read
    const kernels = this.#kernels
    const memory = matrixOf(this.#units, weights)
    const first = epoch * sweeps
    if (this.#hidden) {
      const chains = { ...this.#data, seed, stream: CLAMPED_STREAM }
      yield* sweep(kernels, memory, biases, chains, first, sweeps, 1)
    }
    const free = { ...this.#free, clamp: undefined, seed, stream: 0 }
    yield* sweep(kernels, memory, biases, free, first, sweeps, 1)
    const data = yield* momentsOfRows(kernels, this.#data.rows, this.#data.count, this.#units)
    return less(data, yield* momentsOfRows(kernels, this.#free.rows, this.#free.count, this.#units))
  }
}

/** Random units, packed: row b depends on seed and stream + b. */
function randomRows(
  seed: readonly [low: number, high: number],
  stream: number,
  count: number,
  units: number,
): Uint32Array {
  const stride = rowWords(units)
  const rows = new Uint32Array(count * stride)
  const block = new Uint32Array(4)
  for (let b = 0; b < count; b++) {
    const query = stream + b
    for (let at = 0; 32 * at < units; at += 4) {
      philoxBlock(...seed, at / 4, PURPOSE.starts, query >>> 0, Math.floor(query / 2 ** 32) >>> 0, block, 0)
      for (let w = 0; w < 4 && 32 * (at + w) < units; w++) rows[b * stride + at + w] = block[w]
    }
    const rest = units % 32
    if (rest > 0) rows[b * stride + Math.floor(units / 32)] &= 2 ** rest - 1
  }
  return rows
}

/** Puts visible units, row `from` of `words`, into row b. */
function setUnits(
  rows: Uint32Array,
  b: number,
  units: number,
  words: Uint32Array,
  visible: number,
  from = b,
): void {
  const [to, at] = [b * rowWords(units), from * rowWords(visible)]
  for (let i = 0; i < visible; i++) {
    const bit = 1 << (i & 31)
    const word = to + (i >>> 5)
    rows[word] = (words[at + (i >>> 5)] & bit) === 0 ? rows[word] & ~bit : rows[word] | bit
  }
}
