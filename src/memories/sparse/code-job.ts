import type { Portion } from '../../async/chunk-size.js'
import { allocate } from '../../errors.js'
import type { Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { CodeMemory, CodePlan, Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import type { PackedPatterns } from '../../patterns/packed-patterns.js'
import { joined } from '../../storage/code-synapses.js'
import { Batch } from '../batch.js'
import { packedOf } from '../bipolar/recall-result.js'
import type { Job, KernelCall } from '../runner.js'

export interface SparseRecallResult<State = Uint8s> {
  /** One value 0 or 1 per output unit, or PackedPatterns of one if asked (bit 1 is 1). */
  state: State
  /** Indices of the units that are 1, ascending. */
  active: Uint32s
  /** Steps made; each sets all units at once. */
  steps: number
  /** Whether the last step changed nothing; true of a single step. */
  converged: boolean
}

/** The results of B recalls, row b for cue b. Iterable: one {@link SparseRecallResult} per cue. */
export class SparseBatchResult<S extends Uint8s | PackedPatterns = Uint8s | PackedPatterns> extends Batch<
  SparseRecallResult<S>,
  S
> {
  /** B × m values 0 or 1, row-major; or PackedPatterns if asked, bit 1 = 1. */
  readonly states: S
  readonly steps: Uint32s
  readonly converged: Uint8s
  /** Where the active units are read from. */
  readonly #rows: Uint32Array
  readonly #outputs: number

  constructor(states: S, rows: Uint32Array, outputs: number, outcomes: Uint32Array, single: boolean) {
    super()
    const length = outcomes.length / 2
    this.states = states
    this.#rows = rows
    this.#outputs = outputs
    this.steps = Uint32Array.from({ length }, (_, b) => outcomes[2 * b])
    this.converged = Uint8Array.from({ length }, (_, b) => (outcomes[2 * b + 1] === 1 || single ? 1 : 0))
  }

  override state(b: number): S {
    if (this.states instanceof Uint8Array) {
      return this.states.slice(b * this.#outputs, (b + 1) * this.#outputs) as S
    }
    return packedOf(this.#outputs, this.#row(b).slice()) as S
  }

  /** Indices of the active units in the final state of cue b, ascending. */
  active(b: number): Uint32s {
    const found: number[] = []
    for (const [w, word] of this.#row(b).entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) found.push(w * 32 + 31 - Math.clz32(rest & -rest))
    }
    return Uint32Array.from(found)
  }

  override at(b: number): SparseRecallResult<S> {
    return {
      state: this.state(b),
      active: this.active(b),
      steps: this.steps[b],
      converged: this.converged[b] === 1,
    }
  }

  #row(b: number): Uint32Array {
    const stride = rowWords(this.#outputs)
    return this.#rows.subarray(b * stride, (b + 1) * stride)
  }
}

/** The recall of many codes. */
export class CodeJob implements Job<CodeMemory, SparseBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #outputs: number
  readonly #plan: CodePlan
  readonly #packed: boolean
  readonly #starts: Uint32Array
  readonly #units: Uint32Array
  readonly #rows: Uint32s
  readonly #outcomes: Uint32Array
  #states: Uint8s | undefined

  constructor(
    kernels: Kernels,
    cues: readonly Uint32Array[],
    outputs: number,
    plan: CodePlan,
    packed: boolean,
  ) {
    const { starts, items } = joined(cues)
    const words = cues.length * rowWords(outputs)
    this.count = cues.length
    this.#kernels = kernels
    this.#outputs = outputs
    this.#plan = plan
    this.#packed = packed
    this.#starts = starts
    this.#units = items
    this.#rows = allocate('states', words * 4, () => new Uint32Array(words))
    this.#outcomes = new Uint32Array(2 * this.count)
  }

  /** A few milliseconds of work for large memories. */
  portion(): Portion {
    return { most: 256, multiple: 1 }
  }

  *compute(memory: CodeMemory, from: number, to: number): Generator<KernelCall, void> {
    const stride = rowWords(this.#outputs)
    const first = this.#starts[from]
    const part = [
      memory,
      from === 0 ? this.#starts.subarray(0, to + 1) : this.#starts.slice(from, to + 1).map((k) => k - first),
      this.#units.subarray(first, this.#starts[to]),
      to - from,
      this.#plan,
      this.#rows.subarray(from * stride, to * stride),
      this.#outcomes.subarray(2 * from, 2 * to),
    ] as const
    yield {
      here: () => this.#kernels.recallCodes(...part),
      beside: () => this.#kernels.recallCodesAsync(...part),
    }
  }

  /** The states as bytes, if they are wanted. */
  *finish(): Generator<void, void> {
    if (this.#packed) return
    const size = this.count * this.#outputs
    const states = allocate('states', size, () => new Uint8Array(size))
    const stride = rowWords(this.#outputs)
    for (let b = 0; b < this.count; b++) {
      for (let w = 0; w < stride; w++) {
        for (let rest = this.#rows[b * stride + w]; rest !== 0; rest &= rest - 1) {
          states[b * this.#outputs + w * 32 + 31 - Math.clz32(rest & -rest)] = 1
        }
      }
      if (b % 256 === 255) yield
    }
    this.#states = states
  }

  result(): SparseBatchResult {
    const states = this.#states ?? packedOf(this.#outputs, this.#rows)
    const single = this.#plan.steps === 1
    return new SparseBatchResult(states, this.#rows, this.#outputs, this.#outcomes, single)
  }
}
