import { describe, expect, it } from 'vitest'
import { fromBytes, fromShared, ModernHopfield, RecallBatcher, SimilarityMap } from '../../../src/index.js'
import { openRecord } from '../../../src/memories/opening.js'
import { spent } from '../../../src/platform/turn.js'
import { RecordReader, type Tensor } from '../../../src/storage/record.js'
import { BACKENDS } from '../../helpers/backends.js'
import { heldRecord } from '../../helpers/held-record.js'
import { refusal, rejection, untyped } from '../../helpers/refusal.js'

const D = 12
const M = 30
// Vectors that are much alike: a common part, and a little of their own.
const data = Float32Array.from({ length: M * D }, (_, k) => 4 + Math.cos(k % D) + 0.5 * Math.sin(k * k))

function cosines(rows: ArrayLike<number>, width: number): number[][] {
  const count = rows.length / width
  const at = (a: number, b: number): number => {
    let sum = 0
    for (let i = 0; i < width; i++) sum += rows[a * width + i] * rows[b * width + i]
    return sum
  }
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => at(a, b) / Math.sqrt(at(a, a) * at(b, b))),
  )
}

/** The mean of 1 − the largest cosine with another vector. */
function separation(rows: ArrayLike<number>, width: number): number {
  const all = cosines(rows, width)
  const own = all.map((row, a) => 1 - Math.max(...row.filter((_, b) => b !== a)))
  return own.reduce((sum, x) => sum + x, 0) / own.length
}

/** The mean of ln Σ_{ν≠μ} e^(β·cosine). */
function loss(rows: ArrayLike<number>, width: number, beta: number): number {
  const all = cosines(rows, width)
  const own = all.map((row, a) =>
    Math.log(row.reduce((sum, c, b) => sum + (b === a ? 0 : Math.exp(beta * c)), 0)),
  )
  return own.reduce((sum, x) => sum + x, 0) / own.length
}

const fitted = (of: SimilarityMap, ...given: Parameters<SimilarityMap['fit']>): SimilarityMap =>
  of.fit(...given)

