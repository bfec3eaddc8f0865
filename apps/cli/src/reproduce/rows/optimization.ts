import { randomPatterns } from 'hopfield-native'
import {
  annealAsync,
  hopfieldTankAsync,
  IsingProblem,
  tourSearchAsync,
  tsp,
} from 'hopfield-native/optimization'
import { exactly, extrapolated, mean, share } from '../estimates.js'
import { average } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** Of Hopfield and Tank 1985, table 1. */
const CITIES = [
  [0.4, 0.4439],
  [0.2439, 0.1463],
  [0.1707, 0.2293],
  [0.2293, 0.761],
  [0.5171, 0.9414],
  [0.8732, 0.6536],
  [0.6878, 0.5219],
  [0.8488, 0.3609],
  [0.6683, 0.2536],
  [0.6195, 0.2634],
]

const shortest: Row = {
  id: 'optimization.ten-cities',
  claim: 'the shortest tour of Hopfield and Tank’s ten cities has this length',
  source: 'Hopfield and Tank 1985; computed by brute force',
  published: { value: 2.690670637, rounding: 5e-10 },
  rule: 'equal to the digits given',
  async measure(lab) {
    const { value } = await tourSearchAsync(tsp(CITIES), { seed: lab.seed, numReads: 8, ...lab.limits })
    return { ours: exactly(value), size: 'ten cities' }
  },
}

const valid: Row = {
  id: 'optimization.hopfield-tank',
  claim: 'with the constants of 1985 about one start in six ends in a valid tour',
  source:
    'Hopfield and Tank 1985 as reproduced by Wilson and Pawley 1988; measured by an independent program, 500 starts',
  published: { value: 0.156, error: Math.sqrt((0.156 * 0.844) / 500) },
  rule: 'equal within four standard errors of both; a trial is a start',
  async measure(lab) {
    const reads = lab.pick(1000, 60)
    const { networks } = await hopfieldTankAsync(tsp(CITIES), {
      parameters: 'hopfield-tank',
      decode: 'strict',
      numReads: reads,
      seed: lab.seed,
      ...lab.limits,
    })
    return {
      ours: share(networks.map((read) => Number(read.valid))),
      size: `ten cities, ${networks.length} starts`,
    }
  },
}

const talavan: Row = {
  id: 'optimization.talavan-yanez',
  claim: 'with the parameters of Talaván and Yáñez every start ends in a valid tour',
  source: 'Talaván and Yáñez 2002',
  published: { value: 1 },
  rule: 'exact: all starts',
  async measure(lab) {
    const { networks } = await hopfieldTankAsync(tsp(CITIES), {
      numReads: lab.pick(200, 20),
      seed: lab.seed,
      ...lab.limits,
    })
    return {
      ours: exactly(average(networks.map((read) => Number(read.valid)))),
      size: `ten cities, ${networks.length} starts`,
    }
  },
}

/** J_ij = ±1 with equal probability: ±1/√N but for the factor. */
function glass(neurons: number, seed: bigint): Float64Array {
  const couplings = new Float64Array(neurons * neurons)
  const signs = randomPatterns({ neurons, count: neurons, seed })
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      couplings[i * neurons + j] = signs[i * neurons + j]
      couplings[j * neurons + i] = signs[i * neurons + j]
    }
  }
  return couplings
}

const sherrington: Row = {
  id: 'optimization.sherrington-kirkpatrick',
  claim: 'the ground energy a spin of the Sherrington–Kirkpatrick glass, for N → ∞',
  source: 'Parisi 1980; Boettcher 2005: −.76321 + .70·N^(−2/3)',
  published: { value: -0.76321, rounding: 0.000005 },
  rule: 'best of 512 annealed states of each instance, three sizes, a straight line in N^(−2/3); its value at 0 within four standard errors. An annealer that misses ground states makes it too high',
  async measure(lab) {
    const sizes = lab.pick([64, 128, 256], [32, 64])
    const networks = lab.pick([200, 120, 60], [30, 20])
    const found: { x: number; y: Estimate }[] = []
    for (const [k, neurons] of sizes.entries()) {
      const values = await lab.over(networks[k], async (seed) => {
        const problem = IsingProblem.from({ couplings: glass(neurons, seed) })
        const { energy } = await annealAsync(problem, {
          seed,
          numReads: 512,
          numSweeps: 4 * neurons,
          ...lab.limits,
        })
        return energy / neurons ** 1.5
      })
      found.push({ x: neurons ** (-2 / 3), y: mean(values) })
    }
    return {
      ours: extrapolated(found),
      size: sizes.map((n, k) => `N = ${n}: ${networks[k]} glasses`).join('; '),
    }
  },
}

export const optimization: Family = { title: 'Optimisation', rows: [shortest, valid, talavan, sherrington] }
