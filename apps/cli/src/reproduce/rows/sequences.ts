import { sequenceOverlap } from 'hopfield-native'
import { against, from, points, theory } from '../draw.js'
import { difference, extrapolated, mean, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, loaded, overlap } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** Overlap with the pattern that is so many steps on, after these steps: one number a network, of five starts. */
async function following(
  lab: Lab,
  { neurons, alpha, networks, steps }: { neurons: number; alpha: number; networks: number; steps: number },
): Promise<number[]> {
  const starts = 5
  const count = Math.round(alpha * neurons)
  return lab.over(networks, async (seed) => {
    const learning = { kind: 'sequence', cyclic: true } as const
    const { network, patterns } = await loaded(lab, { neurons, count, seed, learning })
    const places = Array.from({ length: starts }, (_, b) => Math.floor((b * count) / starts))
    const rows = places.map((mu) => patterns.subarray(mu * neurons, (mu + 1) * neurons))
    const { states } = await network.recallAsync(rows, {
      dynamics: 'synchronous',
      maxSweeps: steps,
      ...lab.limits,
    })
    return average(
      places.map((mu, b) => {
        const next = (mu + steps) % count
        return overlap(states.subarray(b * neurons), patterns.subarray(next * neurons), neurons)
      }),
    )
  })
}

function sequence(alpha: number, value: number): Row {
  return {
    id: `sequences.overlap-${alpha}`,
    claim: `at load ${alpha} a cyclic sequence is followed with this overlap, for N → ∞`,
    source: 'Düring, Coolen and Sherrington 1998',
    published: { value, rounding: 0.00005 },
    rule: 'three sizes, a straight line in 1/N; its value at 1/N = 0 within four standard errors and the last digit',
    async measure(lab) {
      const sizes = lab.pick([1000, 2000, 4000], [500, 1000, 2000])
      const networks = lab.pick(60, 8)
      const found: { x: number; y: Estimate }[] = []
      for (const neurons of sizes)
        found.push({ x: 1 / neurons, y: mean(await following(lab, { neurons, alpha, networks, steps: 12 })) })
      return { ours: extrapolated(found), size: `N = ${sizes.join(', ')}, ${networks} networks each` }
    },
  }
}

const sequenceEnd: Row = {
  id: 'sequences.critical',
  claim: 'sequences are followed below the load .269 and lost above: the share at .24 less that at .30',
  source: 'Düring, Coolen and Sherrington 1998: α_c = .269',
  published: { value: 0.9, relation: 'at least' },
  rule: 'share of networks with an overlap above one half after 80 steps, N = 2000: the difference of loads 10 % below and above is at least .9, and all of its interval',
  async measure(lab) {
    const neurons = lab.pick(2000, 1000)
    const networks = lab.pick(400, 30)
    // Near the critical load a sequence is lost slowly.
    const steps = 80
    const loads = [0.1, 0.15, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3]
    const means: Estimate[] = []
    const shares: Estimate[] = []
    for (const alpha of loads) {
      const values = await following(lab, {
        neurons,
        alpha,
        networks: alpha === 0.24 || alpha === 0.3 ? networks : lab.pick(20, 6),
        steps,
      })
      means.push(mean(values))
      shares.push(share(values.map((m) => Number(m > 0.5))))
    }
    return {
      ours: difference(shares[4], shares[7]),
      size: `N = ${neurons}, ${networks} networks at the two loads`,
      figure: against('Overlap with the pattern that is due after 80 steps', 'load α = P/N', 'overlap m', [
        points(`N = ${neurons}`, loads, means),
        theory('theory, N → ∞', from(0.05, 0.269, 120), sequenceOverlap),
      ]),
    }
  },
}

export const sequences: Family = {
  title: 'Sequences',
  rows: [sequence(0.1, 0.9984), sequence(0.2, 0.96633), sequenceEnd],
}
