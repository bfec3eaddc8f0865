import type { KeyMemory, RetrievalKernels, RetrievalPlan } from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { Question, TierExports } from './exports.js'
import type { Handles } from './handles.js'

const SIMILARITIES = { dot: 0, cosine: 1, euclidean: 2 } as const
const SEPARATORS = { softmax: 0, sparsemax: 1, entmax15: 2 } as const

export function retrievalKernels(
  tier: TierExports,
  { ofKeys }: Handles,
  { numbers: control }: ControlBlock,
): Omit<RetrievalKernels, 'keyNorms' | 'quantizedBytes'> {
  /** Writes what native/addon/retrieval.h reads by position. */
  function ask(memory: KeyMemory, queries: Float32Array, count: number, plan: RetrievalPlan): Question {
    const handle = ofKeys(memory)
    control[0] = count
    control[1] = plan.beta
    control[2] = SIMILARITIES[plan.similarity]
    control[3] = SEPARATORS[plan.separator]
    return [handle.id, handle, queries]
  }

  return {
    quantizeKeys(memory, from, to) {
      const handle = ofKeys(memory)
      tier.quantizeKeys(handle.id, handle, memory.quantizedKeys, from, to)
    },
    logits: (memory, queries, count, plan, out) => tier.logits(...ask(memory, queries, count, plan), out),
    associate: (memory, queries, count, plan, out) =>
      tier.associate(...ask(memory, queries, count, plan), out),
    retrieve: (memory, queries, count, plan, mask, out, potentials) =>
      tier.retrieve(...ask(memory, queries, count, plan), mask, out, potentials),
    retrieveAsync: async (memory, queries, count, plan, out, potentials, flag) =>
      tier.retrieveAsync(...ask(memory, queries, count, plan), undefined, out, potentials, flag),
  }
}
