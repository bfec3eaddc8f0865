import { retrievalOverlap } from 'hopfield-native'
import { against, againstSize, from, points, theory } from '../draw.js'
import { difference, extrapolated, mean, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, endOverlaps, loaded } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

const CUES = 20

/** Where recalls of 20 patterns end: mean overlap of those that stay above .9, or the share of those. */
async function ends(
  lab: Lab,
  { neurons, alpha, networks }: { neurons: number; alpha: number; networks: number },
  of: 'overlap' | 'share',
): Promise<Estimate> {
  const values = await lab.over(networks, async (seed) => {
    const net = await loaded(lab, { neurons, count: Math.round(alpha * neurons), seed })
    const found = await endOverlaps(lab, net, CUES, { seed, maxSweeps: 1000 })
    const near = found.filter((m) => m > 0.9)
    return of === 'share' ? near.length / found.length : average(near)
  })
  return of === 'share'
    ? share(values)
    : mean(
        values.filter((m) => !Number.isNaN(m)),
        2 / (neurons * CUES * networks),
      )
}

function overlapAt(alpha: number, value: number): Row {
  return {
    id: `retrieval.overlap-${alpha}`,
    claim: `at load ${alpha} recalls end at this overlap with the pattern, for N → ∞`,
    source: 'Amit, Gutfreund and Sompolinsky 1985, T = 0',
    published: { value, rounding: 5e-7 },
    rule: 'recalls of 20 patterns from themselves that end above .9, mean a network; three sizes, a straight line in 1/N; its value at 1/N = 0 within four standard errors',
    failure:
      'the theory takes replicas as symmetric, which they are not near the critical load: with one step of breaking the load is higher (Crisanti, Amit and Gutfreund 1986), and so is m. Also, a descent from the pattern stops at the first fixed point, and recalls below .9 are left out',
    async measure(lab) {
      const sizes = lab.pick([2000, 4000, 8000], [500, 1000, 2000])
      const networks = lab.pick(200, 40)
      const found: { x: number; y: Estimate }[] = []
      for (const neurons of sizes) {
        found.push({ x: 1 / neurons, y: await ends(lab, { neurons, alpha, networks }, 'overlap') })
      }
      return { ours: extrapolated(found), size: `N = ${sizes.join(', ')}, ${networks} networks each` }
    },
  }
}

/** From what share of recalls stays above .9 in a small and in a large network. */
function sharpens(alpha: number, relation: 'at least' | 'at most', claim: string): Row {
  return {
    id: `retrieval.collapse-${alpha}`,
    claim,
    source: 'Amit, Gutfreund and Sompolinsky 1985: α_c = .138',
    published: { value: 0, relation },
    rule: `the share of recalls that end above .9, in the largest network less that in the smallest: ${relation} zero by four standard errors`,
    async measure(lab) {
      const sizes = lab.pick([500, 1000, 2000, 4000], [100, 200, 400])
      const networks = lab.pick(100, 60)
      const found: Estimate[] = []
      for (const neurons of sizes) found.push(await ends(lab, { neurons, alpha, networks }, 'share'))
      return {
        ours: difference(found[found.length - 1], found[0]),
        size: `N = ${sizes.join(', ')}, ${networks} networks each`,
        figure: againstSize(`Recalls that end above .9, α = ${alpha}`, 'share of recalls', sizes, [
          points('measured', sizes, found, 'measured'),
        ]),
      }
    },
  }
}

function shareAt(neurons: number, value: number, networks: number): Row {
  return {
    id: `retrieval.above-${neurons}`,
    claim: `at load .17 this share of recalls from a pattern ends above .9 in ${neurons} neurons`,
    source: 'measured by an independent program',
    published: { value, error: 'ours' },
    rule: 'equal within four standard errors of both; the source gives none of its own, so it is taken to be as large as ours',
    failure:
      'the source gives neither its standard error nor how many networks it has; with 60 of them the two numbers are some three standard errors apart',
    async measure(lab) {
      const many = lab.pick(5 * networks, 40)
      return {
        ours: await ends(lab, { neurons, alpha: 0.17, networks: many }, 'share'),
        size: `N = ${neurons}, P = ${Math.round(0.17 * neurons)}, ${many} networks`,
      }
    },
  }
}

/** Curve of the theory with what is measured at one size beside it. */
const curve: Row = {
  id: 'retrieval.curve',
  claim: 'the overlap follows the curve m(α) up to the critical load: the largest deviation at seven loads',
  source: 'Amit, Gutfreund and Sompolinsky 1985, figure 1',
  published: { value: 0.002, relation: 'at most' },
  rule: 'N = 4000, seven loads up to .12: the largest |m − m(α)| and four of its standard errors below .002, which is 1/√N/8',
  async measure(lab) {
    const neurons = lab.pick(4000, 1000)
    const networks = lab.pick(40, 12)
    const loads = [0.02, 0.04, 0.06, 0.08, 0.1, 0.11, 0.12]
    const found: Estimate[] = []
    for (const alpha of loads) found.push(await ends(lab, { neurons, alpha, networks }, 'overlap'))
    const off = found.map((m, k) => {
      const theory = retrievalOverlap(loads[k])
      const [a, b] = [m.low - theory, m.high - theory].map(Math.abs)
      return { value: Math.abs(m.value - theory), low: 0, high: Math.max(a, b) }
    })
    const worst = off.reduce((most, one) => (one.high > most.high ? one : most))
    return {
      ours: worst,
      size: `N = ${neurons}, ${networks} networks a load`,
      figure: against('Overlap at the end of recalls from a pattern, T = 0', 'load α = P/N', 'overlap m', [
        points(`N = ${neurons}`, loads, found),
        theory('theory, N → ∞', from(0.002, 0.1379, 120), retrievalOverlap),
      ]),
    }
  },
}

export const retrieval: Family = {
  title: 'Retrieval and its end at the critical load',
  rows: [
    overlapAt(0.05, 0.999992),
    overlapAt(0.1, 0.997999),
    overlapAt(0.12, 0.993223),
    overlapAt(0.13, 0.987212),
    curve,
    shareAt(500, 0.559, 80),
    shareAt(1000, 0.315, 60),
    shareAt(2000, 0.156, 40),
    sharpens(0.13, 'at least', 'below the critical load the share of patterns that are kept grows with N'),
    sharpens(0.17, 'at most', 'above the critical load the share of patterns that are kept falls with N'),
  ],
}
