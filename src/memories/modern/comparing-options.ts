import { HopfieldError } from '../../errors.js'
import { choice, Kinds, option, optional, type Read, unread } from '../../input/options.js'
import { checkChoice, checkNumber } from '../../input/validate.js'
import type { Precision, RetrievalPlan, Separator, Similarity } from '../../kernels/contract/kernels.js'

const SIMILARITIES: readonly Similarity[] = ['dot', 'cosine', 'euclidean']
const SEPARATORS: readonly Separator[] = ['softmax', 'sparsemax', 'entmax15', 'normmax', 'epanechnikov']
const PRECISIONS: readonly Precision[] = ['double', 'single']

/** How similarities become weights: a word, or an object where there is more to say. */
export type Separation =
  | Separator
  | { kind: Exclude<Separator, 'epanechnikov'> }
  /** All keys within `radius` weigh the same, and the others nothing: β = 2/radius². */
  | { kind: 'epanechnikov'; radius?: number }

export interface CheckedSeparation {
  readonly kind: Separator
  readonly radius?: number | undefined
}

/** Radii whose β lies within the bounds of β. */
const [LEAST_RADIUS, MOST_RADIUS] = [1e-49, 1e49]

const KINDS = new Kinds({
  softmax: {},
  sparsemax: {},
  entmax15: {},
  normmax: {},
  epanechnikov: {
    radius: optional<number>((name, value) => checkNumber(name, value, LEAST_RADIUS, MOST_RADIUS)),
  },
})

function readSeparation(name: string, given: unknown): CheckedSeparation {
  if (typeof given === 'object' && given !== null) return KINDS.read(name, given)
  return { kind: checkChoice(name, given, SEPARATORS) }
}

/** How queries are compared with keys, and what comes of it. */
export const COMPARING = {
  /** Inverse temperature β, 1e-100 to 1e100, or 'auto' (default): 1/√d, as in attention. */
  beta: unread<number | 'auto'>(),
  /**
   * How a query is compared with a key (Millidge et al. 2022): 'dot' (default), 'cosine', or 'euclidean', −½‖q − k‖², which is the default
   * with separation 'epanechnikov'.
   */
  similarity: optional<Similarity>((name, value) => checkChoice(name, value, SIMILARITIES)),
  /**
   * How similarities become weights: 'softmax' (default), 'sparsemax', 'entmax15' and 'normmax', which give exact zeros, or 'epanechnikov', the plain
   * mean of the keys within the radius √(2/β). In place of β its radius may be given: `{ kind: 'epanechnikov', radius }`.
   */
  separation: option<Separation, CheckedSeparation>({ kind: 'softmax' }, readSeparation),
  /**
   * What sums are made in: 'double' (default), f64, so that results are right to their last bits, or 'single', f32 with fused products,
   * up to twice as fast where all keys have weight. Both give the same bits on every machine.
   */
  precision: choice<Precision>(PRECISIONS, 'double'),
}

export const RENAMED = { separator: 'it is now called separation' }

/** The plan of these options. Throws HopfieldError naming the option. */
export function retrievalPlan(
  method: string,
  { beta, similarity, separation, precision }: Read<typeof COMPARING>,
  dimension: number,
): RetrievalPlan {
  const { kind: separator, radius } = separation
  if (radius !== undefined && beta !== undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: give beta or separation.radius, not both: β is 2/radius²`,
    )
  }
  if (separator === 'epanechnikov' && similarity === 'dot') {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: similarity: separation 'epanechnikov' asks for a distance: expected 'euclidean' or 'cosine', got 'dot'`,
    )
  }
  return {
    beta: radius === undefined ? readBeta(`${method}: beta`, beta, dimension) : 2 / (radius * radius),
    similarity: similarity ?? (separator === 'epanechnikov' ? 'euclidean' : 'dot'),
    separator,
    precision,
  }
}

/** β above 0, or 'auto': 1/√d, as in attention (Vaswani et al. 2017). Beyond the bounds products with f32 keys would overflow. */
function readBeta(name: string, beta: unknown, dimension: number): number {
  if (beta === undefined || beta === 'auto') return 1 / Math.sqrt(dimension)
  if (typeof beta === 'string') {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: expected a number or 'auto', got ${JSON.stringify(beta)}`,
    )
  }
  return checkNumber(name, beta, 1e-100, 1e100)
}

/** Options of a record, in which the separation is called separator. */
export function writtenOptions<T>(record: T): T {
  const { separator, ...rest } = record as { separator?: Separator }
  return { ...rest, separation: separator } as T
}
