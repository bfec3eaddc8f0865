import { call, portionOf, type Steps } from '../../async/steps.js'
import { choice, type Given, integer, optional, type Read, Schema } from '../../input/options.js'
import { checkInteger } from '../../input/validate.js'
import { type Acceptance, GROUP } from '../../kernels/contract/kernels.js'
import { columnWords } from '../../kernels/contract/layout.js'
import { PURPOSE } from '../../numerics/philox.js'
import type { Ising } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { betaRange } from './annealing-schedule.js'
import { acceptanceFor, costOf, groupOf, Replicas } from './replicas.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'
import { exchangeBits, exchanges } from './state-exchange.js'
import { felt, thermodynamicLength } from './thermodynamic-length.js'

const OWN = {
  /** Sweeps of each replica, 1 to 2^24; 1000 by default. Neighbouring temperatures exchange states after every tenth. */
  numSweeps: integer(1, 2 ** 24, 1000),
  /** β = 1/T of the hottest and of the coldest replica, above 0 and rising. By default from 0.5/σ to 12/σ, as `anneal` has σ. */
  betaRange,
  /**
   * Temperatures, 2 to 128. By default so many that neighbours exchange a third of their states, which a short annealing of other replicas
   * tells; and it tells where they are in any case.
   */
  numTemperatures: optional<number>((name, value) => checkInteger(name, value, 2, 128)),
  /**
   * Whether the two replicas that a read has at each temperature exchange clusters (Houdayer 2001): 'always', 'never', or by default where
   * variables have six neighbours or fewer, the mean of all.
   */
  clusterMoves: choice(['auto', 'always', 'never'] as const, 'auto'),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface ParallelTemperingOptions extends SolverOptions, Given<typeof OWN> {}
export interface ParallelTemperingAsyncOptions extends SolverAsyncOptions, Given<typeof OWN> {}

/**
 * Parallel tempering (Hukushima and Nemoto 1996): replicas at many temperatures, of which neighbours exchange their states by the
 * probability that keeps Boltzmann's distribution at both. So cold replicas leave their valleys, and it never has to be known how slowly to
 * cool. On sparse graphs a read has two replicas at each temperature, which exchange clusters of what they differ in: isoenergetic cluster
 * moves (Houdayer 2001; Zhu, Ochoa and Katzgraber 2015), which cross barriers of any height.
 *
 * Sweeps are those of `anneal`: as many replicas of one temperature as there are reads run in the bits of words and share their random
 * numbers, where couplings and fields are small integers.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function parallelTempering<Solution>(
  problem: IsingProblem<Solution>,
  options?: ParallelTemperingOptions,
): SolverResult<Solution> {
  const method = 'parallelTempering'
  const ising = isingOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(method, ising, read, kindOf(ising, read))
}

/** As `parallelTempering`, off the event loop: the same bits. */
export async function parallelTemperingAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: ParallelTemperingAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'parallelTemperingAsync'
  const ising = isingOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(method, ising, read, kindOf(ising, read))
}

/** What variables have of neighbours where clusters of differences do not yet hold nearly all of them. */
const MOST_NEIGHBOURS = 6
/** Reads of a problem whose replicas are annealed one by one. */
const READS_APART = 4

function kindOf(ising: Ising, own: Read<typeof OWN>): SolverKind {
  return {
    get reads() {
      if (groupOf(ising) !== GROUP) return READS_APART
      return GROUP / copiesOf(ising, own)
    },
    make: (search) => new Tempering(search, own, copiesOf(ising, own)),
  }
}

function copiesOf(ising: Ising, { clusterMoves }: Read<typeof OWN>): number {
  if (clusterMoves !== 'auto') return clusterMoves === 'always' ? 2 : 1
  return ising.model.table.sources.length <= MOST_NEIGHBOURS * ising.variables ? 2 : 1
}

/** The usual range of β, in units of 1/σ. */
const RANGE = [0.5, 12] as const
/** Standard deviations between the energies of neighbours. */
const APART = Math.SQRT2
const MOST_TEMPERATURES = 128
/** Sweeps between two exchanges of states, and exchanges between two of clusters. */
const SWEEPS = 10
const EXCHANGES = 4

