import { criticalLoads, criticalTemperatures } from 'hopfield-native'
import { phaseDiagram } from 'hopfield-native/experiments'
import { curves } from '../../figures/index.js'
import { from, points } from '../draw.js'
import { about, difference, exactly, extrapolated } from '../estimates.js'
import type { Lab } from '../lab.js'
import type { Estimate, Family, Row } from '../row.js'

interface Point {
  readonly neurons: number
  readonly alpha: number
  readonly temperatures: readonly number[]
  readonly networks: number
}

/** Overlaps with the pattern that networks started from, after 100 sweeps at each temperature, and what theory says. */
async function overlaps(
  lab: Lab,
  { neurons, alpha, temperatures, networks }: Point,
): Promise<[found: Estimate[], theory: Float64Array]> {
  const { overlap } = await phaseDiagram({
    neurons,
    loads: [alpha],
    temperatures: [...temperatures],
    networks,
    cues: 10,
    seed: lab.seed,
    ...lab.limits,
  })
  const found = Array.from(overlap.mean, (m, k) => about(m, overlap.standardError[k]))
  return [found, overlap.theory ?? new Float64Array(temperatures.length)]
}

function inside(alpha: number, temperature: number, value: number): Row {
  return {
    id: `phases.overlap-${alpha}-${temperature}`,
    claim: `at load ${alpha} and temperature ${temperature} networks stay at this overlap with the pattern, for N → ∞`,
    source: 'Amit, Gutfreund and Sompolinsky 1987, replica-symmetric equations',
    published: { value, rounding: 5e-7 },
    rule: 'three sizes, a straight line in 1/N; its value at 1/N = 0 within four standard errors',
    async measure(lab) {
      const sizes = lab.pick([500, 1000, 2000], [200, 400])
      const networks = lab.pick(30, 8)
      const found: { x: number; y: Estimate }[] = []
      for (const neurons of sizes) {
        const [[y]] = await overlaps(lab, { neurons, alpha, temperatures: [temperature], networks })
        found.push({ x: 1 / neurons, y })
      }
      return {
        ours: extrapolated(found),
        size: `N = ${sizes.join(', ')}, ${networks} networks each, ten cues`,
      }
    },
  }
}

/** T_M at the load of the rows below. */
const LINE = criticalTemperatures(0.05)

const line: Row = {
  id: 'phases.retrieval-line',
  claim: `at load .05 patterns are retrieved below T_M = ${LINE.retrieval.toFixed(3)} and lost above: the overlap at .8 T_M less that at 1.3 T_M`,
  source: 'Amit, Gutfreund and Sompolinsky 1987, figure 1',
  published: { value: 0.5, relation: 'at least' },
  rule: 'N = 2000, 100 sweeps from the pattern: the difference is at least one half, with four standard errors; on an infinite network it is .93',
  async measure(lab) {
    const neurons = lab.pick(2000, 400)
    const shares = [0.2, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.3, 1.6, 2.2]
    const temperatures = shares.map((share) => share * LINE.retrieval)
    const [found] = await overlaps(lab, { neurons, alpha: 0.05, temperatures, networks: lab.pick(8, 3) })
    const [, expected] = await overlaps(lab, {
      neurons: 100,
      alpha: 0.05,
      temperatures: from(0.02, 1.2, 100),
      networks: 1,
    })
    const line = from(0.02, 1.2, 100)
    return {
      ours: difference(found[3], found[7]),
      size: `N = ${neurons}, P = ${0.05 * neurons}, ${lab.pick(8, 3)} networks, ten cues`,
      figure: curves({
        title: 'Overlap after 100 sweeps from a pattern, load .05',
        x: { title: 'temperature T' },
        y: { title: 'overlap m' },
        curves: [
          points(`N = ${neurons}`, temperatures, found),
          { label: 'theory, N → ∞', x: line, y: expected, kind: 'theory' },
        ],
        guides: [
          { x: LINE.retrieval, label: 'T_M' },
          { x: LINE.spinGlass, label: 'T_g' },
        ],
        caption:
          'Bars are four standard errors. Between T_M and T_g a network is a spin glass, which remembers a little of where it started.',
      }),
    }
  },
}

const paramagnet: Row = {
  id: 'phases.paramagnet',
  claim: 'above T_g = 1 + √α nothing is left of a pattern: the overlap at load .05 and T = 2',
  source: 'Amit, Gutfreund and Sompolinsky 1987',
  published: { value: 0 },
  rule: 'zero within four standard errors, N = 500',
  async measure(lab) {
    const networks = lab.pick(100, 10)
    const [[ours]] = await overlaps(lab, { neurons: 500, alpha: 0.05, temperatures: [2], networks })
    return { ours, size: `N = 500, P = 25, ${networks} networks, ten cues` }
  },
}

function critical(
  id: string,
  claim: string,
  value: number,
  rounding: number,
  ours: () => number,
  failure?: string,
): Row {
  return {
    id: `phases.${id}`,
    claim,
    source: 'Amit, Gutfreund and Sompolinsky 1985 and 1987',
    published: { value, rounding },
    rule: 'the function of the package, within half of the last digit printed',
    ...(failure === undefined ? {} : { failure }),
    measure: async () => ({ ours: exactly(ours()), size: 'N → ∞' }),
  }
}

export const phases: Family = {
  title: 'The phase diagram',
  rows: [
    critical(
      'critical-load',
      'retrieval states end at load .138',
      0.138,
      0.0005,
      () => criticalLoads(0).retrieval,
    ),
    critical(
      'ground-load',
      'retrieval states are the states of least energy below load .051',
      0.051,
      0.0005,
      () => criticalLoads(0).ground,
      'the replica-symmetric equations have .05185, which an independent solution of them gives to all digits; the paper seems to have cut it off in place of rounding',
    ),
    inside(0.05, 0.3, 0.991165),
    inside(0.02, 0.5, 0.945004),
    line,
    paramagnet,
  ],
}
