// Doors of `turns`: solvers, of problems with many connections and with few.
import {
  annealAsync,
  exactAsync,
  hopfieldTankAsync,
  maxCut,
  meanFieldAsync,
  parallelTemperingAsync,
  simulatedBifurcationAsync,
  solveAsync,
  steepestDescentAsync,
  tabuAsync,
  tourSearchAsync,
  tsp,
} from 'hopfield-native/optimization'
import { cities, sherringtonKirkpatrick, torus } from './optimization-instances.mjs'

const SOLVERS = [
  ['annealAsync', annealAsync],
  ['parallelTemperingAsync', parallelTemperingAsync],
  ['tabuAsync', tabuAsync],
  ['simulatedBifurcationAsync', simulatedBifurcationAsync],
  ['meanFieldAsync', meanFieldAsync],
  ['steepestDescentAsync', steepestDescentAsync],
  ['solveAsync', solveAsync],
]

/** A lattice that is much longer than wide. */
function ladder(wide, long) {
  const edges = []
  for (let i = 0; i < wide * long; i++) {
    if (i % wide < wide - 1) edges.push([i, i + 1, 1])
    if (i + wide < wide * long) edges.push([i, i + wide, i % 3 === 0 ? 1 : -1])
  }
  return edges
}

/** @returns {[name: string, prepare: () => (limits: object) => Promise<unknown>][]} */
export function solverDoors(backend) {
  const native = backend === 'native'
  const dense = sherringtonKirkpatrick(native ? 2000 : 400, 5)
  const lattice = maxCut(torus(native ? 300 : 60, 2, 2))
  const list = []
  for (const [what, problem] of [
    ['all pairs', dense],
    ['a lattice', lattice],
  ]) {
    for (const [name, solver] of SOLVERS) {
      list.push([`${what}: ${name}`, () => (limits) => solver(problem, { backend, ...limits })])
    }
    const some = { backend, numReads: 4096 }
    list.push([
      `${what}: steepestDescentAsync, 4096 reads`,
      () => (limits) => steepestDescentAsync(problem, { ...some, ...limits }),
    ])
  }
  const [all, strip] = [sherringtonKirkpatrick(30, 5), maxCut(ladder(native ? 10 : 8, native ? 400 : 100))]
  list.push(['all pairs: exactAsync', () => (limits) => exactAsync(all, { backend, ...limits })])
  list.push(['a strip: exactAsync', () => (limits) => exactAsync(strip, { backend, ...limits })])
  const [few, many] = [tsp(cities(30, 6)), tsp(cities(native ? 1000 : 200, 6))]
  list.push([
    'round trip: hopfieldTankAsync',
    () => (limits) => hopfieldTankAsync(few, { backend, ...limits }),
  ])
  list.push(['round trip: tourSearchAsync', () => (limits) => tourSearchAsync(many, { ...limits })])
  return list
}
