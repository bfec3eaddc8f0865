import { ASYNC_KEYS, type AsyncOptions } from '../../async/options.js'
import { HopfieldError } from '../../errors.js'
import { checkBoolean, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import type { RetrievalSteps } from './retrieval-steps.js'

/** Options of a retrieval. */
export interface RetrievalOptions {
  /** Associations to make, or with `tolerance` at most: 1, or 100 with it, by default. */
  steps?: number
  /** Stop where no component moves by more than this, ≥ 0. */
  tolerance?: number
  /** false: leave out the energy, which takes another look at all keys (NaN in its place). true by default. */
  energy?: boolean
}

/** Options of a batch off the event loop. */
export interface RetrievalAsyncOptions extends RetrievalOptions, AsyncOptions {}

export const RETRIEVAL_KEYS: readonly string[] = ['steps', 'tolerance', 'energy']
export const RETRIEVAL_ASYNC_KEYS: readonly string[] = [...RETRIEVAL_KEYS, ...ASYNC_KEYS]

const PATIENCE = 100

export function readRetrievalOptions(
  options: RetrievalOptions | undefined,
  known: readonly string[] = RETRIEVAL_KEYS,
): RetrievalSteps {
  checkOptions('retrieval options', options, known)
  const { steps, tolerance, energy = true } = options ?? {}
  if (tolerance !== undefined) checkNumber('tolerance', tolerance, 0, Number.MAX_VALUE)
  const fallback = tolerance === undefined ? 1 : PATIENCE
  return {
    steps: steps === undefined ? fallback : checkInteger('steps', steps, 1, 2 ** 31 - 1),
    tolerance: tolerance ?? 0,
    stops: tolerance !== undefined,
    energy: checkBoolean('energy', energy),
  }
}

/** β above 0, or 'auto': 1/√d, which is attention's (Vaswani et al. 2017). Larger ones would overflow with f32 keys. */
export function readBeta(beta: unknown, dimension: number): number {
  if (beta === 'auto') return 1 / Math.sqrt(dimension)
  if (typeof beta === 'string') {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `beta: expected a number or 'auto', got ${JSON.stringify(beta)}`,
    )
  }
  return checkNumber('beta', beta, 1e-100, 1e100)
}
