import { expect, test } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'

const N = 6
const patterns = randomPatterns({ count: 2, neurons: N, seed: 4 })
const starts = randomPatterns({ count: 3, neurons: N, seed: 5 })

test.each(BACKENDS)('pair correlations of a long run are those of e^(−E/T)/Z, %s', async (backend) => {
  const temperature = 0.8
  const network = new HopfieldNetwork({ neurons: N, backend }).store(patterns)
  const states = Array.from({ length: 2 ** N }, (_, k) =>
    Int8Array.from({ length: N }, (_, i) => ((k >> i) & 1 ? 1 : -1)),
  )
  const weights = states.map((s) => Math.exp(-network.energy(s) / temperature))
  const z = weights.reduce((sum, w) => sum + w, 0)
  const options = { temperature, samples: 5000, thinning: 2, correlations: true, seed: 3 } as const
  const result = network.sample(starts, options)
  const { correlations, stateMeans } = result
  expect(await network.sampleAsync(starts, options)).toEqual(result)
  expect(correlations).toHaveLength(3 * N * N)
  for (let b = 0; b < 3; b++) {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        const mean = states.reduce((sum, s, k) => sum + (s[i] * s[j] * weights[k]) / z, 0)
        const found = correlations?.[(b * N + i) * N + j] ?? 0
        // 5,000 samples that remember some sweeps: at least 500 independent ones, four standard errors.
        expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(Math.max(0, 1 - mean * mean) / 500) + 1e-12)
        expect(found).toBe(correlations?.[(b * N + j) * N + i])
      }
    }
  }
  expect(stateMeans).toHaveLength(3 * N)
  expect('correlations' in network.sample(starts, { temperature, samples: 2 })).toBe(false)
})
