import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attention, formatNpy, fromBytes, ModernHopfield, parseNpy } from '../../../src/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { hasNumpy, python } from '../../helpers/numpy.js'
import { untyped as wrong } from '../../helpers/refusal.js'

function vectors(count: number, dimension: number, stream: number): Float32Array {
  const random = new WordStream(15, 0).seek(1, stream)
  const out = Float32Array.from({ length: count * dimension }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
    return radius * Math.cos(2 * Math.PI * random.uniform())
  })
  return out.map((x) => x / Math.sqrt(dimension))
}

/** As NumPy in float32 does with its sums pairwise or in vectors: every step rounded, sums of all keys in one accumulator a lane. */
function plainSingle(keys: Float32Array, query: Float32Array, beta: number): Float32Array {
  const d = query.length
  const count = keys.length / d
  const f = Math.fround
  const logits = Float32Array.from({ length: count }, (_, mu) => {
    const lanes = new Float32Array(16)
    for (let c = 0; c < d; c++) lanes[c & 15] = f(lanes[c & 15] + f(query[c] * keys[mu * d + c]))
    return f(f(beta) * lanes.reduce((a, b) => f(a + b)))
  })
  const most = logits.reduce((a, b) => Math.max(a, b))
  const weights = logits.map((l) => Math.exp(f(l - most)))
  const total = weights.reduce((a, b) => f(a + b))
  const out = new Float32Array(d)
  for (let mu = 0; mu < count; mu++) {
    const p = f(weights[mu] / total)
    for (let c = 0; c < d; c++) out[c] = f(out[c] + f(p * keys[mu * d + c]))
  }
  return out
}

/** Softmax retrieval as it is written with NumPy, in float32 and, to compare with, in float64. */
const NUMPY = `
import json, sys, numpy
folder = sys.argv[1]
keys, queries = (numpy.load(f'{folder}/{name}.npy') for name in ('keys', 'queries'))
def retrieve(keys, queries, beta):
    scores = queries @ keys.T
    scores *= beta
    scores -= scores.max(1, keepdims=True)
    numpy.exp(scores, out=scores)
    scores /= scores.sum(1, keepdims=True)
    return scores @ keys
for k, beta in enumerate(json.loads(sys.argv[2])):
    numpy.save(f'{folder}/single{k}.npy', retrieve(keys, queries, numpy.float32(beta)))
    numpy.save(f'{folder}/double{k}.npy', retrieve(keys.astype(float), queries.astype(float), float(beta)))
print('null')`

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (x, c) => x - b[c]))

describe("precision 'single'", () => {
  const [count, dimension] = [3000, 48]
  const keys = vectors(count, dimension, 0)
  const queries = vectors(6, dimension, 1)
  for (const beta of [0.1, 2, 8 * Math.sqrt(dimension)]) {
    test(`is nearer to the sums in f64 than plain sums in f32, at β = ${beta.toFixed(1)}`, () => {
      const double = new ModernHopfield({ dimension, beta }).store(keys).recallBatch(queries)
      const single = new ModernHopfield({ dimension, beta, precision: 'single' })
        .store(keys)
        .recallBatch(queries)
      const row = (all: Float32Array, b: number): Float32Array =>
        all.subarray(b * dimension, (b + 1) * dimension)
      let [ours, plain] = [0, 0]
      for (let b = 0; b < 6; b++) {
        const exact = row(double.states, b)
        ours += distance(row(single.states, b), exact)
        plain += distance(plainSingle(keys, row(queries, b), beta), exact)
      }
      expect(ours).toBeLessThanOrEqual(plain)
      expect(ours / 6).toBeLessThan(2 ** -20)
    })
  }

  test.skipIf(!hasNumpy).each([
    [48, 3000],
    [64, 20_000],
    [768, 2000],
  ])('is nearer to the sums in f64 than NumPy in float32, %d numbers of %d keys', (d, M) => {
    const [all, asked] = [vectors(M, d, 2), vectors(16, d, 3)]
    const betas = [1 / Math.sqrt(d), 2, 8 * Math.sqrt(d)]
    const folder = mkdtempSync(join(tmpdir(), 'precision-'))
    try {
      writeFileSync(join(folder, 'keys.npy'), formatNpy(all, [M, d]))
      writeFileSync(join(folder, 'queries.npy'), formatNpy(asked, [16, d]))
      python(NUMPY, folder, JSON.stringify(betas))
      const read = (name: string) => parseNpy(readFileSync(join(folder, `${name}.npy`))).data as Float64Array
      for (const [k, beta] of betas.entries()) {
        const net = new ModernHopfield({ dimension: d, beta, precision: 'single' }).store(all)
        const { states } = net.recallBatch(asked)
        const [exact, numpys] = [read(`double${k}`), read(`single${k}`)]
        const off = distance(states, exact)
        expect(off, `β = ${beta}`).toBeLessThanOrEqual(distance(numpys, exact))
        expect(off / 4).toBeLessThan(2 ** -20)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('gives attention the bits that a network has', () => {
    const net = new ModernHopfield({ dimension, beta: 2, precision: 'single' }).store(keys)
    const out = attention(queries, keys, keys, { dimension, beta: 2, precision: 'single' })
    expect(out).toEqual(net.recallBatch(queries).states)
    expect(out).not.toEqual(attention(queries, keys, keys, { dimension, beta: 2 }))
  })

  test('is kept in a file', async () => {
    const net = new ModernHopfield({ dimension, beta: 2, precision: 'single' }).store(keys)
    const again = fromBytes(net.toBytes()) as ModernHopfield
    expect(again.precision).toBe('single')
    expect(again.recall(queries.subarray(0, dimension))).toEqual(net.recall(queries.subarray(0, dimension)))
  })

  test('computes in f64 what f32 could not hold', () => {
    const large = keys.map((x) => x * 1e30)
    const query = queries.subarray(0, dimension).map((x) => x * 1e8)
    const of = (precision: 'single' | 'double'): Float32Array =>
      new ModernHopfield({ dimension, beta: 1e-38, precision }).store(large).recall(query).state
    expect(of('single')).toEqual(of('double'))
    expect(of('single').every(Number.isFinite)).toBe(true)
  })

  test('reads out values near the largest of f32', () => {
    const values = new Float32Array(count).fill(3e38)
    const out = attention(queries, keys, values, { dimension, beta: 0.1, precision: 'single' })
    for (const value of out) expect(value / 3e38).toBeCloseTo(1, 6)
  })

  test('is one of two words', () => {
    expect(() => new ModernHopfield(wrong({ dimension: 2, precision: 'half' }))).toThrow(
      /precision: expected one of/,
    )
    expect(() => attention([[1]], [[1]], [[1]], wrong({ precision: 'half' }))).toThrow(
      /precision: expected one of/,
    )
  })
})
