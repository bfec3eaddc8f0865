import { describe, expect, test } from 'vitest'
import {
  type FitReport,
  HopfieldNetwork,
  PackedPatterns,
  RecallBatcher,
  RestrictedBoltzmannMachine,
  randomPatterns,
} from '../../../src/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { BACKENDS } from '../../helpers/backends.js'

const draw = new WordStream(17, 3)
const reals = (length: number, size = 1): Float32Array =>
  Float32Array.from({ length }, () => size * (draw.uniform() - 0.5))

type Kind = 'binary' | 'bipolar' | 'gaussian'

function machine(
  visible: number,
  hidden: number,
  visibleUnits: Kind = 'binary',
  hiddenUnits: Kind = 'binary',
  size = 2,
) {
  return new RestrictedBoltzmannMachine({
    visible,
    hidden,
    visibleUnits,
    hiddenUnits,
    weights: reals(visible * hidden, size),
    visibleBiases: reals(visible),
    hiddenBiases: reals(hidden),
  })
}

/** All states of n units. */
function states(n: number, low: number): number[][] {
  return Array.from({ length: 2 ** n }, (_, k) =>
    Array.from({ length: n }, (_, i) => ((k >> i) & 1 ? 1 : low)),
  )
}

/** −E by its definition, in doubles. */
function minusEnergy(rbm: RestrictedBoltzmannMachine, v: number[], h: number[]): number {
  const [w, a, c] = [rbm.weights(), rbm.visibleBiases(), rbm.hiddenBiases()]
  let sum = 0
  for (const [i, x] of v.entries()) {
    sum += a[i] * x
    for (const [j, y] of h.entries()) sum += x * w[i * h.length + j] * y
  }
  for (const [j, y] of h.entries()) sum += c[j] * y
  return sum
}

const low = { binary: 0, bipolar: -1, gaussian: 0 }

/** p(v, h) of every state by enumeration. */
function joint(rbm: RestrictedBoltzmannMachine): { v: number[]; h: number[]; p: number }[] {
  const all = states(rbm.visible, low[rbm.visibleUnits]).flatMap((v) =>
    states(rbm.hidden, low[rbm.hiddenUnits]).map((h) => ({ v, h, p: Math.exp(minusEnergy(rbm, v, h)) })),
  )
  const z = all.reduce((sum, { p }) => sum + p, 0)
  return all.map(({ v, h, p }) => ({ v, h, p: p / z }))
}

/** Two kinds of rows that a machine can tell apart. */
function twoKinds(count: number, visible: number, seed = 5): Float32Array {
  const noise = new WordStream(seed, 1)
  return Float32Array.from({ length: count * visible }, (_, k) => {
    const [b, i] = [Math.floor(k / visible), k % visible]
    const on = i < visible / 2 === (b % 2 === 0)
    return noise.uniform() < 0.05 !== on ? 1 : 0
  })
}

