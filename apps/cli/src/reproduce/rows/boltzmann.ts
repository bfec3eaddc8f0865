import { HopfieldNetwork, RestrictedBoltzmannMachine, randomPatterns } from 'hopfield-native'
import { exactly, mean } from '../estimates.js'
import type { Family, Row } from '../row.js'

const identity: Row = {
  id: 'boltzmann.hopfield',
  claim:
    'a Boltzmann machine with Gaussian hidden units is the Hebbian network: the largest difference of free energies and E/T',
  source: 'Barra, Bernacchia, Santucci and Contucci 2012',
  published: { value: 0, rounding: 1e-4 },
  rule: 'an identity, after the constants −P/(2T) of the diagonal: within 1e-4, since weights of the machine are f32 numbers',
  async measure(lab) {
    const [neurons, count, temperature] = [60, 5, 0.5]
    const values = await lab.over(lab.pick(100, 10), (seed) => {
      const patterns = randomPatterns({ neurons, count, seed })
      const network = new HopfieldNetwork({ neurons }).store(patterns)
      const weights = Float64Array.from({ length: neurons * count }, (_, k) => {
        const [i, mu] = [Math.floor(k / count), k % count]
        return patterns[mu * neurons + i] / Math.sqrt(neurons * temperature)
      })
      const machine = new RestrictedBoltzmannMachine({
        visible: neurons,
        hidden: count,
        visibleUnits: 'bipolar',
        hiddenUnits: 'gaussian',
        weights,
      })
      const states = randomPatterns({ neurons, count: 50, seed: seed + (1n << 60n) })
      const energies = network.energyBatch(states)
      const free = machine.freeEnergyBatch(states)
      // Both know their state but for a constant: of the diagonal, P/(2T), and of the integrals.
      const offsets = Array.from(free, (f, b) => f - energies[b] / temperature)
      return Math.max(...offsets) - Math.min(...offsets)
    })
    return {
      ours: exactly(Math.max(...values)),
      size: `N = ${neurons}, P = ${count}, T = ${temperature}, ${values.length} networks, 50 states each`,
    }
  },
}

const partition: Row = {
  id: 'boltzmann.partition',
  claim:
    'annealed importance sampling estimates Z without bias: the mean quotient of its estimate and the exact Z',
  source: 'Neal 2001; Salakhutdinov and Murray 2008',
  published: { value: 1 },
  rule: 'mean over machines, within four standard errors',
  async measure(lab) {
    const values = await lab.over(lab.pick(60, 6), async (seed) => {
      const machine = new RestrictedBoltzmannMachine({ visible: 30, hidden: 10, weightScale: 0.5, seed })
      const exact = await machine.logPartitionAsync({ method: 'exact', ...lab.limits })
      const estimate = await machine.logPartitionAsync({ method: 'annealed', seed, ...lab.limits })
      return Math.exp(estimate.value - exact.value)
    })
    return { ours: mean(values), size: `V = 30, H = 10, ${values.length} machines` }
  },
}

export const boltzmann: Family = { title: 'Boltzmann machines', rows: [identity, partition] }
