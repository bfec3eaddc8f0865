import { capacity, oneStepError } from 'hopfield-native'
import { againstSize, points } from '../draw.js'
import { difference, share } from '../estimates.js'
import { fixedShare, loaded } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** P(a given pattern is fixed) at a multiple of McEliece's number of patterns, with N. */
function mceliece(which: 'one' | 'all', factor: number, relation: 'at least' | 'at most'): Row {
  const most = (neurons: number): number =>
    Math.round(
      (which === 'one' ? 1 / (2 * Math.log(neurons)) : (capacity('hebbian', neurons).errorFree ?? 0)) *
        neurons *
        factor,
    )
  const formula = which === 'one' ? 'N/(2 ln N)' : 'N/(4 ln N)'
  const what = which === 'one' ? 'a given pattern is' : 'all patterns are'
  return {
    id: `capacity.mceliece-${which}-${factor}`,
    claim: `with ${factor} times ${formula} patterns the share of networks in which ${what} stable tends to ${relation === 'at least' ? 1 : 0}`,
    source: 'McEliece, Posner, Rodemich and Venkatesh 1987',
    published: { value: 0, relation },
    rule: `asymptotic: the share in the largest network less that in the smallest, ${relation} zero by four standard errors`,
    async measure(lab) {
      const sizes = lab.pick([64, 256, 1024, 4096], [32, 128, 512])
      const networks = lab.pick([6000, 3000, 1500, 300], [400, 300, 200])
      const found: Estimate[] = []
      for (const [k, neurons] of sizes.entries()) {
        const values = await lab.over(networks[k], async (seed) => {
          const { network, patterns } = await loaded(lab, { neurons, count: most(neurons), seed })
          const fixed = await fixedShare(lab, network, patterns)
          return which === 'one' ? fixed : Number(fixed === 1)
        })
        found.push(share(values))
      }
      return {
        ours: difference(found[found.length - 1], found[0]),
        size: sizes.map((n, k) => `N = ${n}, P = ${most(n)}: ${networks[k]} networks`).join('; '),
        figure: againstSize(
          `Stable with ${factor}·${formula} patterns: ${which === 'one' ? 'a given one' : 'all of them'}`,
          which === 'one' ? 'share of patterns' : 'share of networks',
          sizes,
          [points('measured', sizes, found, 'measured')],
        ),
      }
    },
  }
}

/** Below the limit P is a whole number near 3 in small networks, so there is no trend to see; at the limit itself theory gives a number. */
const allStable: Row = {
  id: 'capacity.all-stable',
  claim: 'with N/(4 ln N) patterns in 1024 neurons, 37 of them, all are stable in this share of networks',
  source: 'McEliece et al. 1987; computed: (1 − P(bit wrong))^(N·P) with the exact one-step error',
  published: { value: (1 - oneStepError({ neurons: 1024, patterns: 37 })) ** (1024 * 37) },
  rule: 'equal within four standard errors; wrong bits are taken as independent, which they become for N → ∞',
  async measure(lab) {
    const networks = lab.pick(6000, 200)
    const values = await lab.over(networks, async (seed) => {
      const { network, patterns } = await loaded(lab, { neurons: 1024, count: 37, seed })
      return Number((await fixedShare(lab, network, patterns)) === 1)
    })
    return { ours: share(values), size: `N = 1024, P = 37, ${networks} networks` }
  },
}

const withoutError: Row = {
  id: 'capacity.five-percent',
  claim: '0.05 N patterns are stable without an error: in 1000 neurons a pattern is with this probability',
  source: 'Hopfield 1982; computed: (1 − P(bit wrong))^N with the exact one-step error',
  published: { value: (1 - oneStepError({ neurons: 1000, patterns: 50, tie: 'keep' })) ** 1000 },
  rule: 'equal within four standard errors; that wrong bits depend on each other changes less than 1e-5',
  async measure(lab) {
    const networks = lab.pick(4000, 100)
    const values = await lab.over(networks, async (seed) => {
      const { network, patterns } = await loaded(lab, { neurons: 1000, count: 50, seed })
      return fixedShare(lab, network, patterns)
    })
    return { ours: share(values), size: `N = 1000, P = 50, ${networks} networks` }
  },
}

export const capacities: Family = {
  title: 'How many patterns without an error',
  rows: [
    mceliece('one', 0.85, 'at least'),
    mceliece('one', 1.4, 'at most'),
    allStable,
    mceliece('all', 1.4, 'at most'),
    withoutError,
  ],
}
