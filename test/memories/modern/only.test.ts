import { describe, expect, it } from 'vitest'
import { attention, ModernHopfield, type ModernHopfieldOptions, RecallBatcher } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { gaussians } from '../../helpers/vectors.js'

const [M, D, B] = [330, 12, 9]
const keys = gaussians(M * D, 5)
const queries = gaussians(B * D, 6)
/** Whole tiles of 64, single patterns, and those behind the last tile. */
const only = Array.from({ length: M }, (_, mu) => mu).filter((mu) => (mu >= 64 && mu < 128) || mu % 9 === 4)
const mask = Uint8Array.from({ length: M }, (_, mu) => (only.includes(mu) ? 1 : 0))
const separations = ['softmax', 'sparsemax', 'entmax15', 'normmax', 'epanechnikov'] as const

describe.each(BACKENDS)('a recall from some patterns, %s', (backend) => {
  const made = (options?: Partial<ModernHopfieldOptions>): ModernHopfield =>
    new ModernHopfield({ dimension: D, beta: 3, backend, ...options }).store(keys)

  it.each(separations)('is attention with a mask, %s', (separation) => {
    for (const beta of [0.02, 0.3, 5]) {
      for (const precision of ['double', 'single'] as const) {
        const how = { beta, separation, similarity: 'euclidean', precision, backend } as const
        const flags = Uint8Array.from({ length: B * M }, (_, k) => mask[k % M])
        const expected = attention(queries, keys, keys, { ...how, dimension: D, mask: flags })
        const { states, active } = made(how).recallBatch(queries, { only })
        // Where none is within reach attention gives zeros, and a memory the query.
        for (let b = 0; b < B; b++)
          if (active[b] === 0) expected.set(queries.subarray(b * D, (b + 1) * D), b * D)
        expectSame(states, expected)
        expectSame(made(how).recallBatch(queries, { mask }).states, states)
      }
    }
  })

  it('is what a memory of those alone would recall', () => {
    const few = Float32Array.from(only.flatMap((mu) => [...keys.subarray(mu * D, (mu + 1) * D)]))
    for (const weighed of [undefined, Float64Array.from({ length: M }, (_, mu) => 1 + (mu % 5))]) {
      const options = { dimension: D, beta: 3, similarity: 'euclidean', backend } as const
      const all = new ModernHopfield(options).store(keys, weighed && { weights: weighed })
      const alone = new ModernHopfield(options)
      alone.store(few, weighed && { weights: only.map((mu) => weighed[mu]) })
      const [a, b] = [
        all.recallBatch(queries, { only, maxSteps: 3 }),
        alone.recallBatch(queries, { maxSteps: 3 }),
      ]
      expect(a.active).toEqual(b.active)
      for (const [k, x] of a.states.entries()) expect(x).toBeCloseTo(b.states[k], 5)
      for (const [k, e] of a.energies.entries()) expect(e).toBeCloseTo(b.energies[k], 5)
    }
  })

  it('gives the same bits alone, in a batch and later, with values of their own too', async () => {
    const net = new ModernHopfield({ dimension: D, valueDimension: 5, beta: 4, backend })
    net.store(keys, gaussians(M * 5, 7))
    const options = { mask, maxSteps: 3 }
    const batch = net.recallBatch(queries, options)
    expect(await net.recallAsync(queries, { ...options, threads: 2, chunk: 2 })).toEqual(batch)
    for (let b = 0; b < B; b++) {
      expect(net.recall(queries.subarray(b * D, (b + 1) * D), options)).toEqual(batch.at(b))
    }
  })

  it('takes patterns by id, and all of them where all are named', () => {
    const net = new ModernHopfield({ dimension: D, beta: 3, backend })
    net.store(keys, { ids: Array.from({ length: M }, (_, mu) => `key ${mu}`) })
    const query = queries.subarray(0, D)
    const by = only.map((mu) => ({ id: `key ${mu}` }))
    expect(net.recall(query, { only: by })).toEqual(net.recall(query, { only }))
    expect(net.recall(query, { mask: new Uint8Array(M).fill(1) })).toEqual(net.recall(query))
    expect(net.recall(query, { only: [7] }).state).toEqual(net.pattern(7))
  })

  it.each([
    [{ only: [1], mask }, 'ERR_HOPFIELD_OPTION', 'give only or mask, not both'],
    [{ only: [] }, 'ERR_HOPFIELD_VALUE', 'only: expected at least one pattern'],
    [{ only: [M] }, 'ERR_HOPFIELD_RANGE', 'index'],
    [{ mask: [1, 0] }, 'ERR_HOPFIELD_SHAPE', 'mask'],
  ])('refuses %j', (options, code, message) => {
    const expected = expect.objectContaining({ code, message: expect.stringContaining(message) })
    expect(() => made().recall(queries.subarray(0, D), options)).toThrow(expected)
    expect(() => made().retrieveBatch(queries, options)).toThrow(expected)
  })

  it('refuses queries whose reading changes what is stored', () => {
    const net = made()
    const query = Array.from(queries.subarray(0, D))
    Object.defineProperty(query, 0, { get: () => net.forget(0).patternCount })
    expect(() => net.recall(query, { mask })).toThrow('reading the arguments changed')
  })

  it('is not for gathered recalls, before which patterns may come and go', () => {
    expect(() => new RecallBatcher(made(), { only } as object)).toThrow('only')
  })
})
