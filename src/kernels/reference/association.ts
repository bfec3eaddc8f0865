import { queryFacts } from '../../numerics/query-facts.js'
import { atOnce } from '../../platform/turn.js'
import type { KeyMemory, RetrievalPlan } from '../contract/kernels.js'
import { queryLogits, shareOf, weigh } from './retrieval.js'

export function associate(...given: Parameters<typeof associateSteps>): void {
  atOnce(associateSteps(...given))
}

/** In steps. */
export function* associateSteps(
  memory: KeyMemory,
  queries: Float32Array,
  count: number,
  plan: RetrievalPlan,
  out: Float64Array,
): Generator<void, void> {
  const values = new Float64Array(memory.count)
  const weights = new Float32Array(memory.count)
  const potential = new Float64Array(2)
  for (let b = 0; b < count; b++) {
    const at = b * memory.dimension
    const facts = queryFacts(plan, memory, queries, at)
    yield* queryLogits(memory, queries, at, facts, values)
    const partition = yield* weigh(plan, facts, values, weights, potential)
    for (let mu = 0; mu < memory.count; mu++) out[b * memory.count + mu] = shareOf(weights[mu], partition)
  }
}
