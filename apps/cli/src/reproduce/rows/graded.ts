import { ContinuousHopfield, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { against, points } from '../draw.js'
import { exactly, mean } from '../estimates.js'
import { average } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** Share of neurons whose sign is another than where the network of ±1 comes to rest, from the same cue. */
async function unlike(gain: number, seed: bigint): Promise<number> {
  const [neurons, count] = [100, 5]
  const patterns = randomPatterns({ neurons, count, seed })
  const graded = new ContinuousHopfield({ neurons, gain }).store(patterns)
  const discrete = new HopfieldNetwork({ neurons }).store(patterns)
  const { state } = graded.recall(patterns.subarray(0, neurons), { maxSteps: 5000 })
  const end = discrete.recall(patterns.subarray(0, neurons), { tie: 'keep', seed }).state
  return average(Array.from(state, (v, i) => Math.abs(v - end[i]) / 2))
}

const graded: Row = {
  id: 'graded.gain',
  claim:
    'as the gain of graded neurons grows, they rest where neurons of ±1 do: the mean distance of outputs at gain 64',
  source: 'Hopfield 1984',
  published: { value: 0.001, relation: 'at most' },
  rule: 'mean over networks of |V_i − s_i|/2 from the same stored pattern: below .001 with four standard errors, and falling with the gain in the figure',
  async measure(lab) {
    const networks = lab.pick(100, 10)
    const gains = [2, 4, 8, 16, 32, 64]
    const found: Estimate[] = []
    for (const gain of gains) found.push(mean(await lab.over(networks, (seed) => unlike(gain, seed))))
    return {
      ours: found[found.length - 1],
      size: `N = 100, P = 5, ${networks} networks a gain`,
      figure: against('Graded neurons beside neurons of ±1', 'gain γ', 'mean distance |V − s|/2', [
        points('measured', gains, found, 'measured'),
      ]),
    }
  },
}

const threshold: Row = {
  id: 'graded.threshold',
  claim: 'graded neurons begin to recall at gain 1: just below it every state decays to zero',
  source: 'Hopfield 1984; Amit, Gutfreund and Sompolinsky 1985: m = tanh(γ·m) with one pattern',
  published: { value: 0, rounding: 1e-3 },
  rule: 'with one pattern the equation of rest is m = tanh(γ(1 − 1/N)m): at γ = .9 the largest |V| after the recall is below .001',
  async measure(lab) {
    const values = await lab.over(lab.pick(30, 5), (seed) => {
      const neurons = 100
      const pattern = randomPatterns({ neurons, count: 1, seed })
      const net = new ContinuousHopfield({ neurons, gain: 0.9 }).store(pattern)
      return Math.max(...net.recall(pattern, { maxSteps: 5000 }).state.map(Math.abs))
    })
    return { ours: exactly(Math.max(...values)), size: `N = 100, P = 1, ${values.length} networks` }
  },
}

const descends: Row = {
  id: 'graded.energy',
  claim: 'the energy of graded neurons never rises in time: the largest rise in any step',
  source: 'Hopfield 1984',
  published: { value: 0, relation: 'at most' },
  rule: 'exact but for rounding: no step of Runge and Kutta’s raises E by more than 1e-9, counted as none',
  async measure(lab) {
    const rises = await lab.over(lab.pick(60, 6), (seed) => {
      const neurons = 80
      const net = new ContinuousHopfield({ neurons, gain: 4 }).store(
        randomPatterns({ neurons, count: 6, seed }),
      )
      const cue = randomPatterns({ neurons, count: 1, seed: seed + (1n << 60n) })
      const { energies } = net.recall(cue, { trace: true }).trace
      let most = 0
      for (let k = 1; k < energies.length; k++) most = Math.max(most, energies[k] - energies[k - 1])
      return most
    })
    const worst = Math.max(...rises)
    return {
      ours: exactly(worst > 1e-9 ? worst : 0),
      size: `N = 80, P = 6, ${rises.length} recalls from random states`,
    }
  },
}

export const gradedNeurons: Family = { title: 'Graded neurons', rows: [graded, threshold, descends] }
