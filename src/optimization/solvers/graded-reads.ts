import type { KernelCall, Steps } from '../../async/steps.js'
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
    const most = portionOf(this.#kernels, this.count * costOf(network))
    for (let done = 0; done < steps && (done === 0 || !over()); ) {
      const maxSteps = Math.min(most, steps - done)
      yield this.#integrate(network, this.potentials, this.outputs, step, maxSteps)
      done += maxSteps
    }
  }

  /** Σ_j J_ij V_j + b_i of every read: what is left of a potential after a step so long that it forgets where it was. */
  *inputs(network: GradedNetwork): Steps<Float64Array> {
    const inputs = this.potentials.slice()
    yield this.#integrate(network, inputs, new Float64Array(inputs.length), 1 / network.rate, 1)
    return inputs
  }

  #integrate(
    network: GradedNetwork,
    potentials: Float64Array,
    outputs: Float64Array,
    step: number,
    maxSteps: number,
  ): KernelCall {
    const kernels = this.#kernels
    // Nothing rests before its last step, so that a read takes as many as all others.
    const plan = { method: 'euler', step, adaptive: false, accuracy: 1, tolerance: 0, maxSteps } as const
    const work = [network, potentials, this.count, plan, outputs, this.#outcomes] as const
    return {
      here: () => kernels.integrate(...work),
      beside: (flag) => kernels.integrateAsync(...work, flag),
      light: isLight(kernels, maxSteps * this.count * costOf(network)),
    }
  }
}

/** Operations of a step of one read. */
function costOf({ neurons, weights }: GradedNetwork): number {
  return weights.length + 16 * neurons
}