describe.each(BACKENDS)('SimilarityMap, %s', (backend) => {
  const map = (options: object = {}): SimilarityMap =>
    new SimilarityMap({ dimension: D, backend, ...options })

  it('maps beside other work by what it is at the call', async () => {
    const one = fitted(map(), data, { kind: 'whitening' })
    const expected = one.transform(data)
    // Once this turn has had its share of work, what is asked for now begins in a later one.
    while (!spent());
    const mapping = one.transformAsync(data)
    fitted(one, data.subarray(0, 5 * D), { epochs: 1 })
    expect(await mapping).toEqual(expected)
    expect(one.transform(data)).not.toEqual(expected)
  })

  it('learns nothing that it could not be opened with', () => {
    for (const [options, scale] of [
      // A mean beyond the bounds; weights that whiten what is far too small.
      [{ kind: 'centring' }, 1e37],
      [{ kind: 'separating', epochs: 1 }, 1e37],
      [{ kind: 'whitening' }, 1e-36],
    ] as const) {
      const one = map()
      const before = one.toBytes()
      const error = refusal(() =>
        one.fit(
          data.map((x) => x * scale),
          options,
        ),
      )
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_RANGE',
        message: expect.stringMatching(/^fit: data: /),
      })
      expect(one.toBytes()).toEqual(before)
    }
    const far = fitted(
      map(),
      data.map((x) => x * 1e29),
      { kind: 'whitening' },
    )
    expect(SimilarityMap.fromBytes(far.toBytes(), { backend }).transform(data)).toEqual(far.transform(data))
  })

  it('is the unit matrix at first, and takes the mean away after a fit', () => {
    expect(map().transform(data)).toEqual(data)
    const one = fitted(map(), data, { kind: 'centring' })
    const mean = Array.from({ length: D }, (_, i) => {
      let sum = 0
      for (let b = 0; b < M; b++) sum += data[b * D + i]
      return sum / M
    })
    for (const [i, x] of one.mean().entries()) expect(x).toBeCloseTo(mean[i], 5)
    expect(one.transform(one.mean())).toEqual(new Float32Array(D))
  })

  it('whitens: mapped vectors have the covariance of noise', () => {
    const out = fitted(map(), data, { kind: 'whitening', ridge: 1e-9 }).transform(data)
    for (let i = 0; i < D; i++) {
      for (let j = 0; j < D; j++) {
        let sum = 0
        for (let b = 0; b < M; b++) sum += out[b * D + i] * out[b * D + j]
        expect(sum / M).toBeCloseTo(i === j ? 1 : 0, 3)
      }
    }
  })

  it('whitens after a random projection what is projected after a whitening', () => {
    const whitener = fitted(map(), data, { kind: 'whitening' })
    const projector = map({ outputs: 5, seed: 3 })
    const both = fitted(map({ outputs: 5, seed: 3 }), data, { kind: 'whitening' }).transform(data)
    for (const [k, x] of projector.transform(whitener.transform(data)).entries())
      expect(both[k]).toBeCloseTo(x, 3)
  })

  it('keeps squared lengths on average where it projects at random', () => {
    // A squared length is a mean of 400 squares of variance 2: 4 standard errors.
    const out = map({ outputs: 400 }).transform(data.subarray(0, D))
    const square = (x: Float32Array): number => x.reduce((sum, value) => sum + value * value, 0)
    expect(Math.abs(square(out) / square(data.subarray(0, D)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 400))
  })

  it('descends the mean log-sum-exp similarity that it says it descends', () => {
    const one = fitted(map(), data, { kind: 'centring' })
    const before = loss(one.transform(data), D, 8)
    one.fit(data, { beta: 8, epochs: 40, batchSize: M })
    const { losses } = one.learningReport ?? untyped(undefined)
    expect(losses[0]).toBeCloseTo(before, 4)
    expect(loss(one.transform(data), D, 8)).toBeLessThan(losses[39] + 1e-3)
    expect(losses[39]).toBeLessThan(losses[0] - 0.5)
    expect(separation(one.transform(data), D)).toBeGreaterThan(2 * separation(map().transform(data), D))
  })

  it('steps along the derivative of the loss, by every weight', () => {
    // The first step of Adam is the learning rate, against the sign of the derivative.
    const step = 1e-4
    for (const noise of [0, 0.3]) {
      const options = { epochs: 1, batchSize: M, learningRate: step, beta: 3, noise }
      const start = map({ outputs: 3, seed: 1 })
      const one = fitted(map({ outputs: 3, seed: 1 }), data, options)
      const [before, after] = [start.weights(), one.weights()]
      for (const [k, w] of after.entries())
        expect(Math.abs(Math.abs(w - before[k]) - step)).toBeLessThan(2e-7)
      if (noise > 0) continue
      // Against differences of the loss, computed from scratch.
      const mean = one.mean()
      const lossAt = (weights: Float32Array): number => {
        const rows = new Float64Array(3 * M)
        for (let b = 0; b < M; b++)
          for (let o = 0; o < 3; o++)
            for (let i = 0; i < D; i++) rows[3 * b + o] += weights[o * D + i] * (data[b * D + i] - mean[i])
        return loss(rows, 3, 3)
      }
      for (const k of [0, 7, 20, 35]) {
        const slope = [1, -1].map((sign) => lossAt(before.map((w, at) => (at === k ? w + sign * 0.01 : w))))
        expect(Math.sign(after[k] - before[k])).toBe(-Math.sign(slope[0] - slope[1]))
      }
    }
  })

  it('lets a memory of the same β recall what it could not', () => {
    const one = fitted(map(), data, { epochs: 100, batchSize: M })
    const behind = new ModernHopfield({
      dimension: D,
      valueDimension: D,
      similarity: 'cosine',
      beta: 8,
      backend,
    })
    behind.store(one.transform(data), data)
    const plain = new ModernHopfield({ dimension: D, similarity: 'cosine', beta: 8, backend }).store(data)
    const errorOf = (state: Float32Array): number => state.reduce((sum, x, i) => sum + (x - data[i]) ** 2, 0)
    const key = data.slice(0, D)
    expect(errorOf(behind.recall(one.transform(key)).state)).toBeLessThan(
      0.25 * errorOf(plain.recall(key).state),
    )
  })

  it('is kept in files and shared, and learns on from there', async () => {
    const one = fitted(map({ outputs: 5, seed: 2n ** 63n }), data, { epochs: 2 })
    const expected = one.transform(data)
    const opened = SimilarityMap.fromBytes(one.toBytes(), { backend })
    expect(opened.transform(data)).toEqual(expected)
    expect(SimilarityMap.fromShared(one.share(), { backend }).transform(data)).toEqual(expected)
    expect(one.transform(data)).toEqual(expected)
    expect(opened.fit(data, { epochs: 2, noise: 0.2 }).toBytes()).toEqual(
      one.fit(data, { epochs: 2, noise: 0.2 }).toBytes(),
    )
    expect(await one.transformAsync(data)).toEqual(one.transform(data))
  })

  it('learns beside other work what it learns here', async () => {
    const one = map()
    const learning = one.fitAsync(data, { epochs: 3, noise: 0.1, seed: 4 })
    expect(one.transform(data)).toEqual(data)
    await learning
    expect(one.toBytes()).toEqual(fitted(map(), data, { epochs: 3, noise: 0.1, seed: 4 }).toBytes())
    const aborted = one.fitAsync(data, { signal: AbortSignal.abort(new Error('enough')) })
    expect(((await rejection(aborted)) as Error).message).toBe('enough')
  })

  it('is no memory that a batcher could gather cues for', () => {
    expect(refusal(() => new RecallBatcher(untyped(map()))).message).toMatch(
      /expected a memory with recallAsync, got .*SimilarityMap/,
    )
  })

  it('is opened by its own class, as the functions that open memories say', async () => {
    const one = map()
    expect(refusal(() => fromBytes(one.toBytes())).message).toMatch(
      /a SimilarityMap, .* SimilarityMap.fromBytes/,
    )
    expect(refusal(() => fromShared(one.share())).message).toMatch(/SimilarityMap.fromShared/)
    expect(SimilarityMap.fromShared(one.share()).toBytes()).toEqual(one.toBytes())
  })

  it('refuses what it cannot learn from, and changes nothing', () => {
    const one = fitted(map(), data)
    const bytes = one.toBytes()
    expect(refusal(() => one.fit([])).message).toMatch(/data: expected at least one row/)
    expect(refusal(() => one.fit(data.slice(0, D))).message).toMatch(/at least two vectors/)
    expect(refusal(() => one.fit(new Float32Array(3 * D).fill(2), { kind: 'whitening' })).message).toMatch(
      /vectors that differ/,
    )
    expect(refusal(() => one.fit(data, { kind: untyped('cooking') })).code).toBe('ERR_HOPFIELD_OPTION')
    expect(one.toBytes()).toEqual(bytes)
    // Vectors that are all the same cannot be told apart, and need not be.
    expect(
      one
        .fit(new Float32Array(3 * D).fill(2))
        .weights()
        .every(Number.isFinite),
    ).toBe(true)
  })
})

