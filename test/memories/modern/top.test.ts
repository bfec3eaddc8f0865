import { describe, expect, it } from 'vitest'
import { ModernHopfield } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { gaussians } from '../../helpers/vectors.js'

const SIMILARITIES = ['dot', 'cosine', 'euclidean'] as const
const SEPARATORS = ['softmax', 'sparsemax', 'entmax15'] as const
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
        const net = new ModernHopfield({ dimension: D, similarity, separator, beta, backend }).store(keys)
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

  it('stop when they are told to', async () => {
    const net = new ModernHopfield({ dimension: D, backend }).store(keys)
    await expect(net.topAsync(queries, 3, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    const seen: number[] = []
    await net.topAsync(queries, 3, { chunk: 1, onProgress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).toBe(5)
  })
})
