import type { Steps } from '../../async/steps.js'
import { isLight, portionOf } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import { type GradedNetwork, INTEGRATION, type Kernels } from '../../kernels/contract/kernels.js'

/** Reads that a kernel integrates side by side. */
export const TOGETHER = 12

/** Graded neurons of several reads on their way, a step of Euler's after the other. Each goes its own way, whatever the others. */
export class GradedReads {
  readonly count: number
  /** u and V: count × N numbers. */
  readonly potentials: Float64Array
  readonly outputs: Float64Array
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #outcomes: Float64Array

  constructor(kernels: Kernels, neurons: number, count: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.count = count
    const size = count * neurons
    this.potentials = allocate('potentials', size * 16, () => new Float64Array(size))
    this.outputs = new Float64Array(size)
    this.#outcomes = new Float64Array(count * INTEGRATION.length)
  }

  /** u or V of one read. */
  of(all: Float64Array, read: number): Float64Array {
    return all.subarray(read * this.#neurons, (read + 1) * this.#neurons)
  }

  /**
   * `steps` steps of length `step`, in calls of some milliseconds.
   * @param over asked between calls; what is left is then not done.
   */
  *advance(network: GradedNetwork, steps: number, step: number, over: () => boolean): Steps<void> {
    const kernels = this.#kernels
    const each = this.count * costOf(network)
    const most = portionOf(kernels, each)
    for (let done = 0; done < steps && (done === 0 || !over()); ) {
      const maxSteps = Math.min(most, steps - done)
      // Nothing rests before its last step, so that a read takes as many as all others.
      const plan = { method: 'euler', step, adaptive: false, accuracy: 1, tolerance: 0, maxSteps } as const
      const work = [network, this.potentials, this.count, plan, this.outputs, this.#outcomes] as const
      yield {
        here: () => kernels.integrate(...work),
        beside: (flag) => kernels.integrateAsync(...work, flag),
        light: isLight(kernels, maxSteps * each),
      }
      done += maxSteps
    }
  }
}

/** Operations of a step of one read. */
function costOf({ neurons, weights }: GradedNetwork): number {
  return weights.length + 16 * neurons
}
