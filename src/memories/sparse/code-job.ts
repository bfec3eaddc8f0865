import type { Portion } from '../../async/chunk-size.js'
import { allocate } from '../../errors.js'
import { fresh, type Into, packedRoomFor, type Room, roomFor } from '../../input/out.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { CodeMemory, CodePlan, Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { joined } from '../../storage/code-lists.js'
import { column, packedOf, part, StateBatch } from '../batch.js'
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
export class SparseBatchResult<
  S extends Uint8s | PackedPatterns = Uint8s | PackedPatterns,
> extends StateBatch<SparseRecallResult<S>, S> {
  /** B × m values 0 or 1, row-major; or PackedPatterns if asked, bit 1 = 1. */
  readonly states: S
  readonly steps: Uint32s
  readonly converged: Uint8s
  /** Where the active units are read from. */
  readonly #rows: Uint32Array
  readonly #outputs: number

  constructor(states: S, rows: Uint32Array, outputs: number, outcomes: Uint32Array, single: boolean) {
    super()
    const count = outcomes.length / 2
    this.states = states
    this.#rows = rows
    this.#outputs = outputs
    this.steps = column(new Uint32Array(count), outcomes, 2, 0)
    this.converged = single ? new Uint8Array(count).fill(1) : column(new Uint8Array(count), outcomes, 2, 1)
  }

  /** Indices of the active units in the final state of cue b, ascending. */
  active(b: number): Uint32s {
    this.check('active', b)
    const stride = rowWords(this.#outputs)
    return new Uint32Array(activeOf(this.#rows, b * stride, (b + 1) * stride))
  }

  override at(b: number): SparseRecallResult<S> {
    this.check('at', b)
    return {
      state: this.state(b),
      active: this.active(b),
      steps: this.steps[b],
      converged: this.converged[b] === 1,
    }
  }
}

/** Recalls one code on this thread, in arrays that are kept between calls. */
export class LoneCode {
  readonly #kernels: Kernels
  readonly #outputs: number
  readonly #starts = new Uint32Array(2)
  readonly #rows: Uint32Array
  readonly #outcome = new Uint32Array(2)

  constructor(kernels: Kernels, outputs: number) {
    this.#kernels = kernels
    this.#outputs = outputs
    this.#rows = new Uint32Array(rowWords(outputs))
  }

  run(memory: CodeMemory, units: Uint32Array, plan: CodePlan, into?: Into): SparseRecallResult {
    const room = roomFor(into, Uint8Array, this.#outputs) as Room<Uint8s, Uint8Array>
    this.#starts[1] = units.length
    this.#kernels.recallCodes(memory, this.#starts, units, 1, plan, this.#rows, this.#outcome)
    const { plain, given: state } = room
    const active = new Uint32Array(activeOf(this.#rows, 0, this.#rows.length))
    if (into !== undefined) plain.fill(0)
    for (const i of active) plain[i] = 1
    const [steps, settled] = this.#outcome
    return { state, active, steps, converged: settled === 1 || plan.steps === 1 }
  }
}

/** Indices of the bits that are 1 in words from…to, counted from the first of these words. */
export function activeOf(words: Uint32Array, from: number, to: number): number[] {
  const found: number[] = []
  for (let w = from; w < to; w++) {
    for (let rest = words[w]; rest !== 0; rest &= rest - 1) {
      found.push((w - from) * 32 + 31 - Math.clz32(rest & -rest))
    }
  }
  return found
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
  readonly #room: Room<Uint8s | PackedPatterns, Uint8Array | Uint32Array>

  constructor(
    kernels: Kernels,
    cues: readonly Uint32Array[],
    outputs: number,
    plan: CodePlan,
    packed: boolean,
    into?: Into,
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
    this.#room = this.#roomFor(into)
  }

  #roomFor(into: Into | undefined): Room<Uint8s | PackedPatterns, Uint8Array | Uint32Array> {
    if (!this.#packed)
      return roomFor(into, Uint8Array, this.count * this.#outputs) as Room<Uint8s, Uint8Array>
    if (into === undefined) return fresh(this.#rows, packedOf(this.#outputs, this.#rows))
    return packedRoomFor(into, this.#outputs, this.count)
  }

  checkRoom(): void {
    this.#room.check()
  }

  /** A few milliseconds of work for large memories. */
  portion(): Portion {
    return { most: 256, multiple: 1 }
  }

  *compute(memory: CodeMemory, from: number, to: number): Generator<KernelCall, void> {
    const stride = rowWords(this.#outputs)
    const first = this.#starts[from]
    const work = [
      memory,
      from === 0 ? part(this.#starts, 0, to + 1, 1) : this.#starts.slice(from, to + 1).map((k) => k - first),
      part(this.#units, first, this.#starts[to], 1),
      to - from,
      this.#plan,
      part(this.#rows, from, to, stride),
      part(this.#outcomes, from, to, 2),
    ] as const
    yield {
      here: () => this.#kernels.recallCodes(...work),
      beside: (flag) => this.#kernels.recallCodesAsync(...work, flag),
    }
  }

  /** The states where they are wanted, as bytes if they are. */
  *finish(): Generator<void, void> {
    const { plain: states } = this.#room
    if (states === this.#rows) return
    if (this.#packed) {
      states.set(this.#rows)
      return
    }
    states.fill(0)
    const stride = rowWords(this.#outputs)
    for (let b = 0; b < this.count; b++) {
      for (const i of activeOf(this.#rows, b * stride, (b + 1) * stride)) states[b * this.#outputs + i] = 1
      if (b % 256 === 255) yield
    }
  }

  result(): SparseBatchResult {
    const single = this.#plan.steps === 1
    return new SparseBatchResult(this.#room.given, this.#rows, this.#outputs, this.#outcomes, single)
  }
}
