import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { FIXED, memories } from '../../helpers/property.js'
import { refusal, untyped } from '../../helpers/refusal.js'

for (const { backend, weights } of VARIANTS) {
  describe(`energyBatch and overlapsBatch, ${backend}, ${weights}`, () => {
    const neurons = 75
    const net = new HopfieldNetwork({ neurons, backend, weights }).store(
      randomPatterns({ count: 7, neurons, seed: 1 }),
    )
    const states = randomPatterns({ count: 20, neurons, seed: 2 })
    const rows = Array.from({ length: 20 }, (_, b) => states.subarray(b * neurons, (b + 1) * neurons))
    const externalField = Float64Array.from({ length: neurons }, (_, i) => Math.sin(i))

    it('are energy and overlaps of every state, to the bit', () => {
      const property = fc.property(
        memories(),
        fc.constantFrom<'neurons' | 'none'>('neurons', 'none'),
        fc.boolean(),
        ({ neurons: n, patterns }, normalize, external) => {
          const some = new HopfieldNetwork({ neurons: n, backend, weights, normalize }).store(patterns)
          const asked = randomPatterns({ count: 5, neurons: n, seed: n })
          const options = external
            ? { externalField: Float64Array.from({ length: n }, (_, i) => Math.sin(i)) }
            : {}
          const each = Array.from({ length: 5 }, (_, b) => asked.subarray(b * n, (b + 1) * n))
          expect(some.energyBatch(asked, options)).toEqual(
            Float64Array.from(each, (state) => some.energy(state, options)),
          )
          expect(some.overlapsBatch(asked)).toEqual(
            Float64Array.from(each.flatMap((state) => Array.from(some.overlaps(state)))),
          )
        },
      )
      fc.assert(property, FIXED)
    })

    const inputs: [string, never][] = [
      ['numbers', untyped(Array.from(states))],
      ['an array of Int8Arrays', untyped(rows)],
      ['an array of arrays', untyped(rows.map((row) => Array.from(row)))],
      ['PackedPatterns', untyped(PackedPatterns.from(states, { neurons }))],
    ]
    for (const [what, input] of inputs) {
      it(`take ${what}`, () => {
        expect(net.energyBatch(input, { externalField })).toEqual(net.energyBatch(states, { externalField }))
        expect(net.overlapsBatch(input)).toEqual(net.overlapsBatch(states))
      })
    }

    it('are the same off the event loop, of the memory as it was at the call', async () => {
      const own = new HopfieldNetwork({ neurons, backend, weights }).store(net.patterns())
      const later = [{}, { chunk: 3, threads: 2 }].flatMap((limits) => [
        own.energyBatchAsync(states, { externalField, ...limits }),
        own.overlapsBatchAsync(states, limits),
      ])
      own.forget(0)
      const told: number[] = []
      await own.overlapsBatchAsync(states, { chunk: 7, onProgress: ({ done }) => told.push(done) })
      expect(told.at(-1)).toBe(20)
      for (const [k, answer] of (await Promise.all(later)).entries()) {
        const here = k % 2 === 0 ? net.energyBatch(states, { externalField }) : net.overlapsBatch(states)
        expect(answer).toEqual(here)
      }
    })

    it('of nothing are nothing', () => {
      expect(net.energyBatch([])).toEqual(new Float64Array(0))
      expect(net.overlapsBatch([])).toEqual(new Float64Array(0))
      expect(new HopfieldNetwork({ neurons, backend, weights }).overlapsBatch(states)).toHaveLength(0)
    })

    it('name the first bad value, and unknown options', () => {
      const bad = states.slice()
      bad[777] = 0
      for (const verb of ['energyBatch', 'overlapsBatch'] as const) {
        const call = (s: Int8Array) => net[verb](s)
        expect(refusal(() => call(bad))).toMatchObject({
          code: 'ERR_HOPFIELD_VALUE',
          message: `${verb}: states[777]: expected +1 or -1, got 0; bipolar() converts 0/1 and true/false`,
        })
        expect(refusal(() => call(bad.subarray(1))).code).toBe('ERR_HOPFIELD_SHAPE')
      }
      expect(refusal(() => net.energyBatch(states, untyped({ field: 1 }))).code).toBe('ERR_HOPFIELD_OPTION')
    })
  })
}

it('energyBatch and overlapsBatch are the same in several portions', () => {
  // 2^24 bytes are 2^21 states of one word or energies, and the overlaps of 2^20 with 4 patterns.
  const neurons = 8
  const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 4, neurons, seed: 1 }))
  const count = 2 ** 21 + 5
  const states = randomPatterns({ count, neurons, seed: 2 })
  const energies = net.energyBatch(states)
  const overlaps = net.overlapsBatch(states)
  for (const b of [0, 2 ** 20 - 1, 2 ** 20, 2 ** 21 - 1, 2 ** 21, count - 1]) {
    const state = states.subarray(b * neurons, (b + 1) * neurons)
    expect(energies[b]).toBe(net.energy(state))
    expect(overlaps.slice(b * 4, (b + 1) * 4)).toEqual(net.overlaps(state))
  }
})