describe('against enumeration', () => {
  for (const visibleUnits of ['binary', 'bipolar'] as const) {
    for (const hiddenUnits of ['binary', 'bipolar'] as const) {
      const rbm = machine(4, 3, visibleUnits, hiddenUnits)
      const name = `${visibleUnits} visible and ${hiddenUnits} hidden units`

      test(`likelihoods and the partition function are exact with ${name}`, () => {
        const all = joint(rbm)
        const rows = states(4, low[visibleUnits])
        const { values, logPartition } = rbm.logLikelihood(rows)
        for (const [k, v] of rows.entries()) {
          const p = all.filter((state) => state.v.join() === v.join()).reduce((sum, { p }) => sum + p, 0)
          expect(Math.abs(values[k] - Math.log(p))).toBeLessThan(1e-12)
        }
        expect(values.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 12)
        expect(logPartition).toMatchObject({ method: 'exact', lower: logPartition.value })
      })

      test(`the gradient is the exact one to 1e-12 with ${name}`, () => {
        const data = [states(4, low[visibleUnits])[5], states(4, low[visibleUnits])[9]]
        const gradient = rbm.gradient(data)
        const all = joint(rbm)
        const mean = (of: (v: number[], h: number[]) => number): number => {
          const free = all.reduce((sum, { v, h, p }) => sum + p * of(v, h), 0)
          const clamped = data.map((row) => {
            const those = all.filter(({ v }) => v.join() === row.join())
            const p = those.reduce((sum, state) => sum + state.p, 0)
            return those.reduce((sum, state) => sum + (state.p / p) * of(state.v, state.h), 0)
          })
          return (clamped[0] + clamped[1]) / 2 - free
        }
        for (let i = 0; i < 4; i++) {
          expect(Math.abs(gradient.visibleBiases[i] - mean((v) => v[i]))).toBeLessThan(1e-12)
          for (let j = 0; j < 3; j++) {
            expect(Math.abs(gradient.weights[3 * i + j] - mean((v, h) => v[i] * h[j]))).toBeLessThan(1e-12)
          }
        }
        for (let j = 0; j < 3; j++) {
          expect(Math.abs(gradient.hiddenBiases[j] - mean((_, h) => h[j]))).toBeLessThan(1e-12)
        }
      })
    }
  }

  test('one step from chains of the machine is ε times the gradient, within what chains scatter', () => {
    const rbm = machine(4, 3, 'binary', 'binary', 1)
    const before = rbm.weights()
    const gradient = rbm.gradient([[1, 0, 1, 1]])
    const n = 4000
    rbm.fit(
      Float32Array.from({ length: 4 * n }, (_, k) => [1, 0, 1, 1][k % 4]),
      {
        method: 'persistent',
        epochs: 1,
        batchSize: n,
        steps: 50,
        learningRate: 1,
        shuffle: false,
      },
    )
    const after = rbm.weights()
    // ⟨v h⟩ of n independent chains: a standard deviation of at most 1/2 each, four standard errors.
    for (let k = 0; k < 12; k++) {
      expect(Math.abs(after[k] - before[k] - gradient.weights[k])).toBeLessThan((4 * 0.5) / Math.sqrt(n))
    }
  })

  test('samples come with their probabilities, and completions with theirs', () => {
    const rbm = machine(4, 3, 'bipolar', 'binary')
    const all = joint(rbm)
    const count = 4000
    const clamp = [1, 0, 0, 1]
    const starts = Array.from({ length: count }, () => [1, -1, -1, -1])
    for (const [drawn, given] of [
      [rbm.sample({ count, steps: 60, seed: 3 }).states, undefined],
      [rbm.sample({ starts, clamp, steps: 60, seed: 3 }).states, (v: number[]) => v[0] === 1 && v[3] === -1],
    ] as const) {
      const possible = all.filter(({ v }) => given === undefined || given(v))
      const sum = possible.reduce((sum, { p }) => sum + p, 0)
      for (const v of states(4, -1)) {
        const p = possible.filter((s) => s.v.join() === v.join()).reduce((sum, s) => sum + s.p, 0) / sum
        let found = 0
        for (let b = 0; b < count; b++) if (v.every((x, i) => drawn[4 * b + i] === x)) found++
        // Chains are independent: four standard errors, and a chain that has not forgotten its start.
        expect(Math.abs(found / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count) + 1e-3)
      }
    }
  })

  test('annealed importance sampling encloses the exact partition function', () => {
    const rbm = machine(30, 10, 'binary', 'bipolar')
    const exact = rbm.logPartition()
    expect(exact.method).toBe('exact')
    const { value, lower, upper } = rbm.logPartition({ method: 'annealed', chains: 100, temperatures: 500 })
    expect(lower).toBeLessThan(exact.value)
    expect(upper).toBeGreaterThan(exact.value)
    expect(upper - lower).toBeLessThan(1)
    expect(Math.abs(value - exact.value)).toBeLessThan(0.3)
  })

  test('partition functions are the same on any number of threads', async () => {
    const rbm = machine(14, 16)
    for (const method of ['exact', 'annealed'] as const) {
      const asked = { method, chains: 11, temperatures: 20 }
      const expected = rbm.logPartition(asked)
      for (const threads of [1, 3]) {
        const told: number[] = []
        const onProgress = ({ done, total }: { done: number; total: number }) => told.push(done / total)
        expect(await rbm.logPartitionAsync({ ...asked, threads, onProgress })).toEqual(expected)
        expect(told.at(-1)).toBe(1)
      }
    }
    const rows = Float32Array.from({ length: 14 }, (_, i) => i % 2)
    expect(await rbm.logLikelihoodAsync(rows, { threads: 2 })).toEqual(rbm.logLikelihood(rows))
    const stop = new AbortController()
    const running = rbm.logPartitionAsync({ threads: 2, signal: stop.signal })
    stop.abort('enough')
    await expect(running).rejects.toBe('enough')
  })

  test('both layers give the same partition function, and a larger machine is not enumerated', () => {
    const rbm = machine(9, 8)
    const turned = new RestrictedBoltzmannMachine({
      visible: 8,
      hidden: 9,
      weights: Float32Array.from({ length: 72 }, (_, k) => rbm.weights()[(k % 9) * 8 + Math.floor(k / 9)]),
      visibleBiases: rbm.hiddenBiases(),
      hiddenBiases: rbm.visibleBiases(),
    })
    expect(Math.abs(rbm.logPartition().value - turned.logPartition().value)).toBeLessThan(1e-12)
    expect(() => machine(26, 26).logPartition({ method: 'exact' })).toThrow(
      /logPartition: expected a layer of at most 25/,
    )
    expect(machine(26, 26).logPartition({ chains: 4, temperatures: 10 }).method).toBe('annealed')
  })

  test('densities of Gaussian visible units integrate to 1', () => {
    const rbm = machine(1, 3, 'gaussian', 'binary')
    const grid = Float32Array.from({ length: 4001 }, (_, k) => (k - 2000) / 100)
    const { values } = rbm.logLikelihood(grid)
    expect(values.reduce((sum, x) => sum + Math.exp(x) / 100, 0)).toBeCloseTo(1, 6)
  })
})

