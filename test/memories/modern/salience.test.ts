import { describe, expect, it } from 'vitest'
import { ModernHopfield, type ModernHopfieldOptions } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { gaussians } from '../../helpers/vectors.js'

const [M, D] = [320, 12]
const keys = gaussians(M * D, 5)
const queries = gaussians(6 * D, 6)
/** From 1/8 to 8. */
const weights = Float64Array.from({ length: M }, (_, mu) => 2 ** (((mu * 7) % 25) / 4 - 3))
const key = (mu: number): Float32Array => keys.slice(mu * D, (mu + 1) * D)

describe.each(BACKENDS)('salience, %s', (backend) => {
  const made = (options?: Partial<ModernHopfieldOptions>): ModernHopfield =>
    new ModernHopfield({ dimension: D, beta: 3, backend, ...options })
  const everything = (net: ModernHopfield): unknown => [
    net.recallBatch(queries, { maxSteps: 2 }),
    net.associationBatch(queries),
    net.topBatch(queries, 4),
    net.energyBatch(queries),
    net.overlapsBatch(queries),
  ]

  it.each(['dot', 'cosine', 'euclidean'] as const)('multiplies the exponentials of %s', (similarity) => {
    const net = made({ similarity }).store(keys, { weights })
    const query = queries.subarray(0, D)
    const similar = net.overlaps(query)
    const most = Math.max(...similar)
    const terms = similar.map((s, mu) => weights[mu] * Math.exp(3 * (s - most)))
    const sum = terms.reduce((a, b) => a + b)
    // Weights are rounded to f32.
    for (const [mu, p] of net.association(query).entries()) expect(p).toBeCloseTo(terms[mu] / sum, 7)
    expect(net.overlaps(query)).toEqual(made({ similarity }).store(keys).overlaps(query))
  })

  it('counts a pattern of weight 2 as one that is stored twice', () => {
    const doubled = made({ beta: 0.3 }).store(keys, { weights: new Float64Array(M).fill(1).fill(2, 0, 9) })
    const twice = made({ beta: 0.3 })
      .store(keys)
      .store(keys.subarray(0, 9 * D))
    const [a, b] = [doubled.recallBatch(queries), twice.recallBatch(queries)]
    for (const [k, x] of a.states.entries()) expect(x).toBeCloseTo(b.states[k], 5)
    for (const [k, e] of a.energies.entries()) expect(e).toBeCloseTo(b.energies[k], 5)
  })

  it('leaves energies as they are where all weights are multiplied by the same number', () => {
    const [a, b] = [0.25, 40].map((factor) => made().store(keys, { weights: weights.map((w) => w * factor) }))
    const energies = b.energyBatch(queries)
    for (const [k, e] of a.energyBatch(queries).entries()) expect(e).toBeCloseTo(energies[k], 6)
  })

  it('ranks by similarity, and says the weights', () => {
    const net = made().store(keys, { weights })
    const plain = made().store(keys).topBatch(queries, 7)
    const top = net.topBatch(queries, 7)
    const all = net.associationBatch(queries)
    expect([top.indices, top.similarities]).toEqual([plain.indices, plain.similarities])
    expect(top.weights).toEqual(Float64Array.from(top.indices, (mu, k) => all[Math.floor(k / 7) * M + mu]))
  })

  it('decides between patterns that are equally near', () => {
    const net = new ModernHopfield({ dimension: 2, beta: 4, similarity: 'euclidean', backend })
    net.store([1, 0, -1, 0], { weights: [1, 1e6] })
    expect(net.recall([0, 0]).state[0]).toBeCloseTo(-1, 5)
  })

  it('may be given to some patterns and not to others', () => {
    const net = made().store(keys.subarray(0, 100 * D))
    net.store(keys.subarray(100 * D, 200 * D), { weights: weights.subarray(100, 200) })
    net.store(keys.subarray(200 * D))
    const all = weights.map((w, mu) => (mu >= 100 && mu < 200 ? w : 1))
    expect(everything(net)).toEqual(everything(made().store(keys, { weights: all })))
    expect([99, 100, 199, 200].map((mu) => net.salience(mu))).toEqual([1, weights[100], weights[199], 1])
  })

  it('makes no difference where all weights are 1', () => {
    const one = made().store(keys, { weights: new Float32Array(M).fill(1) })
    expect(everything(one)).toEqual(everything(made().store(keys)))
  })

  it('goes with its pattern when others are forgotten or replaced', () => {
    const net = made().store(keys, { weights }).forget(3).forget(70, { swap: true }).replace(5, key(3))
    const left = Array.from({ length: M }, (_, mu) => mu).filter((mu) => mu !== 3)
    left[70] = left[left.length - 1]
    left.pop()
    const rows = Float32Array.from(left.flatMap((mu, at) => [...key(at === 5 ? 3 : mu)]))
    const same = made().store(rows, { weights: left.map((mu) => weights[mu]) })
    expect(everything(net)).toEqual(everything(same))
    expect(net.salience(70)).toBe(weights[M - 1])
    expect(everything(net.clear().store(keys))).toEqual(everything(made().store(keys)))
  })

  it('is kept in files and shared, and can be added to there', async () => {
    const net = made().store(keys, { weights, ids: Array.from(weights.keys()) })
    const expected = everything(net)
    const opened = ModernHopfield.fromBytes(net.toBytes(), { backend })
    expect(everything(opened)).toEqual(expected)
    expect(opened.salience({ id: 8 })).toBe(weights[8])
    const shared = ModernHopfield.fromShared(net.share(), { backend })
    expect(everything(shared)).toEqual(expected)
    shared.store(key(0), { weights: [3] })
    net.store(key(0), { weights: [3] })
    expect(everything(shared)).toEqual(everything(net))
    const later = await made().storeAsync(keys, { weights })
    expect(later.associationBatch(queries)).toEqual(opened.associationBatch(queries))
  })

  it('is seen by readers as it was when they began', async () => {
    const net = made().store(keys, { weights })
    const expected = net.recallBatch(queries)
    const reading = net.recallAsync(queries)
    net.forget(0).store(key(0), { weights: [1e50] })
    expect(await reading).toEqual(expected)
  })

  it.each([
    'softmax',
    'sparsemax',
    'entmax15',
    'normmax',
  ] as const)('exactness accounts for it, %s', (separation) => {
    const [few, own] = [keys.slice(0, 70 * D), { weights: weights.subarray(0, 70) }]
    const { beta } = made({ separation, similarity: 'euclidean' }).store(few, own).exactness()
    const net = made({ separation, similarity: 'euclidean', beta: beta * (1 + 1e-9) }).store(few, own)
    expect(net.exactness().exact).toBe(true)
    expect(net.recallBatch(few).states).toEqual(few)
  })

  it('bounds the error of a retrieval', () => {
    const net = made({ beta: 20 }).store(keys, { weights })
    for (const index of [0, 9]) {
      const [x, y] = [key(index), net.recall(key(index)).state]
      const error = Math.hypot(...x.map((value, c) => value - y[c]))
      expect(error).toBeLessThanOrEqual(net.retrievalErrorBound(index, x) + 1e-5)
    }
  })

  it.each([
    [[0, 1], 'ERR_HOPFIELD_VALUE', 'weights[0]: expected a number from 1e-100 to 1e+100, got 0'],
    [[1, Number.NaN], 'ERR_HOPFIELD_VALUE', 'weights[1]: expected a number from 1e-100 to 1e+100, got NaN'],
    [[1], 'ERR_HOPFIELD_SHAPE', 'weights: expected 2 (one per key), got 1'],
    ['ab', 'ERR_HOPFIELD_TYPE', 'weights'],
  ])('refuses weights %j, and stores nothing', (given, code, message) => {
    const net = made().store(keys, { weights })
    const wrong = { weights: given as number[] }
    expect(() => net.store(keys.subarray(0, 2 * D), wrong)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
    expect(net.patternCount).toBe(M)
  })

  it('refuses weights where patterns within reach weigh the same', () => {
    const net = made({ separation: 'epanechnikov' })
    expect(() => net.store(keys, { weights })).toThrow("weights: with separation 'epanechnikov'")
  })
})
