import { Mark, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Int8s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import { PURPOSE, philoxBlock } from '../../numerics/philox.js'
import { matrixOf } from '../../storage/boltzmann-couplings.js'
import { each } from '../../storage/record.js'
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
  const rows = yield* randomRows(seed, stream, count, units)
  if (given !== undefined) yield* each(count, (b) => setUnits(rows, b, units, given.words, visible), units)
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
  const out = {
    states: allocate('states', count * visible, () => new Int8Array(count * visible)),
    hidden: allocate('hidden', count * hidden, () => new Int8Array(count * hidden)),
  }
  const take = (b: number): void => {
    for (let i = 0; i < visible; i++) out.states[b * visible + i] = spin(rows, i, b * stride)
    for (let j = 0; j < hidden; j++) out.hidden[b * hidden + j] = spin(rows, visible + j, b * stride)
  }
  yield* each(count, take, units)
  return out
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

  private constructor(
    { kernels, visible, units }: CoupledMachine,
    data: VisibleRows,
    free: Uint32Array,
    read: Fitting,
  ) {
    this.#kernels = kernels
    this.#units = units
    this.#data = { rows: data.words, count: data.count, clamp: unitsMask(units, 0, visible) }
    this.#free = { rows: free, count: read.chains }
    this.#read = read
    this.#hidden = units > visible
  }

  static *of(machine: CoupledMachine, { words, count }: VisibleRows, read: Fitting): Steps<Clamping> {
    const { visible, units } = machine
    const rows = yield* randomRows(read.seed, CLAMPED_STREAM, count, units)
    yield* each(count, (b) => setUnits(rows, b, units, words, visible), units)
    const free = yield* randomRows(read.seed, 0, read.chains, units)
    return new Clamping(machine, { words: rows, count }, free, read)
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
    return yield* less(data, yield* momentsOfRows(kernels, this.#free.rows, this.#free.count, this.#units))
  }
}

/** Random units, packed: row b depends on seed and stream + b. */
function* randomRows(
  seed: readonly [low: number, high: number],
  stream: number,
  count: number,
  units: number,
): Generator<void, Uint32Array> {
  const stride = rowWords(units)
  const rows = new Uint32Array(count * stride)
  const block = new Uint32Array(4)
  const draw = (b: number): void => {
    const query = stream + b
    for (let at = 0; 32 * at < units; at += 4) {
      philoxBlock(...seed, at / 4, PURPOSE.starts, query >>> 0, Math.floor(query / 2 ** 32) >>> 0, block, 0)
      for (let w = 0; w < 4 && 32 * (at + w) < units; w++) rows[b * stride + at + w] = block[w]
    }
    const rest = units % 32
    if (rest > 0) rows[b * stride + Math.floor(units / 32)] &= 2 ** rest - 1
  }
  yield* each(count, draw, units)
  return rows
}

/** Puts visible units, row b of `words`, into row b. */
function setUnits(rows: Uint32Array, b: number, units: number, words: Uint32Array, visible: number): void {
  const [to, at] = [b * rowWords(units), b * rowWords(visible)]
  for (let i = 0; i < visible; i++) {
    const bit = 1 << (i & 31)
    const word = to + (i >>> 5)
    rows[word] = (words[at + (i >>> 5)] & bit) === 0 ? rows[word] & ~bit : rows[word] | bit
  }
}
