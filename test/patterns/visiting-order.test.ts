import { expect, test } from 'vitest'
import { HopfieldNetwork, type VisitingOrderOptions, visitingOrder } from '../../src/index.js'

const N = 37

// A neuron whose weight to itself is −1 flips whenever it is visited, so a trace lists the visits.
const restless = new HopfieldNetwork({
  neurons: N,
  selfWeights: true,
  weights: Float64Array.from({ length: N * N }, (_, k) => (k % (N + 1) === 0 ? -1 : 0)),
})

test.each<VisitingOrderOptions['order']>([
  'random',
  'cyclic',
  'random-site',
])('the visits of order %s are those of a recall', (order) => {
  const plan = { order: order ?? 'random', seed: 2n ** 40n + 9n, stream: 2 ** 33 + 1 }
  const { trace } = restless.recall(new Int8Array(N).fill(1), { ...plan, maxSweeps: 3, trace: true })
  const visits = [0, 1, 2].flatMap((sweep) => [...visitingOrder({ neurons: N, ...plan, sweep })])
  // Flips that take each other back end a recall in a cyclic order after two sweeps.
  expect([...trace.flips]).toEqual(visits.slice(0, trace.flips.length))
  expect(trace.flips.length).toBeGreaterThanOrEqual(N)
})
