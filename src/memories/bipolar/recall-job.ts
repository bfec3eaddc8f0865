import type { Portion } from '../../async/chunk-size.js'
import { allocate } from '../../errors.js'
import { fresh, type Into, packedRoomFor, type Room, roomFor } from '../../input/out.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { StateReader } from '../../input/state-reader.js'
import type { Int8s, Uint32s } from '../../input/typed-arrays.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { packedOf } from '../batch.js'
import type { Job, KernelCall } from '../runner.js'
import { BatchResult, type RecallTrace } from './recall-result.js'
import type { StreamReader } from './streams.js'

/** Values copied or packed per step. */
const STEP = 2 ** 20

/** A memory and a plan of recall. */
export interface Recalled {
  readonly memory: Memory
  readonly plan: RecallPlan
}

interface Chunk {
  readonly rows: Uint32Array
  readonly streams: Float64Array | undefined
}

/** Overlaps with the cue and after each sweep, divided by N. */
function series(cue: Int32Array, later: Int32Array, neurons: number): Float64Array<ArrayBuffer> {
  const length = cue.length + later.length
  const out = allocate('result', length * 8, () => new Float64Array(length))
  for (let mu = 0; mu < cue.length; mu++) out[mu] = cue[mu] / neurons
  for (let k = 0, at = cue.length; k < later.length; k++) out[at + k] = later[k] / neurons
  return out
}

