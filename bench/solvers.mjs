// What does each solver find in one run, and how long does it take? The table of docs/solvers.md. HOPFIELD_BENCH_DATA (or
// --data=FOLDER) has gset/G1.txt.gz and G11; without it two such graphs are made from seeds. One seed, the least processor time of some runs.
import {
  anneal,
  lowerBound,
  meanField,
  parallelTempering,
  simulatedBifurcation,
  solve,
  steepestDescent,
  tabu,
} from 'hopfield-native/optimization'
import { duration, QUICK, table } from './measure.mjs'
import { instances } from './optimization-instances.mjs'
import { processorTime } from './processor-time.mjs'

const RUNS = QUICK ? 1 : 3
const SEED = 1

const ROWS = [
  ['`solve`', 'until the best known cut', (problem, target) => solve(problem, { target, seed: SEED })],
  ['`anneal`', '512 reads, 1000 sweeps', (problem) => anneal(problem, { seed: SEED })],
  ['`anneal`', '1 read, 1000 sweeps', (problem) => anneal(problem, { numReads: 1, seed: SEED })],
  [
    '`parallelTempering`',
    '1 read, 1000 sweeps',
    (problem) => parallelTempering(problem, { numReads: 1, seed: SEED }),
  ],
  ['`tabu`', '1 read, 100 sweeps', (problem) => tabu(problem, { seed: SEED })],
  [
    '`simulatedBifurcation`',
    '8 reads, 1000 steps',
    (problem) => simulatedBifurcation(problem, { numReads: 8, seed: SEED }),
  ],
  ['`meanField`', '1 read, 1000 sweeps', (problem) => meanField(problem, { numReads: 1, seed: SEED })],
  [
    '`steepestDescent`',
    '512 reads',
    (problem) => steepestDescent(problem, { numReads: QUICK ? 8 : 512, seed: SEED }),
  ],
  ['`lowerBound`', 'no cut is larger than', (problem) => lowerBound(problem)],
]

export async function run(report) {
  const both = instances(process.env.HOPFIELD_BENCH_DATA, (problem) => solve(problem).value)
    .filter(({ trip, problem }) => !trip && problem.variables <= 800)
    .filter(({ name }, k) => name === 'G1' || name === 'G11' || (!name.startsWith('G') && k < 2))
    .slice(0, 2)
  const rows = ROWS.map(([solver, what, go]) => {
    const cells = both.flatMap(({ name, problem, target }) => {
      go(problem, target)
      let [least, value] = [Number.POSITIVE_INFINITY, 0]
      for (let k = 0; k < RUNS; k++) {
        const before = processorTime()
        ;({ value } = go(problem, target))
        least = Math.min(least, processorTime() - before)
      }
      report.json({ question: 'solvers', solver, what, name, value, took: least })
      return [value, duration(least)]
    })
    return [solver, what, ...cells]
  })
  report.text(
    table(['solver', 'run', ...both.flatMap(({ name }) => [`${name}: cut`, `${name}: time`])], rows),
  )
  report.text('\nProcessor time, the least of some runs; one seed.\n')
}
