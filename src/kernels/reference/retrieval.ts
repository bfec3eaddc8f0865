import { dot8Singles, fold8 } from '../../numerics/dot8.js'
import { exp } from '../../numerics/exp.js'
import { type QueryFacts, queryFacts } from '../../numerics/query-facts.js'
import { singleExp } from '../../numerics/single-exp.js'
import { Pace } from '../../platform/pace.js'
import { atOnce, later } from '../../platform/turn.js'
import {
  type Flag,
  type KeyMemory,
  type RetrievalPlan,
  softmaxCut,
  softmaxSpread,
  stopped,
} from '../contract/kernels.js'
import { entmax15, epanechnikov, normmax, sparsemax } from './separators.js'
import { dot16, SingleSums } from './single-sums.js'

export function keyNorms(...given: Parameters<typeof keyNormSteps>): void {
  atOnce(keyNormSteps(...given))
}

/** In steps. */
export function* keyNormSteps(
  keys: Float32Array,
  count: number,
  dimension: number,
  norms: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  for (let mu = 0; mu < count; mu++) {
    norms[mu] = Math.sqrt(dot8Singles(keys, mu * dimension, keys, mu * dimension, dimension))
    if (pace.due(2 * dimension)) yield
  }
}

export function logits(...given: Parameters<typeof logitSteps>): void {
  atOnce(logitSteps(...given))
}

/** In steps. */
export function* logitSteps(
  memory: KeyMemory,
  queries: Float32Array,
  count: number,
  plan: RetrievalPlan,
  out: Float64Array,
): Generator<void, void> {
  for (let b = 0; b < count; b++) {
    const facts = queryFacts(plan, memory, queries, b * memory.dimension)
    const own = out.subarray(b * memory.count, (b + 1) * memory.count)
    yield* queryLogits(memory, queries, b * memory.dimension, facts, own)
  }
}

/** In steps. */
export function* queryLogits(
  memory: KeyMemory,
  queries: Float32Array,
  at: number,
  { beta, single }: QueryFacts,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const dotOf = single ? dot16 : dot8Singles
  const { keys, count, dimension, scales, offsets, salience } = memory
  for (let mu = 0; mu < count; mu++) {
    const dot = dotOf(queries, at, keys, mu * dimension, dimension)
    out[mu] =
      beta * (scales !== undefined ? dot * scales[mu] : offsets !== undefined ? dot - offsets[mu] : dot)
    if (salience !== undefined) out[mu] += salience.logs[mu]
    if (pace.due(2 * dimension)) yield
  }
}

export function retrieve(...given: Parameters<typeof retrieveSteps>): void {
  atOnce(retrieveSteps(...given))
}

/** In steps. */
function* retrieveSteps(
  memory: KeyMemory,
  queries: Float32Array,
  count: number,
  plan: RetrievalPlan,
  mask: Uint8Array | undefined,
  out: Float32Array | undefined,
  potentials: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const { dimension, width } = memory
  const values = new Float64Array(memory.count)
  const weights = new Float32Array(memory.count)
  const sum = new Float64Array(width)
  for (let b = 0; b < count; b++) {
    const facts = queryFacts(plan, memory, queries, b * dimension)
    yield* queryLogits(memory, queries, b * dimension, facts, values)
    const own = mask === undefined ? undefined : flagsOf(mask, memory.count, count, b)
    for (let mu = 0; mu < memory.count && own !== undefined; mu++) {
      if (own[mu] === 0) values[mu] = Number.NEGATIVE_INFINITY
    }
    const partition = yield* weigh(plan, facts, values, weights, potentials.subarray(2 * b, 2 * b + 2))
    if (out === undefined) continue
    sum.fill(0)
    if (facts.single) {
      yield* new SingleSums(memory, weights).read(sum)
    } else {
      for (let mu = 0; mu < memory.count; mu++) {
        const w = weights[mu]
        if (w === 0) continue
        const row = mu * width
        for (let c = 0; c < width; c++) sum[c] += w * memory.values[row + c]
        if (pace.due(width)) yield
      }
    }
    for (let c = 0; c < width; c++) out[b * width + c] = shareOf(sum[c], partition)
  }
}