/** The recall of many ±1 cues. Its result is private until all chunks are done. */
export class RecallJob implements Job<Recalled, BatchResult, Chunk> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #cues: StateReader
  readonly #streams: StreamReader | undefined
  readonly #packed: boolean
  readonly #stride: number
  /** Values or words per state of the result. */
  readonly #width: number
  readonly #room: Room<Int8s | PackedPatterns, Int8Array | Uint32Array>
  readonly #states: Int8Array | Uint32Array
  #alternates: Int8s | Uint32s | undefined
  readonly #converged: Uint8Array<ArrayBuffer>
  readonly #sweeps: Uint32s
  readonly #flips: Uint32s
  readonly #energies: Float64Array<ArrayBuffer>
  readonly #cycles: Uint32s
  readonly #active: Uint32s | undefined
  readonly #traces: RecallTrace[] | undefined

  constructor(
    kernels: Kernels,
    neurons: number,
    cues: StateReader,
    asked: {
      readonly streams: StreamReader | undefined
      readonly packed: boolean
      readonly trace: boolean
      /** Whether results say how many patterns are active. */
      readonly active: boolean
      readonly into?: Into | undefined
    },
  ) {
    const { count } = cues
    this.count = count
    this.#kernels = kernels
    this.#neurons = neurons
    this.#cues = cues
    this.#streams = asked.streams
    this.#packed = asked.packed
    this.#stride = rowWords(neurons)
    this.#width = asked.packed ? this.#stride : neurons
    this.#room = this.#roomFor(asked.into)
    this.#states = this.#room.plain
    this.#converged = new Uint8Array(count)
    this.#sweeps = new Uint32Array(count)
    this.#flips = new Uint32Array(count)
    this.#energies = new Float64Array(count)
    this.#cycles = new Uint32Array(count)
    this.#active = asked.active ? new Uint32Array(count) : undefined
    this.#traces = asked.trace ? new Array(count) : undefined
  }

  /**
   * On other threads: 2^30/(N·P), which is ten milliseconds for cues near a pattern; between 32 and 4096; at most 2^23 values, which
   * take about a millisecond to pack on this thread; a multiple of the matrix unit's squares. On this thread: about 3 ms of such work.
   */
  portion({ memory, plan }: Recalled): Portion {
    const each = this.#neurons * Math.max(bitsOf(memory), 1)
    if (this.#kernels.parallel) {
      const most = Math.min(Math.max(Math.floor(2 ** 30 / each), 32), 4096)
      return { most: Math.min(most, Math.max(Math.floor(2 ** 23 / this.#neurons), 1)), multiple: 32 }
    }
    // Measured: 5e8 operations per second, on 32 bits of a matrix or on one of a column; a recall is about four sweeps.
    const dear = 'columns' in memory ? (plan.dynamics === 'asynchronous' ? 4 : 1) : 1 / 32
    const operations = 4 * each * dear
    return { most: Math.max(1, Math.floor((3e-3 * 5e8) / operations)), multiple: 1 }
  }

  checkRoom(): void {
    this.#room.check()
  }

  *read(from: number, to: number): Generator<void, Chunk> {
    const rows = this.#rows(to - from)
    yield* this.#cues.read(this.#kernels, from, to, rows)
    return { rows, streams: this.#streams?.read(from, to) }
  }

  *compute(
    { memory, plan }: Recalled,
    from: number,
    to: number,
    { rows, streams }: Chunk,
  ): Generator<KernelCall | undefined, void> {
    const own = { ...plan, stream: plan.stream + from, streams }
    const states = this.#states.subarray(from * this.#width, to * this.#width)
    const outcomes = new Float64Array((to - from) * OUTCOME.length)
    if (this.#traces === undefined) yield this.#recall(memory, rows, own, states, outcomes)
    else this.#trace(memory, rows, own, states, outcomes, this.#traces)
    const cyclic: number[] = []
    yield* this.#note(outcomes, from, cyclic)
    if (cyclic.length > 0) yield* this.#addAlternates(memory, plan, cyclic, to - from)
  }

  *finish(): Generator<void, void> {
    if (this.#alternates !== undefined) yield* this.#copyOthers(this.#states, this.#alternates)
  }

  result(): BatchResult {
    return new BatchResult(
      {
        states: this.#room.given,
        converged: this.#converged,
        sweeps: this.#sweeps,
        flips: this.#flips,
        energies: this.#energies,
        cycles: this.#cycles,
      },
      {
        alternates: this.#alternates && this.#asked(this.#alternates),
        active: this.#active,
        traces: this.#traces,
      },
    )
  }

  #recall(
    memory: Memory,
    rows: Uint32Array,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): KernelCall {
    const count = outcomes.length / OUTCOME.length
    return {
      here: () => {
        this.#kernels.recall(memory, rows, count, plan, states, outcomes)
      },
      beside: (flag) => this.#kernels.recallAsync(memory, rows, count, plan, states, outcomes, flag),
    }
  }

  /** One cue after the other, because each trace has its own length. */
  #trace(
    memory: Memory,
    rows: Uint32Array,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
    traces: RecallTrace[],
  ): void {
    const count = outcomes.length / OUTCOME.length
    const ends = new Uint32Array(rows.length)
    const stride = this.#stride
    // The kernel writes overlaps after each sweep; the series begins with the cue.
    const first = new Int32Array(memory.count)
    for (let b = 0; b < count; b++) {
      const cue = count === 1 ? rows : rows.subarray(b * stride, (b + 1) * stride)
      const end = count === 1 ? ends : ends.subarray(b * stride, (b + 1) * stride)
      const outcome = count === 1 ? outcomes : outcomes.subarray(b * OUTCOME.length, (b + 1) * OUTCOME.length)
      const own = { ...plan, stream: plan.streams?.[b] ?? plan.stream + b, streams: undefined }
      const { energies, overlaps, flips } = this.#kernels.recallTraced(memory, cue, own, end, outcome)
      this.#kernels.overlaps(memory.rows, memory.count, memory.neurons, cue, 1, first)
      traces[b] = { energies, overlaps: series(first, overlaps, memory.neurons), flips } as RecallTrace
    }
    if (states instanceof Int8Array) this.#kernels.unpack(ends, count, this.#neurons, states)
    else states.set(ends)
  }

  *#note(outcomes: Float64Array, from: number, cyclic: number[]): Generator<undefined, void> {
    for (let at = 0, b = from; at < outcomes.length; at += OUTCOME.length, b++) {
      const cycle = outcomes[at + OUTCOME.cycle]
      this.#converged[b] = cycle === 1 ? 1 : 0
      this.#sweeps[b] = outcomes[at + OUTCOME.sweeps]
      this.#flips[b] = outcomes[at + OUTCOME.flips]
      this.#energies[b] = outcomes[at + OUTCOME.energy]
      this.#cycles[b] = cycle
      if (this.#active !== undefined) this.#active[b] = outcomes[at + OUTCOME.active]
      if (cycle === 2) cyclic.push(b)
      if (b % 4096 === 4095) yield
    }
  }

  /** The other state of a two-cycle is one synchronous sweep away; a kernel computes it, off this thread too. */
  *#addAlternates(
    memory: Memory,
    plan: RecallPlan,
    cyclic: readonly number[],
    most: number,
  ): Generator<KernelCall | undefined, void> {
    this.#alternates ??= this.#empty()
    const portion = Math.max(1, Math.min(most, Math.floor(STEP / this.#neurons)))
    const step = { ...plan, maxSweeps: 1, temperatures: undefined }
    const width = this.#width
    for (let at = 0; at < cyclic.length; at += portion) {
      const some = cyclic.slice(at, at + portion)
      const rows = this.#rows(some.length)
      const states = this.#empty(some.length)
      this.#gather(some, rows)
      yield
      yield this.#recall(memory, rows, step, states, new Float64Array(some.length * OUTCOME.length))
      for (const [k, b] of some.entries()) {
        this.#alternates.set(states.subarray(k * width, (k + 1) * width), b * width)
      }
    }
  }

  /** The states of these cues, packed. */
  #gather(which: readonly number[], rows: Uint32Array): void {
    const gathered = this.#states instanceof Int8Array ? new Int8Array(which.length * this.#neurons) : rows
    for (const [k, b] of which.entries()) {
      gathered.set(this.#states.subarray(b * this.#width, (b + 1) * this.#width), k * this.#width)
    }
    if (gathered instanceof Int8Array) this.#kernels.pack(gathered, which.length, this.#neurons, rows)
  }

  /** Copies the final states of cues without a two-cycle, in runs. */
  *#copyOthers(from: Int8Array | Uint32Array, to: Int8Array | Uint32Array): Generator<void, void> {
    const most = Math.max(1, Math.floor(STEP / this.#width))
    for (let a = 0; a < this.#cycles.length; ) {
      let b = a
      while (b < this.#cycles.length && b - a < most && this.#cycles[b] !== 2) b++
      to.set(from.subarray(a * this.#width, b * this.#width), a * this.#width)
      if (b === a || this.#cycles[b] === 2) b++
      a = b
      yield
    }
  }

  #rows(count: number): Uint32Array {
    const size = count * this.#stride
    return allocate('cues', size * 4, () => this.#kernels.allocate(size))
  }

  #roomFor(into: Into | undefined): Room<Int8s | PackedPatterns, Int8Array | Uint32Array> {
    if (into === undefined) {
      const states = this.#empty()
      return fresh(states, this.#asked(states))
    }
    if (this.#packed) return packedRoomFor(into, this.#neurons, this.count)
    return roomFor(into, Int8Array, this.count * this.#neurons) as Room<Int8s, Int8Array>
  }

  #empty(count = this.count): Int8s | Uint32s {
    const size = count * this.#width
    return this.#packed
      ? allocate('states of the cues', size * 4, () => new Uint32Array(size))
      : allocate('states of the cues', size, () => new Int8Array(size))
  }

  #asked(states: Int8s | Uint32s): Int8s | PackedPatterns {
    return states instanceof Int8Array ? states : packedOf(this.#neurons, states)
  }
}

/** Bits read for the field of one neuron. */
function bitsOf(memory: Memory): number {
  switch (memory.form) {
    case 'interaction':
    case 'coupled':
      // Coupled weights use 64-bit numbers.
      return 8 * memory.count
    case 'matrix':
      return 8 * memory.neurons * memory.weights.BYTES_PER_ELEMENT
    case 'bits':
      return memory.neurons
    case 'sparse':
      return 64 * Math.ceil(memory.sources.length / memory.neurons)
    default:
      return memory.count
  }
}
