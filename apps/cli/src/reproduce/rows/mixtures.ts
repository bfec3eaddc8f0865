import { randomPatterns } from 'hopfield-native'
import { against, points } from '../draw.js'
import { difference, exactly, mean, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, loaded, overlap } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** s_i = sgn(ξ_i¹ + … + ξ_iⁿ), for odd n. */
function mixture(patterns: Int8Array, neurons: number, members: number): Int8Array {
  return Int8Array.from({ length: neurons }, (_, i) => {
    let sum = 0
    for (let mu = 0; mu < members; mu++) sum += patterns[mu * neurons + i]
    return sum > 0 ? 1 : -1
  })
}

/** A mixture of odd n members, at rest at T = 0 in a network of few patterns. */
function mixed(members: number, what: 'overlap' | 'energy', value: number, relation: 'equal'): Row {
  const told = what === 'overlap' ? `has the overlap ${value} with each` : `has the energy ${value} a neuron`
  return {
    id: `mixtures.${what}-${members}`,
    claim: `the mixture of ${members} patterns is a stable state and ${told}, for N → ∞`,
    source: 'Amit, Gutfreund and Sompolinsky 1985 (Phys. Rev. A 32, 1007)',
    published: { value, relation },
    rule: 'N = 10,000, where the first correction is below 1/N: mean over networks of the state where a recall of the mixture ends, within four standard errors and 1/N for each pattern',
    async measure(lab) {
      const neurons = lab.pick(10_000, 2000)
      const values = await lab.over(lab.pick(400, 40), async (seed) => {
        const { network, patterns } = await loaded(lab, { neurons, count: members, seed })
        const { states } = await network.recallAsync(mixture(patterns, neurons, members), {
          seed,
          ...lab.limits,
        })
        if (what === 'energy') return network.energy(states) / neurons
        return average(
          Array.from({ length: members }, (_, mu) =>
            overlap(states, patterns.subarray(mu * neurons), neurons),
          ),
        )
      })
      const { value: ours, low, high } = mean(values)
      const correction = members / neurons
      return {
        ours: { value: ours, low: low - correction, high: high + correction },
        size: `N = ${neurons}, P = ${members}, ${values.length} networks`,
      }
    },
  }
}

const even: Row = {
  id: 'mixtures.even',
  claim:
    'a mixture of two patterns, with coins where they disagree, is not stable: the share of networks where one is a fixed point',
  source: 'Amit, Gutfreund and Sompolinsky 1985 (Phys. Rev. A 32, 1007)',
  published: { value: 0 },
  rule: 'exact: of no network, ties decided by the coin of the cue',
  async measure(lab) {
    const neurons = 500
    const values = await lab.over(lab.pick(1000, 100), async (seed) => {
      const { network, patterns } = await loaded(lab, { neurons, count: 2, seed })
      const coins = randomPatterns({ neurons, count: 1, seed: seed + (1n << 60n) })
      const state = coins.map((coin, i) => (patterns[i] === patterns[neurons + i] ? patterns[i] : coin))
      const fixed = network.isFixedPoint(state)
      return Number(fixed)
    })
    return { ours: exactly(average(values)), size: `N = ${neurons}, P = 2, ${values.length} networks` }
  },
}

/** Share of recalls from random states that end in no stored pattern, nor the inverse of one. */
async function spurious(lab: Lab, count: number, networks: number): Promise<Estimate> {
  const neurons = 400
  const values = await lab.over(networks, async (seed) => {
    const { network } = await loaded(lab, { neurons, count, seed })
    const cues = randomPatterns({ neurons, count: 50, seed: seed + (1n << 60n) })
    const { states } = await network.recallAsync(cues, { seed, ...lab.limits })
    const { overlaps } = await network.nearestAsync(states, lab.limits)
    const inverse = await network.nearestAsync(
      states.map((s) => -s),
      lab.limits,
    )
    return average(Array.from(overlaps, (m, b) => Number(Math.max(m, inverse.overlaps[b]) < neurons)))
  })
  return share(values)
}

const census: Row = {
  id: 'mixtures.spurious',
  claim: 'the more patterns, the more recalls from random states end in spurious states',
  source: 'Hopfield 1982; Amit, Gutfreund and Sompolinsky 1985',
  published: { value: 0, relation: 'at least' },
  rule: 'the share at P = 20 less that at P = 4, above zero by four standard errors',
  async measure(lab) {
    const networks = lab.pick(200, 20)
    const counts = [2, 4, 8, 12, 16, 20, 30, 40]
    const found: Estimate[] = []
    for (const count of counts) found.push(await spurious(lab, count, networks))
    return {
      ours: difference(found[5], found[1]),
      size: `N = 400, 50 random states, ${networks} networks each`,
      figure: against(
        'Recalls from random states that end in no pattern, N = 400',
        'patterns P',
        'share of recalls',
        [points('measured', counts, found, 'measured')],
      ),
    }
  },
}

export const mixtures: Family = {
  title: 'Mixtures and spurious states',
  rows: [
    mixed(3, 'overlap', 0.5, 'equal'),
    mixed(3, 'energy', -0.375, 'equal'),
    mixed(5, 'overlap', 0.375, 'equal'),
    even,
    census,
  ],
}