test('with Gaussian hidden units it is the Hebbian network: −F is −E/T and a constant', () => {
  const [n, p, temperature] = [40, 5, 0.3]
  const patterns = randomPatterns({ count: p, neurons: n, seed: 8 })
  const network = new HopfieldNetwork({ neurons: n }).store(patterns)
  // Barra, Bernacchia, Santucci and Contucci 2012: W_iμ = ξ_i^μ·√(1/(N·T)).
  const rbm = new RestrictedBoltzmannMachine({
    visible: n,
    hidden: p,
    visibleUnits: 'bipolar',
    hiddenUnits: 'gaussian',
    weights: Float64Array.from(
      { length: n * p },
      (_, k) => patterns[(k % p) * n + Math.floor(k / p)] / Math.sqrt(n * temperature),
    ),
  })
  const cues = randomPatterns({ count: 20, neurons: n, seed: 9 })
  const [free, energies] = [rbm.freeEnergyBatch(cues), network.energyBatch(cues)]
  // Integration adds ½(ξ·s)²/(N·T) of every pattern: −E/T, and the P·N/N of the diagonal; ½ ln 2π each.
  const constant = p / (2 * temperature) + (p / 2) * Math.log(2 * Math.PI)
  for (const [b, energy] of energies.entries()) {
    // Weights are f32: 2^-24 of some tens.
    expect(Math.abs(free[b] + constant - energy / temperature)).toBeLessThan(1e-5)
  }
  const warm = rbm.sample({ starts: patterns.slice(0, n), steps: 50, seed: 1 })
  expect(network.overlaps(Int8Array.from(warm.states))[0]).toBeGreaterThan(0.5)
})

