import { thermalOverlap } from 'hopfield-native'
import { against, from, points, theory } from '../draw.js'
import { about, errorOf, extrapolated, mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, loaded } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

/** ⟨m⟩ of a chain that starts from the only pattern: one number a network. */
async function overlapAt(
  lab: Lab,
  neurons: number,
  temperature: number,
  networks: number,
): Promise<Estimate> {
  const values = await lab.over(networks, async (seed) => {
    const { network, patterns } = await loaded(lab, { neurons, count: 1, seed })
    const options = { temperature, samples: 200, burnIn: 100, seed, signal: lab.limits.signal }
    return (await network.sampleAsync(patterns, options)).overlapMeans[0]
  })
  return mean(values)
}

function thermal(temperature: number, value: number): Row {
  return {
    id: `temperature.one-pattern-${temperature}`,
    claim: `with one pattern and T = ${temperature} the overlap is the root of m = tanh(m/T)`,
    source: 'Amit, Gutfreund and Sompolinsky 1985; Glauber 1963',
    published: { value, rounding: 5e-7 },
    rule: 'three sizes, a straight line in 1/N; its value at 1/N = 0 within four standard errors',
    async measure(lab) {
      const sizes = lab.pick([500, 1000, 2000], [200, 400, 800])
      const networks = lab.pick(100, 12)
      const found: { x: number; y: Estimate }[] = []
      for (const neurons of sizes) {
        found.push({ x: 1 / neurons, y: await overlapAt(lab, neurons, temperature, networks) })
      }
      return {
        ours: extrapolated(found),
        size: `N = ${sizes.join(', ')}, ${networks} chains of 200 samples each`,
      }
    },
  }
}

const curve: Row = {
  id: 'temperature.curve',
  claim:
    'the overlap falls to zero at T = 1 along m = tanh(m/T): the largest deviation at seven temperatures up to .9',
  source: 'Amit, Gutfreund and Sompolinsky 1985',
  published: { value: 0.01, relation: 'at most' },
  rule: 'N = 4000: the largest |m − m(T)| and four of its standard errors below .01; at T = .9 the first correction in 1/N is .002',
  async measure(lab) {
    const neurons = lab.pick(4000, 1000)
    const networks = lab.pick(24, 6)
    const temperatures = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    const found: Estimate[] = []
    for (const temperature of temperatures) found.push(await overlapAt(lab, neurons, temperature, networks))
    const off = found.map((m, k) => {
      const distance = Math.abs(m.value - thermalOverlap(temperatures[k]))
      return about(distance, errorOf(m))
    })
    return {
      ours: off.reduce((most, one) => (one.high > most.high ? one : most)),
      size: `N = ${neurons}, ${networks} chains a temperature`,
      figure: against('Overlap with the only pattern', 'temperature T', 'overlap m', [
        points(`N = ${neurons}`, temperatures, found),
        theory('m = tanh(m/T)', from(0.2, 1.1, 120), thermalOverlap),
      ]),
    }
  },
}

/** ⟨E⟩ of all 2^N states with weight e^(−E/T). */
function exactEnergy(energies: Float64Array, temperature: number): number {
  const least = Math.min(...energies)
  const weights = energies.map((energy) => Math.exp(-(energy - least) / temperature))
  return weights.reduce((sum, w, k) => sum + w * energies[k], 0) / weights.reduce((sum, w) => sum + w, 0)
}

const gibbs: Row = {
  id: 'temperature.gibbs',
  claim:
    'in the long run a state of ten neurons appears with probability e^(−E/T)/Z: the mean energy is that of all 1024 states',
  source: 'Glauber 1963; Ackley, Hinton and Sejnowski 1985',
  published: { value: 0 },
  rule: 'mean over networks of ⟨E⟩ along a chain less ⟨E⟩ by enumeration, zero within four standard errors',
  async measure(lab) {
    const [neurons, temperature] = [10, 0.7]
    const networks = lab.pick(1000, 60)
    const all = Array.from({ length: 1 << neurons }, (_, word) =>
      Int8Array.from({ length: neurons }, (_, i) => ((word >> i) & 1) * 2 - 1),
    )
    const values = await lab.over(networks, async (seed) => {
      const { network, patterns } = await loaded(lab, { neurons, count: 3, seed })
      const options = { temperature, samples: 4000, burnIn: 200, seed, signal: lab.limits.signal }
      const { energyMeans } = await network.sampleAsync(patterns.subarray(0, neurons), options)
      return energyMeans[0] - exactEnergy(network.energyBatch(all), temperature)
    })
    return { ours: mean(values), size: `N = 10, P = 3, T = 0.7, ${networks} chains of 4000 samples` }
  },
}

const balance: Row = {
  id: 'temperature.flip',
  claim:
    'a neuron becomes +1 with probability 1/(1 + e^(−2h/T)): the share of free neurons that do, at h = −T/2',
  source: 'Glauber 1963',
  published: { value: 1 / (1 + Math.E) },
  rule: 'equal within four standard errors over independent draws',
  async measure(lab) {
    const neurons = lab.pick(100_000, 20_000)
    const values = await lab.over(lab.pick(40, 10), async (seed) => {
      // Without a pattern the only field is the external one.
      const { network } = await loaded(lab, { neurons, count: 0, seed })
      const cue = new Int8Array(neurons).fill(1)
      const externalField = new Float64Array(neurons).fill(-0.5)
      const { states } = await network.recallAsync(cue, {
        temperature: 1,
        maxSweeps: 1,
        externalField,
        seed,
        ...lab.limits,
      })
      return (1 + average(states)) / 2
    })
    return { ours: mean(values), size: `${values.length} × ${neurons} neurons` }
  },
}

export const temperature: Family = {
  title: 'Temperature',
  rows: [thermal(0.4, 0.985624), thermal(0.6, 0.907332), thermal(0.8, 0.710412), curve, gibbs, balance],
}
