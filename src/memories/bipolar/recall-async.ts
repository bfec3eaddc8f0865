import { defaultChunk } from '../../async/chunk-size.js'
import { type ChunkWork, inChunks, oneAtATime } from '../../async/chunks.js'
import type { readAsyncOptions } from '../../async/options.js'
import { inTurns } from '../../async/turn.js'
import { allocate } from '../../errors.js'
import type { StateReader } from '../../input/state-reader.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { CLEAN, PackedPatterns } from '../../patterns/packed-patterns.js'
import type { PatternMemory } from '../../storage/weights.js'
import type { BatchResult } from './recall-results.js'
import type { StreamReader } from './streams.js'

/** A checked call of recallAsync. */
export interface AsyncRequest {
  readonly plan: RecallPlan
  readonly cues: StateReader
  readonly streams: StreamReader | undefined
  readonly packed: boolean
  readonly limits: ReturnType<typeof readAsyncOptions>
}

/** Values copied or packed in one step. */
const STEP = 2 ** 20

interface Chunk {
  readonly rows: Uint32Array
  readonly streams: Float64Array | undefined
}

/** Recalls a batch off the event loop, on the memory as it is in the turn of the call. */
export async function recallAsync(
  kernels: Kernels,
  weights: PatternMemory,
  neurons: number,
  request: AsyncRequest,
): Promise<BatchResult> {
  const { plan, cues, limits } = request
  limits.signal?.throwIfAborted()
  const asynchronous = plan.dynamics === 'asynchronous'
  const lease = await weights.lease(asynchronous)
  try {
    const { memory } = lease
    const dense = memory.form === 'dense'
    const threads = kernels.parallel ? limits.threads : 1
    const chunk =
      limits.chunk ??
      defaultChunk({
        neurons,
        patterns: dense ? neurons : bitsOf(memory),
        dense,
        asynchronous,
        count: cues.count,
        threads,
        parallel: kernels.parallel,
      })
    const work = new BatchWork(kernels, memory, request, Math.min(chunk, Math.max(cues.count, 1)))
    await inChunks(cues.count, { ...limits, threads, chunk }, work)
    return await work.result()
  } finally {
    lease.release()
  }
}

