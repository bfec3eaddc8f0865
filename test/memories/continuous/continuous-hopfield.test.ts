import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addNoise,
  ContinuousHopfield,
  type ContinuousHopfieldOptions,
  HopfieldNetwork,
  type IntegrationOptions,
  PackedPatterns,
  randomPatterns,
} from '../../../src/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { BACKENDS } from '../../helpers/backends.js'
import { detach, refusal, untyped } from '../../helpers/refusal.js'

/** A symmetric matrix of numbers in ±1/√N, its diagonal included. */
function symmetric(neurons: number, seed: number): Float64Array {
  const random = new WordStream(seed, 0).seek(0, 0)
  const weights = new Float64Array(neurons * neurons)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j <= i; j++) {
      const x = (2 * random.uniform() - 1) / Math.sqrt(neurons)
      weights[i * neurons + j] = x
      weights[j * neurons + i] = x
    }
  }
  return weights
}

function reals(count: number, seed: number, scale = 1): Float64Array {
  const random = new WordStream(seed, 1).seek(0, 0)
  return Float64Array.from({ length: count }, () => scale * (2 * random.uniform() - 1))
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

const signs = (values: Float64Array): Int8Array => Int8Array.from(values, (v) => (v >= 0 ? 1 : -1))

for (const backend of BACKENDS) {
  const make = (options: Omit<ContinuousHopfieldOptions, 'backend'>): ContinuousHopfield =>
    new ContinuousHopfield({ ...options, backend })

  describe(`ContinuousHopfield, ${backend}`, () => {
    const neurons = 100
    const patterns = randomPatterns({ count: 5, neurons, seed: 1 })
    const net = make({ neurons, gain: 5 }).store(patterns)
    const cues = Array.from({ length: 7 }, (_, b) =>
      addNoise(net.pattern(b % 5), { noise: 0.15, seed: 2, stream: b }),
    )

    it('completes a noisy pattern', () => {
      for (const [b, cue] of cues.entries()) {
        const { state, converged, diverged } = net.recall(cue)
        expect([converged, diverged]).toEqual([true, false])
        expect(signs(state)).toEqual(net.pattern(b % 5))
        expect(net.overlaps(state)[b % 5]).toBeGreaterThan(0.95)
      }
    })

    it("learns Hebb's weights as the discrete network does, and forgets them", () => {
      const discrete = new HopfieldNetwork({ neurons, backend }).store(patterns)
      expect(net.weights()).toEqual(discrete.weights({ normalize: true }))
      const other = make({ neurons }).store(patterns.subarray(0, 3 * neurons))
      other.recall(cues[0])
      other.store(patterns.subarray(3 * neurons)).forget(1)
      discrete.forget(1)
      expect(other.weights()).toEqual(discrete.weights({ normalize: true }))
      expect(other.patterns().unpack()).toEqual(discrete.patterns().unpack())
      expect([other.patternCount, other.alpha]).toEqual([4, 0.04])
      expect(other.clear().weights()).toEqual(new Float64Array(neurons * neurons))
      expect(other.symmetric).toBe(true)
    })

    it('stores packed patterns as it stores bytes', () => {
      const packed = make({ neurons }).store(PackedPatterns.from(patterns, { neurons }))
      expect(packed.weights()).toEqual(net.weights())
    })

    it('never raises its energy along a trajectory of small steps', () => {
      const options: IntegrationOptions[] = [
        { method: 'euler', step: 0.01 },
        { method: 'rk4', step: 0.05 },
        { method: 'rk4', adaptive: true, accuracy: 1e-8 },
        { method: 'euler', adaptive: true, accuracy: 1e-4 },
      ]
      for (const activation of ['tanh', 'logistic'] as const) {
        for (const seed of [1, 2, 3]) {
          const externalField = reals(40, seed, 0.3)
          const some = make({ neurons: 40, activation, gain: 6, weights: symmetric(40, seed), externalField })
          for (const option of options) {
            const start = reals(40, seed + 10)
            const { trace, energy } = some.recall(start, {
              ...option,
              from: 'potentials',
              trace: true,
              maxSteps: 3000,
            })
            const energies = trace?.energies as Float64Array
            for (let k = 1; k < energies.length; k++) {
              expect(energies[k]).toBeLessThanOrEqual(energies[k - 1] + 1e-13 * Math.abs(energies[k]))
            }
            expect(energies[energies.length - 1]).toBe(energy)
            expect(energies[0]).toBeGreaterThan(energy + 0.1)
          }
        }
      }
    })

    it('loses energy as fast as theory says: dE/dt = −Σ (dV/dt)(du/dt)', () => {
      for (const activation of ['tanh', 'logistic'] as const) {
        const options = { gain: 2, timeConstant: 1.7, externalField: reals(30, 5) }
        const some = make({ neurons: 30, activation, weights: symmetric(30, 4), ...options })
        const u = reals(30, 6)
        const slope = some.derivative(u)
        const [h, at] = [1e-5, (t: number) => some.outputs(u.map((x, i) => x + t * slope[i]))]
        const [before, after] = [at(-h), at(h)]
        const measured = (some.energy(after) - some.energy(before)) / (2 * h)
        const expected = slope.reduce((sum, x, i) => sum - (x * (after[i] - before[i])) / (2 * h), 0)
        expect(Math.abs(measured / expected - 1)).toBeLessThan(1e-6)
      }
    })

    it('has the energy of its definition, integral included', () => {
      const n = 6
      const weights = symmetric(n, 7)
      const b = reals(n, 8)
      for (const activation of ['tanh', 'logistic'] as const) {
        const some = make({ neurons: n, activation, gain: 3, timeConstant: 0.5, weights, externalField: b })
        const v = reals(n, 9, 0.9).map((x) => (activation === 'tanh' ? x : (1 + x) / 2))
        let expected = 0
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) expected -= 0.5 * weights[i * n + j] * v[i] * v[j]
          expected -= b[i] * v[i]
          // Simpson's rule, from where u is 0.
          const zero = activation === 'tanh' ? 0 : 0.5
          const inverse = (x: number): number =>
            (activation === 'tanh' ? Math.atanh(x) : Math.log(x / (1 - x))) / 3
          const steps = 2000
          const h = (v[i] - zero) / steps
          let integral = inverse(zero) + inverse(v[i])
          for (let k = 1; k < steps; k++) integral += (k % 2 === 1 ? 4 : 2) * inverse(zero + k * h)
          expected += (integral * h) / 3 / 0.5
        }
        expect(Math.abs(some.energy(v) - expected)).toBeLessThan(1e-9)
      }
    })

    it('rests where m = tanh(γτ·m·(N − 1)/N) with one pattern stored', () => {
      const n = 50
      const some = make({ neurons: n, gain: 1.5, timeConstant: 1.2 }).store(
        randomPatterns({ count: 1, neurons: n }),
      )
      const { state } = some.recall(some.pattern(0), { tolerance: 1e-13 })
      let m = 1
      for (let k = 0; k < 1000; k++) m = Math.tanh((1.5 * 1.2 * m * (n - 1)) / n)
      expect(Math.abs(some.overlaps(state)[0] - m)).toBeLessThan(1e-12)
    })

    it('forgets everything below the gain at which patterns appear', () => {
      const some = make({ neurons: 50, gain: 0.9 }).store(randomPatterns({ count: 1, neurons: 50 }))
      const { state } = some.recall(some.pattern(0), { tolerance: 1e-10, maxSteps: 100_000 })
      expect(Math.max(...state.map(Math.abs))).toBeLessThan(1e-8)
    })

    it('becomes the discrete network as the gain grows', () => {
      const discrete = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const steep = make({ neurons, gain: 1000 }).store(patterns)
      const random = randomPatterns({ count: 10, neurons, seed: 9 })
      for (let b = 0; b < 10; b++) {
        const cue = random.subarray(b * neurons, (b + 1) * neurons)
        const { state, converged } = steep.recall(cue, { maxSteps: 100_000 })
        expect(converged).toBe(true)
        expect(farthest(state, signs(state))).toBeLessThan(0.02)
        expect(discrete.isFixedPoint(signs(state))).toBe(true)
      }
      for (const cue of cues) expect(signs(steep.recall(cue).state)).toEqual(discrete.recall(cue).state)
      // What is left of the integral at the corners is N·ln 2/γτ.
      const [s] = cues
      const rest = steep.energy(Float64Array.from(s)) - discrete.energy(s)
      expect(Math.abs(rest - (neurons * Math.LN2) / 1000)).toBeLessThan(1e-12)
    })

    it('is the same network with 0 and 1, once thresholds are moved', () => {
      // V' = (1 + V)/2, J' = 2J, b' = b − Σ_j J_ij, γ' = 2γ.
      const n = 30
      const weights = symmetric(n, 3)
      const b = reals(n, 4)
      const sums = b.map((x, i) => x - weights.subarray(i * n, (i + 1) * n).reduce((sum, w) => sum + w, 0))
      const odd = make({ neurons: n, gain: 2, weights, externalField: b })
      const zeroOne = make({
        neurons: n,
        activation: 'logistic',
        gain: 4,
        weights: weights.map((w) => 2 * w),
        externalField: sums,
      })
      const u = reals(n, 5)
      const options = { from: 'potentials', maxSteps: 50, tolerance: 0 } as const
      const [x, y] = [odd.recall(u, options), zeroOne.recall(u, options)]
      expect(farthest(x.potentials, y.potentials)).toBeLessThan(1e-12)
      expect(
        farthest(
          x.state.map((v) => (1 + v) / 2),
          y.state,
        ),
      ).toBeLessThan(1e-12)
    })

    it("comes to the same rest by Euler's and by Runge and Kutta's steps, fixed or adaptive", () => {
      const ends = (['euler', 'rk4'] as const).flatMap((method) =>
        [false, true].map((adaptive) =>
          net.recall(cues[0], { method, adaptive, accuracy: 1e-4, tolerance: 1e-12 }),
        ),
      )
      for (const { converged, potentials, state } of ends) {
        expect(converged).toBe(true)
        expect(farthest(potentials, ends[0].potentials)).toBeLessThan(1e-11)
        expect(Math.max(...net.derivative(potentials).map(Math.abs))).toBeLessThanOrEqual(1e-12)
        expect(net.outputs(potentials)).toEqual(state)
      }
    })

    it('has errors of first order with Euler and of fourth with Runge and Kutta', () => {
      const n = 20
      const some = make({ neurons: n, gain: 1.5, weights: symmetric(n, 1), externalField: reals(n, 2) })
      const u = reals(n, 3)
      const at = (method: 'euler' | 'rk4', steps: number): Float64Array =>
        some.recall(u, { from: 'potentials', method, step: 2 / steps, maxSteps: steps, tolerance: 0 })
          .potentials
      const exact = at('rk4', 2000)
      const ratio = (method: 'euler' | 'rk4', steps: number): number =>
        farthest(at(method, steps), exact) / farthest(at(method, 2 * steps), exact)
      expect(Math.abs(ratio('euler', 200) - 2)).toBeLessThan(0.05)
      expect(Math.abs(ratio('rk4', 20) - 16)).toBeLessThan(2)
    })

    it('keeps to the accuracy it is asked for, with fewer steps where it is coarse', () => {
      const n = 20
      const some = make({ neurons: n, gain: 8, weights: symmetric(n, 1) })
      const options = { from: 'potentials', tolerance: 1e-9, adaptive: true, trace: 'states' } as const
      const u = reals(n, 3)
      const fine = some.recall(u, { ...options, accuracy: 1e-11 })
      const coarse = some.recall(u, { ...options, accuracy: 1e-4 })
      expect(coarse.steps).toBeLessThan(fine.steps / 3)
      expect(farthest(coarse.state, fine.state)).toBeLessThan(1e-6)
      expect(coarse.trace?.states).toHaveLength((coarse.trace?.times.length ?? 0) * n)
    })

    it('writes times, energies and states that belong together', () => {
      const { trace, steps, time, state, energy } = net.recall(cues[0], { step: 0.125, trace: 'states' })
      expect(trace?.times).toEqual(Float64Array.from({ length: steps + 1 }, (_, k) => k / 8))
      expect(time).toBe(steps / 8)
      const states = trace?.states as Float64Array
      expect(states.slice(-neurons)).toEqual(state)
      expect(net.energyBatch(states)).toEqual(trace?.energies)
      expect(net.energy(state)).toBe(energy)
      expect(net.recall(cues[0], { step: 0.125, trace: true }).trace).toEqual({
        times: trace?.times,
        energies: trace?.energies,
      })
      expect('trace' in net.recall(cues[0])).toBe(false)
    })

    it('says so where a step is too long to go anywhere', () => {
      const some = make({ neurons: 3, weights: new Float64Array(9) })
      const u = [1, -2, 3]
      const run = some.recall(u, { from: 'potentials', method: 'euler', step: 1000, maxSteps: 1000 })
      expect([run.converged, run.diverged]).toEqual([false, true])
      expect(run.steps).toBeLessThan(100)
      expect(run.potentials.every(Number.isFinite)).toBe(true)
      // The same with step control comes to rest.
      expect(some.recall(u, { from: 'potentials', step: 1000, adaptive: true }).converged).toBe(true)
    })

    it('stops after maxSteps', () => {
      const { steps, converged, time } = net.recall(cues[0], { maxSteps: 3, step: 0.5 })
      expect([steps, converged, time]).toEqual([3, false, 1.5])
    })

    it('gives each cue of a batch what it gets alone, here and off the event loop', async () => {
      const options = [{}, { method: 'euler' }, { adaptive: true }] as const
      const n = 11
      const some = make({ neurons: n, weights: symmetric(n, 1) })
      const many = Array.from({ length: 8 }, (_, b) => reals(n, b))
      for (const option of options) {
        const batch = some.recallBatch(many, option)
        for (const [b, cue] of many.entries()) {
          const one = some.recall(cue, option)
          expect(batch.states.slice(b * n, (b + 1) * n)).toEqual(one.state)
          expect(batch.potentials.slice(b * n, (b + 1) * n)).toEqual(one.potentials)
          expect([batch.steps[b], batch.times[b], batch.energies[b], batch.converged[b]]).toEqual([
            one.steps,
            one.time,
            one.energy,
            one.converged ? 1 : 0,
          ])
        }
        for (const limits of [{}, { threads: 2, chunk: 3 }]) {
          expect(await some.recallAsync(many, { ...option, ...limits })).toEqual(batch)
        }
      }
    })

    it('traces each cue of a batch', () => {
      const { traces } = net.recallBatch(cues, { trace: true })
      expect(traces?.[3]).toEqual(net.recall(cues[3], { trace: true }).trace)
      expect(net.recallBatch([], { trace: true }).traces).toEqual([])
    })

    it('takes a batch flat and nested, and changes no cue', () => {
      const flat = Float64Array.from(cues.flatMap((cue) => Array.from(cue)))
      const copy = flat.slice()
      expect(net.recallBatch(flat)).toEqual(net.recallBatch(cues))
      net.recall(flat.subarray(0, neurons), { from: 'potentials' })
      expect(flat).toEqual(copy)
    })

    it('goes on with the weights of the call while others are stored', async () => {
      const own = make({ neurons, gain: 5 }).store(patterns)
      const expected = own.recallBatch(cues)
      const promise = own.recallAsync(cues, { chunk: 1 })
      own.clear().store(randomPatterns({ count: 2, neurons, seed: 8 }))
      expect(await promise).toEqual(expected)
    })

    it('tells how far it is, and stops when it is told to', async () => {
      const seen: number[] = []
      await net.recallAsync(cues, { chunk: 3, threads: 1, onProgress: ({ done }) => seen.push(done) })
      expect(seen).toEqual(expect.arrayContaining([3, 6, 7]))
      await expect(net.recallAsync(cues, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
        'enough',
      )
    })

    it('takes an external field for one call in place of its own', () => {
      const [b, c] = [reals(neurons, 1), reals(neurons, 2)]
      const own = make({ neurons, gain: 5, externalField: b }).store(patterns)
      expect(own.recall(cues[0], { externalField: c })).toEqual(
        make({ neurons, gain: 5, externalField: c }).store(patterns).recall(cues[0]),
      )
      const u = reals(neurons, 3)
      expect(
        farthest(
          own.derivative(u),
          net.derivative(u).map((x, i) => x + b[i]),
        ),
      ).toBeLessThan(1e-14)
      const v = own.outputs(u)
      expect(own.energy(v, { externalField: new Float64Array(neurons) })).toBe(net.energy(v))
    })

    it('says whether given weights are symmetric, and keeps a copy of them', () => {
      const weights = symmetric(4, 1)
      const own = make({ neurons: 4, weights })
      expect(own.symmetric).toBe(true)
      weights[1] += 1
      expect(own.weights()).toEqual(symmetric(4, 1))
      expect(make({ neurons: 4, weights }).symmetric).toBe(false)
      expect(make({ neurons: 4, weights: Array.from(weights) }).weights()).toEqual(weights)
    })

    it('measures overlaps of outputs with its patterns', () => {
      const v = reals(neurons, 4)
      const expected = Array.from({ length: 5 }, (_, mu) => {
        const pattern = net.pattern(mu)
        return v.reduce((sum, x, i) => sum + x * pattern[i], 0) / neurons
      })
      expect(farthest(net.overlaps(v), expected)).toBeLessThan(1e-15)
      expect(make({ neurons }).overlaps(v)).toHaveLength(0)
    })
  })
}

