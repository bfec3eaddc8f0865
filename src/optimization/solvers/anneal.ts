import { call, portionOf, type Steps } from '../../async/steps.js'
import { type Given, optional, type Read, Schema } from '../../input/options.js'
import { checkChoice } from '../../input/validate.js'
import { ACCEPTANCES, type Acceptance } from '../../kernels/contract/kernels.js'
import type { Ising } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { type AnnealingSchedule, type Betas, SCHEDULE, scheduleOf } from './annealing-schedule.js'
import { acceptanceFor, costOf, groupOf, Replicas } from './replicas.js'
import type { Search } from './search.js'
import {
  SOLVE,
  SOLVE_ASYNC,
  type SolverAsyncOptions,
  type SolverOptions,
  type SolverRead,
} from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const OWN = {
  ...SCHEDULE,
  /**
   * The probability of a flip that costs ΔE: min(1, e^(−βΔE)) ('metropolis'), or 1/(1 + e^(βΔE)) ('glauber'), which takes fewer of them
   * and finds less in as many sweeps, but for rings: a sweep of Metropolis keeps the number of their unsatisfied couplings. 'mixed' is
   * 'glauber' in one sweep of four. By default 'metropolis', or 'glauber' if there are no fields and no variable has more than two
   * neighbours, or 'mixed' if that is so of a part that nothing else is coupled to, a ring or a chain of more than 64 variables.
   */
  acceptance: optional<Acceptance>((name, value) => checkChoice(name, value, ACCEPTANCES)),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface AnnealOptions extends SolverOptions, Given<typeof OWN> {}
export interface AnnealAsyncOptions extends SolverAsyncOptions, Given<typeof OWN> {}

/**
 * Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983): sweeps of Metropolis or Glauber updates, one variable after the other, while β rises, and
 * at the end three sweeps in which no update raises the energy. 512 reads by default, since that many run in the bits of words side by
 * side (multi-spin coding: Zorn, Herrmann and Rebbi 1981; Isakov, Zintchenko, Rønnow and Troyer 2015).
 *
 * Where couplings and fields are small integers, Σ_j|J_ij| + |b_i| below 2^11, reads Rg to Rg + R − 1 use the same random numbers from
 * different states: R = 512, or 64 for fewer than 256 variables that are annealed once, whose reads would often end in one state. So a
 * read is a function of seed and number, but reads of one group are not independent: for averages over a Boltzmann distribution use
 * `network.sample`. Other reads are independent. Energies are computed about 32 times per run, and each read keeps the best of the states
 * it then has.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function anneal<Solution>(
  problem: IsingProblem<Solution>,
  options?: AnnealOptions,
): SolverResult<Solution> {
  const method = 'anneal'
  const ising = isingOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(method, ising, read, kindOf(ising, read))
}

/** As `anneal`, off the event loop: the same bits. */
export async function annealAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: AnnealAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'annealAsync'
  const ising = isingOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(method, ising, read, kindOf(ising, read))
}

/** Reads where nobody says how many: one group of those that go side by side, more of the others. */
const READS_APART = 64
/** Groups that threads may begin while nothing but a target or the time ends them. */
const LANES = 64

/** Fewer variables than that have fewer reads that share their random numbers than go side by side. */
const FEW = 256
const SHARED = 64

function kindOf(ising: Ising, read: SolverRead & Read<typeof OWN>): SolverKind {
  const { target, maxTime, numSweeps, betas } = read
  const open = (target ?? maxTime) !== undefined && (numSweeps ?? betas) === undefined
  return {
    get reads() {
      const group = groupOf(ising)
      return open ? LANES * group : Math.max(group, READS_APART)
    },
    make: (search) => {
      const group = groupOf(ising)
      // From different states of few variables, reads that share their random numbers soon come to one and stay together for ever (damage
      // spreading): hundreds are worth one. Where they are annealed again and again, that is one each time.
      const together = ising.variables < FEW && !open ? Math.min(SHARED, group) : group
      const acceptance = read.acceptance ?? acceptanceFor(ising)
      return new Annealing(search, scheduleOf(ising, read), { acceptance, together })
    },
  }
}

