import type { Portion } from '../../async/chunk-size.js'
import { call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { StateReader } from '../../input/state-reader.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Kernels, Memory } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { energyOf } from '../../numerics/energy.js'
import type { Job } from '../runner.js'

/** Pattern bits compared in one chunk: some milliseconds. */
const BITS = { native: 2 ** 30, typescript: 2 ** 22 }
/** Most numbers of intermediate results in one chunk. */
const NUMBERS = 2 ** 22
/** Numbers divided in one step: some tenths of a millisecond. */
const STEP = 2 ** 16

/** A measure of many states, each by itself. */
abstract class MeasureJob<Measured> implements Job<Measured, Float64s, Uint32Array> {
  readonly count: number
  protected readonly kernels: Kernels
  protected readonly neurons: number
  protected readonly out: Float64s
  readonly #states: StateReader

  /** @param width numbers of the result per state. */
  constructor(kernels: Kernels, neurons: number, states: StateReader, what: string, width: number) {
    this.count = states.count
    this.kernels = kernels
    this.neurons = neurons
    this.#states = states
    const size = states.count * width
    this.out = allocate(what, size * 8, () => new Float64Array(size))
  }

  abstract portion(measured: Measured): Portion
  abstract compute(measured: Measured, from: number, to: number, rows: Uint32Array): Steps<void>

  *read(from: number, to: number): Generator<void, Uint32Array> {
    const size = (to - from) * rowWords(this.neurons)
    const rows = allocate('states', size * 4, () => this.kernels.allocate(size))
    yield* this.#states.read(this.kernels, from, to, rows)
    return rows
  }

  result(): Float64s {
    return this.out
  }

  /** @param bits read for one state. */
  protected chunk(bits: number, numbers: number): Portion {
    const most = this.kernels.parallel ? BITS.native : BITS.typescript
    const room = NUMBERS / Math.max(rowWords(this.neurons), numbers, 1)
    return { most: Math.max(1, Math.floor(Math.min(most / Math.max(bits, 1), room, 4096))), multiple: 1 }
  }
}

/** Patterns that states are compared with. */
export interface Rows {
  readonly rows: Uint32Array
  readonly count: number
}

/** m^μ of every state: B × P numbers. */
export class OverlapsJob extends MeasureJob<Rows> {
  /** @param patterns P. */
  constructor(kernels: Kernels, neurons: number, states: StateReader, patterns: number) {
    super(kernels, neurons, states, 'overlaps', patterns)
  }

  portion({ count }: Rows): Portion {
    return this.chunk(this.neurons * count, count)
  }

  *compute({ rows, count }: Rows, from: number, to: number, states: Uint32Array): Steps<void> {
    const { kernels, neurons, out } = this
    const size = (to - from) * count
    const integers = allocate('overlaps', size * 4, () => new Int32Array(size))
    const operations = (size * neurons) / 64
    yield* call(kernels, operations, 'overlaps', rows, count, neurons, states, to - from, integers)
    const base = from * count
    for (let k = 0; k < size; k++) {
      out[base + k] = integers[k] / neurons
      if (k % STEP === STEP - 1) yield
    }
  }
}

/** The memory whose energies are computed. */
export interface Measured {
  readonly memory: Memory
  readonly scale: number
  readonly externalField: Float64Array | undefined
}

/** E of every state: B numbers. */
export class EnergiesJob extends MeasureJob<Measured> {
  constructor(kernels: Kernels, neurons: number, states: StateReader) {
    super(kernels, neurons, states, 'energies', 1)
  }

  portion({ memory }: Measured): Portion {
    return this.chunk(bitsOf(memory), 1)
  }

  *compute(
    { memory, scale, externalField }: Measured,
    from: number,
    to: number,
    rows: Uint32Array,
  ): Steps<void> {
    const { kernels, neurons, out } = this
    const stride = rowWords(neurons)
    const operations = ((to - from) * bitsOf(memory)) / 64
    yield* call(kernels, operations, 'quadratics', memory, rows, to - from, out.subarray(from, to))
    let looked = 0
    for (let b = from; b < to; b++) {
      const row = rows.subarray((b - from) * stride, (b - from + 1) * stride)
      const dot = externalField === undefined ? 0 : kernels.externalDot(externalField, neurons, row)
      out[b] = energyOf(out[b], scale, dot)
      looked += externalField === undefined ? 1 : neurons
      if (looked < STEP) continue
      looked = 0
      yield
    }
  }
}

/** Bits read for the energy of one state, about. */
function bitsOf(memory: Memory): number {
  const { neurons, count } = memory
  if (memory.form === 'matrix') return 8 * neurons * neurons * memory.weights.BYTES_PER_ELEMENT
  if (memory.form === 'bits') return neurons * neurons
  if (memory.form === 'sparse') return 64 * memory.sources.length
  return memory.form === 'coupled' ? neurons * count + 64 * memory.couplings.length : neurons * count
}
