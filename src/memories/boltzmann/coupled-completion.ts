import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
import { type Into, type Room, roomFor } from '../../input/out.js'
import type { Float32s } from '../../input/typed-arrays.js'
import type { Job } from '../runner.js'
import { type Completing, CompletionBatchResult } from './completion-job.js'
import type { CoupledMachine } from './coupled-machine.js'
import { meanField } from './coupled-units.js'

/** Mean-field recalls of many cues, one after the other: in TypeScript, on the calling thread. */
export class CoupledCompletionJob implements Job<CoupledMachine, CompletionBatchResult> {
  readonly count: number
  readonly #cues: Float32s
  readonly #options: Completing
  readonly #room: Room<Float32s, Float32Array>
  readonly #result: CompletionBatchResult

  /** @param cues B × V numbers. */
  constructor({ visible, units }: CoupledMachine, cues: Float32s, options: Completing, into?: Into) {
    const count = cues.length / visible
    const singles = (width: number): Float32s => new Float32Array(count * width)
    this.count = count
    this.#cues = cues
    this.#options = options
    this.#room = roomFor(into, Float32Array, count * visible) as Room<Float32s, Float32Array>
    this.#result = new CompletionBatchResult(
      this.#room.given,
      singles(visible),
      singles(units - visible),
      new Uint8Array(count),
      new Uint32Array(count),
    )
  }

  portion({ units }: CoupledMachine): Portion {
    return { most: Math.max(1, Math.floor(2 ** 20 / (units * units))), multiple: 1 }
  }

  checkRoom(): void {
    this.#room.check()
  }

  *compute({ visible, units, weights, biases }: CoupledMachine, from: number, to: number): Steps<void> {
    const { clamp } = this.#options
    const { means, hidden, converged, steps } = this.#result
    const { plain: states } = this.#room
    const ups = units - visible
    const free = new Uint8Array(units).fill(1)
    if (clamp !== undefined) for (let i = 0; i < visible; i++) free[i] = clamp[i] === 0 ? 1 : 0
    for (let b = from; b < to; b++) {
      const m = new Float64Array(units)
      for (let i = 0; i < visible; i++) m[i] = this.#cues[b * visible + i]
      const end = yield* meanField(units, weights, biases, m, free, this.#options)
      for (let i = 0; i < visible; i++) {
        means[b * visible + i] = m[i]
        states[b * visible + i] = free[i] === 0 ? m[i] : m[i] >= 0 ? 1 : -1
      }
      for (let j = 0; j < ups; j++) hidden[b * ups + j] = m[visible + j]
      converged[b] = end.converged ? 1 : 0
      steps[b] = end.steps
    }
  }

  result(): CompletionBatchResult {
    return this.#result
  }
}