/** The flags of M keys for query b of `count`. */
function flagsOf(mask: Uint8Array, keys: number, count: number, b: number): Uint8Array {
  return mask.length < count * keys ? mask : mask.subarray(b * keys, (b + 1) * keys)
}

/** Weights, not yet divided by their sum, from logits. Returns that sum; `potential` as the contract has it. */
export function* weigh(
  plan: RetrievalPlan,
  facts: QueryFacts,
  values: Float64Array,
  weights: Float32Array,
  potential: Float64Array,
): Generator<void, number> {
  potential[0] = yield* separate(plan, facts, values, weights)
  const total = new Float64Array(8)
  let support = 0
  for (let mu = 0; mu < weights.length; mu++) {
    total[mu & 7] += weights[mu]
    if (weights[mu] !== 0) support++
  }
  const partition = fold8(total)
  potential[1] = plan.separator === 'softmax' ? partition : support
  return partition
}

/** What makes a weight, or a sum by weights, its share of all; where no key has weight, everything is zero. */
export function shareOf(sum: number, partition: number): number {
  return partition === 0 ? 0 : sum / partition
}

function* separate(
  plan: RetrievalPlan,
  facts: QueryFacts,
  values: Float64Array,
  weights: Float32Array,
): Generator<void, number> {
  const pace = new Pace()
  const weight = facts.single ? singleWeight : doubleWeight
  if (plan.separator === 'sparsemax') return sparsemax(values, weights)
  if (plan.separator === 'entmax15') return entmax15(values, weights)
  if (plan.separator === 'normmax') return normmax(values, weights)
  if (plan.separator === 'epanechnikov') return epanechnikov(values, weights, facts.most)
  if (facts.most - facts.least <= softmaxSpread(values.length)) {
    for (let mu = 0; mu < values.length; mu++) {
      weights[mu] = weight(values[mu] - facts.most)
      if (pace.due(WEIGHT)) yield
    }
    return facts.most
  }
  let most = Number.NEGATIVE_INFINITY
  for (let mu = 0; mu < values.length; mu++) if (values[mu] > most) most = values[mu]
  const cut = -softmaxCut(values.length)
  for (let mu = 0; mu < values.length; mu++) {
    const below = values[mu] - most
    weights[mu] = below < cut ? 0 : weight(below)
    if (pace.due(WEIGHT)) yield
  }
  return most
}

/** Operations of an exponential. */
const WEIGHT = 32

/** Masked logits are −Infinity and weigh nothing. */
function doubleWeight(below: number): number {
  return below === Number.NEGATIVE_INFINITY ? 0 : exp(below)
}

function singleWeight(below: number): number {
  return below === Number.NEGATIVE_INFINITY ? 0 : singleExp(Math.fround(below))
}

export async function retrieveAsync(
  memory: KeyMemory,
  queries: Float32Array,
  count: number,
  plan: RetrievalPlan,
  mask: Uint8Array | undefined,
  out: Float32Array | undefined,
  potentials: Float64Array,
  flag?: Flag,
): Promise<void> {
  const { dimension, width } = memory
  function* each(): Generator<void, void> {
    for (let b = 0; b < count; b++) {
      const query = queries.subarray(b * dimension, (b + 1) * dimension)
      const own = out?.subarray(b * width, (b + 1) * width)
      const seen = mask === undefined ? undefined : flagsOf(mask, memory.count, count, b)
      yield* retrieveSteps(memory, query, 1, plan, seen, own, potentials.subarray(2 * b, 2 * b + 2))
      yield
    }
  }
  await later(each(), () => stopped(flag))
}
