import { describe, expect, test } from 'vitest'
import {
  BoltzmannMachine,
  fromBytes,
  HopfieldNetwork,
  RecallBatcher,
  randomPatterns,
} from '../../../src/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { BACKENDS } from '../../helpers/backends.js'

const draw = new WordStream(5, 9)

function symmetric(n: number, size: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i] = size * (draw.uniform() - 0.5)
  }
  return out
}

const biases = (n: number): Float64Array => Float64Array.from({ length: n }, () => draw.uniform() - 0.5)

function states(n: number): Int8Array[] {
  return Array.from({ length: 2 ** n }, (_, k) =>
    Int8Array.from({ length: n }, (_, i) => ((k >> i) & 1 ? 1 : -1)),
  )
}

/** p of every state by the definition of E. */
function chances(machine: BoltzmannMachine): { s: Int8Array; p: number }[] {
  const n = machine.visible + machine.hidden
  const [j, b] = [machine.weights(), machine.biases()]
  const all = states(n).map((s) => {
    let minus = 0
    for (let i = 0; i < n; i++) {
      minus += b[i] * s[i]
      for (let k = 0; k < i; k++) minus += j[i * n + k] * s[i] * s[k]
    }
    expect(Math.abs(machine.energy(s) + minus)).toBeLessThan(1e-12)
    return { s, p: Math.exp(minus) }
  })
  const z = all.reduce((sum, { p }) => sum + p, 0)
  expect(Math.abs(machine.logPartition() - Math.log(z))).toBeLessThan(1e-12)
  return all.map(({ s, p }) => ({ s, p: p / z }))
}

describe.each([0, 3])('with %i hidden units', (hidden) => {
  const visible = 4
  const n = visible + hidden
  const machine = new BoltzmannMachine({ visible, hidden, weights: symmetric(n, 1), biases: biases(n) })
  const all = chances(machine)
  const beside = (v: Int8Array): { s: Int8Array; p: number }[] =>
    all.filter(({ s }) => v.every((x, i) => x === s[i]))

  test('likelihoods are those of enumeration', () => {
    const rows = states(visible)
    const values = machine.logLikelihood(rows)
    for (const [b, v] of rows.entries()) {
      const p = beside(v).reduce((sum, { p }) => sum + p, 0)
      expect(Math.abs(values[b] - Math.log(p))).toBeLessThan(1e-12)
    }
  })

  test('the gradient is the exact one to 1e-12', () => {
    const data = [states(visible)[3], states(visible)[3], states(visible)[9]]
    const mean = (of: (s: Int8Array) => number): number => {
      const free = all.reduce((sum, { s, p }) => sum + p * of(s), 0)
      const clamped = data.map((v) => {
        const those = beside(v)
        const own = those.reduce((sum, { p }) => sum + p, 0)
        return those.reduce((sum, { s, p }) => sum + (p / own) * of(s), 0)
      })
      return clamped.reduce((sum, x) => sum + x / 3, 0) - free
    }
    const gradient = machine.gradient(data)
    for (let i = 0; i < n; i++) {
      expect(Math.abs(gradient.biases[i] - mean((s) => s[i]))).toBeLessThan(1e-12)
      for (let j = 0; j < n; j++) {
        const wanted = i === j ? 0 : mean((s) => s[i] * s[j])
        expect(Math.abs(gradient.weights[i * n + j] - wanted)).toBeLessThan(1e-12)
      }
    }
  })

  test('samples come with their probabilities', () => {
    const count = 4000
    const { states: drawn, hidden: ups } = machine.sample({ count, sweeps: 60, seed: 2 })
    for (const { s, p } of all) {
      let found = 0
      for (let b = 0; b < count; b++) {
        const here = (i: number): number =>
          i < visible ? drawn[b * visible + i] : ups[b * hidden + i - visible]
        if (s.every((x, i) => here(i) === x)) found++
      }
      // Chains are independent: four standard errors, and what a chain remembers of its start.
      expect(Math.abs(found / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count) + 1e-3)
    }
  })

  test('learns as enumeration does, and by chains nearly as well', () => {
    const data = [...states(visible).slice(0, 4), states(visible)[15], states(visible)[15]]
    const mean = (of: BoltzmannMachine): number => of.logLikelihood(data).reduce((sum, x) => sum + x / 6, 0)
    const [exact, sampled] = (['exact', 'sampled'] as const).map((method) => {
      const own = new BoltzmannMachine({ visible, hidden, weights: symmetric(n, 0.2) })
      const before = mean(own)
      own.fit(data, { method, epochs: 200, learningRate: 0.1, chains: 200 })
      expect(mean(own)).toBeGreaterThan(before + 0.4)
      return mean(own)
    })
    expect(Math.abs(exact - sampled)).toBeLessThan(0.25)
  })
})

