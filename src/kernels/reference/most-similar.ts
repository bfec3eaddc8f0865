import { Largest } from '../../numerics/largest.js'
import { queryFacts } from '../../numerics/query-facts.js'
import { atOnce } from '../../platform/turn.js'
import type { KeyMemory, RetrievalPlan } from '../contract/kernels.js'
import { queryLogits, shareOf, weigh } from './retrieval.js'

export function mostSimilar(...given: Parameters<typeof mostSimilarSteps>): void {
  atOnce(mostSimilarSteps(...given))
}

/** In steps. */
export function* mostSimilarSteps(
  memory: KeyMemory,
  queries: Float32Array,
  count: number,
  plan: RetrievalPlan,
  k: number,
  seen: Uint8Array | undefined,
  shifts: Float64Array,
  indices: Uint32Array,
  similarities: Float64Array,
  weights: Float64Array,
): Generator<void, void> {
  const alike: KeyMemory = { ...memory, salience: undefined }
  const values = new Float64Array(memory.count)
  const all = new Float32Array(memory.count)
  const potential = new Float64Array(2)
  const hide = (): void => {
    for (let mu = 0; mu < memory.count && seen !== undefined; mu++) {
      if (seen[mu] === 0) values[mu] = Number.NEGATIVE_INFINITY
    }
  }
  for (let b = 0; b < count; b++) {
    const at = b * memory.dimension
    const facts = queryFacts(plan, memory, queries, at)
    const { beta } = queryFacts({ ...plan, beta: 1 }, memory, queries, at)
    yield* queryLogits(alike, queries, at, { ...facts, beta }, values)
    for (let mu = 0; mu < memory.count; mu++) values[mu] -= shifts[b]
    hide()
    const largest = new Largest(k)
    largest.offer(values, 0)
    const best = largest.sorted()
    indices.set(best.indices, b * k)
    similarities.set(best.values, b * k)
    yield* queryLogits(memory, queries, at, facts, values)
    hide()
    const partition = yield* weigh(plan, facts, values, all, potential)
    for (const [r, mu] of best.indices.entries()) weights[b * k + r] = shareOf(all[mu], partition)
  }
}
