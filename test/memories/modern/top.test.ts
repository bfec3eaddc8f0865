import { describe, expect, it } from 'vitest'
import { ModernHopfield } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { gaussians } from '../../helpers/vectors.js'

const SIMILARITIES = ['dot', 'cosine', 'euclidean'] as const
const SEPARATORS = ['softmax', 'sparsemax', 'entmax15', 'normmax'] as const
const [M, D] = [150, 11]
/** With keys that are there twice, so that similarities tie. */
const keys = gaussians(M * D, 1).map((x, k, all) => (k < 100 * D ? x : all[k - 90 * D]))
const queries = gaussians(5 * D, 2)

describe.each(BACKENDS)('the most similar keys, %s', (backend) => {
  for (const similarity of SIMILARITIES) {
    for (const separator of SEPARATORS) {
      it.each([
        0.01, 1000,
      ])(`are those of the largest ${similarity}, with the weights of ${separator}, at β = %s`, (beta) => {
        const net = new ModernHopfield({
          dimension: D,
          similarity,
          separation: separator,
          beta,
          backend,
        }).store(keys)
        for (const k of [1, 7, M + 9]) {
          const batch = net.topBatch(queries, k)
          expect(batch.k).toBe(Math.min(k, M))
          for (let b = 0; b < 5; b++) {
            const query = queries.subarray(b * D, (b + 1) * D)
            const similar = net.overlaps(query)
            const weights = net.association(query)
            const order = Array.from(similar.keys()).sort((x, y) => similar[y] - similar[x] || x - y)
            const indices = Uint32Array.from(order.slice(0, k))
            const expected = {
              indices,
              similarities: Float64Array.from(indices, (mu) => similar[mu]),
              weights: Float64Array.from(indices, (mu) => weights[mu]),
            }
            expect(net.top(query, k)).toEqual(expected)
            const { indices: all, similarities, weights: weighed } = batch
            const own = (rows: Uint32Array | Float64Array): unknown =>
              rows.subarray(b * batch.k, (b + 1) * batch.k)
            expect([own(all), own(similarities), own(weighed)]).toEqual(Object.values(expected))
          }
        }
      })
    }
  }

  it('come with their values and ids, alone, in a batch and later', async () => {
    const ids = Array.from({ length: M }, (_, mu) => `key ${mu}`)
    const net = new ModernHopfield({ dimension: D, valueDimension: 2, backend })
    net.store(
      keys,
      Float32Array.from({ length: 2 * M }, (_, k) => k),
      { ids },
    )
    const batch = net.topBatch(queries, 3, { values: true })
    expect(batch.ids).toEqual(Array.from(batch.indices, (mu) => `key ${mu}`))
    expect(batch.values).toEqual(
      Float32Array.from({ length: 30 }, (_, k) => 2 * batch.indices[k >> 1] + (k % 2)),
    )
    const { k: _, ...lone } = net.topBatch(queries.subarray(0, D), 3, { values: true })
    expect(net.top(queries.subarray(0, D), 3, { values: true })).toEqual(lone)
    const later = net.topAsync(queries, 3, { values: true, chunk: 2 })
    net.forget(0)
    expect(await later).toEqual(batch)
  })

  it('are searched tile by tile where there are many', () => {
    const many = gaussians(3000 * 64, 5)
    const net = new ModernHopfield({ dimension: 64, beta: 8, backend }).store(many)
    const some = gaussians(40 * 64, 6)
    const batch = net.topBatch(some, 4)
    for (const b of [0, 39]) {
      expect(batch.indices.subarray(4 * b, 4 * b + 4)).toEqual(
        net.top(some.subarray(64 * b, 64 * (b + 1)), 4).indices,
      )
    }
  })

  it('are looked for among some patterns alone, which have all the weight', () => {
    const many = gaussians(3000 * 24, 7)
    const ids = Array.from({ length: 3000 }, (_, mu) => `key ${mu}`)
    for (const separator of SEPARATORS) {
      for (const beta of [0.001, 20]) {
        const net = new ModernHopfield({ dimension: 24, beta, separation: separator, backend }).store(many, {
          ids,
        })
        const some = gaussians(3 * 24, 8)
        // Whole tiles, single keys of others, and the last ones.
        const only = ids.map((_, mu) => mu).filter((mu) => (mu >> 7) % 3 === 0 || mu % 97 === 0 || mu > 2990)
        const mask = new Uint8Array(3000)
        for (const mu of only) mask[mu] = 1
        const few = new ModernHopfield({ dimension: 24, beta, separation: separator, backend })
        few.store(only.flatMap((mu) => [...many.subarray(24 * mu, 24 * mu + 24)]))
        const found = net.topBatch(some, 6, { only })
        const alone = few.topBatch(some, 6)
        expect(Array.from(found.indices)).toEqual(Array.from(alone.indices, (place) => only[place]))
        expect(found.similarities).toEqual(alone.similarities)
        for (const [rank, weight] of alone.weights.entries()) {
          expect(found.weights[rank]).toBeCloseTo(weight, 8)
        }
        expect(net.topBatch(some, 6, { mask })).toEqual(found)
        const named = net.topBatch(some, 6, { only: only.map((mu) => ({ id: ids[mu] })) })
        expect(named).toEqual(found)
      }
    }
  })

  it('are as many as may be seen', () => {
    const net = new ModernHopfield({ dimension: D, backend }).store(keys)
    expect(net.top(queries.subarray(0, D), 5, { only: [7, 3, 7] }).indices).toHaveLength(2)
    expect(Array.from(net.top(queries.subarray(0, D), 1, { only: [9] }).weights)).toEqual([1])
  })

  it('say what is wrong with the patterns to look among', () => {
    const net = new ModernHopfield({ dimension: D, backend }).store(keys)
    const top = (options: object): unknown => net.top(queries.subarray(0, D), 2, options)
    expect(() => top({ only: [M] })).toThrow(/top: index: expected/)
    expect(() => top({ only: [{ id: 'x' }] })).toThrow(/no stored pattern has the id/)
    expect(() => top({ only: [] })).toThrow(/top: only: expected at least one/)
    expect(() => top({ only: 3 })).toThrow(/top: only: expected an array/)
    expect(() => top({ mask: [1, 0] })).toThrow(/top: mask/)
    expect(() => top({ mask: new Uint8Array(M) })).toThrow(/top: mask: expected at least one/)
    expect(() => top({ only: [1], mask: new Uint8Array(M).fill(1) })).toThrow(/not both/)
  })

  it('have the weights that a batch of associations has', async () => {
    const net = new ModernHopfield({ dimension: D, beta: 3, backend }).store(keys)
    const all = net.associationBatch(queries)
    expect(await net.associationBatchAsync(queries, { chunk: 2 })).toEqual(all)
    for (let b = 0; b < 5; b++) {
      expect(all.subarray(b * M, (b + 1) * M)).toEqual(net.association(queries.subarray(b * D, (b + 1) * D)))
    }
  })

  it('stop when they are told to', async () => {
    const net = new ModernHopfield({ dimension: D, backend }).store(keys)
    await expect(net.topAsync(queries, 3, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    const seen: number[] = []
    await net.topAsync(queries, 3, { chunk: 1, onProgress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).toBe(5)
  })
})