test('a mean-field start brings a machine close to what the data came from', () => {
  const true_ = new BoltzmannMachine({ visible: 8, weights: symmetric(8, 0.6), biases: biases(8) })
  const data = true_.sample({ count: 3000, sweeps: 30, seed: 1 }).states
  const found = new BoltzmannMachine({ visible: 8 })
  const empty = found.logLikelihood(data).reduce((sum, x) => sum + x, 0) / 3000
  found.fit(data, { epochs: 1, learningRate: 1e-9, start: 'mean-field' })
  const best = true_.logLikelihood(data).reduce((sum, x) => sum + x, 0) / 3000
  const close = found.logLikelihood(data).reduce((sum, x) => sum + x, 0) / 3000
  expect(close).toBeGreaterThan(empty + 0.9 * (best - empty))
  const deep = new BoltzmannMachine({ visible: 2, hidden: 1 })
  expect(() => deep.fit([[1, 1]], { start: 'mean-field' })).toThrow(
    /fit: start: 'mean-field' is only for machines without hidden units/,
  )
})

test('with the weights of a network it has the energies of that network', () => {
  const patterns = randomPatterns({ count: 3, neurons: 30, seed: 2 })
  const network = new HopfieldNetwork({ neurons: 30 }).store(patterns)
  const weights = Float64Array.from(network.weights(), (x) => x / 30)
  const machine = new BoltzmannMachine({ visible: 30, weights })
  const state = randomPatterns({ count: 1, neurons: 30, seed: 5 })
  expect(machine.energy(state)).toBeCloseTo(network.energy(state), 10)
})

test('the same bits on every backend, at once or beside other work, kept and shared', async () => {
  const data = randomPatterns({ count: 20, neurons: 14, seed: 3 })
  const results = []
  for (const backend of BACKENDS) {
    const options = { method: 'sampled', epochs: 4, chains: 10, sweeps: 3, seed: 7 } as const
    const [one, two] = [0, 1].map(() => new BoltzmannMachine({ visible: 14, hidden: 3, backend }))
    one.fit(data, options)
    await two.fitAsync(data, options)
    expect(two.toBytes()).toEqual(one.toBytes())
    const clamp = Uint8Array.from({ length: 14 }, (_, i) => (i < 7 ? 1 : 0))
    const cue = Float32Array.from(data.subarray(0, 14))
    const done = one.recall(cue, { clamp })
    expect((await one.recallAsync([...cue, ...cue], { clamp })).at(1)).toEqual(done)
    expect(await new RecallBatcher(one, { clamp }).recall(cue)).toEqual(done)
    const copies = [fromBytes(one.toBytes()) as BoltzmannMachine, BoltzmannMachine.fromShared(one.share())]
    const walk = { count: 3, sweeps: 9, temperature: 2, seed: 1 }
    for (const copy of copies) expect(copy.sample(walk)).toEqual(one.sample(walk))
    expect(await one.sampleAsync(walk)).toEqual(one.sample(walk))
    results.push({ weights: one.weights(), biases: one.biases(), done, walk: one.sample(walk) })
  }
  for (const other of results.slice(1)) expect(other).toEqual(results[0])
})

test('completions keep what is clamped, and samples too', () => {
  const pair = new BoltzmannMachine({ visible: 3, weights: [0, 2, -2, 2, 0, 0, -2, 0, 0] })
  const { state, converged } = pair.recall([1, 0, 0], { clamp: [1, 0, 0] })
  expect([...state]).toEqual([1, 1, -1])
  expect(converged).toBe(true)
  const { states: drawn } = pair.sample({
    starts: [
      [-1, 1, 1],
      [1, 1, 1],
    ],
    clamp: [1, 0, 0],
    sweeps: 20,
  })
  expect([drawn[0], drawn[3]]).toEqual([-1, 1])
})

test('what cannot be is refused, and changes nothing', () => {
  const make = (options: object) => () => new BoltzmannMachine({ visible: 2, ...options } as never)
  expect(make({ weights: [0, 1, 2, 0] })).toThrow(/weights: expected symmetric couplings/)
  expect(make({ weights: [1, 1, 1, 0] })).toThrow(/weights\[0\]: expected 0 on the diagonal, got 1/)
  expect(make({ visible: 0 })).toThrow(/visible/)
  const large = new BoltzmannMachine({ visible: 21 })
  expect(() => large.logPartition()).toThrow(/logPartition: expected at most 20 units/)
  const before = large.toBytes()
  expect(() => large.fit(randomPatterns({ count: 2, neurons: 21 }), { method: 'exact' })).toThrow(
    /at most 20 units/,
  )
  expect(() => large.fit([])).toThrow(/fit: data: expected at least one state/)
  expect(large.toBytes()).toEqual(before)
})