describe('learning', () => {
  const data = twoKinds(60, 12)

  test('raises the exact likelihood of what is learned and of rows like it, whatever the method', () => {
    for (const method of ['persistent', 'contrastive', 'tempering'] as const) {
      const rbm = new RestrictedBoltzmannMachine({ visible: 12, hidden: 4 })
      const heldOut = twoKinds(40, 12, 6)
      const before = rbm.logLikelihood(heldOut).mean
      rbm.fit(data, { method, epochs: 180, batchSize: 10, heldOut, learningRate: 0.025 })
      const report = rbm.learningReport as FitReport
      expect(report.measures).toHaveLength(180)
      expect(report.measures.at(-1)).toBe(rbm.logLikelihood(heldOut).mean)
      expect(report.measures.at(-1)).toBeGreaterThan(before + 3)
    }
  })

  test('gives the same bits on every backend, at once or beside other work, and again', async () => {
    for (const options of [
      {
        method: 'persistent',
        epochs: 3,
        batchSize: 7,
        steps: 2,
        centring: true,
        weightDecay: 0.01,
        momentum: 0.9,
      },
      { method: 'tempering', epochs: 2, temperatures: 4, heldOut: data, patience: 1, measure: 'annealed' },
      { method: 'contrastive', epochs: 2, heldOut: data, measure: 'pseudo', shuffle: false },
    ] as const) {
      const results = []
      for (const backend of BACKENDS) {
        const [one, two] = [0, 1].map(
          () => new RestrictedBoltzmannMachine({ visible: 12, hidden: 5, seed: 2, backend }),
        )
        const report = one.fit(data, options).learningReport
        expect((await two.fitAsync(data, options)).learningReport).toEqual(report)
        expect(two.toBytes()).toEqual(one.toBytes())
        results.push({ report, weights: one.weights(), a: one.visibleBiases(), c: one.hiddenBiases() })
      }
      for (const other of results.slice(1)) expect(other).toEqual(results[0])
    }
  })

  test('stops where held-out rows get no likelier, and takes the best epoch', () => {
    const rbm = new RestrictedBoltzmannMachine({ visible: 12, hidden: 8 })
    const heldOut = twoKinds(10, 12, 9)
    rbm.fit(data.slice(0, 5 * 12), { epochs: 500, learningRate: 0.5, heldOut, patience: 5 })
    const report = rbm.learningReport as FitReport
    expect(report.stopped).toBe('patience')
    expect(report.epochs).toBe(report.best + 5)
    expect(Math.max(...report.measures)).toBe(report.measures[report.best - 1])
    expect(rbm.logLikelihood(heldOut).mean).toBe(report.measures[report.best - 1])
  })

  test('that is stopped or fails changes nothing', async () => {
    const rbm = new RestrictedBoltzmannMachine({ visible: 12, hidden: 5 })
    const before = rbm.toBytes()
    const stop = new AbortController()
    const running = rbm.fitAsync(data, {
      epochs: 2 ** 20,
      onProgress: () => stop.abort('enough'),
      signal: stop.signal,
    })
    expect(() => rbm.fit(data)).toThrow(/fit: another change/)
    await expect(running).rejects.toBe('enough')
    expect(() => rbm.fit(Float32Array.of(1, 2, 3))).toThrow(/fit: data/)
    expect(() => rbm.fit([[...data.slice(0, 11), 2]])).toThrow(
      /fit: data\[0\]\[11\]: expected a number from 0 to 1, got 2/,
    )
    expect(() => rbm.fit([])).toThrow(/fit: data: expected at least one row/)
    expect(() => rbm.fit(data, { patience: 3 })).toThrow(/fit: patience: expected heldOut/)
    const wild = new RestrictedBoltzmannMachine({
      visible: 12,
      hidden: 5,
      visibleUnits: 'gaussian',
      weightScale: 10,
    })
    const kept = wild.toBytes()
    expect(() => wild.fit(data, { epochs: 50, learningRate: 100 })).toThrow(/fit: learningRate: weights grew/)
    expect(wild.toBytes()).toEqual(kept)
    expect(rbm.toBytes()).toEqual(before)
  })

  test.each([
    { momentum: 0.5, centring: true },
    { heldOut: twoKinds(10, 12, 9), patience: 2 ** 20 },
  ])('that is stopped keeps what whole epochs taught, where that is asked for', async (options) => {
    const make = (): RestrictedBoltzmannMachine => {
      const machine = new RestrictedBoltzmannMachine({ visible: 12, hidden: 5 })
      return machine.fit(data, { epochs: 1 })
    }
    const [rbm, same] = [make(), make()]
    const stop = new AbortController()
    let told = 0
    const running = rbm.fitAsync(data, {
      ...options,
      epochs: 2 ** 20,
      onAbort: 'keep',
      onProgress: () => ++told === 2 && stop.abort('enough'),
      signal: stop.signal,
    })
    await expect(running).rejects.toBe('enough')
    const report = rbm.learningReport as FitReport
    expect(report.stopped).toBe('abort')
    expect(report.epochs).toBeGreaterThan(0)
    same.fit(data, { ...options, epochs: report.epochs })
    expect(rbm.toBytes()).toEqual(same.toBytes())
    expect(report).toEqual({ ...same.learningReport, stopped: 'abort' })
    // Before an epoch has ended there is nothing to keep.
    const before = rbm.toBytes()
    const late = rbm.fitAsync(data, { onAbort: 'keep', signal: AbortSignal.abort('never') })
    await expect(late).rejects.toBe('never')
    expect(rbm.toBytes()).toEqual(before)
  })
})

