import { Schema, without } from '../../input/options.js'
import { processors } from '../../platform/node/system.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { type Choice, Portfolio } from './portfolio.js'
import {
  SOLVE,
  SOLVE_ASYNC,
  type SolverAsyncOptions,
  type SolverOptions,
  solverKernels,
} from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { solveBeside, solveHere } from './solver-runner.js'

const OPTIONS = new Schema(without(SOLVE, 'numReads', 'initialStates'))
const LATER = new Schema(without(SOLVE_ASYNC, 'numReads', 'initialStates'))

export interface SolveOptions extends Omit<SolverOptions, 'numReads' | 'initialStates'> {}
export interface SolveAsyncOptions extends Omit<SolverAsyncOptions, 'numReads' | 'initialStates'> {}

const ALONE = { numReads: 1, initialStates: undefined, threads: 1 }

/** What `solve` has found. */
export interface SolveResult<Solution> extends SolverResult<Solution> {
  /** What was done, in order. */
  chosen: Choice[]
  /** Whether no state has less energy, as far as couplings are not rounded. */
  proved: boolean
}

/**
 * The best state that this package finds, by solvers that it chooses by the instance: `tourSearch` for round trips; `exact` where states are
 * few or couplings form a narrow graph; otherwise `anneal`, again and again and each time for longer, in turn with `tabu` on dense or small
 * problems and with `simulatedBifurcation` where all pairs are coupled by ±1. With a target or a time, the best states of several annealings
 * are put together anew, where couplings are sparse and small whole numbers. Before that, variables whose strongest coupling outweighs all
 * others together are taken out, which leaves a fifth of a sparse random graph, and the optimum. It ends with `target` or `maxTime`; without
 * either after four rounds.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function solve<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolveOptions,
): SolveResult<Solution> {
  const ising = isingOf(problem, 'solve')
  const portfolio = new Portfolio(1)
  const read = { ...ALONE, ...OPTIONS.read('solve', options) }
  return told(portfolio, solveHere('solve', ising, read, portfolio))
}

/** As `solve`, off the event loop: the same bits for any number of threads, where neither target nor time end it. */
export async function solveAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolveAsyncOptions,
): Promise<SolveResult<Solution>> {
  const ising = isingOf(problem, 'solveAsync')
  const read = LATER.read('solveAsync', options)
  const threads = solverKernels(read.backend).parallel ? (read.threads ?? processors()) : 1
  const portfolio = new Portfolio(threads)
  return told(portfolio, await solveBeside('solveAsync', ising, { ...read, ...ALONE }, portfolio))
}

function told<Solution>(
  { chosen, proved }: Portfolio,
  result: SolverResult<Solution>,
): SolveResult<Solution> {
  return { ...result, chosen, proved }
}
