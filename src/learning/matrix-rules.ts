import { allocate } from '../errors.js'
import { type Kernels, NEVER_LEARNED } from '../kernels/contract/kernels.js'
import { columnWords, paddedStride } from '../kernels/contract/layout.js'
import { type MatrixRule, paddedRows } from '../storage/matrix-weights.js'
import { palimpsestWeights } from './palimpsest.js'
import { integerWeights, perceptronWeights } from './perceptron.js'
import { realWeights } from './reals.js'
import type { LearningReport } from './report.js'
import { storkeyWeights } from './storkey.js'

/** Storkey's rule: exactly symmetric, one pattern after the other. */
export function storkeyRule(kernels: Kernels, neurons: number): MatrixRule {
  return {
    divisor: 1,
    learn: (rows, count) => storkeyWeights(kernels, rows, count, neurons),
    add: (weights, rows, count) => kernels.storkey(rows, count, neurons, weights as Float64Array),
  }
}

/** Perceptrons, each learning from the others; whatever is stored, all of it is learned anew, from zero. */
export function perceptronRule(
  kernels: Kernels,
  neurons: number,
  margin: number,
  maxEpochs: number,
): MatrixRule {
  let report: LearningReport = { epochs: new Uint32Array(neurons), converged: true }
  return {
    divisor: neurons,
    report: () => report,
    learn(rows, count) {
      const out = paddedIntegers(neurons)
      const { weights, epochs } = perceptronWeights(kernels, rows, count, neurons, margin, maxEpochs)
      paddedRows(weights, neurons, out)
      const told = epochs.map((epoch) => (epoch === NEVER_LEARNED ? 0 : epoch))
      report = { epochs: told, converged: !epochs.includes(NEVER_LEARNED) }
      return out
    },
  }
}

/** Hebb's rule held within ±limit. */
export function boundedRule(kernels: Kernels, neurons: number, limit: number): MatrixRule {
  // Without gaps between the rows, as the kernel takes them.
  let kept = integerWeights(neurons)
  return {
    divisor: neurons,
    learn(rows, count) {
      kept = palimpsestWeights(kernels, rows, count, neurons, limit)
      return paddedRows(kept, neurons, paddedIntegers(neurons))
    },
    add(weights, rows, count) {
      palimpsestWeights(kernels, rows, count, neurons, limit, kept)
      paddedRows(kept, neurons, weights)
    },
  }
}

/** J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ in reals, for rules that go on from there. */
export function hebbianReals(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
): Float64Array {
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)
  const integers = integerWeights(neurons)
  kernels.hebbian(columns, count, neurons, 1, integers, true)
  const weights = realWeights(kernels, neurons)
  const stride = paddedStride(neurons)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) weights[i * stride + j] = integers[i * neurons + j] / neurons
  }
  return weights
}

function paddedIntegers(neurons: number): Int32Array {
  const size = neurons * paddedStride(neurons)
  return allocate('weights', size * 4, () => new Int32Array(size))
}
