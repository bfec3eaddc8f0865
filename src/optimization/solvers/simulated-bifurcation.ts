import type { Steps } from '../../async/steps.js'
import { choice, type Given, integer, optional, type Read, Schema } from '../../input/options.js'
import { checkNumber } from '../../input/validate.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { Bifurcation, type Oscillators, oscillators, VARIANTS } from './bifurcation.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'
import { felt } from './thermodynamic-length.js'

const OWN = {
  /** Steps of a read, each a product of all couplings with all positions; 1 to 2^24, and 1000 by default. */
  numSteps: integer(1, 2 ** 24, 1000),
  /** What pulls an oscillator: the 'discrete' signs of the others, by default; their positions ('ballistic'); or these, with a pump of its own for each ('generalised'). */
  variant: choice(VARIANTS, 'discrete'),
  /** Length of a step, above 0 and up to 4; by default 1.1/√(1 + |λ|/2σ), λ being the eigenvalue of J that is largest in absolute value. */
  timeStep: optional<number>((name, value) => checkNumber(name, value, Number.MIN_VALUE, 4)),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface SimulatedBifurcationOptions extends SolverOptions, Given<typeof OWN> {}
export interface SimulatedBifurcationAsyncOptions extends SolverAsyncOptions, Given<typeof OWN> {}

/**
 * Simulated bifurcation (Goto, Tatsumura and Dixon 2019; Goto et al. 2021): an oscillator for each variable, whose rest position at 0 becomes
 * unstable while a pump falls from 1 to 0; then it goes to one of two walls, +1 or −1. All move at once. Each read keeps the best of about
 * 32 states on its way. 'generalised' gives each oscillator a pump of its own, which falls the slower the nearer it is to a wall (Goto,
 * Hidaka and Tatsumura 2025). It computes in TypeScript on this thread, off the event loop in its later turns. `sweeps` counts steps.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function simulatedBifurcation<Solution>(
  problem: IsingProblem<Solution>,
  options?: SimulatedBifurcationOptions,
): SolverResult<Solution> {
  const method = 'simulatedBifurcation'
  const ising = isingOf(problem, method)
  return solveHere(method, ising, ...about(OPTIONS.read(method, options, ising.variables)))
}

/** As `simulatedBifurcation`, off the event loop: the same bits. */
export async function simulatedBifurcationAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: SimulatedBifurcationAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'simulatedBifurcationAsync'
  const ising = isingOf(problem, method)
  return await solveBeside(method, ising, ...about(LATER.read(method, options, ising.variables)))
}

function about<Options extends Read<typeof OWN>>(read: Options): [Options, SolverKind] {
  return [read, { reads: 16, make: (search) => new Bifurcations(search, read) }]
}

/** Looks at the energy of a read. */
const LOOKS = 32
/** How far from 0 oscillators begin, at most. */
const NEAR = 0.1
/** Operations between two chances for others. */
const SOME = 2 ** 18

class Bifurcations implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #own: Read<typeof OWN>

  constructor(search: Search, own: Read<typeof OWN>) {
    this.#search = search
    this.#own = own
    this.units = search.reads
  }

  *run(from: number, to: number): Steps<void> {
    const { ising } = this.#search
    const usual = oscillators(ising.model, ising.variables, felt(ising))
    yield
    const { timeStep } = this.#own
    const how = timeStep === undefined ? usual : { ...usual, step: timeStep }
    for (let read = from; read < to && !this.#search.over; read++) yield* this.#read(read, how)
  }

  *#read(read: number, how: Oscillators): Steps<void> {
    const search = this.#search
    const { ising } = search
    const { numSteps, variant } = this.#own
    const each = ising.model.table.sources.length + 8 * ising.variables
    const looks = Math.ceil(numSteps / LOOKS)
    const swarm = new Bifurcation(ising.model, variant, how, this.#begin(read))
    const row = new Uint32Array(search.words)
    let done = 0
    for (let step = 0; step < numSteps && !search.over; step++) {
      swarm.step(numSteps - step)
      search.sweeps = Math.max(search.sweeps, step + 1)
      if ((step + 1) % looks === 0 || step + 1 === numSteps) {
        row.fill(0)
        for (const [i, x] of swarm.x.entries()) if (x >= 0) row[i >>> 5] |= 1 << (i & 31)
        search.offer(read, row)
      }
      done += each
      if (done < SOME) continue
      done = 0
      yield
    }
  }

  /** Near 0, on the side where the read begins. */
  #begin(read: number): Float64Array {
    const search = this.#search
    const row = new Uint32Array(search.words)
    search.begin(read, row)
    const draw = new WordStream(search.seed[0], search.seed[1]).seek(PURPOSE.bifurcations, read)
    return Float64Array.from(
      { length: search.ising.variables },
      (_, i) => ((row[i >>> 5] >>> (i & 31)) & 1 ? NEAR : -NEAR) * draw.uniform(),
    )
  }
}
