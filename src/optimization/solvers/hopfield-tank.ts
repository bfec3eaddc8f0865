import type { Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { choice, type Given, optional, type Read, Schema, without } from '../../input/options.js'
import type { Float64s, Uint32s } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import type { GradedNetwork } from '../../kernels/contract/kernels.js'
import { log } from '../../numerics/log.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { tourLength } from '../problems/distances.js'
import type { IsingProblem } from '../problems/ising-problem.js'
import { type Tour, type TourIsing, toursOf } from '../problems/tsp.js'
import { TANK_DECODINGS, type TankDecoding, tourOfOutputs } from '../tours/tank-decoding.js'
import {
  recipeOf,
  TANK_PARAMETERS,
  type TankNetwork,
  type TankParameters,
  type TankRecipe,
  type TankTerms,
  tankNetwork,
  tankTerms,
} from '../tours/tank-network.js'
import { GradedReads, TOGETHER } from './graded-reads.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const CONSTANT_OPTIONS = {
  A: optional<number>((name, value) => checkNumber(name, value, 0, 1e50)),
  B: optional<number>((name, value) => checkNumber(name, value, 0, 1e50)),
  C: optional<number>((name, value) => checkNumber(name, value, -1e50, 1e50)),
  D: optional<number>((name, value) => checkNumber(name, value, 0, 1e50)),
  /** n′. */
  count: optional<number>((name, value) => checkNumber(name, value, 0, 1e50)),
}
const CONSTANTS = new Schema(CONSTANT_OPTIONS)

const OWN = {
  /**
   * 'talavan-yanez' (default): of Talaván and Yáñez (2002), under which only tours are stable. 'hopfield-tank': of 1985, for cities in the
   * unit square. 'subspace': constraints by projection (Aiyer, Niranjan and Fallside 1990), with rising gain.
   */
  parameters: choice<TankParameters>(TANK_PARAMETERS, 'talavan-yanez'),
  /** Others for some of A, B, C, D and n′ (`count`). */
  constants: optional<Given<typeof CONSTANT_OPTIONS>, Read<typeof CONSTANT_OPTIONS>>((name, value) =>
    CONSTANTS.readWithin(name, value),
  ),
  /**
   * 'assignment' (default): the permutation with the largest sum of outputs, always a tour. 'argmax': for each place the city with the
   * largest output. 'strict': the one with an output above ½. Where that is no tour, a read has none.
   */
  decode: choice<TankDecoding>(TANK_DECODINGS, 'assignment'),
  /** Steps of Euler's of a read at most, 1 to 2^24; 10,000 by default, and 150 a city for 'subspace'. */
  numSweeps: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** Length of a step in time, above 0; 1e-5 for 'hopfield-tank', as there, and for others what couplings and gain allow. */
  step: optional<number>((name, value) => checkNumber(name, value, 1e-100, 1e100)),
}
const OPTIONS = new Schema({ ...without(SOLVE, 'initialStates'), ...OWN })
const LATER = new Schema({ ...without(SOLVE_ASYNC, 'initialStates'), ...OWN })

export interface HopfieldTankOptions extends Omit<SolverOptions, 'initialStates'>, Given<typeof OWN> {}
export interface HopfieldTankAsyncOptions
  extends Omit<SolverAsyncOptions, 'initialStates'>,
    Given<typeof OWN> {}

/** How one read of a network for round trips ended. */
export interface TankRead {
  /** Its number. */
  read: number
  /** Whether its outputs are a tour by themselves, as `decode: 'strict'` reads them. */
  valid: boolean
  /** The tour that they were read as; empty where they are none. */
  tour: Uint32s
  /** Its length; infinite where there is none. */
  length: number
  /** V of the n² neurons at the end, city by city: output c·n + p, from 0 to 1, says how far city c has place p. */
  outputs: Float64s
  /** E of the outputs, and its terms. */
  energy: number
  terms: TankTerms
  /** Whether all outputs had come near 0 or 1, and would go on towards it. */
  settled: boolean
  sweeps: number
}

