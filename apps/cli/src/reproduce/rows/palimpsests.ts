import { against, points } from '../draw.js'
import { mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import { loaded, overlap } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** How many of the last patterns come back within 2.5 % of their bits, after 0.4 N were stored in weights that are bounded by L. */
async function kept(lab: Lab, neurons: number, limit: number, networks: number): Promise<Estimate> {
  const values = await lab.over(networks, async (seed) => {
    const learning = { kind: 'palimpsest', limit } as const
    const { network, patterns } = await loaded(lab, { neurons, count: 3 * neurons, seed, learning })
    // No more than the last 0.15 N of them is ever kept.
    const last = patterns.subarray(patterns.length - Math.round(0.15 * neurons) * neurons)
    const { states } = await network.recallAsync(last, { seed, ...lab.limits })
    let count = 0
    for (let mu = 0; mu * neurons < last.length; mu++) if (overlap(states, last, neurons, mu) >= 0.95) count++
    return count
  })
  return mean(values)
}

const parisi: Row = {
  id: 'palimpsest.kept',
  claim: 'weights bounded by 8 keep the last 20 patterns in 400 neurons, however many came before',
  source: 'Parisi 1986; measured by an independent program',
  published: { value: 20, error: 0.4 },
  rule: 'patterns that come back within 2.5 % of their bits after 3N stores; equal within four standard errors of both',
  async measure(lab) {
    const networks = lab.pick(100, 6)
    return {
      ours: await kept(lab, 400, 8, networks),
      size: `N = 400, L = 8, 1200 patterns, ${networks} networks`,
    }
  },
}

const optimum: Row = {
  id: 'palimpsest.optimum',
  claim: 'most are kept with bounds of .3 to .4 times √N: the best of nine bounds',
  source: 'Parisi 1986; measured by an independent program',
  published: { value: 0.35, rounding: 0.05 },
  rule: 'the bound with the largest mean among .15 to 1 times √N; it is known to half of the step to its neighbours',
  async measure(lab) {
    const networks = lab.pick(30, 4)
    const bounds = [3, 4, 5, 6, 7, 8, 10, 14, 20]
    const found: Estimate[] = []
    for (const limit of bounds) found.push(await kept(lab, 400, limit, networks))
    const best = found.reduce((at, one, k) => (one.value > found[at].value ? k : at), 0)
    const scaled = bounds.map((limit) => limit / 20)
    return {
      ours: {
        value: scaled[best],
        low: (scaled[best] + scaled[Math.max(0, best - 1)]) / 2,
        high: (scaled[best] + scaled[Math.min(bounds.length - 1, best + 1)]) / 2,
      },
      size: `N = 400, 1200 patterns, ${networks} networks a bound`,
      figure: against('Patterns kept of a stream, N = 400', 'bound L/√N', 'patterns kept', [
        points('measured', scaled, found, 'measured'),
      ]),
    }
  },
}

/** One-step error of the pattern of an age: signal λ^age, noise of variance Σ_(others) λ^(2·age)/N. */
function fadedError(neurons: number, decay: number, age: number, count: number): number {
  let others = 0
  for (let k = 0; k < count; k++) if (k !== age) others += decay ** (2 * k)
  return oneSided(decay ** age * Math.sqrt((neurons - 1) / others))
}

/** P(x > a) of a normal x, by Simpson's rule; no function of the package says it. */
function oneSided(a: number): number {
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  const [steps, width] = [2000, a / 2000]
  let sum = density(0) + density(a)
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * density(k * width)
  return 0.5 - (sum * width) / 3
}

function faded(age: number): Row {
  const [neurons, decay, count] = [500, 0.97, 200]
  return {
    id: `palimpsest.decay-${age}`,
    claim: `with decay .97 this share of bits of the pattern stored ${age} patterns ago is wrong after one step`,
    source: 'Nadal, Toulouse, Changeux and Dehaene 1986; computed: Gaussian noise',
    published: { value: fadedError(neurons, decay, age, count), rounding: 3 / neurons ** 1.5 },
    rule: 'equal within four standard errors and 3·N^(−3/2), the order of what a sum of coins has beyond a Gaussian',
    async measure(lab) {
      const values = await lab.over(lab.pick(1500, 60), async (seed) => {
        const { network, patterns } = await loaded(lab, {
          neurons,
          count,
          seed,
          learning: { kind: 'palimpsest', decay },
        })
        const at = (count - 1 - age) * neurons
        const cue = patterns.subarray(at, at + neurons)
        const { flips } = await network.recallAsync(cue, {
          dynamics: 'synchronous',
          maxSweeps: 1,
          ...lab.limits,
        })
        return flips[0] / neurons
      })
      return {
        ours: mean(values, 1 / (neurons * values.length)),
        size: `N = ${neurons}, ${count} patterns, ${values.length} networks`,
      }
    },
  }
}

export const palimpsests: Family = {
  title: 'Palimpsests',
  rows: [parisi, optimum, faded(0), faded(20), faded(40)],
}
