import { describe, expect, it } from 'vitest'
import { ModernHopfield, RandomFeatureMemory, randomPatterns } from '../../../src/index.js'
import { openRecord } from '../../../src/memories/opening.js'
import { addNoise } from '../../../src/patterns/corruption.js'
import { RecordReader, type Tensor } from '../../../src/storage/record.js'
import { BACKENDS, type Backend } from '../../helpers/backends.js'
import { heldRecord } from '../../helpers/held-record.js'
import { refusal, rejection, untyped } from '../../helpers/refusal.js'

const D = 64
const spins = randomPatterns({ count: 12, neurons: D, seed: 3 })
const reals = Float32Array.from({ length: 12 * D }, (_, k) => Math.sin(k * k))
const row = <T extends Float32Array | Int8Array>(all: T, k: number): T => all.slice(k * D, (k + 1) * D) as T
const some = <T extends Float32Array | Int8Array>(all: T, from: number, to: number): T =>
  all.slice(from * D, to * D) as T

const make = (backend: Backend, options: object = {}): RandomFeatureMemory =>
  new RandomFeatureMemory({ dimension: D, frequencies: 4096, vectors: 'bipolar', backend, ...options })

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    aa += a[i] * a[i]
    bb += b[i] * b[i]
  }
  return dot / Math.sqrt(aa * bb)
}

/** Σ_μ e^(−β(1 − cosine)). */
function exactDensity(stored: Float32Array | Int8Array, state: ArrayLike<number>, beta: number): number {
  let sum = 0
  for (let mu = 0; mu < stored.length / D; mu++) sum += Math.exp(-beta * (1 - cosine(row(stored, mu), state)))
  return sum
}