it('learns the same bits on every backend', () => {
  const [one, ...others] = BACKENDS.map((backend) =>
    fitted(
      fitted(new SimilarityMap({ dimension: D, outputs: 7, backend }), data, { kind: 'whitening' }),
      data,
      { noise: 0.1 },
    ).toBytes(),
  )
  for (const other of others) expect(other).toEqual(one)
})

it('opens no record with numbers that are none, or of another shape', () => {
  const { record } = heldRecord(new SimilarityMap({ dimension: 3, outputs: 2 }))
  const open = (name: string, change: (tensor: Tensor) => Tensor): void => {
    const arrays = new Map(
      [...record.arrays].map(([key, tensor]) => [key, key === name ? change(tensor) : tensor]),
    )
    const from = new RecordReader({ ...record, arrays }, false)
    openRecord(untyped(SimilarityMap), from, untyped('auto'))
    from.settle()
  }
  const spoilt = ({ values, shape }: Tensor): Tensor => ({
    values: values.map(() => Number.NaN) as Float32Array,
    shape,
  })
  open('mean', (tensor) => tensor)
  expect(refusal(() => open('weights', spoilt)).message).toMatch(/weights\[0\]: expected a number/)
  expect(refusal(() => open('mean', spoilt)).message).toMatch(/mean\[0\]/)
  expect(refusal(() => open('mean', ({ values }) => ({ values, shape: [1, 3] }))).code).toBe(
    'ERR_HOPFIELD_FILE',
  )
})