/** Sweeps at the end that raise no energy. */
const LAST = 3
/** Sweeps between two looks at energies, at least: preparing a call takes as long as some tens of sweeps. */
const BETWEEN = 64

type OnEnd = (reads: Replicas, now: Uint32Array, quadratics: Float64Array) => void

/** Groups of reads that share their random numbers, where they go side by side. */
export class Annealing implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #schedule: AnnealingSchedule
  readonly #acceptance: Acceptance
  readonly #onEnd: OnEnd | undefined
  readonly #together: number

  /**
   * @param onEnd is given the last replicas of each annealing that nothing broke off, and −2E of each.
   * @param together reads of a group, by default as many as go side by side.
   */
  constructor(
    search: Search,
    schedule: AnnealingSchedule,
    {
      acceptance = acceptanceFor(search.ising),
      onEnd,
      together = groupOf(search.ising),
    }: { acceptance?: Acceptance; onEnd?: OnEnd; together?: number } = {},
  ) {
    this.#search = search
    this.#together = together
    this.units = Math.ceil(search.reads / this.#together)
    this.#schedule = schedule
    this.#acceptance = acceptance
    this.#onEnd = onEnd
  }

  *run(from: number, to: number): Steps<void> {
    for (let group = from; group < to && !this.#search.over; group++) yield* this.#group(group)
  }

  *#group(group: number): Steps<void> {
    const search = this.#search
    const first = group * this.#together
    const reads = new Replicas(search, first, Math.min(this.#together, search.reads - first))
    const now = yield* reads.begin()
    let firstSweep = 0
    for (const length of this.#schedule.lengths(search.limited)) {
      const betas = yield* this.#schedule.betas(search, length)
      firstSweep = yield* this.#anneal(group, reads, now, betas, firstSweep)
      if (search.over) break
    }
    yield* reads.end()
  }

  /** One annealing. @returns the number of the sweep that follows. */
  *#anneal(
    group: number,
    reads: Replicas,
    now: Uint32Array,
    betas: Betas,
    firstSweep: number,
  ): Steps<number> {
    const search = this.#search
    const { ising, kernels, seed } = search
    const { memory } = ising
    const { fields: externalField } = ising.model
    const sweep = costOf(kernels, memory, reads.count)
    const sweeps = betas.length + LAST
    // When energies are looked at is the same on every backend, since it tells which states are kept; how many calls that takes is not.
    const between = Math.max(BETWEEN, Math.ceil(sweeps / 32))
    const most = portionOf(kernels, sweep)
    for (let from = 0; from < sweeps && !search.over; ) {
      const to = Math.min(from + most, sweeps, from - (from % between) + between)
      const plan = {
        betas: partOf(betas, from, to),
        firstSweep: firstSweep + from,
        seedLow: seed[0],
        seedHigh: seed[1],
        group,
        acceptance: this.#acceptance,
        externalField,
      }
      yield* call(kernels, (to - from) * sweep, 'anneal', memory, plan, now, reads.count)
      from = to
      search.sweeps = Math.max(search.sweeps, firstSweep + from)
      // What no sweep raises any more is looked at when all is over.
      const due = from % between === 0 && from < betas.length
      if (due || from === sweeps || search.over) {
        const quadratics = yield* reads.look(now, sweep)
        if (from === sweeps && !search.over) this.#onEnd?.(reads, now, quadratics)
      }
    }
    return firstSweep + sweeps
  }
}

/** β of sweeps from…to, and T = 0 behind the last. */
function partOf(betas: Betas, from: number, to: number): Float64Array {
  return Float64Array.from({ length: to - from }, (_, k) =>
    from + k < betas.length ? betas.at(from + k) : Number.POSITIVE_INFINITY,
  )
}