/** Bits that the field of one neuron takes. */
function bitsOf(memory: Memory): number {
  switch (memory.form) {
    case 'interaction':
    case 'coupled':
      // Votes are numbers of 64 bits.
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

/** One batch: its private result, filled in chunk by chunk. */
class BatchWork implements ChunkWork<Chunk> {
  readonly #kernels: Kernels
  readonly #memory: Memory
  readonly #request: AsyncRequest
  readonly #chunk: number
  readonly #neurons: number
  readonly #stride: number
  /** Values or words a state of the result. */
  readonly #width: number
  readonly #states: Int8Array | Uint32Array
  #alternates: Int8Array | Uint32Array | undefined
  readonly #converged: Uint8Array
  readonly #sweeps: Uint32Array
  readonly #flips: Uint32Array
  readonly #energies: Float64Array
  readonly #cycles: Uint32Array

  constructor(kernels: Kernels, memory: Memory, request: AsyncRequest, chunk: number) {
    const { count } = request.cues
    this.#kernels = kernels
    this.#memory = memory
    this.#request = request
    this.#chunk = chunk
    this.#neurons = memory.neurons
    this.#stride = rowWords(memory.neurons)
    this.#width = request.packed ? this.#stride : this.#neurons
    this.#states = this.#empty()
    this.#converged = new Uint8Array(count)
    this.#sweeps = new Uint32Array(count)
    this.#flips = new Uint32Array(count)
    this.#energies = new Float64Array(count)
    this.#cycles = new Uint32Array(count)
  }

  async read(from: number, to: number): Promise<Chunk> {
    const rows = this.#rows(to - from)
    await inTurns(this.#request.cues.read(this.#kernels, from, to, rows))
    return { rows, streams: this.#request.streams?.read(from, to) }
  }

  async compute({ rows, streams }: Chunk, from: number, to: number): Promise<void> {
    const { plan } = this.#request
    const own = { ...plan, stream: plan.stream + from, streams }
    const states = this.#states.subarray(from * this.#width, to * this.#width)
    const outcomes = await this.#recall(rows, to - from, own, states)
    const cyclic: number[] = []
    await inTurns(this.#note(outcomes, from, cyclic))
    if (cyclic.length > 0) await this.#addAlternates(cyclic)
  }

  async result(): Promise<BatchResult> {
    if (this.#alternates !== undefined) await inTurns(this.#copyOthers(this.#states, this.#alternates))
    const alternates = this.#alternates
    return {
      states: this.#asked(this.#states),
      converged: this.#converged,
      sweeps: this.#sweeps,
      flips: this.#flips,
      energies: this.#energies,
      cycles: this.#cycles,
      ...(alternates === undefined ? {} : { alternates: this.#asked(alternates) }),
    }
  }

  /** Every array here is ours alone until the kernel is done with it. */
  async #recall(
    rows: Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
  ): Promise<Float64Array> {
    const outcomes = new Float64Array(count * OUTCOME.length)
    const run = (): Promise<void> =>
      this.#kernels.recallAsync(this.#memory, rows, count, plan, states, outcomes)
    await (this.#kernels.parallel ? run() : oneAtATime(run))
    return outcomes
  }

  *#note(outcomes: Float64Array, from: number, cyclic: number[]): Generator<void, void> {
    for (let at = 0, b = from; at < outcomes.length; at += OUTCOME.length, b++) {
      const cycle = outcomes[at + OUTCOME.cycle]
      this.#converged[b] = cycle === 1 ? 1 : 0
      this.#sweeps[b] = outcomes[at + OUTCOME.sweeps]
      this.#flips[b] = outcomes[at + OUTCOME.flips]
      this.#energies[b] = outcomes[at + OUTCOME.energy]
      this.#cycles[b] = cycle
      if (cycle === 2) cyclic.push(b)
      if (b % 4096 === 4095) yield
    }
  }

  /** The other state of a two-cycle is one synchronous sweep away: a kernel's work too, not this thread's. */
  async #addAlternates(cyclic: readonly number[]): Promise<void> {
    this.#alternates ??= this.#empty()
    const portion = Math.max(1, Math.min(this.#chunk, Math.floor(STEP / this.#neurons)))
    const plan = { ...this.#request.plan, maxSweeps: 1, temperatures: undefined }
    const width = this.#width
    for (let at = 0; at < cyclic.length; at += portion) {
      const some = cyclic.slice(at, at + portion)
      const rows = this.#rows(some.length)
      const states = this.#empty(some.length)
      await inTurns(this.#gather(some, rows))
      await this.#recall(rows, some.length, plan, states)
      for (const [k, b] of some.entries()) {
        this.#alternates.set(states.subarray(k * width, (k + 1) * width), b * width)
      }
    }
  }

  /** The states of these cues, packed. */
  *#gather(which: readonly number[], rows: Uint32Array): Generator<void, void> {
    const gathered = this.#states instanceof Int8Array ? new Int8Array(which.length * this.#neurons) : rows
    for (const [k, b] of which.entries()) {
      gathered.set(this.#states.subarray(b * this.#width, (b + 1) * this.#width), k * this.#width)
    }
    if (gathered instanceof Int8Array) this.#kernels.pack(gathered, which.length, this.#neurons, rows)
    yield
  }

  /** The only states of the cues that ended in no two-cycle, in runs. */
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

  #empty(count = this.#request.cues.count): Int8Array | Uint32Array {
    const size = count * this.#width
    return this.#request.packed
      ? allocate('states', size * 4, () => new Uint32Array(size))
      : allocate('states', size, () => new Int8Array(size))
  }

  #asked(states: Int8Array | Uint32Array): Int8Array | PackedPatterns {
    if (states instanceof Int8Array) return states
    return new PackedPatterns(Object.assign({ neurons: this.#neurons, words: states }, { [CLEAN]: true }))
  }
}