describe('a machine that has learned two kinds of rows', () => {
  const visible = 12
  const rbm = new RestrictedBoltzmannMachine({ visible, hidden: 4 })
  rbm.fit(twoKinds(60, visible), { method: 'tempering', epochs: 60 })
  const first = Float32Array.from({ length: visible }, (_, i) => (i < 6 ? 1 : 0))
  const half = first.map((x, i) => (i < 3 ? x : 0.5))
  const clamp = Uint8Array.from({ length: visible }, (_, i) => (i < 3 ? 1 : 0))

  test('completes what it is shown a part of', () => {
    const { state, means, hidden, converged, steps } = rbm.recall(half, { clamp })
    expect([...state]).toEqual([...first])
    expect([...means.slice(0, 3)]).toEqual([1, 1, 1])
    expect(hidden).toHaveLength(4)
    expect(converged).toBe(true)
    expect(steps).toBeGreaterThan(1)
  })

  test('completes a cue alone as in a batch, off the event loop and in a batcher', async () => {
    const cues = [half, first, first.map((x) => 1 - x), half.map((x) => x / 2)]
    const batch = rbm.recallBatch(cues, { clamp, maxSteps: 9 })
    const later = await rbm.recallAsync(cues, { clamp, maxSteps: 9, chunk: 1 })
    const batcher = new RecallBatcher(rbm, { clamp, maxSteps: 9 })
    for (const [b, cue] of cues.entries()) {
      const alone = rbm.recall(cue, { clamp, maxSteps: 9 })
      expect(batch.at(b)).toEqual(alone)
      expect(later.at(b)).toEqual(alone)
      expect(await batcher.recall(cue)).toEqual(alone)
    }
  })

  test('tells kinds apart by its hidden units, and makes rows of either', () => {
    const [one, two] = [rbm.transform(first), rbm.transform(first.map((x) => 1 - x))]
    expect(Math.max(...one.map((x, j) => Math.abs(x - two[j])))).toBeGreaterThan(0.5)
    const back = rbm.reconstruct(first)
    for (const [i, x] of first.entries()) expect(Math.abs(back[i] - x)).toBeLessThan(0.4)
    const { means } = rbm.sample({ count: 20, seed: 4 })
    const kinds = Array.from({ length: 20 }, (_, b) => means[b * visible] > means[b * visible + 11])
    expect(new Set(kinds).size).toBe(2)
  })

  test('is kept, shared and loaded with everything it knows', async () => {
    const copy = RestrictedBoltzmannMachine.fromBytes(rbm.toBytes())
    const shared = RestrictedBoltzmannMachine.fromShared(rbm.share())
    for (const other of [copy, shared]) {
      expect(other.weights()).toEqual(rbm.weights())
      expect(other.sample({ seed: 2, steps: 5 })).toEqual(rbm.sample({ seed: 2, steps: 5 }))
      expect(other.freeEnergy(first)).toBe(rbm.freeEnergy(first))
    }
    const before = rbm.weights()
    shared.fit(twoKinds(20, visible))
    expect(shared.weights()).not.toEqual(before)
    expect(rbm.weights()).toEqual(before)
    expect(() => rbm.share({ room: 5 })).toThrow(/room: only supported/)
  })

  test('takes packed rows for rows of its values', () => {
    const packed = PackedPatterns.from(
      Int8Array.from(first, (x) => 2 * x - 1),
      { neurons: visible },
    )
    expect(rbm.freeEnergyBatch(packed)[0]).toBe(rbm.freeEnergy(first))
  })
})

test('what cannot be a machine is refused, with the option', () => {
  const make = (options: object) => () =>
    new RestrictedBoltzmannMachine({ visible: 3, hidden: 2, ...options } as never)
  expect(make({ visible: 0 })).toThrow(/visible: expected an integer from 1/)
  expect(make({ visibleUnits: 'gaussian', hiddenUnits: 'gaussian' })).toThrow(
    /hiddenUnits: expected binary or bipolar/,
  )
  expect(make({ weights: [1, 2] })).toThrow(/weights: expected/)
  expect(make({ weights: [1, 2, 3, 4, 5, 1e7] })).toThrow(/weights\[5\]/)
  expect(make({ weight: 1 })).toThrow(/unknown option "weight"/)
})
