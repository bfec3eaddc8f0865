import { WHOLE } from '../../async/async-options.js'
import { HopfieldError } from '../../errors.js'
import { type Given, optional, type Read, seed, without } from '../../input/options.js'
import { readStates, type StatesLike } from '../../input/states.js'
import { checkFunction, checkInteger, checkNumber } from '../../input/validate.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import {
  ANNEALING_KERNELS,
  GRADED_KERNELS,
  PAIRWISE_KERNELS,
  SEARCHING_KERNELS,
} from '../../kernels/families.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { BACKEND } from '../../memories/backend-option.js'
import type { SolverProgress } from './solver-result.js'

/** Options of every solver. */
export const SOLVE = {
  /** Independent runs, 1 to 2^24; by default as many as `initialStates`, or the solver's own number. */
  numReads: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** 64-bit seed of every random choice; 0 by default. A read is a function of seed and its number, whatever backend, tier and threads. */
  seed: seed(),
  /** Where reads begin: B states, over and over if there are more reads. By default random ones. */
  initialStates: optional<StatesLike, Uint32Array, number>((name, value, variables) => {
    const source = readStates(name, value, variables)
    if (source.count === 0)
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected a state, got none`)
    const rows = new Uint32Array(source.count * rowWords(variables))
    source.packInto(kernelsFor('auto'), rows)
    return rows
  }),
  /** A `value` that is good enough: the run stops soon after a state has it, or a better one. */
  target: optional<number>((name, value) => checkNumber(name, value, -Number.MAX_VALUE, Number.MAX_VALUE)),
  /** Milliseconds after which the run stops with what it has. */
  maxTime: optional<number>((name, value) => checkNumber(name, value, 0, Number.MAX_VALUE)),
  ...BACKEND,
}

/** The same off the event loop. */
export const SOLVE_ASYNC = {
  ...SOLVE,
  ...without(WHOLE, 'onProgress'),
  /** Called on this thread after each part of the work, and ten times a second, with the best so far. If it throws, the promise rejects. */
  onProgress: optional<(progress: SolverProgress) => void>(checkFunction),
}

export interface SolverOptions extends Given<typeof SOLVE> {}

/** Options of a solver off the event loop. The promise rejects as that of every asynchronous method. */
export interface SolverAsyncOptions extends Given<typeof SOLVE_ASYNC> {}

export type SolverRead = Read<typeof SOLVE>
export type SolverAsyncRead = Read<typeof SOLVE_ASYNC>

/** What all solvers compute with. */
export function solverKernels(backend: BackendChoice): Kernels {
  return kernelsFor(backend, ANNEALING_KERNELS, GRADED_KERNELS, PAIRWISE_KERNELS, SEARCHING_KERNELS)
}
