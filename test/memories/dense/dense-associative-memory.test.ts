import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addNoise,
  type DenseAssociativeMemoryOptions,
  HopfieldNetwork,
  type Interaction,
  DenseAssociativeMemory as Memory,
  PackedPatterns,
  RecallBatcher,
  type RecallOptions,
  randomPatterns,
  type Tie,
} from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { FIXED, questions } from '../../helpers/property.js'
import { refusal, rejection, untyped } from '../../helpers/refusal.js'

const KINDS: Interaction[] = [
  { kind: 'polynomial', degree: 3 },
  { kind: 'rectified', degree: 4 },
  { kind: 'exponential', beta: 0.5 },
  { kind: 'table', values: (v) => Math.abs(v) },
]
const NAMED = KINDS.map((interaction) => [interaction.kind, interaction] as const)

/** F as the papers have it. */
function formula(interaction: Interaction): (v: number) => number {
  switch (interaction.kind) {
    case 'polynomial':
      return (v) => v ** interaction.degree
    case 'rectified':
      return (v) => (v > 0 ? v ** interaction.degree : 0)
    case 'exponential':
      return (v) => Math.exp((interaction.beta ?? 1) * v)
    case 'epanechnikov':
      throw new Error('ball.test.ts has the formula of balls')
    case 'table':
      return interaction.values as (v: number) => number
  }
}

const overlapsOf = (patterns: Int8Array, state: Int8Array): number[] =>
  Array.from({ length: patterns.length / state.length }, (_, mu) =>
    state.reduce((sum, s, i) => sum + s * patterns[mu * state.length + i], 0),
  )

