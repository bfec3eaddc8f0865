import { type Figure, histogram } from '../../figures/index.js'
import { from } from '../draw.js'
import { mean, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, endOverlaps, fixedShare, loaded } from '../networks.js'
import type { Family, Finding, Row } from '../row.js'

/** N_err, how many bits a stored pattern has lost when its recall comes to rest, of each pattern of many networks: shares of 0, 1, 2 … */
async function lostBits(
  lab: Lab,
  count: number,
  networks: number,
): Promise<{ shares: number[][]; size: string }> {
  const neurons = 100
  const shares: number[][] = []
  await lab.over(networks, async (seed) => {
    const net = await loaded(lab, { neurons, count, seed }, { units: 'binary' })
    const ends = await endOverlaps(lab, net, count, { tie: 'keep', seed })
    const bins = new Array<number>(neurons + 1).fill(0)
    for (const m of ends) bins[Math.round(((1 - m) * neurons) / 2)] += 1 / count
    shares.push(bins)
    return 0
  })
  return { shares, size: `N = 100, P = ${count}, units 0 and 1, ${networks} networks` }
}

const upTo = (bins: readonly number[], most: number): number =>
  bins.slice(0, most + 1).reduce((sum, x) => sum + x, 0)

async function errors(lab: Lab, count: number, most: number): Promise<Finding> {
  const { shares, size } = await lostBits(lab, count, lab.pick(6000, 150))
  return {
    ours: share(shares.map((bins) => upTo(bins, most))),
    size,
    figure: histogramOf(count, shares),
  }
}

/** As in the paper: shares of recalls by the bits that they lost. */
function histogramOf(count: number, shares: readonly number[][]): Figure {
  // Those beyond the last bar are few, and told by the share of the others.
  const bars = 50
  const found = from(0, bars - 1, bars).map((k) => share(shares.map((bins) => bins[k])))
  const [values, low, high] = (['value', 'low', 'high'] as const).map((end) => found.map((one) => one[end]))
  return histogram({
    title: `Wrong bits after recall: ${count} patterns, 100 neurons of 0 and 1`,
    x: { title: 'wrong bits N_err' },
    y: { title: 'share of recalls' },
    edges: from(-0.5, bars - 0.5, bars + 1),
    bars: [{ label: 'measured', values, low, high }],
    caption: 'Bars are four standard errors.',
  })
}

function fixed(count: number, value: number, error: number): Row {
  return {
    id: `hopfield-1982.fixed-${count}`,
    claim: `of ${count} patterns in 100 neurons of ±1 this share is stable to the last bit`,
    source: 'measured by an independent program',
    published: { value, error },
    rule: 'equal within four standard errors of both',
    async measure(lab) {
      const networks = lab.pick(20_000, 400)
      const values = await lab.over(networks, async (seed) => {
        const { network, patterns } = await loaded(lab, { neurons: 100, count, seed })
        return fixedShare(lab, network, patterns)
      })
      return { ours: mean(values), size: `N = 100, P = ${count}, ${networks} networks` }
    },
  }
}

export const hopfield1982: Family = {
  title: 'The network of 1982',
  rows: [
    {
      id: 'hopfield-1982.n-err-10',
      claim: 'of ten patterns in 100 neurons of 0 and 1, six in ten are recalled without an error',
      source: 'Hopfield 1982, figure 2',
      published: { value: 0.6, rounding: 0.05 },
      rule: 'equal within four standard errors, and the one digit that is printed',
      measure: (lab) => errors(lab, 10, 0),
    },
    {
      id: 'hopfield-1982.bit',
      claim: 'after one step a bit of ten patterns in 100 neurons of 0 and 1 is wrong with probability .0091',
      source: 'Hopfield 1982, p. 2556: a Gaussian estimate',
      published: { value: 0.0091, rounding: 0.00005 },
      rule: 'equal within four standard errors and half of the last digit printed',
      failure:
        'the estimate takes every pattern to have N/2 active units and the noise to be Gaussian; the number of active units scatters, and the exact sum at N = 100 has other tails',
      async measure(lab) {
        const networks = lab.pick(20_000, 400)
        const values = await lab.over(networks, async (seed) => {
          const net = await loaded(lab, { neurons: 100, count: 10, seed }, { units: 'binary' })
          const options = { dynamics: 'synchronous', maxSweeps: 1, tie: 'keep', ...lab.limits } as const
          return average((await net.network.recallAsync(net.patterns, options)).flips) / 100
        })
        return { ours: mean(values), size: `N = 100, P = 10, units 0 and 1, ${networks} networks` }
      },
    },
    {
      id: 'hopfield-1982.n-err-15',
      claim: 'of 15 patterns about half end with fewer than five errors',
      source: 'Hopfield 1982, p. 2556',
      published: { value: 0.5, rounding: 0.05 },
      rule: 'equal within four standard errors, and one digit for “about half”',
      failure:
        'by the rules that the paper prints about a quarter do; with units of ±1 three quarters are stable without any error, so the paper may have counted otherwise',
      measure: (lab) => errors(lab, 15, 4),
    },
    {
      id: 'hopfield-1982.binary-units',
      claim: 'units of ±1 recall more of the same patterns without an error than units of 0 and 1',
      source: 'Hopfield 1982, figure 2, beside the network of ±1',
      published: { value: 0, relation: 'at least' },
      rule: 'share of ±1 recalls without an error less that of 0/1 recalls, above zero by four standard errors',
      async measure(lab) {
        const networks = lab.pick(3000, 100)
        const values = await lab.over(networks, async (seed) => {
          const exact: number[] = []
          for (const units of ['bipolar', 'binary'] as const) {
            const net = await loaded(lab, { neurons: 100, count: 10, seed }, { units })
            const ends = await endOverlaps(lab, net, 10, { tie: 'keep', seed })
            exact.push(average(ends.map((m) => (m === 1 ? 1 : 0))))
          }
          return exact[0] - exact[1]
        })
        return { ours: mean(values), size: `N = 100, P = 10, ${networks} networks` }
      },
    },
    fixed(10, 0.9633, 0.0015),
    fixed(15, 0.7223, 0.003),
    fixed(20, 0.3795, 0.003),
  ],
}