/** Groups of reads that share their random numbers. */
class Tempering implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #own: Read<typeof OWN>
  readonly #copies: number
  readonly #together: number
  readonly #acceptance: Acceptance

  constructor(search: Search, own: Read<typeof OWN>, copies: number) {
    this.#search = search
    this.#own = own
    this.#copies = copies
    this.#together = GROUP / copies
    this.#acceptance = acceptanceFor(search.ising)
    this.units = Math.ceil(search.reads / this.#together)
  }

  *run(from: number, to: number): Steps<void> {
    for (let group = from; group < to && !this.#search.over; group++) yield* this.#temper(group)
  }

  *#temper(group: number): Steps<void> {
    const search = this.#search
    const first = group * this.#together
    const betas = yield* this.#betas()
    const reads = new Replicas(search, first, Math.min(this.#together, search.reads - first), this.#copies)
    const start = yield* reads.begin()
    const levels: Uint32Array[] = []
    for (let k = 0; k < betas.length; k++) {
      levels.push(start.slice())
      yield
    }
    const quadratics = Array.from(betas, () => new Float64Array(reads.count))
    const { kernels, ising } = search
    const sweep = costOf(kernels, ising.memory, reads.count)
    const { numSweeps } = this.#own
    for (let from = 0, round = 0; from < numSweeps && !search.over; round++) {
      const to = Math.min(from + SWEEPS, numSweeps)
      for (let k = 0; k < betas.length && !search.over; k++) {
        yield* this.#sweeps(group * betas.length + k, betas[k], from, to, levels[k], reads.count)
        quadratics[k].set(yield* reads.look(levels[k], sweep))
      }
      from = to
      search.sweeps = Math.max(search.sweeps, from)
      if (search.over) break
      if (this.#copies === 2 && round % EXCHANGES === EXCHANGES - 1) {
        yield* this.#exchangeClusters(group, round, levels, reads.count)
        for (let k = 0; k < betas.length && !search.over; k++) {
          quadratics[k].set(yield* reads.look(levels[k], sweep))
        }
      }
      yield* this.#exchange(group, round, betas, levels, quadratics)
    }
    yield* reads.end()
  }

  *#betas(): Steps<Float64Array> {
    const { ising } = this.#search
    const { betaRange, numTemperatures } = this.#own
    const { scale } = ising.model
    const range = betaRange?.map((beta) => beta / scale) ?? RANGE.map((beta) => beta / felt(ising))
    const length = yield* thermodynamicLength(this.#search, [range[0], range[1]])
    const count =
      numTemperatures ?? Math.min(Math.max(Math.ceil(length.total / APART) + 1, 2), MOST_TEMPERATURES)
    return Float64Array.from({ length: count }, (_, k) => length.at(k / (count - 1)))
  }

  /** Sweeps from…to of the replicas of one temperature. */
  *#sweeps(
    group: number,
    beta: number,
    from: number,
    to: number,
    replicas: Uint32Array,
    count: number,
  ): Steps<void> {
    const { kernels, ising, seed } = this.#search
    const cost = costOf(kernels, ising.memory, count)
    for (let firstSweep = from; firstSweep < to; ) {
      const end = Math.min(to, firstSweep + portionOf(kernels, cost))
      const plan = {
        betas: new Float64Array(end - firstSweep).fill(beta),
        firstSweep,
        seedLow: seed[0],
        seedHigh: seed[1],
        group,
        acceptance: this.#acceptance,
        externalField: ising.model.fields,
      }
      yield* call(kernels, (end - firstSweep) * cost, 'anneal', ising.memory, plan, replicas, count)
      firstSweep = end
    }
  }

  /** Neighbours exchange states, every other pair of them in each round: min(1, e^(Δβ·ΔE)). */
  *#exchange(
    group: number,
    round: number,
    betas: Float64Array,
    levels: readonly Uint32Array[],
    quadratics: readonly Float64Array[],
  ): Steps<void> {
    const { kernels, seed } = this.#search
    const count = quadratics[0].length
    const drawn = new Uint32Array(GROUP)
    for (let k = round % 2; k + 1 < betas.length; k += 2) {
      const place = group * betas.length + k
      kernels.philox(seed[0], seed[1], PURPOSE.exchanges, place, round, drawn)
      const step = betas[k + 1] - betas[k]
      const [hot, cold] = [quadratics[k], quadratics[k + 1]]
      const mask = new Uint32Array(columnWords(count))
      for (let r = 0; r < count; r++) {
        if (!exchanges(step, -hot[r] / 2, -cold[r] / 2, drawn[r])) continue
        mask[r >>> 5] |= 1 << (r & 31)
        ;[hot[r], cold[r]] = [cold[r], hot[r]]
      }
      exchangeBits(levels[k], levels[k + 1], mask)
      yield
    }
  }

  /** Every pair of replicas exchanges one cluster, at each temperature. */
  *#exchangeClusters(
    group: number,
    round: number,
    levels: readonly Uint32Array[],
    count: number,
  ): Steps<void> {
    const { kernels, ising, seed } = this.#search
    const cost = 8 * costOf(kernels, ising.memory, count)
    for (const [k, replicas] of levels.entries()) {
      const starts = new Uint32Array(GROUP / 2)
      kernels.philox(seed[0], seed[1], PURPOSE.clusters, group * levels.length + k, round, starts)
      for (const [p, word] of starts.entries()) starts[p] = Math.floor((word / 2 ** 32) * ising.variables)
      yield* call(kernels, cost, 'exchangeClusters', ising.sparseMemory, starts, replicas, count)
    }
  }
}
