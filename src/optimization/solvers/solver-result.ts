import type { Progress } from '../../async/progress.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { Float64s, Int8s } from '../../input/typed-arrays.js'

/** Why a run ended: `target` was reached, `maxTime` was over, or nothing was left to do. */
export type Stopped = 'target' | 'time' | 'end'

/** What a solver has found. Energies are those that `problem.energy` gives of the states. */
export interface SolverResult<Solution> {
  /** The best state: N values ±1. */
  state: Int8s
  /** Its energy. */
  energy: number
  /** Its value: the cut, the length, the energy of the QUBO. */
  value: number
  /** The same in the words of the problem. */
  solution: Solution
  /** The best state of each read. Reads that had not begun when the run was stopped are left out. */
  states: PackedPatterns
  /** Their energies. */
  energies: Float64s
  /** Whenever a better state was found: milliseconds since the call, and its energy. */
  history: [time: number, energy: number][]
  /** The most sweeps, flips or steps of one read. */
  sweeps: number
  /** The seed of the call. */
  seed: number | bigint
  stopped: Stopped
}

/** The progress of a solver. */
export interface SolverProgress extends Progress {
  /** The least energy so far: before any state has been looked at, that of the state in which the first read begins. */
  energy: number
  /** The value of that state. */
  value: number
  /** Milliseconds since the call. */
  time: number
}