export interface HopfieldTankResult extends SolverResult<Tour> {
  /** The constants of the energy: of the recipe, with those that were given. */
  constants: { A: number; B: number; C: number; D: number; count: number }
  /** Every read that has ended, in order. `states` has only those with a tour. */
  networks: TankRead[]
}

/**
 * The network of Hopfield and Tank (1985) for round trips of 2 to 64 cities: n² graded neurons, one for each city at each place, whose
 * constraints and distances are couplings. It is integrated by the kernels of `ContinuousHopfield`. Read it as history and as a model of
 * analogue computation: `tourSearch` finds far better tours in a thousandth of the time, and docs/travelling-salesman.md has the figures.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if the problem is none of `tsp`; ERR_HOPFIELD_RANGE beyond 64 cities; ERR_HOPFIELD_OPTION, _RANGE or
 * _TYPE naming the option.
 */
export function hopfieldTank(problem: IsingProblem<Tour>, options?: HopfieldTankOptions): HopfieldTankResult {
  const method = 'hopfieldTank'
  const ising = toursOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  const run = new Run(ising, read)
  return run.told(solveHere(method, ising, { ...read, initialStates: undefined }, run))
}

/** As `hopfieldTank`, off the event loop: the same bits. */
export async function hopfieldTankAsync(
  problem: IsingProblem<Tour>,
  options?: HopfieldTankAsyncOptions,
): Promise<HopfieldTankResult> {
  const method = 'hopfieldTankAsync'
  const ising = toursOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  const run = new Run(ising, read)
  return run.told(await solveBeside(method, ising, { ...read, initialStates: undefined }, run))
}

/** n⁴ couplings of f64 in 134 megabytes. */
const MOST_CITIES = 64

class Run implements SolverKind {
  readonly reads = TOGETHER
  readonly lazy = true
  readonly #ising: TourIsing
  readonly #options: Read<typeof OWN>
  readonly #recipe: TankRecipe
  readonly #ended: TankRead[] = []

  constructor(ising: TourIsing, options: Read<typeof OWN>) {
    const recipe = recipeOf(options.parameters, ising.distances)
    const given = Object.entries(options.constants ?? {}).filter(([, value]) => value !== undefined)
    const sweeps = options.numSweeps ?? recipe.sweeps
    const { step } = options
    this.#ising = ising
    this.#options = options
    this.#recipe = { ...recipe, ...Object.fromEntries(given), sweeps, ...(step && { step: () => step }) }
  }

  readonly make = (search: Search): Solver => {
    const { cities } = this.#ising.distances
    if (cities > MOST_CITIES) {
      throw new HopfieldError(
        'ERR_HOPFIELD_RANGE',
        `problem: expected at most ${MOST_CITIES} cities, got ${cities}; tourSearch takes more`,
      )
    }
    return new Tank(search, this.#ising, this.#recipe, this.#options.decode, (read) => {
      this.#ended.push(read)
    })
  }

  told(result: SolverResult<Tour>): HopfieldTankResult {
    const { A, B, C, D, count } = this.#recipe
    const networks = this.#ended.sort((a, b) => a.read - b.read)
    return { ...result, constants: { A, B, C, D, count }, networks }
  }
}

/** Steps at one gain where it rises, and else between two looks at who has settled. */
const STEPS = { rising: 8, even: 64 }
/** The part of the sweeps in which the gain rises; neurons settle in the rest. */
const RISING = 0.8
/** An output so near 0 or 1, in parts of 1/n, has come there: what is left of all those of a city hardly matters. */
const NEAR = 0.05

class Tank implements Solver {
  readonly units: number
  readonly portion = { most: TOGETHER, multiple: TOGETHER }
  readonly #search: Search
  readonly #ising: TourIsing
  readonly #recipe: TankRecipe
  readonly #decoding: TankDecoding
  readonly #tell: (read: TankRead) => void
  #network: TankNetwork | undefined
  #settling: TankNetwork | undefined

  constructor(
    search: Search,
    ising: TourIsing,
    recipe: TankRecipe,
    decoding: TankDecoding,
    tell: (read: TankRead) => void,
  ) {
    this.#search = search
    this.#ising = ising
    this.#recipe = recipe
    this.#decoding = decoding
    this.#tell = tell
    this.units = search.reads
  }

