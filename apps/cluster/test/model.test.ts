import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { byNeurons, byPatterns } from '../src/model/costs.js'
import { Simulation } from '../src/model/simulation.js'
import { split } from '../src/parts/split.js'
import { Coordinator } from '../src/recall/coordinator.js'

// 64 parts that answer for themselves, on simulated links of 1 Gbit/s. The model leaves out that work begins while the last questions are
// sent, and takes what messages add to their numbers for 64 bytes each.
test.each([
  ['patterns', 512, 4096, byPatterns],
  ['neurons', 64 * 64, 100, byNeurons],
] as const)('by %s, 64 simulated parts: bytes are within 3 % of the model and the time within 15 %', async (axis, neurons, count, model) => {
  const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count, neurons, seed: 6 }))
  const setting = {
    shards: 64,
    neurons,
    patterns: count,
    batch: 4,
    bandwidth: 125e6,
    latency: 50e-6,
    speed: 5e9,
  }
  const step = model(setting)
  const cut = split(net, { shards: 64, axis })
  expect(cut.map.shards.length).toBe(64)
  const simulation = new Simulation(cut, setting, new Array(64).fill(step.held))
  const cues = randomPatterns({ count: 4, neurons, seed: 7 })
  const options = { dynamics: 'synchronous', maxSweeps: 1 } as const
  const whole = new Coordinator(cut.map, simulation.ask)
  const got = await simulation.run(whole.recall(cues, options))
  const { states, energies } = net.recallBatch(cues, options)
  expect(got.states).toEqual(states)
  expect(got.energies).toEqual(energies)
  // The sweep, and the fields of the last states for their energies.
  const ratio = (measured: number, predicted: number): number => Math.abs(measured / (2 * predicted) - 1)
  expect(ratio(simulation.asked + simulation.answered, 64 * (step.asked + step.answered))).toBeLessThan(0.03)
  expect(ratio(simulation.now, step.seconds)).toBeLessThan(0.15)
})
