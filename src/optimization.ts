// Problems

export type {
  CompressedRows,
  Edge,
  EdgeArrays,
  Edges,
  SquareMatrix,
} from './optimization/problems/coupling-table.js'
export { type Colouring, graphColouring } from './optimization/problems/graph-colouring.js'
export { type Couplings, type IsingOptions, IsingProblem } from './optimization/problems/ising-problem.js'
export { type Cut, maxCut } from './optimization/problems/max-cut.js'
export { numberPartitioning, type Partition } from './optimization/problems/number-partitioning.js'
export {
  type BinaryQuadraticModel,
  fromBinaryQuadraticModel,
  qubo,
  toBinaryQuadraticModel,
} from './optimization/problems/qubo.js'

// Files

export {
  formatGset,
  formatIsing,
  formatQubo,
  parseGset,
  parseIsing,
  parseQubo,
} from './optimization/formats/pair-files.js'

// Bounds

export {
  type LowerBound,
  type LowerBoundAsyncOptions,
  type LowerBoundOptions,
  lowerBound,
  lowerBoundAsync,
} from './optimization/bounds/lower-bound.js'

// Solvers

export { formatTsplib, parseTsplib } from './optimization/formats/tsplib.js'
export type { Cities, Metric } from './optimization/problems/distances.js'
export { distancesOf, type Tour, tsp } from './optimization/problems/tsp.js'
export {
  type AnnealAsyncOptions,
  type AnnealOptions,
  anneal,
  annealAsync,
} from './optimization/solvers/anneal.js'
export {
  type ExactAsyncOptions,
  type ExactOptions,
  type ExactResult,
  exact,
  exactAsync,
} from './optimization/solvers/exact.js'
export {
  type HopfieldTankAsyncOptions,
  type HopfieldTankOptions,
  type HopfieldTankResult,
  hopfieldTank,
  hopfieldTankAsync,
  type TankRead,
} from './optimization/solvers/hopfield-tank.js'
export {
  type MeanFieldAsyncOptions,
  type MeanFieldOptions,
  meanField,
  meanFieldAsync,
} from './optimization/solvers/mean-field.js'
export {
  type ParallelTemperingAsyncOptions,
  type ParallelTemperingOptions,
  parallelTempering,
  parallelTemperingAsync,
} from './optimization/solvers/parallel-tempering.js'
export type { Choice } from './optimization/solvers/portfolio.js'
export {
  type SimulatedBifurcationAsyncOptions,
  type SimulatedBifurcationOptions,
  simulatedBifurcation,
  simulatedBifurcationAsync,
} from './optimization/solvers/simulated-bifurcation.js'
export {
  type SolveAsyncOptions,
  type SolveOptions,
  type SolveResult,
  solve,
  solveAsync,
} from './optimization/solvers/solve.js'
export type { SolverAsyncOptions, SolverOptions } from './optimization/solvers/solver-options.js'
export type { SolverProgress, SolverResult, Stopped } from './optimization/solvers/solver-result.js'
export { steepestDescent, steepestDescentAsync } from './optimization/solvers/steepest-descent.js'
export {
  type TabuAsyncOptions,
  type TabuOptions,
  tabu,
  tabuAsync,
} from './optimization/solvers/tabu-search.js'
export {
  type TourSearchAsyncOptions,
  type TourSearchOptions,
  tourSearch,
  tourSearchAsync,
} from './optimization/solvers/tour-search.js'
export type { TankDecoding } from './optimization/tours/tank-decoding.js'
export type { TankParameters, TankTerms } from './optimization/tours/tank-network.js'
