import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import type { PatternSet } from '../src/patterns.js'
import { recallAll } from '../src/recalling.js'
import { nearestTo } from '../src/verdict.js'

test('chunks do not change results', async () => {
  const [neurons, count] = [64, 200]
  const states = randomPatterns({ count, neurons, seed: 1 })
  const cues: PatternSet = { neurons, names: Array.from({ length: count }, String), states, grid: undefined }
  const network = new HopfieldNetwork({ neurons }).store(states.subarray(0, 8 * neurons))
  const recall = { seed: 5n, maxSweeps: 50 }
  const progress: number[] = []
  const recalled = await recallAll(network, cues, {
    recall,
    noise: 0.1,
    onProgress: (done) => progress.push(done),
  })

  const noisy = cues.names.map((_, stream) =>
    addNoise(states.subarray(stream * neurons, (stream + 1) * neurons), { fraction: 0.1, seed: 5n, stream }),
  )
  const whole = network.recallBatch(noisy, recall)
  expect(recalled.states).toEqual(whole.states)
  expect(recalled.outcomes.map(({ energy }) => energy)).toEqual(Array.from(whole.energies))
  expect(progress.length).toBeGreaterThan(1)
  expect(progress.at(-1)).toBe(count)
})

test('the nearest pattern is the one of the largest overlap in magnitude', () => {
  expect(nearestTo([0.2, -0.8, 0.8])).toEqual({ nearest: 1, overlap: -0.8, verdict: 'spurious' })
  expect(nearestTo([0.2, 1]).verdict).toBe('exact')
  expect(nearestTo([-1, 0.2]).verdict).toBe('inverse')
})
