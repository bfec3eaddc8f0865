import { basinAsync } from 'hopfield-native'
import { against, from, points } from '../draw.js'
import { difference, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { loaded } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** Share of cues with some flips that come back to the last bit: one number a network, 20 patterns each, for each noise. */
async function recalled(
  lab: Lab,
  count: number,
  noise: readonly number[],
  networks: number,
): Promise<Estimate[]> {
  const rows: Float64Array[] = []
  await lab.over(networks, async (seed) => {
    const { network } = await loaded(lab, { neurons: 400, count, seed })
    const patterns = Array.from({ length: Math.min(20, count) }, (_, mu) => mu)
    rows.push((await basinAsync(network, { noise, patterns, seed, ...lab.limits })).probability)
    return 0
  })
  return noise.map((_, k) => share(rows.map((row) => row[k])))
}

function tenPercent(count: number, value: number, error: number): Row {
  return {
    id: `basins.ten-percent-${count}`,
    claim: `with ${count} patterns in 400 neurons this share of cues with 10 % flips comes back to the last bit`,
    source: 'measured by an independent program',
    published: { value, error },
    rule: 'equal within four standard errors of both',
    async measure(lab) {
      const networks = lab.pick(400, 30)
      const [ours] = await recalled(lab, count, [0.1], networks)
      return { ours, size: `N = 400, P = ${count}, ${networks} networks, 20 cues each` }
    },
  }
}

const shrinks: Row = {
  id: 'basins.shrink',
  claim:
    'basins of attraction shrink with the load: fewer cues with 30 % flips come back at P = 40 than at P = 10',
  source: 'Hopfield 1982; Forrest 1988',
  published: { value: 0, relation: 'at least' },
  rule: 'the share at P = 10 less that at P = 40, above zero by four standard errors',
  async measure(lab) {
    const networks = lab.pick(100, 20)
    const noise = from(0.05, 0.45, 9)
    const counts = [10, 20, 30, 40]
    const found: Estimate[][] = []
    for (const count of counts) found.push(await recalled(lab, count, noise, networks))
    const curves = counts.map((count, k) => points(`P = ${count}`, noise, found[k], 'measured'))
    return {
      ours: difference(found[0][5], found[3][5]),
      size: `N = 400, P = ${counts.join(', ')}, ${networks} networks each`,
      figure: against(
        'Cues that come back to the last bit, N = 400',
        'share of neurons flipped',
        'share of cues',
        curves,
      ),
    }
  },
}

export const basins: Family = {
  title: 'Basins of attraction',
  rows: [
    tenPercent(30, 0.97, 0.009),
    tenPercent(40, 0.77, 0.021),
    tenPercent(50, 0.445, 0.025),
    tenPercent(60, 0.14, 0.017),
    shrinks,
  ],
}