for (const backend of BACKENDS) {
  const make = (interaction: Interaction, neurons: number): Memory =>
    new Memory({ neurons, interaction, backend })

  describe(`a dense associative memory, ${backend}`, () => {
    it.each(NAMED)('has the energy and the fields of the definition, %s', (_, interaction) => {
      const f = formula(interaction)
      const property = fc.property(questions(9), ({ neurons, patterns, cue }) => {
        const net = make(interaction, neurons).store(patterns)
        const v = overlapsOf(patterns, cue)
        const sum = v.reduce((total, x) => total + f(x), 0)
        const relative = interaction.kind === 'exponential'
        const energy = !relative ? -sum : v.length === 0 ? 0 : -Math.log(sum) / (interaction.beta ?? 1)
        expect(net.energy(cue)).toBeCloseTo(energy, 9)
        const beta = relative ? (interaction.beta ?? 1) : 0
        // An exponential's fields lack this factor.
        const factor = relative ? Math.exp(beta * Math.max(...v)) * (1 - Math.exp(-2 * beta)) : 1
        const fields = net.localField(cue)
        for (let i = 0; i < neurons; i++) {
          const h = v.reduce((total, x, mu) => {
            const xi = patterns[mu * neurons + i]
            const rest = x - xi * cue[i]
            return total + f(rest + xi) - f(rest - xi)
          }, 0)
          const scale = v.reduce((most, x) => Math.max(most, Math.abs(f(x))), 1)
          expect(Math.abs(fields[i] * factor - h)).toBeLessThan(1e-9 * scale)
        }
      })
      fc.assert(property, { ...FIXED, numRuns: 40 })
    })

    it('has the energy −ΣF(v) and not −F(Σv)', () => {
      // Overlaps 4 and −4: their squares add up, and the square of their sum is 0.
      const net = make({ kind: 'polynomial', degree: 2 }, 4).store([
        [1, 1, 1, 1],
        [-1, -1, -1, -1],
      ])
      expect(net.energy([1, 1, 1, 1])).toBe(-32)
    })

    it('of degree 2 does all that the Hopfield network does, four times its fields', () => {
      const plans: (RecallOptions & { tie: Tie })[] = (['positive', 'negative', 'keep'] as const).flatMap(
        (tie) => [
          { tie, order: 'random', seed: 3 },
          { tie, order: 'cyclic' },
          { tie, order: 'random-site', seed: 4 },
          { tie, order: [0, 0] },
          { tie, dynamics: 'synchronous' },
        ],
      )
      const property = fc.property(questions(12), ({ neurons, patterns, cue }) => {
        const net = make({ kind: 'polynomial', degree: 2 }, neurons).store(patterns)
        const hebbian = new HopfieldNetwork({ neurons, backend, normalize: 'none' }).store(patterns)
        expect(net.localField(cue)).toEqual(hebbian.localField(cue).map((h) => 4 * h))
        for (const options of plans) {
          const {
            energy: _,
            active: ___,
            trace: mine,
            ...ours
          } = net.recall(cue, { ...options, trace: true })
          const { energy: __, trace, ...theirs } = hebbian.recall(cue, { ...options, trace: true })
          expect(ours).toEqual(theirs)
          expect(mine?.flips).toEqual(trace?.flips)
          expect(mine?.overlaps).toEqual(trace?.overlaps)
          expect(net.isFixedPoint(cue, { tie: options.tie })).toBe(
            hebbian.isFixedPoint(cue, { tie: options.tie }),
          )
        }
      })
      fc.assert(property, FIXED)
    })

    it.each(NAMED)('never rises in energy one neuron at a time, %s', (_, interaction) => {
      const property = fc.property(questions(9), fc.nat(), ({ neurons, patterns, cue }, seed) => {
        const net = make(interaction, neurons).store(patterns)
        const { trace, converged, state, energy } = net.recall(cue, { seed, trace: true })
        const energies = trace?.energies ?? []
        for (let k = 1; k < energies.length; k++) {
          // The log of a sum may round up by a unit where the sum falls by less.
          expect(energies[k]).toBeLessThanOrEqual(energies[k - 1] + 1e-12 * Math.abs(energies[k - 1]))
        }
        expect(energies.at(-1)).toBe(energy)
        expect(net.energy(state)).toBe(energy)
        expect(converged).toBe(true)
        expect(net.isFixedPoint(state)).toBe(true)
      })
      fc.assert(property, { ...FIXED, numRuns: 60 })
    })

    it.each(NAMED)('answers for many states as for each, %s', (_, interaction) => {
      const neurons = 90
      const patterns = randomPatterns({ count: 40, neurons, seed: 1 })
      const cues = randomPatterns({ count: 30, neurons, seed: 2 })
      const net = make(interaction, neurons).store(patterns)
      const cue = (b: number): Int8Array => cues.subarray(b * neurons, (b + 1) * neurons)
      const each = Array.from({ length: 30 }, (_, b) =>
        net.recall(cue(b), { stream: b, clamp: cue(0).map((s) => +(s > 0)) }),
      )
      const batch = net.recallBatch(cues, { clamp: cue(0).map((s) => +(s > 0)) })
      expect(Array.from(batch.energies)).toEqual(each.map((r) => r.energy))
      expect(batch.states).toEqual(Int8Array.from(each.flatMap((r) => Array.from(r.state))))
      expect(Array.from(net.energyBatch(cues))).toEqual(each.map((_, b) => net.energy(cue(b))))
      expect(net.overlapsBatch(cues).subarray(0, 40)).toEqual(net.overlaps(cue(0)))
    })

    it('recalls off the event loop what it recalls on it, whatever the chunks, and while it is changed', async () => {
      const neurons = 80
      const patterns = randomPatterns({ count: 300, neurons, seed: 1 })
      const cues = randomPatterns({ count: 50, neurons, seed: 2 })
      for (const dynamics of ['asynchronous', 'synchronous'] as const) {
        for (const [chunk, threads] of [
          [1, 1],
          [7, 2],
          [50, 3],
        ]) {
          const net = make({ kind: 'exponential', beta: 1 }, neurons).store(patterns)
          const expected = net.recallBatch(cues, { dynamics, packed: true })
          const before = net.recallAsync(cues, { dynamics, chunk, threads, packed: true })
          net.forget(3)
          const meanwhile = net.recallAsync(cues, { dynamics, chunk, threads })
          net.store(cues)
          const full = net.recallBatch(cues, { dynamics })
          net.clear()
          expect(await before).toEqual(expected)
          expect((await meanwhile).states).not.toEqual(full.states)
          expect(net.recallBatch(cues).states).toEqual(new Int8Array(cues.length).fill(1))
        }
      }
    })

    it('serves a RecallBatcher', async () => {
      const neurons = 64
      const patterns = randomPatterns({ count: 100, neurons, seed: 1 })
      const net = make({ kind: 'exponential' }, neurons).store(patterns)
      const batcher = new RecallBatcher(net, { maxSize: 4, tie: 'keep' })
      const cues = Array.from({ length: 9 }, (_, b) =>
        addNoise(patterns.subarray(b * neurons, (b + 1) * neurons), { count: 8, seed: b }),
      )
      const got = await Promise.all(cues.map((cue, b) => batcher.recall(cue, { stream: b })))
      expect(got).toEqual(cues.map((cue, b) => net.recall(cue, { stream: b, tie: 'keep' })))
      await batcher.close()
    })

    it('of nothing has energy 0 and no fields, and follows the tie rule', () => {
      for (const interaction of KINDS) {
        const net = make(interaction, 3)
        expect(net.energy([1, -1, 1])).toBe(0)
        expect(net.localField([1, -1, 1])).toEqual(new Float64Array(3))
        expect(net.recall([1, -1, 1]).state).toEqual(Int8Array.of(1, 1, 1))
        expect(net.recall([1, -1, 1], { tie: 'keep' }).state).toEqual(Int8Array.of(1, -1, 1))
      }
    })

    it('reports a two-cycle with its other state', () => {
      // Two neurons that want to be alike, each at first unlike the other.
      const net = make({ kind: 'polynomial', degree: 2 }, 2).store([[1, 1]])
      const { cycle, state, alternate } = net.recall([1, -1], { dynamics: 'synchronous' })
      expect(cycle).toBe(2)
      expect([state, alternate]).toEqual([Int8Array.of(1, -1), Int8Array.of(-1, 1)])
    })

    it('computes with betas at both ends without overflow', () => {
      const patterns = randomPatterns({ count: 20, neurons: 600, seed: 1 })
      for (const beta of [1e-300, 339]) {
        const net = make({ kind: 'exponential', beta }, 600).store(patterns)
        const cue = addNoise(patterns.subarray(0, 600), { count: 100, seed: 1 })
        const { energy, state } = net.recall(cue)
        expect(Number.isFinite(energy)).toBe(true)
        expect(net.localField(cue).every(Number.isFinite)).toBe(true)
        if (beta > 1) expect(net.classify(state)).toMatchObject({ kind: 'stored', pattern: 0 })
      }
    })

    it('takes a table as given, as array and as function', () => {
      const values = Float64Array.from({ length: 15 }, (_, k) => (k - 7) ** 4)
      const patterns = randomPatterns({ count: 5, neurons: 7, seed: 1 })
      const asked: number[] = []
      const f = (v: number): number => {
        asked.push(v)
        return v ** 4
      }
      const nets = [values, f].map((given) => make({ kind: 'table', values: given }, 7).store(patterns))
      expect(asked).toEqual([-7, -5, -3, -1, 1, 3, 5, 7])
      values.fill(0)
      const power = make({ kind: 'polynomial', degree: 4 }, 7).store(patterns)
      for (const net of nets) {
        expect(net.localField(patterns.subarray(0, 7))).toEqual(power.localField(patterns.subarray(0, 7)))
      }
    })
  })

  describe(`classify, ${backend}`, () => {
    const neurons = 20
    const patterns = randomPatterns({ count: 3, neurons, seed: 5 })
    const [first, second] = [patterns.subarray(0, neurons), patterns.subarray(neurons, 2 * neurons)]
    for (const make of [
      (): Memory => new Memory({ neurons, interaction: { kind: 'polynomial', degree: 3 }, backend }),
      (): HopfieldNetwork => new HopfieldNetwork({ neurons, backend }),
    ]) {
      const { name } = make().constructor
      it(`tells patterns, inverses and neither apart, ${name}`, () => {
        const net = make().store(patterns)
        const most = Math.max(...net.overlaps(second).map((m, mu) => (mu === 1 ? 0 : Math.abs(m))))
        const margin = (neurons - Math.round(most * neurons)) / neurons
        expect(net.classify(second)).toEqual({ kind: 'stored', pattern: 1, overlap: 1, margin })
        const inverse = second.map((s) => -s)
        expect(net.classify(inverse)).toEqual({ kind: 'inverse', pattern: 1, overlap: -1, margin })
        expect(net.classify(addNoise(second, { count: 1, seed: 1 }))).toMatchObject({
          kind: 'spurious',
          pattern: 1,
          overlap: 0.9,
        })
      })

      it(`takes the first of several equals, and all of |m| as margin where there is no other, ${name}`, () => {
        expect(make().store([first, first]).classify(first)).toMatchObject({ pattern: 0, margin: 0 })
        expect(make().store([first]).classify(first)).toMatchObject({ pattern: 0, margin: 1 })
      })

      it(`knows nothing where nothing is stored, ${name}`, () => {
        expect(make().classify(first)).toEqual({ kind: 'spurious', pattern: -1, overlap: 0, margin: 0 })
      })
    }
  })
}

