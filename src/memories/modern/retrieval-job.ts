import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
import { type Into, type Room, roomFor } from '../../input/out.js'
import type { Float32s, Float64s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { Vectors } from '../../input/vectors.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { part, StateBatch } from '../batch.js'
import type { Job } from '../runner.js'
import { type RetrievalSteps, type Retrieved, retrieval } from './retrieval-steps.js'

/** The result of one recall. */
export interface RetrievalResult {
  /** d numbers, or e with `valueDimension`; a new array, or the option `out`. */
  state: Float32s
  /** Number of steps. */
  steps: number
  /** Whether the last step moved no component by more than the tolerance (0 by default). */
  converged: boolean
  /**
   * How many patterns had weight in the last step: all with softmax, or all that were looked at, one where the recall is exact. 0: no pattern is within reach of the
   * query (separation 'epanechnikov'), and `state` is the query, or zeros with `valueDimension`.
   */
  active: number
  /** E of the final state (with `valueDimension`: of the last query); NaN with `energy: false`. */
  energy: number
}

/** The results of B recalls, row b for query b. Iterable: one {@link RetrievalResult} per query. */
export class RetrievalBatchResult extends StateBatch<RetrievalResult, Float32s> {
  /** B × d, or B × e, row-major. */
  readonly states: Float32s
  readonly steps: Uint32s
  readonly converged: Uint8s
  /** As {@link RetrievalResult.active}. */
  readonly active: Uint32s
  readonly energies: Float64s

  constructor(states: Float32s, count: number) {
    super()
    this.states = states
    this.steps = new Uint32Array(count)
    this.converged = new Uint8Array(count)
    this.active = new Uint32Array(count)
    this.energies = new Float64Array(count).fill(Number.NaN)
  }

  override at(b: number): RetrievalResult {
    this.check('at', b)
    return {
      state: this.row(this.states, b),
      steps: this.steps[b],
      converged: this.converged[b] === 1,
      active: this.active[b],
      energy: this.energies[b],
    }
  }
}

/** A result to come, and where its states are written. */
export interface Awaited {
  readonly result: RetrievalBatchResult
  readonly to: Retrieved
  checkRoom(): void
}

/** Room for the results of `count` queries. */
export function awaited(count: number, width: number, into: Into | undefined): Awaited {
  const room = roomFor(into, Float32Array, count * width) as Room<Float32s, Float32Array>
  const result = new RetrievalBatchResult(room.given, count)
  const { steps, converged, active, energies } = result
  const to = { states: room.plain, steps, converged, active, energies }
  return { result, to, checkRoom: () => room.check() }
}

/** The recall of many queries. */
export class RetrievalJob implements Job<KeyMemory, RetrievalBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #queries: Float32Array
  readonly #plan: RetrievalPlan
  readonly #steps: RetrievalSteps
  readonly #awaited: Awaited

  constructor(
    kernels: Kernels,
    plan: RetrievalPlan,
    { count, data }: Vectors,
    steps: RetrievalSteps,
    width: number,
    into: Into | undefined,
  ) {
    this.count = count
    this.#kernels = kernels
    this.#queries = data
    this.#plan = plan
    this.#steps = steps
    this.#awaited = awaited(count, width, into)
  }

  /** Tens of milliseconds of multiply-adds, and enough queries to share a pass over the keys. */
  portion({ count, dimension, width }: KeyMemory): Portion {
    const each = count * (dimension + width)
    // Between two steps this thread copies the queries.
    const most = Math.min(4096, Math.max(1, Math.floor(2 ** 20 / Math.max(dimension, width))))
    return { most: Math.min(Math.max(Math.floor(2 ** 29 / each), 16), most), multiple: 1 }
  }

  checkRoom(): void {
    this.#awaited.checkRoom()
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const plan = this.#plan
    const { dimension } = memory
    const queries = part(this.#queries, from, to, dimension)
    const ends = this.#awaited.to
    for (const association of retrieval(memory, plan, this.#steps, queries, to - from, ends, from)) {
      if (association === undefined) {
        yield
        continue
      }
      const { memory: keys, queries: rows, count, mask, out, potentials } = association
      yield {
        here: () => this.#kernels.retrieve(keys, rows, count, plan, mask, out, potentials),
        beside: (flag) => this.#kernels.retrieveAsync(keys, rows, count, plan, mask, out, potentials, flag),
      }
    }
  }

  result(): RetrievalBatchResult {
    return this.#awaited.result
  }
}
