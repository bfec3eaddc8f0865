import { oneStepError, oneStepErrorLimit } from 'hopfield-native'
import { againstSize, points, theory } from '../draw.js'
import { extrapolated, mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, loaded } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** Share of wrong bits after one step from a stored pattern: the mean over all patterns of each network. */
async function wrongBits(lab: Lab, neurons: number, count: number, networks: number): Promise<Estimate> {
  const values = await lab.over(networks, async (seed) => {
    const { network, patterns } = await loaded(lab, { neurons, count, seed })
    const { flips } = await network.recallAsync(patterns, {
      dynamics: 'synchronous',
      maxSweeps: 1,
      ...lab.limits,
    })
    return average(flips) / neurons
  })
  return mean(values)
}

function exact(neurons: number, patterns: number, value: number, networks: number): Row {
  return {
    id: `one-step.exact-${neurons}-${patterns}`,
    claim: `after one step this share of bits of ${patterns} patterns in ${neurons} neurons is wrong`,
    source: 'computed: crosstalk is a sum of (P − 1)(N − 1) fair ±1',
    published: { value, rounding: 5e-9 },
    rule: 'equal within four standard errors: the formula is exact for this N and P',
    async measure(lab) {
      const many = lab.pick(networks, Math.ceil(networks / 20))
      return {
        ours: await wrongBits(lab, neurons, patterns, many),
        size: `N = ${neurons}, P = ${patterns}, ${many} networks`,
      }
    },
  }
}

function limit(alpha: number, published: number, rounding: number): Row {
  return {
    id: `one-step.limit-${alpha}`,
    claim: `at load ${alpha} this share of bits is wrong after one step, for N → ∞`,
    source: 'Hertz, Krogh and Palmer 1991, table 2.1',
    published: { value: published, rounding },
    rule: 'three sizes, a straight line in 1/N by weighted least squares; its value at 1/N = 0 within four standard errors and half of the last digit printed',
    async measure(lab) {
      const sizes = lab.pick([500, 1000, 2000], [200, 400, 800])
      const networks = lab.pick(300, 20)
      const found: { x: number; y: Estimate }[] = []
      for (const neurons of sizes) {
        found.push({
          x: 1 / neurons,
          y: await wrongBits(lab, neurons, Math.round(alpha * neurons), networks),
        })
      }
      return {
        ours: extrapolated(found),
        size: `N = ${sizes.join(', ')}, ${networks} networks each`,
        figure: againstSize(`Wrong bits after one step, α = ${alpha}`, 'share of bits', sizes, [
          points(
            'measured',
            sizes,
            found.map(({ y }) => y),
          ),
          theory('exact for N', sizes, (neurons) =>
            oneStepError({ neurons, patterns: Math.round(alpha * neurons) }),
          ),
          theory('Gaussian, N → ∞', sizes, () => oneStepErrorLimit(alpha)),
        ]),
      }
    },
  }
}

export const oneStep: Family = {
  title: 'One step from a stored pattern',
  rows: [
    exact(30, 5, 0.00341582, 30_000),
    exact(100, 20, 0.0112306, 20_000),
    exact(1000, 138, 0.00346317, 1000),
    limit(0.105, 0.001, 0.00005),
    limit(0.138, 0.0036, 0.00005),
    limit(0.185, 0.01, 0.0005),
    limit(0.37, 0.05, 0.005),
  ],
}
