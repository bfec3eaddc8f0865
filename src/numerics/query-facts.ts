import { type RetrievalPlan, type Salience, SINGLE_MOST } from '../kernels/contract/retrieval.js'
import { dot8Singles } from './dot8.js'

/** β as this query has it, between which numbers its logits lie, and whether its sums are f32. */
export interface QueryFacts {
  readonly beta: number
  readonly most: number
  readonly least: number
  readonly single: boolean
}

/** What a query's numbers are bounded by. */
export interface Bounded {
  readonly largestNorm: number
  readonly dimension: number
  readonly salience: Pick<Salience, 'leastLog' | 'mostLog'> | undefined
}

export function queryFacts(
  plan: RetrievalPlan,
  { largestNorm, salience, dimension }: Bounded,
  queries: Float32Array,
  at: number,
): QueryFacts {
  const norm = Math.sqrt(dot8Singles(queries, at, queries, at, dimension))
  const size = norm * largestNorm
  const fits = dimension <= SINGLE_MOST && size >= 2 ** -60 && size <= 2 ** 100
  const single = plan.precision === 'single' && fits
  const { mostLog = 0, leastLog = 0 } = salience ?? {}
  if (plan.similarity === 'cosine') {
    const beta = norm === 0 ? 0 : plan.beta / norm
    return { beta, most: plan.beta + mostLog, least: -plan.beta + leastLog, single }
  }
  if (plan.similarity === 'euclidean') {
    const least = -(plan.beta * (norm * largestNorm + largestNorm * largestNorm * 0.5))
    const most = plan.beta * (norm * norm * 0.5)
    return { beta: plan.beta, most: most + mostLog, least: least + leastLog, single }
  }
  const most = plan.beta * size
  return { beta: plan.beta, most: most + mostLog, least: -most + leastLog, single }
}
