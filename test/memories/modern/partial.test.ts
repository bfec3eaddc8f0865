import { describe, expect, test } from 'vitest'
import { type KeySums, ModernHopfield, type ModernHopfieldOptions } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'

const [M, D, E] = [203, 13, 5]

const reals = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, k) => Math.sin((k + 1) * (k + seed) * 0.37))

describe.each(BACKENDS)('the recall of keys that lie in parts, %s', (backend) => {
  test.each<[string, Omit<ModernHopfieldOptions, 'dimension'>, boolean]>([
    ['softmax without a cut', { beta: 0.3 }, false],
    ['a sharp softmax', { beta: 40 }, false],
    ['cosine', { beta: 25, similarity: 'cosine' }, true],
    ['Euclidean', { beta: 9, similarity: 'euclidean' }, true],
    ['values', { beta: 3, valueDimension: E }, true],
    ['epanechnikov', { separation: { kind: 'epanechnikov', radius: 2.6 } }, false],
  ])('%s: has the bits of one memory, however they are cut', (_, options, salient) => {
    const keys = reals(M * D, 1)
    const values = reals(M * E, 2)
    const weights = salient ? Float64Array.from({ length: M }, (_, k) => 0.5 + (k % 7)) : undefined
    const own = options.valueDimension !== undefined
    const make = (from: number, to: number): ModernHopfield =>
      new ModernHopfield({ dimension: D, ...options, backend }).store(
        keys.subarray(from * D, to * D),
        own ? values.subarray(from * E, to * E) : undefined,
        weights === undefined ? {} : { weights: weights.subarray(from, to) },
      )
    const queries = reals(6 * D, 3)
    const net = make(0, M)
    const whole = net.keyFacts
    const one = net.recallBatch(queries)
    for (const cuts of [
      [0, M],
      [0, 64, 128, M],
      [0, 1, 2, 77, 202, M],
    ]) {
      const parts = cuts.slice(1).map((to, k) => make(cuts[k], to))
      const peaks = new Float64Array(6).fill(Number.NEGATIVE_INFINITY)
      for (const part of parts) {
        for (const [b, peak] of part.peaks(queries, { whole }).entries()) peaks[b] = Math.max(peaks[b], peak)
      }
      let before: KeySums | undefined
      for (const part of parts) {
        before = part.partial(queries, { whole, peaks, ...(before === undefined ? {} : { before }) })
      }
      const step = parts[0].complete(queries, { whole, peaks, ...(before === undefined ? {} : { before }) })
      const states = step.states.slice()
      // Where no key has weight a recall leaves the query as it is.
      for (let b = 0; b < 6; b++) {
        if (step.active[b] === 0) states.set(queries.subarray(b * D, (b + 1) * D), b * D)
      }
      expect(states).toEqual(one.states)
      expect(step.active).toEqual(one.active)
      expect(step.energies).toEqual(net.energyBatch(queries))
    }
  })
})

test('sums that do not fit are refused by name', () => {
  const net = new ModernHopfield({ dimension: 2 }).store([
    [1, 2],
    [3, 4],
  ])
  const whole = { ...net.keyFacts, count: 3 }
  const query = [1, 1]
  const sums = net.partial(query, { whole, peaks: [5] })
  expect(() => net.complete(query, { whole, peaks: [5], before: sums })).toThrow('complete: before.count')
  expect(() => net.partial(query, { whole, peaks: [5, 6] })).toThrow('partial: peaks')
  expect(() => net.partial(query, { whole, peaks: [5], before: sums, addend: 'nothing' })).toThrow(
    'partial: before.width: expected 0, got 2',
  )
  expect(() => net.partial([1, 1, 1, 1], { whole, peaks: [5, 5], before: sums })).toThrow(
    'partial: before.sums',
  )
})

test('what would need other sums is refused', () => {
  const ask = (options: object) => {
    const net = new ModernHopfield({ dimension: 2, ...options }).store([1, 2])
    return () => net.peaks([1, 1], { whole: net.keyFacts })
  }
  expect(ask({ precision: 'single' })).toThrow("peaks: parts are summed in f64: expected precision 'double'")
  expect(ask({ separation: 'sparsemax' })).toThrow("expected 'softmax' or 'epanechnikov'")
})
