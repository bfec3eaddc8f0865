import { expect, test } from 'vitest'
import { DenseAssociativeMemory, HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'

const N = 70
const PARTS = [100, 1, 3, 60, 1]
const patterns = randomPatterns({ count: 165, neurons: N, seed: 4 })
const cues = randomPatterns({ count: 4, neurons: N, seed: 5 })

for (const backend of BACKENDS) {
  for (const [name, make] of [
    ['implicit weights', () => new HopfieldNetwork({ neurons: N, backend })],
    [
      'a dense memory',
      () =>
        new DenseAssociativeMemory({ neurons: N, interaction: { kind: 'polynomial', degree: 3 }, backend }),
    ],
  ] as const) {
    test(`${name} on ${backend}: what is asked between stores is answered as by a memory that was stored at once`, async () => {
      const memory = make()
      const waiting: [Promise<unknown>, unknown][] = []
      let count = 0
      for (const [k, more] of PARTS.entries()) {
        memory.store(patterns.subarray(count * N, (count + more) * N))
        count += more
        const whole = make().store(patterns.subarray(0, count * N))
        const expected = [
          whole.nearest(cues, { k: 3 }),
          whole.recallBatch(cues, { maxSweeps: 3 }),
          whole.recallBatch(cues, { maxSweeps: 3, dynamics: 'synchronous' }),
        ]
        // Those that wait read the patterns of their turn, though others come meanwhile.
        const asked = [
          memory.nearestAsync(cues, { k: 3 }),
          memory.recallAsync(cues, { maxSweeps: 3 }),
          memory.recallAsync(cues, { maxSweeps: 3, dynamics: 'synchronous' }),
        ]
        for (const [j, promise] of asked.entries()) waiting.push([promise, expected[j]])
        if (k % 2 === 0) await Promise.all(asked)
        if (k % 3 === 0) continue
        expect(memory.nearest(cues, { k: 3 })).toEqual(expected[0])
        expect(memory.recallBatch(cues, { maxSweeps: 3 })).toEqual(expected[1])
      }
      for (const [promise, expected] of waiting) expect(await promise).toEqual(expected)
      memory.forget(3)
      expect(memory.nearest(patterns.subarray(164 * N, 165 * N)).indices[0]).toBe(163)
    })
  }
}
