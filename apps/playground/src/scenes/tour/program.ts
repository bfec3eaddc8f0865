import type { Values } from '../../state/parameters.js'
import { MOST_STEPS, type P } from './parameters.js'

export async function program({ cities, constants, seed }: Values<P>): Promise<string> {
  const { randomPoints } = await import('../pictures/points.js')
  return `import { hopfieldTank, tourSearch, tsp } from 'hopfield-native/optimization'

const seed = ${seed}
const cities: [number, number][] = ${JSON.stringify(randomPoints(cities, seed))}
const problem = tsp(cities)

// A read of fewer steps goes the same way for as long: together they are a film.
for (const numSweeps of [1, 10, 30, 100, 300, 1000, ${MOST_STEPS}]) {
  const { networks } = hopfieldTank(problem, { numReads: 1, parameters: '${constants}', numSweeps, seed })
  const { length, valid, settled, sweeps } = networks[0]
  console.log(\`Hopfield–Tank, \${sweeps} steps: \${length.toFixed(4)}, \${valid ? 'a tour' : 'no tour by itself'}\`)
  if (settled) break
}

// 2-opt and Or-opt from the nearest neighbours, and double bridges behind them.
console.log(\`2-opt and Or-opt: \${tourSearch(problem, { seed, numSweeps: 0 }).value.toFixed(4)}\`)
console.log(\`tourSearch: \${tourSearch(problem, { seed }).value.toFixed(4)}\`)
`
}
