import { dilutedOverlap, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { against, from, points, theory } from '../draw.js'
import { extrapolated, mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, overlap } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** The limit has N ≫ C: C/N falls as 1/C, and with it the share of pairs that are connected both ways. */
function neuronsFor(degree: number): number {
  return 2 * degree ** 2
}

/** Overlap where synchronous recalls end in a network with few sources a neuron. */
async function diluted(lab: Lab, degree: number, alpha: number, networks: number): Promise<Estimate> {
  const [neurons, count] = [neuronsFor(degree), Math.round(alpha * degree)]
  const values = await lab.over(networks, async (seed) => {
    const patterns = randomPatterns({ neurons, count, seed })
    const network = new HopfieldNetwork({ neurons, connections: { kind: 'random', degree, seed } })
    await network.storeAsync(patterns, lab.limits)
    const { states } = await network.recallAsync(patterns, {
      dynamics: 'synchronous',
      maxSweeps: 20,
      ...lab.limits,
    })
    return average(Array.from({ length: count }, (_, mu) => overlap(states, patterns, neurons, mu)))
  })
  return mean(values, 2 / (neurons * count * networks))
}

function dilution(alpha: number, value: number): Row {
  return {
    id: `dilution.overlap-${alpha}`,
    claim: `with few asymmetric connections a neuron and ${alpha} patterns for each recalls end at this overlap`,
    source: 'Derrida, Gardner and Zippelius 1987: m = erf(m/√(2α))',
    published: { value, rounding: 0.00005 },
    rule: 'the limit has C → ∞ sources of N ≫ C neurons: N = 2C², C = 50, 100, 200, a straight line in 1/C; its value at 1/C = 0 within four standard errors and the last digit',
    failure:
      'patterns are few, αC of them, and sums of so few have ties: corrections that need be no straight line in 1/C',
    async measure(lab) {
      const degrees = lab.pick([50, 100, 200], [20, 40])
      const networks = lab.pick(12, 4)
      const found: { x: number; y: Estimate }[] = []
      for (const degree of degrees)
        found.push({ x: 1 / degree, y: await diluted(lab, degree, alpha, networks) })
      return {
        ours: extrapolated(found),
        size: `C = ${degrees.join(', ')}, N = 2C², ${networks} networks each`,
      }
    },
  }
}

const dilutionCurve: Row = {
  id: 'dilution.continuous',
  claim:
    'the overlap falls continuously to zero at α = 2/π: the largest deviation from the theory at six loads',
  source: 'Derrida, Gardner and Zippelius 1987',
  published: { value: 0.05, relation: 'at most' },
  rule: 'C = 100 sources of 20,000 neurons: the largest |m − m(α)| and four of its standard errors below .05 = 1/√C/2',
  failure:
    'at load .55 m is .06 below the theory with C = 100, and half as far below with C = 200: a term in 1/C, which is large where the curve is steep',
  async measure(lab) {
    const degree = lab.pick(100, 40)
    const networks = lab.pick(6, 3)
    const loads = [0.1, 0.2, 0.3, 0.4, 0.5, 0.55]
    const found: Estimate[] = []
    for (const alpha of loads) found.push(await diluted(lab, degree, alpha, networks))
    const off = found.map(({ value, low, high }, k) => {
      const expected = dilutedOverlap(loads[k])
      return { value: Math.abs(value - expected), low: 0, high: Math.max(expected - low, high - expected) }
    })
    return {
      ours: off.reduce((most, one) => (one.high > most.high ? one : most)),
      size: `C = ${degree}, N = ${neuronsFor(degree)}, ${networks} networks a load`,
      figure: against('Overlap in a diluted network', 'load α = P/C', 'overlap m', [
        points(`C = ${degree}`, loads, found),
        theory('theory', from(0.02, 0.7, 140), dilutedOverlap),
      ]),
    }
  },
}

export const dilutions: Family = {
  title: 'Dilution',
  rows: [dilution(0.1, 0.9984), dilution(0.3, 0.8994), dilutionCurve],
}