describe('a dense associative memory refuses', () => {
  const options = (given: object): DenseAssociativeMemoryOptions =>
    untyped({ neurons: 5, interaction: { kind: 'exponential' }, ...given })
  const interaction = (given: unknown) => (): unknown => new Memory(options({ interaction: given }))
  const net = new Memory(options({})).store([[1, 1, 1, -1, -1]])
  const cue = [1, 1, 1, 1, 1]
  const bad = new Float64Array(11)
  bad[4] = Number.NaN
  const cases: [what: string, run: () => unknown, code: string, word: string][] = [
    ['no options', () => new Memory(untyped(undefined)), 'TYPE', 'DenseAssociativeMemory'],
    ['unknown options', () => new Memory(options({ degree: 3 })), 'OPTION', 'degree'],
    ['no neurons', () => new Memory(options({ neurons: 0 })), 'RANGE', 'neurons'],
    ['a backend that is none', () => new Memory(options({ backend: 'gpu' })), 'OPTION', 'backend'],
    ['no interaction', interaction(undefined), 'TYPE', 'interaction'],
    ['an interaction that is a name', interaction('exponential'), 'TYPE', 'interaction'],
    ['a kind that is none', interaction({ kind: 'softmax' }), 'OPTION', 'interaction.kind'],
    ['no degree', interaction({ kind: 'polynomial' }), 'TYPE', 'interaction.degree'],
    ['a degree of 0', interaction({ kind: 'polynomial', degree: 0 }), 'RANGE', 'interaction.degree'],
    ['half a degree', interaction({ kind: 'rectified', degree: 2.5 }), 'RANGE', 'interaction.degree'],
    ['a degree that overflows', interaction({ kind: 'polynomial', degree: 423 }), 'RANGE', '2^980'],
    ['a degree beyond any', interaction({ kind: 'polynomial', degree: 1e6 }), 'RANGE', 'degree'],
    ['a degree of an exponential', interaction({ kind: 'exponential', degree: 2 }), 'OPTION', 'degree'],
    ['a beta of a power', interaction({ kind: 'polynomial', degree: 2, beta: 1 }), 'OPTION', 'beta'],
    ['a beta of 0', interaction({ kind: 'exponential', beta: 0 }), 'RANGE', 'interaction.beta'],
    ['a negative beta', interaction({ kind: 'exponential', beta: -1 }), 'RANGE', 'interaction.beta'],
    ['a beta beyond all bounds', interaction({ kind: 'exponential', beta: Infinity }), 'RANGE', 'beta'],
    ['a beta that is no number', interaction({ kind: 'exponential', beta: '1' }), 'TYPE', 'beta'],
    ['no table', interaction({ kind: 'table' }), 'TYPE', 'interaction.values'],
    ['a short table', interaction({ kind: 'table', values: [1, 2] }), 'SHAPE', '11'],
    ['a table with no number', interaction({ kind: 'table', values: bad }), 'VALUE', 'values[4]'],
    ['a function of no number', interaction({ kind: 'table', values: () => 'x' }), 'VALUE', 'values(-5)'],
    ['a function of too much', interaction({ kind: 'table', values: () => 2 ** 980 }), 'VALUE', '2^980'],
    ['a short external field', () => net.recall(cue, { externalField: [1] }), 'SHAPE', 'externalField'],
    ['a negative temperature', () => net.recall(cue, { temperature: -1 }), 'RANGE', 'temperature'],
    ['a cue of another size', () => net.recall([1]), 'SHAPE', 'cue'],
    ['a state that is none', () => net.classify([1, 0, 1, 1, 1]), 'VALUE', 'state[1]'],
    [
      'packed states of another size',
      () => net.energyBatch(PackedPatterns.from([1, 1], { neurons: 2 })),
      'SHAPE',
      'states',
    ],
    ['a pattern that is not there', () => net.forget(1), 'RANGE', 'index'],
  ]
  it.each(cases)('%s', (_, run, code, word) => {
    const error = refusal(run)
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(word)
  })

  it('a trace of recallAsync, by rejection', async () => {
    for (const name of ['trace']) {
      const error = await rejection(net.recallAsync([cue], untyped({ [name]: cue })))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_OPTION' })
    }
  })
})

describe.each(BACKENDS)('synchronous recalls of odd functions, %s', (backend) => {
  // Of 4000 small memories of degree 3 and 5 each, these are among the twelve that go round so.
  it.each([
    [163, 3, 4],
    [523, 3, 4],
    [23, 5, 3],
  ])('tell the length of a cycle that is longer than two: seed %i, degree %i, length %i', (seed, degree, length) => {
    const [neurons, count] = [5 + (seed % 6), 2 + (seed % 4)]
    const net = new Memory({ neurons, interaction: { kind: 'polynomial', degree }, backend })
    net.store(randomPatterns({ count, neurons, seed }))
    const cue = randomPatterns({ count: 1, neurons, seed: seed + 1e5 })
    const { cycle, converged, state, sweeps, alternate } = net.recall(cue, { dynamics: 'synchronous' })
    expect([cycle, converged, alternate]).toEqual([length, false, undefined])
    expect(sweeps).toBeLessThan(12)
    expect(net.recall(state, { dynamics: 'synchronous', maxSweeps: length }).state).toEqual(state)
    expect(net.recallBatch(cue, { dynamics: 'synchronous' }).cycles).toEqual(Uint32Array.of(length))
  })
})
