import type { Beside, KeyMemory, RetrievalKernels, RetrievalPlan } from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { Question, TierExports } from './exports.js'
import type { Handles } from './handles.js'

const SIMILARITIES = { dot: 0, cosine: 1, euclidean: 2 } as const
const SEPARATORS = { softmax: 0, sparsemax: 1, entmax15: 2, epanechnikov: 3, normmax: 4 } as const
const PRECISIONS = { double: 0, single: 1 } as const

export function retrievalKernels(
  tier: TierExports,
  { ofKeys }: Handles,
  { numbers: control }: ControlBlock,
): Omit<RetrievalKernels, 'keyNorms' | 'quantizedBytes'> {
  const ask = asking(ofKeys, control)
  return {
    quantizeKeys(memory, from, to) {
      const handle = ofKeys(memory)
      tier.quantizeKeys(handle.id, handle, memory.quantizedKeys, from, to)
    },
    logits: (memory, queries, count, plan, out) => tier.logits(...ask(memory, queries, count, plan), out),
    associate: (memory, queries, count, plan, out) =>
      tier.associate(...ask(memory, queries, count, plan), out),
    mostSimilar: (memory, queries, count, plan, ...rest) =>
      tier.mostSimilar(...ask(memory, queries, count, plan), ...rest),
    retrieve: (memory, queries, count, plan, mask, out, potentials) =>
      tier.retrieve(...ask(memory, queries, count, plan), mask, out, potentials),
    retrieveAsync: async (memory, queries, count, plan, mask, out, potentials, flag) =>
      tier.retrieveAsync(...ask(memory, queries, count, plan), mask, out, potentials, flag),
  }
}

export function questionsBeside(
  tier: TierExports,
  { ofKeys }: Handles,
  { numbers: control }: ControlBlock,
): Pick<Beside, 'logits' | 'associate' | 'mostSimilar'> {
  const ask = asking(ofKeys, control)
  return {
    logits: async (memory, queries, count, plan, out, flag) =>
      tier.logitsAsync(...ask(memory, queries, count, plan), out, flag),
    associate: async (memory, queries, count, plan, out, flag) =>
      tier.associateAsync(...ask(memory, queries, count, plan), out, flag),
    mostSimilar: async (
      memory,
      queries,
      count,
      plan,
      k,
      seen,
      shifts,
      indices,
      similarities,
      weights,
      flag,
    ) =>
      tier.mostSimilarAsync(
        ...ask(memory, queries, count, plan),
        k,
        seen,
        shifts,
        indices,
        similarities,
        weights,
        flag,
      ),
  }
}

/** Writes what native/addon/retrieval.h reads by position. */
function asking(
  ofKeys: Handles['ofKeys'],
  control: Float64Array,
): (memory: KeyMemory, queries: Float32Array, count: number, plan: RetrievalPlan) => Question {
  return (memory, queries, count, plan) => {
    const handle = ofKeys(memory)
    control[0] = count
    control[1] = plan.beta
    control[2] = SIMILARITIES[plan.similarity]
    control[3] = SEPARATORS[plan.separator]
    control[4] = PRECISIONS[plan.precision]
    return [handle.id, handle, queries]
  }
}
