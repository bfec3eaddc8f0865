import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
import { type Into, type Room, roomFor } from '../../input/out.js'
import type { Float32s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { UnitKind } from '../../kernels/contract/kernels.js'
import { each } from '../../storage/record.js'
import { part, StateBatch } from '../batch.js'
import type { Job } from '../runner.js'
import type { Machine } from './machine.js'

/** The result of one recall. */
export interface CompletionResult {
  /** The likelier value of each visible unit, or its mean where units are Gaussian; clamped units have the cue's. V numbers. */
  state: Float32s
  /** The means of the visible units: V numbers. */
  means: Float32s
  /** The means of the hidden units: H numbers. */
  hidden: Float32s
  /** Whether no mean changes by more than the tolerance any more. */
  converged: boolean
  steps: number
}

/** The results of B recalls, row b for cue b. Iterable: one {@link CompletionResult} per cue. */
export class CompletionBatchResult extends StateBatch<CompletionResult, Float32s> {
  /** B × V values, row-major. */
  readonly states: Float32s
  /** B × V means of visible units. */
  readonly means: Float32s
  /** B × H means of hidden units. */
  readonly hidden: Float32s
  readonly converged: Uint8s
  readonly steps: Uint32s

  constructor(states: Float32s, means: Float32s, hidden: Float32s, converged: Uint8s, steps: Uint32s) {
    super()
    this.states = states
    this.means = means
    this.hidden = hidden
    this.converged = converged
    this.steps = steps
  }

  override at(b: number): CompletionResult {
    this.check('at', b)
    return {
      state: this.row(this.states, b),
      means: this.row(this.means, b),
      hidden: this.row(this.hidden, b),
      converged: this.converged[b] === 1,
      steps: this.steps[b],
    }
  }
}

export interface Completing {
  readonly clamp: Uint8Array | undefined
  readonly maxSteps: number
  readonly tolerance: number
}

/** Mean-field recalls of many cues: means of hidden units and of the free visible ones in turn, until they rest. */
export class CompletionJob implements Job<Machine, CompletionBatchResult> {
  readonly count: number
  readonly #kind: UnitKind
  readonly #width: number
  readonly #hidden: number
  readonly #options: Completing
  readonly #means: Float32s
  readonly #room: Room<Float32s, Float32Array>
  readonly #ups: Float32s
  readonly #converged: Uint8s
  readonly #steps: Uint32s

  /** @param cues B × V numbers, which become the means. */
  constructor(machine: Machine, cues: Float32s, options: Completing, into?: Into) {
    this.count = cues.length / machine.visible
    this.#kind = machine.visibleKind
    this.#width = machine.visible
    this.#hidden = machine.hidden
    this.#options = options
    this.#means = cues
    this.#room = roomFor(into, Float32Array, this.count * machine.visible) as Room<Float32s, Float32Array>
    this.#ups = machine.singles(this.count, machine.hidden)
    this.#converged = new Uint8Array(this.count)
    this.#steps = new Uint32Array(this.count)
  }

  portion({ size }: Machine): Portion {
    return { most: Math.max(1, Math.floor(2 ** 26 / size)), multiple: 1 }
  }

  checkRoom(): void {
    this.#room.check()
  }

  /** A cue's steps do not depend on the others: who rests leaves. */
  *compute(machine: Machine, from: number, to: number): Steps<void> {
    const { clamp, maxSteps, tolerance } = this.#options
    const width = this.#width
    let active = Array.from({ length: to - from }, (_, k) => from + k)
    for (let step = 1; active.length > 0; step++) {
      const rows = machine.singles(active.length, width)
      const gather = (k: number): void =>
        rows.set(part(this.#means, active[k], active[k] + 1, width), k * width)
      yield* each(active.length, gather, width)
      const hidden = yield* machine.hiddenMeans(rows, active.length)
      const means = yield* machine.visibleMeans(hidden, active.length)
      const left: number[] = []
      const take = (k: number): void => {
        const b = active[k]
        let most = 0
        for (let i = 0; i < width; i++) {
          if (clamp !== undefined && clamp[i] !== 0) continue
          const mean = means[k * width + i]
          most = Math.max(most, Math.abs(mean - rows[k * width + i]))
          this.#means[b * width + i] = mean
        }
        const at = k * machine.stride
        this.#ups.set(hidden.subarray(at, at + this.#hidden), b * this.#hidden)
        this.#steps[b] = step
        if (most <= tolerance) this.#converged[b] = 1
        else if (step < maxSteps) left.push(b)
      }
      yield* each(active.length, take, width + this.#hidden)
      active = left
    }
  }

  *finish(): Generator<void, void> {
    const value = likelier(this.#kind, this.#options.clamp, this.#width)
    const { plain: states } = this.#room
    yield* each(states.length, (k) => {
      states[k] = value(this.#means[k], k)
    })
  }

  result(): CompletionBatchResult {
    return new CompletionBatchResult(this.#room.given, this.#means, this.#ups, this.#converged, this.#steps)
  }
}

function likelier(
  kind: UnitKind,
  clamp: Uint8Array | undefined,
  width: number,
): (mean: number, at: number) => number {
  const [middle, low] = kind === 'binary' ? [0.5, 0] : [0, -1]
  return (mean, at) => {
    if (kind === 'gaussian' || (clamp !== undefined && clamp[at % width] !== 0)) return mean
    return mean >= middle ? 1 : low
  }
}