  *run(from: number, to: number): Steps<void> {
    for (let first = from; first < to && !this.#search.over; first += TOGETHER)
      yield* this.#integrate(first, Math.min(TOGETHER, to - first))
  }

  *#integrate(first: number, count: number): Steps<void> {
    const search = this.#search
    const { gains, sweeps, settling } = this.#recipe
    const { distances } = this.#ising
    const rising = gains[1] > gains[0]
    this.#network ??= yield* tankNetwork(distances, this.#recipe, 0)
    this.#settling ??= settling === 0 ? this.#network : yield* tankNetwork(distances, this.#recipe, settling)
    const reads = new GradedReads(search.kernels, this.#network.neurons, count)
    for (let b = 0; b < count; b++) this.#begin(first + b, reads.of(reads.potentials, b))
    const running = new Set(Array.from({ length: count }, (_, b) => b))
    for (let sweep = 0; sweep < sweeps && running.size > 0; ) {
      const steps = Math.min(rising ? STEPS.rising : STEPS.even, sweeps - sweep)
      const part = Math.min(1, sweep / (RISING * sweeps))
      const gain = gains[0] + (gains[1] - gains[0]) * part * part * part
      const network = { ...(rising && part === 1 ? this.#settling : this.#network), gain }
      yield* reads.advance(network, steps, this.#recipe.step(gain), () => search.over)
      sweep += steps
      search.sweeps = Math.max(search.sweeps, sweep)
      const last = sweep === sweeps || search.over
      const settled = rising && !last ? [] : yield* this.#settled(network, reads)
      for (const b of [...running]) {
        if (!last && !settled[b]) continue
        running.delete(b)
        this.#end(first + b, reads.of(reads.outputs, b), settled[b], sweep)
      }
      if (search.over) return
    }
  }

  /** Potentials near the same for all: γu is the logit of the mean output, and some noise. */
  #begin(read: number, u: Float64Array): void {
    const { start, spread, gains } = this.#recipe
    const words = new WordStream(...this.#search.seed).seek(PURPOSE.tanks, read)
    const logit = log(start) - log(1 - start)
    for (let k = 0; k < u.length; k++) u[k] = (logit + spread * (words.word() / 2 ** 31 - 1)) / gains[0]
  }

  /** Of each read, whether all outputs have come near 0 or 1, and are driven there. */
  *#settled(network: GradedNetwork, reads: GradedReads): Steps<boolean[]> {
    const near = NEAR / this.#ising.distances.cities
    const each = Array.from({ length: reads.count }, (_, b) => b)
    const isNear = each.map((b) => reads.of(reads.outputs, b).every((x) => x < near || x > 1 - near))
    if (!isNear.includes(true)) return isNear
    const inputs = yield* reads.inputs(network)
    return each.map((b) => {
      const v = reads.of(reads.outputs, b)
      return isNear[b] && reads.of(inputs, b).every((x, k) => (v[k] < near ? x <= 0 : x >= 0))
    })
  }

  #end(read: number, v: Float64Array, settled: boolean, sweeps: number): void {
    const { distances } = this.#ising
    const n = distances.cities
    const terms = tankTerms(distances, this.#recipe, v)
    const found = tourOfOutputs(n, v, this.#decoding)
    const tour = found === undefined ? new Uint32Array(0) : fromCity0(found)
    const length = found === undefined ? Number.POSITIVE_INFINITY : tourLength(distances, tour)
    const valid = tourOfOutputs(n, v, 'strict') !== undefined
    const energy = terms.cities + terms.places + terms.count + terms.length
    this.#tell({ read, valid, tour, length, outputs: v.slice(), energy, terms, settled, sweeps })
    if (found !== undefined) this.#search.offer(read, this.#ising.rowOf(tour))
  }
}

/** The same round trip, told from city 0 on. */
function fromCity0(tour: Uint32Array): Uint32s {
  const at = tour.indexOf(0)
  return Uint32Array.from(tour, (_, k) => tour[(at + k) % tour.length])
}