describe('ContinuousHopfield', () => {
  it('gives the same bits on every backend', () => {
    const cases = fc.record({
      neurons: fc.integer({ min: 1, max: 40 }),
      activation: fc.constantFrom<'tanh' | 'logistic'>('tanh', 'logistic'),
      gain: fc.constantFrom(0.5, 4, 100),
      seed: fc.nat(),
      options: fc.record<IntegrationOptions>({
        method: fc.constantFrom('euler', 'rk4'),
        adaptive: fc.boolean(),
        maxSteps: fc.constantFrom(5, 50),
      }),
    })
    fc.assert(
      fc.property(cases, ({ neurons, activation, gain, seed, options }) => {
        const [first, ...others] = BACKENDS.map((backend) =>
          new ContinuousHopfield({ neurons, activation, gain, backend })
            .store(randomPatterns({ count: 3, neurons, seed }))
            .recall(
              reals(neurons, seed).map((x) => (activation === 'tanh' ? x : (1 + x) / 2)),
              { ...options, trace: 'states' },
            ),
        )
        for (const other of others) expect(other).toEqual(first)
      }),
      { seed: 1984, numRuns: 100 },
    )
  })

  const net = new ContinuousHopfield({ neurons: 3 })
  const bad: [string, () => unknown, string, string][] = [
    ['no neurons', () => new ContinuousHopfield(untyped({})), 'TYPE', 'neurons'],
    ['too many neurons', () => new ContinuousHopfield({ neurons: 65_537 }), 'RANGE', 'neurons'],
    ['a gain of zero', () => new ContinuousHopfield({ neurons: 3, gain: 0 }), 'RANGE', 'gain'],
    ['a time constant of NaN', () => new ContinuousHopfield({ neurons: 3, timeConstant: Number.NaN }), 'RANGE', 'timeConstant'],
    ['an unknown activation', () => new ContinuousHopfield({ neurons: 3, activation: untyped('relu') }), 'OPTION', 'activation'],
    ['an unknown option', () => new ContinuousHopfield(untyped({ neurons: 3, gian: 1 })), 'OPTION', 'gian'],
    ['weights of a wrong size', () => new ContinuousHopfield({ neurons: 3, weights: [1, 2] }), 'SHAPE', 'weights: expected 9 numbers, got 2'],
    ['weights that are infinite', () => new ContinuousHopfield({ neurons: 1, weights: [1 / 0] }), 'VALUE', 'weights[0]'],
    ['a field that is no number', () => new ContinuousHopfield({ neurons: 2, externalField: [0, Number.NaN] }), 'VALUE', 'externalField[1]'],
    ['patterns for given weights', () => new ContinuousHopfield({ neurons: 1, weights: [1] }).store([1]), 'OPTION', 'weights'],
    ['patterns that are not ±1', () => net.store([1, 1, 0]), 'VALUE', 'patterns[2]'],
    ['a pattern that is not there', () => net.pattern(0), 'RANGE', 'pattern: index'],
    ['to forget what is not there', () => net.forget(0), 'RANGE', 'index'],
    ['a cue outside the range of outputs', () => net.recall([0, 1.5, 0]), 'VALUE', 'cue[1]: expected a number from -1 to 1, got 1.5'],
    ['a negative cue of logistic outputs', () => new ContinuousHopfield({ neurons: 1, activation: 'logistic' }).recall([-1]), 'VALUE', 'cue[0]'],
    ['a cue of a wrong length', () => net.recall([0]), 'SHAPE', 'cue: expected 3 numbers, got 1'],
    ['a cue that is no array', () => net.recall(untyped(7)), 'TYPE', 'cue'],
    ['potentials that are infinite', () => net.recall([0, 0, 1 / 0], { from: 'potentials' }), 'VALUE', 'cue[2]'],
    ['transferred cues', () => net.recallBatch(detach(new Float64Array(3))), 'SHAPE', 'cues: the buffer of this array was transferred'],
    ['cues of a wrong length', () => net.recallBatch([[0, 0, 0], [0, 0]]), 'SHAPE', 'cues[1]'],
    ['a bad number in a batch', () => net.recallBatch([[0, 0, 0], [0, 9, 0]]), 'VALUE', 'cues[1][1]'],
    ['flat cues of no whole number', () => net.recallBatch([0, 0]), 'SHAPE', 'cues'],
    ['an unknown method', () => net.recall([0, 0, 0], { method: untyped('rk45') }), 'OPTION', 'method'],
    ['a step of zero', () => net.recall([0, 0, 0], { step: 0 }), 'RANGE', 'step'],
    ['a negative tolerance', () => net.recall([0, 0, 0], { tolerance: -1 }), 'RANGE', 'tolerance'],
    ['an accuracy of zero', () => net.recall([0, 0, 0], { accuracy: 0 }), 'RANGE', 'accuracy'],
    ['no steps', () => net.recall([0, 0, 0], { maxSteps: 0 }), 'RANGE', 'maxSteps'],
    ['a trace of something else', () => net.recall([0, 0, 0], { trace: untyped('all') }), 'TYPE', 'trace'],
    ['an unknown option of a recall', () => net.recall([0, 0, 0], untyped({ sweeps: 1 })), 'OPTION', 'sweeps'],
    ['outputs out of range', () => net.energy([2, 0, 0]), 'VALUE', 'outputs[0]'],
    ['an unknown option of energy', () => net.energy([0, 0, 0], untyped({ field: 1 })), 'OPTION', 'field'],
  ] // biome-ignore format: a table
  for (const [what, call, code, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(refusal(call)).toMatchObject({
        code: `ERR_HOPFIELD_${code}`,
        message: expect.stringContaining(message),
      })
    })
  }

  it('rejects bad calls off the event loop, and never throws', async () => {
    await expect(net.recallAsync([9, 0, 0])).rejects.toMatchObject({ code: 'ERR_HOPFIELD_VALUE' })
    await expect(net.recallAsync([0, 0, 0], untyped({ trace: true }))).rejects.toMatchObject({
      code: 'ERR_HOPFIELD_OPTION',
    })
  })
})