describe.each(BACKENDS)('RandomFeatureMemory, %s', (backend) => {
  it('estimates the density of what is stored, unit vectors and ±1', () => {
    for (const [vectors, all] of [
      ['bipolar', spins],
      ['unit', reals],
    ] as const) {
      const memory = make(backend, { vectors, frequencies: 16_384 }).store(some(all, 0, 3))
      // An estimate is a mean of 16,384 cosines of variance ½ or less for each of three: 4 standard errors.
      const most = 4 * Math.sqrt(3 / 2 / 16_384)
      for (const k of [0, 1, 2, 7]) {
        const state = row(all, k)
        expect(Math.abs(memory.density(state) - exactDensity(some(all, 0, 3), state, 8))).toBeLessThan(most)
      }
      expect(memory.energy(row(all, 1))).toBeCloseTo(-Math.log(memory.density(row(all, 1))) / 8, 12)
    }
  })

  it('errs no more than independent frequencies would, and as one over their root', () => {
    const [stored, state] = [row(spins, 0), row(spins, 1)]
    const exact = exactDensity(stored, state, 2)
    const seeds = 100
    for (const frequencies of [64, 1024]) {
      let square = 0
      for (let seed = 0; seed < seeds; seed++) {
        const memory = make(backend, { frequencies, beta: 2, seed }).store(stored)
        square += (memory.density(state) - exact) ** 2
      }
      // The variance of cos ω·δ is ½(1 − K²)², K its mean. A mean of 100 squares errs by √(2/100) of it: 4 standard errors.
      const independent = (1 - exact ** 2) ** 2 / 2 / frequencies
      expect(square / seeds).toBeLessThan(independent * (1 + 4 * Math.sqrt(2 / seeds)))
      expect(square / seeds).toBeGreaterThan(independent / 4)
    }
  })

  it('knows a lone vector exactly, whatever its frequencies', () => {
    for (const [vectors, all] of [
      ['bipolar', spins],
      ['unit', reals],
    ] as const) {
      const memory = make(backend, { vectors, frequencies: 10 }).store(row(all, 0))
      expect(memory.density(row(all, 0))).toBeCloseTo(1, 5)
      expect(memory.recall(row(all, 0))).toMatchObject({ converged: true })
      expect(cosine(memory.recall(row(all, 0)).state, row(all, 0))).toBeCloseTo(1, 5)
    }
  })

  it('recalls what ModernHopfield recalls, given frequencies enough', () => {
    const memory = make(backend, { frequencies: 8192 }).store(some(spins, 0, 4))
    const modern = new ModernHopfield({ dimension: D, similarity: 'cosine', beta: 8, backend })
    modern.store(Float32Array.from(some(spins, 0, 4)))
    for (let mu = 0; mu < 4; mu++) {
      const cue = addNoise(row(spins, mu), { noise: 0.1, seed: mu })
      const { state, converged } = memory.recall(cue)
      const exact = modern.recall(Float32Array.from(cue), { maxSteps: 10 }).state.map(Math.sign)
      expect([state, converged]).toEqual([exact, true])
    }
  })

  it('points where the density rises fastest', () => {
    // A state of the sphere moves by the gradient: so the pull is compared with differences of densities.
    const memory = make(backend, { vectors: 'unit', frequencies: 512, beta: 3 }).store(some(reals, 0, 2))
    const norm = Math.sqrt(row(reals, 5).reduce((sum, x) => sum + x * x, 0))
    const x = Float64Array.from(row(reals, 5), (value) => value / norm)
    const { state } = memory.recall(Float32Array.from(x), { maxSteps: 2 })
    const direction = Float64Array.from(state)
    const along = direction.reduce((sum, value, i) => sum + value * x[i], 0)
    for (let i = 0; i < D; i++) direction[i] -= along * x[i]
    const step = (i: number, by: number): Float32Array =>
      Float32Array.from(x, (value, j) => value + (i === j ? by : 0))
    const gradient = Float64Array.from({ length: D }, (_, i) => {
      return (memory.density(step(i, 0.01)) - memory.density(step(i, -0.01))) / 0.02
    })
    expect(cosine(gradient, direction)).toBeGreaterThan(0.99)
  })

  it('never lets the energy rise, and ends', () => {
    for (const [vectors, all] of [
      ['bipolar', spins],
      ['unit', reals],
    ] as const) {
      // Far too few frequencies: nothing but noise.
      const memory = make(backend, { vectors, frequencies: 100, beta: 20 }).store(all)
      let ended = 0
      for (let k = 0; k < 12; k++) {
        const cue = row(all, k).map((x, i) => (i % 5 === 0 ? -x : x))
        const before = memory.energy(cue)
        for (const maxSteps of [1, 2, 5, 1000]) {
          const { energy, steps, converged } = memory.recall(cue, { maxSteps })
          expect(energy).toBeLessThanOrEqual(before)
          expect(steps).toBeLessThanOrEqual(maxSteps)
          ended += converged ? 1 : 0
        }
      }
      expect(ended).toBeGreaterThanOrEqual(12)
    }
  })

  it('forgets to the last bit, in any order', () => {
    const memory = make(backend).store(some(spins, 0, 5))
    const bytes = memory.toBytes()
    memory
      .store(some(spins, 5, 9))
      .forget(row(spins, 7))
      .forget(row(spins, 5))
    memory.forget(some(spins, 8, 9)).forget(row(spins, 6))
    expect([memory.vectorCount, memory.patternCount]).toEqual([5, 0])
    expect(memory.toBytes()).toEqual(bytes)
    expect(memory.forget(some(spins, 0, 5)).toBytes()).toEqual(make(backend).toBytes())
    expect(
      memory
        .store(some(spins, 0, 5))
        .clear()
        .toBytes(),
    ).toEqual(make(backend).toBytes())
  })

  it('merges to the memory of all, to the last bit', () => {
    const [a, b] = [make(backend).store(some(spins, 0, 5)), make(backend).store(some(spins, 5, 9))]
    const all = make(backend)
      .store(some(spins, 0, 9))
      .toBytes()
    const before = b.toBytes()
    expect(a.merge(b).toBytes()).toEqual(all)
    expect(b.toBytes()).toEqual(before)
    expect(b.merge(b).vectorCount).toBe(8)
  })

  it('refuses to merge what is made of other features, and changes nothing', () => {
    const memory = make(backend).store(spins)
    const bytes = memory.toBytes()
    for (const [name, value] of Object.entries({
      dimension: 65,
      frequencies: 4095,
      beta: 7,
      vectors: 'unit',
      seed: 2n ** 63n,
    })) {
      const other = make(backend, { [name]: value })
      expect(refusal(() => memory.merge(other))).toMatchObject({
        code: 'ERR_HOPFIELD_OPTION',
        message: expect.stringContaining(name),
      })
    }
    expect(refusal(() => memory.merge(untyped({}))).code).toBe('ERR_HOPFIELD_TYPE')
    expect(memory.toBytes()).toEqual(bytes)
  })

  it('refuses what it cannot take, and changes nothing', () => {
    const memory = make(backend).store(some(spins, 0, 2))
    const unit = make(backend, { vectors: 'unit' })
    const bytes = memory.toBytes()
    const zeros = new Float32Array(2 * D).fill(1, 0, D)
    expect(refusal(() => memory.store([...row(spins, 1).slice(1), 0.5])).message).toMatch(
      /vectors\[63\]: expected 1 or -1/,
    )
    expect(refusal(() => unit.store(zeros))).toMatchObject({
      code: 'ERR_HOPFIELD_VALUE',
      message: expect.stringContaining('vector 1'),
    })
    expect(refusal(() => memory.store([1, -1])).code).toBe('ERR_HOPFIELD_SHAPE')
    expect(refusal(() => memory.recall(some(spins, 0, 2))).code).toBe('ERR_HOPFIELD_SHAPE')
    expect(refusal(() => memory.forget(some(spins, 0, 3)))).toMatchObject({
      code: 'ERR_HOPFIELD_RANGE',
      message: expect.stringContaining('at most 2'),
    })
    expect(memory.toBytes()).toEqual(bytes)
  })

  it('stores beside other work what it stores here', async () => {
    const memory = make(backend)
    const storing = memory.storeAsync(some(spins, 0, 5))
    expect(memory.vectorCount).toBe(0)
    expect(refusal(() => memory.store(spins)).code).toBe('ERR_HOPFIELD_BUSY')
    await storing
    await memory.storeAsync(some(spins, 5, 9)).then((same) => same.forgetAsync(row(spins, 7)))
    expect(memory.toBytes()).toEqual(
      make(backend)
        .store(spins.slice(0, 9 * D))
        .forget(row(spins, 7))
        .toBytes(),
    )
    const aborted = memory.storeAsync(spins, { signal: AbortSignal.abort(new Error('enough')) })
    expect(await rejection(aborted)).toMatchObject({ message: 'enough' })
    expect(memory.vectorCount).toBe(8)
  })

  it('recalls from what was there at the call', async () => {
    const memory = make(backend).store(some(spins, 0, 4))
    const expected = memory.recallBatch(some(spins, 2, 6))
    const recalling = memory.recallAsync(some(spins, 2, 6), { chunk: 1, threads: 2 })
    const measuring = memory.densityBatchAsync(spins)
    const densities = memory.densityBatch(spins)
    memory.clear()
    expect(await recalling).toEqual(expected)
    expect(await measuring).toEqual(densities)
    expect(await memory.energyBatchAsync(spins)).toEqual(memory.energyBatch(spins))
  })

  it('keeps and shares what was forgotten and never stored', () => {
    const memory = make(backend).store(row(spins, 0)).forget(row(spins, 1))
    const densities = memory.densityBatch(spins)
    expect([memory.vectorCount, densities[0] > 0.5, densities[1] < -0.5]).toEqual([0, true, true])
    for (const again of [
      RandomFeatureMemory.fromBytes(memory.toBytes(), { backend }),
      RandomFeatureMemory.fromShared(memory.share(), { backend }),
    ]) {
      expect(again.densityBatch(spins)).toEqual(densities)
      again.store(row(spins, 1)).forget(row(spins, 0))
      expect(again.toBytes()).toEqual(make(backend).toBytes())
    }
  })

  it('refuses what sums would not be exact for, however few vectors there are', () => {
    const memory = make(backend).store(row(spins, 0)).forget(row(spins, 1))
    // Without vectors there could be no end to this.
    for (let k = 0; k < 27; k++) memory.merge(memory)
    const [bytes, more] = [memory.toBytes(), row(spins, 2)]
    for (const one of [memory, RandomFeatureMemory.fromBytes(bytes, { backend })]) {
      for (let k = 0; k < 3; k++) {
        expect(refusal(() => one.merge(one).merge(one)).code).toBe('ERR_HOPFIELD_RANGE')
      }
      const there = one.toBytes()
      expect(one.store(more).forget(more).toBytes()).toEqual(there)
    }
  })

  it('has nothing to say where nothing is stored', () => {
    const memory = make(backend)
    expect(memory.recall(row(spins, 0))).toEqual({
      state: Float32Array.from(row(spins, 0)),
      steps: 1,
      converged: true,
      energy: Number.POSITIVE_INFINITY,
    })
  })
})

it('opens no record whose sums cannot be', () => {
  const memory = new RandomFeatureMemory({ dimension: 3, frequencies: 70 }).store([1, 2, 3])
  const { record } = heldRecord(memory)
  const open = (at: number, value: number): RandomFeatureMemory => {
    const sums = record.arrays.get('sums') as Tensor
    const values = sums.values.slice()
    values[at] = value
    const from = new RecordReader({ ...record, arrays: new Map([['sums', { ...sums, values }]]) }, false)
    const opened = openRecord<RandomFeatureMemory>(untyped(RandomFeatureMemory), from, untyped('auto'))
    from.settle()
    return opened
  }
  expect(open(0, 3).vectorCount).toBe(1)
  // Half a feature, more than sums are exact for, and what is behind the last frequency.
  for (const [at, value] of [
    [0, 0.5],
    [0, 2 ** 52 + 1],
    [128 + 6, 1],
  ] as const)
    expect(refusal(() => open(at, value))).toMatchObject({
      code: 'ERR_HOPFIELD_FILE',
      message: expect.stringContaining(`sums[${at}]`),
    })
})
