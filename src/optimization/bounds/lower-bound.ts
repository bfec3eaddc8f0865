import { WHOLE, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, type Steps } from '../../async/steps.js'
import { within } from '../../errors.js'
import { type Given, integer, Schema, without } from '../../input/options.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { tourLength } from '../problems/distances.js'
import type { Ising } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { TourIsing } from '../problems/tsp.js'
import { nearestNeighbour } from '../tours/tour-moves.js'
import { isSemidefinite, pivotsOf } from './factors.js'
import { shortestTrees } from './one-trees.js'
import { mixed, withFields } from './semidefinite.js'

/** What no state is better than. */
export interface LowerBound {
  /** No energy is below it. */
  energy: number
  /** No value is better: the largest cut is no larger, the shortest tour no shorter. */
  value: number
  /** 'semidefinite', 'one-trees', or the 'sum' that `problem.lowerBound` is. */
  method: 'semidefinite' | 'one-trees' | 'sum'
}

const OPTIONS = {
  /** Sweeps over all variables, or trees, at most; 0 to 2^20, 1000 by default. 0: the sum. */
  sweeps: integer(0, 2 ** 20, 1000),
}
const BOUND = new Schema(OPTIONS)
const LATER = new Schema({ ...OPTIONS, ...without(WHOLE, 'threads', 'onProgress') })

export interface LowerBoundOptions extends Given<typeof OPTIONS> {}
export interface LowerBoundAsyncOptions extends LowerBoundOptions, Pick<WholeOptions, 'signal'> {}

/**
 * A number that no energy is below, and a value that no state is better than: how far a state that a solver has found can be from the best.
 *
 * Up to 2048 variables, and more where few enough are left when those with few neighbours are taken out: y with Diag(y) − J positive semidefinite gives Σ_ij J_ij s_i s_j ≤ Σ y_i (the dual of Goemans and Williamson 1995), by
 * the mixing method (Wang, Chang and Kolter 2018). That the matrix is semidefinite is proved by factors whose rounding is accounted for
 * (Rump 2006), so the bound holds whatever was rounded on the way. A round trip: one-trees with weights (Held and Karp 1970, 1971), seldom
 * more than a hundredth below the shortest tour. Beyond: the sum of all magnitudes. It computes in TypeScript, and takes N³/6
 * multiplications: several seconds for 2000 variables.
 * @throws HopfieldError ERR_HOPFIELD_TYPE, _OPTION or _RANGE naming the argument.
 */
export function lowerBound(problem: IsingProblem<unknown>, options?: LowerBoundOptions): LowerBound {
  const ising = isingOf(problem, 'lowerBound')
  const { sweeps } = BOUND.read('lowerBound', options)
  try {
    return allHere(boundOf(ising, sweeps))
  } catch (error) {
    throw within('lowerBound', error)
  }
}

/** As `lowerBound`, in later turns of the event loop: the same numbers. */
export async function lowerBoundAsync(
  problem: IsingProblem<unknown>,
  options?: LowerBoundAsyncOptions,
): Promise<LowerBound> {
  const ising = isingOf(problem, 'lowerBoundAsync')
  const { sweeps, signal } = LATER.read('lowerBoundAsync', options)
  try {
    return await allBeside(boundOf(ising, sweeps), { signal, onProgress: undefined })
  } catch (error) {
    throw within('lowerBoundAsync', error)
  }
}

function* boundOf(ising: Ising, sweeps: number): Steps<LowerBound> {
  if (ising instanceof TourIsing) return yield* ofTours(ising, sweeps)
  const { scale, offset } = ising.model
  const sum = -ising.span
  const least = sweeps > 0 ? yield* spectral(ising, sweeps) : sum
  const method = least > sum ? 'semidefinite' : 'sum'
  const terms = ising.model.table.weights.length + ising.variables + 4
  const rounded = ising.exact ? 0 : (ising.span / scale + Math.abs(offset)) * terms * 2 ** -52
  const energy = (method === 'sum' ? sum : raised(ising, least)) / scale + offset - rounded
  return { energy, value: ising.meaning.bound(energy), method }
}

const MOST_DIMENSIONS = 65

/** −½ Σ_ij J_ij s_i s_j − Σ_i b_i s_i is not below it. */
function* spectral(ising: Ising, sweeps: number): Generator<void, number> {
  const { table, fields } = ising.model
  const all = withFields(table, fields)
  if (all.weights.length === 0) return Number.NEGATIVE_INFINITY
  const pivots = yield* pivotsOf(all)
  if (pivots === undefined) return Number.NEGATIVE_INFINITY
  // More dimensions than √2N are never needed, and fewer do nearly as well.
  const rank = Math.min(Math.ceil(Math.sqrt(2 * all.size)) + 1, MOST_DIMENSIONS)
  const words = new WordStream(0, 0).seek(PURPOSE.bounds, 0)
  const start = Float64Array.from({ length: rank * all.size }, () => words.word() / 2 ** 32 - 0.5)
  const y = yield* mixed(all, rank, start, sweeps)
  const mean = y.reduce((total, x) => total + x, 0) / all.size
  for (let more = mean * 2 ** -14; more < mean; more *= 4) {
    const diagonal = y.map((x) => x + more)
    if (!(yield* isSemidefinite(all, diagonal, pivots))) continue
    const total = diagonal.reduce((sum, x) => sum + x, 0)
    return -0.5 * total * (1 + all.size * 2 ** -52)
  }
  return Number.NEGATIVE_INFINITY
}

/** The least sum that there can be above a bound: whole numbers change by twice a whole number with every flip. */
function raised(ising: Ising, bound: number): number {
  if (!ising.exact) return bound
  const { table, fields } = ising.model
  let unit = 0
  for (const x of table.weights) unit = commonDivisor(unit, Math.abs(x))
  for (const b of fields ?? []) unit = commonDivisor(unit, Math.abs(b))
  const steps = Math.ceil((bound + ising.span) / (2 * unit))
  return steps * 2 * unit - ising.span
}

function commonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b]
  return a
}

/** Trees of so many cities, at least, and about as much work for more of them. */
const LEAST_TREES = 50
const MOST_WORK = 2 ** 31

function* ofTours({ distances }: TourIsing, sweeps: number): Generator<void, LowerBound> {
  const { cities, matrix } = distances
  const tour = new Uint32Array(cities)
  yield* nearestNeighbour(distances, 0, tour)
  const rounds = Math.min(sweeps, Math.max(LEAST_TREES, Math.floor(MOST_WORK / cities ** 2)))
  const trees = yield* shortestTrees(distances, tourLength(distances, tour), rounds)
  const length = Math.max(0, matrix.every(Number.isInteger) ? Math.ceil(trees) : trees)
  // Squares and distances: no state's energy is below 0, and states that are no tour may be anywhere above.
  return { energy: 0, value: length, method: rounds > 0 ? 'one-trees' : 'sum' }
}
