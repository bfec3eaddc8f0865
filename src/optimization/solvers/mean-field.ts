import { call, type Steps } from '../../async/steps.js'
import { choice, type Given, number, type Read, Schema } from '../../input/options.js'
import { checkInteger } from '../../input/validate.js'
import type { GradedNetwork } from '../../kernels/contract/kernels.js'
import { gradedCouplings } from '../problems/graded-couplings.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { type AnnealingSchedule, betaRange, SCHEDULE, SCHEDULES, scheduleOf } from './annealing-schedule.js'
import { GradedReads, TOGETHER } from './graded-reads.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const OWN = {
  ...SCHEDULE,
  /** How β goes from one end to the other: as for `anneal`; 'linear-temperature' by default. */
  schedule: choice(SCHEDULES, 'linear-temperature'),
  /** β of the first and the last sweep: as for `anneal`, but from 1/σ by default. */
  betaRange,
  /** Length of a step in time, above 0 and at most 1, at which a mean takes at once the value that the others ask of it; 0.25 by default. */
  step: number(2 ** -20, 1, 0.25),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface MeanFieldOptions extends SolverOptions, Given<typeof OWN> {}
export interface MeanFieldAsyncOptions extends SolverAsyncOptions, Given<typeof OWN> {}

/**
 * Mean-field annealing (Peterson and Anderson 1987): in place of a variable its mean m_i = tanh(β(Σ_j J_ij m_j + b_i)), while β rises. These
 * are the resting states of graded neurons with gain β (Hopfield 1984), and that network is what is computed: du/dt = Jm + b − u by
 * Euler's steps, all variables at once, one step per sweep; β changes every fourth. About 32 times per run the signs of the means, and what
 * steepest descent makes of them, are a state. Reads begin near 0 with the signs of `initialStates`, or random ones; 12 by default.
 * No random numbers but those: deterministic, smooth, quick, and seldom as good as `anneal`.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function meanField<Solution>(
  problem: IsingProblem<Solution>,
  options?: MeanFieldOptions,
): SolverResult<Solution> {
  const method = 'meanField'
  const ising = isingOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(method, ising, read, kindOf(read))
}

/** As `meanField`, off the event loop: the same bits. */
export async function meanFieldAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: MeanFieldAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'meanFieldAsync'
  const ising = isingOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(method, ising, read, kindOf(read))
}

const kindOf = (read: Read<typeof OWN>): SolverKind => ({
  reads: TOGETHER,
  make: (search) => new MeanField(search, scheduleOf(search.ising, read, HOTTEST), read.step),
})

/** Where β begins, in units of 1/σ: means that are nearly 0 need time to part. */
const HOTTEST = 1
/** Steps at one β. */
const STEPS = 4
/** Operations of a call of steepest descent: the bits of real couplings depend on where it begins anew, so it is one number. */
const OPERATIONS = 2 ** 21
/** Flips of a call at most. */
const FLIPS = 4096
/** Calls after which it ends in any case. */
const DESCENTS = 2 ** 12
/** Where means begin, as a part of what a variable feels in a random state. */
const SMALL = 1 / 8

class MeanField implements Solver {
  readonly units: number
  readonly portion = { most: TOGETHER, multiple: TOGETHER }
  readonly #search: Search
  readonly #schedule: AnnealingSchedule
  readonly #step: number
  #network: Omit<GradedNetwork, 'gain'> | undefined
  readonly #start: number

  constructor(search: Search, schedule: AnnealingSchedule, step: number) {
    const { ising, reads } = search
    const { facts, variables: neurons } = ising
    checkInteger('problem: variables', neurons, 1, MOST_NEURONS)
    this.#search = search
    this.#schedule = schedule
    this.#step = step
    this.units = reads
    this.#start = SMALL * Math.sqrt(facts.squares / neurons)
  }

  *run(from: number, to: number): Steps<void> {
    const { ising } = this.#search
    const { model, variables: neurons } = ising
    const plain = { neurons, externalField: model.fields, activation: 'tanh', rate: 1 } as const
    this.#network ??= { ...plain, ...(yield* gradedCouplings(ising)) }
    for (let first = from; first < to && !this.#search.over; first += TOGETHER)
      yield* this.#anneal(this.#network, first, Math.min(TOGETHER, to - first))
  }

  *#anneal(network: Omit<GradedNetwork, 'gain'>, first: number, count: number): Steps<void> {
    const search = this.#search
    const { kernels, words } = search
    const n = search.ising.variables
    const reads = new GradedReads(kernels, n, count)
    const rows = new Uint32Array(count * words)
    for (let b = 0; b < count; b++) {
      const row = rows.subarray(b * words, (b + 1) * words)
      search.begin(first + b, row)
      const spins = search.ising.spins(row)
      const u = reads.of(reads.potentials, b)
      for (let i = 0; i < n; i++) u[i] = spins[i] * this.#start
      yield
    }
    const [sweeps] = this.#schedule.lengths(false)
    const betas = yield* this.#schedule.betas(search, sweeps)
    const between = STEPS * Math.max(1, Math.ceil(sweeps / (32 * STEPS)))
    const over = (): boolean => search.over
    for (let sweep = 0; sweep < sweeps && !search.over; ) {
      const steps = Math.min(STEPS, sweeps - sweep)
      // The last β of its steps: the last of all is reached.
      const gain = gainOf(betas.at(sweep + steps - 1))
      yield* reads.advance({ ...network, gain }, steps, this.#step, over)
      sweep += steps
      search.sweeps = Math.max(search.sweeps, sweep)
      if (sweep % between === 0 || sweep === sweeps || search.over) {
        for (let b = 0; b < count; b++) {
          signsOf(reads.of(reads.potentials, b), rows.subarray(b * words, (b + 1) * words))
          yield
        }
        search.offer(first, rows, yield* search.ising.energiesInSteps(kernels, rows))
        yield* this.#descend(first, rows, count)
      }
    }
  }

  *#descend(first: number, rows: Uint32Array, count: number): Steps<void> {
    const { ising, kernels } = this.#search
    const { memory, model } = ising
    const flips = new Uint32Array(count)
    const most = Math.min(FLIPS, Math.max(16, Math.floor(OPERATIONS / (TOGETHER * ising.variables))))
    const cost = count * most * ising.variables
    for (
      let k = 0;
      k < DESCENTS && (k === 0 || (flips.some((done) => done === most) && !this.#search.over));
      k++
    )
      yield* call(kernels, cost, 'descend', memory, model.fields, rows, count, most, flips)
    this.#search.offer(first, rows, yield* ising.energiesInSteps(kernels, rows))
  }
}

/** Sides of matrices that kernels take. */
const MOST_NEURONS = 2 ** 24
/** Gains of graded neurons. */
const LEAST = 1e-100
const MOST = 1e100

const gainOf = (beta: number): number => Math.min(Math.max(beta, LEAST), MOST)

/** +1 where u is not below 0. */
function signsOf(u: Float64Array, row: Uint32Array): void {
  row.fill(0)
  for (let i = 0; i < u.length; i++) if (u[i] >= 0) row[i >>> 5] |= 1 << (i & 31)
}
