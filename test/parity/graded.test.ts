import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Activation,
  type GradedNetwork,
  INTEGRATION,
  type IntegrationPlan,
  type Kernels,
} from '../../src/kernels/contract/kernels.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'

const SIZES = [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65] as const

interface Case {
  neurons: number
  count: number
  activation: Activation
  /** Of weights: ordinary, from 1e-30 to 1e30, none at all, or such that steps diverge. */
  kind: 'random' | 'norms' | 'zero' | 'wild'
  gain: number
  rate: number
  external: boolean
  /** Whether neurons hear only some others. */
  connected: boolean
  method: IntegrationPlan['method']
  adaptive: boolean
  step: number
  accuracy: number
  tolerance: number
  maxSteps: number
  seed: number
}

const cases: fc.Arbitrary<Case> = fc.record({
  neurons: fc.oneof(fc.constantFrom(...SIZES), fc.integer({ min: 1, max: 90 })),
  count: fc.oneof(fc.constantFrom(1, 1, 2, 7, 8, 9), fc.integer({ min: 0, max: 20 })),
  activation: fc.constantFrom<Activation>('tanh', 'logistic'),
  kind: fc.constantFrom<Case['kind']>('random', 'random', 'norms', 'zero', 'wild'),
  gain: fc.constantFrom(1e-3, 1, 3, 10, 1e3, 1e100),
  rate: fc.constantFrom(1, 0.5, 1 / 3, 100),
  external: fc.boolean(),
  connected: fc.boolean(),
  method: fc.constantFrom<IntegrationPlan['method']>('euler', 'rk4'),
  adaptive: fc.boolean(),
  step: fc.constantFrom(0.01, 0.1, 1, 5, 1e100),
  accuracy: fc.constantFrom(1e-3, 1e-8, 1e-300),
  tolerance: fc.constantFrom(0, 1e-9, 1e-2, 1e3),
  maxSteps: fc.constantFrom(0, 1, 2, 10, 40),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

/** Numbers on which no alignment can be relied. */
function unaligned(length: number): Float64Array {
  return new Float64Array(length + 1).subarray(1)
}

function networkOf(given: Case): GradedNetwork {
  const { neurons, kind, seed, external, connected, activation, gain, rate } = given
  const random = new WordStream(seed, 0).seek(5, 0)
  const stride = paddedStride(neurons)
  const weights = unaligned(neurons * stride)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j <= i; j++) {
      const x = 2 * random.uniform() - 1
      const scale = kind === 'norms' ? 10 ** (60 * random.uniform() - 30) : kind === 'wild' ? 1e100 : 1
      const value = kind === 'zero' ? 0 : (x * scale) / Math.sqrt(neurons)
      weights[i * stride + j] = value
      weights[j * stride + i] = value
    }
  }
  const field = unaligned(neurons).map(() => 2 * random.uniform() - 1)
  const all = { neurons, externalField: external ? field : undefined, activation, gain, rate }
  return connected
    ? { ...all, ...someOf(neurons, weights, random) }
    : { ...all, weights, connections: undefined }
}

/** Neurons hear none, all or some others, themselves too, in any order and repeatedly. */
function someOf(
  neurons: number,
  all: Float64Array,
  random: WordStream,
): Pick<GradedNetwork, 'weights' | 'connections'> {
  const [sources, weights]: number[][] = [[], []]
  const starts = new Uint32Array(neurons + 1)
  for (let i = 0; i < neurons; i++) {
    for (let count = random.bounded(3) === 0 ? random.bounded(40) : random.bounded(9); count > 0; count--) {
      const j = random.bounded(neurons)
      sources.push(j)
      weights.push(all[i * paddedStride(neurons) + j])
    }
    starts[i + 1] = sources.length
  }
  const own = unaligned(weights.length)
  own.set(weights)
  return { weights: own, connections: { starts, sources: Uint32Array.from(sources) } }
}

function potentialsOf({ neurons, count, seed, gain }: Case): Float64Array {
  const random = new WordStream(seed, 0).seek(6, 0)
  const scale = gain > 10 ? 1 : 3
  return unaligned(neurons * count).map(() => (2 * random.uniform() - 1) * scale)
}

type Answer = [potentials: Float64Array, outputs: Float64Array, outcomes: Float64Array]

function answer(kernels: Kernels, given: Case): Answer {
  const potentials = potentialsOf(given)
  const outputs = unaligned(potentials.length)
  const outcomes = unaligned(given.count * INTEGRATION.length)
  kernels.integrate(networkOf(given), potentials, given.count, given, outputs, outcomes)
  return [potentials, outputs, outcomes]
}

const PLAIN: Case = {
  neurons: 1,
  count: 3,
  activation: 'tanh',
  kind: 'random',
  gain: 3,
  rate: 1,
  external: true,
  connected: false,
  method: 'rk4',
  adaptive: false,
  step: 0.1,
  accuracy: 1e-6,
  tolerance: 1e-6,
  maxSteps: 30,
  seed: 1,
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  const sameAsReference = (given: Case): void => {
    const expected = answer(reference, given)
    for (const [k, actual] of answer(tier, given).entries()) expectSame(actual, expected[k])
    expect(expected.every((values) => values.every(Number.isFinite))).toBe(true)
  }

  test('integrates as the reference does at every size a register begins or ends', () => {
    for (const neurons of [...SIZES, 511, 512, 513]) {
      for (const activation of ['tanh', 'logistic'] as const) {
        const maxSteps = neurons > 100 ? 2 : 30
        sameAsReference({ ...PLAIN, neurons, activation, maxSteps, seed: neurons })
        sameAsReference({
          ...PLAIN,
          neurons,
          activation,
          connected: true,
          count: neurons > 100 ? 1 : 13,
          maxSteps,
          seed: neurons,
        })
      }
    }
  })

  test('integrates as the reference does whatever the network, the method and the step', () => {
    fc.assert(fc.property(cases, sameAsReference), { seed: 1984, numRuns: 500 })
  })

  test('integrates the same on another thread', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const [potentials, outputs, outcomes] = answer(reference, given)
        const [u, v] = [potentialsOf(given), unaligned(outputs.length)]
        const ends = unaligned(outcomes.length)
        await tier.integrateAsync(networkOf(given), u, given.count, given, v, ends)
        expectSame(u, potentials)
        expectSame(v, outputs)
        expectSame(ends, outcomes)
      }),
      { seed: 1985, numRuns: 40 },
    )
  })

  test('writes the same trace', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), (choice, withStates) => {
        const given = { ...choice, count: 1 }
        const [u, w] = [potentialsOf(given), potentialsOf(given)]
        const [v, x] = [unaligned(u.length), unaligned(u.length)]
        const [a, b] = [unaligned(INTEGRATION.length), unaligned(INTEGRATION.length)]
        const network = networkOf(given)
        const actual = tier.integrateTraced(network, u, given, v, a, withStates)
        const expected = reference.integrateTraced(network, w, given, x, b, withStates)
        expectSame(u, w)
        expectSame(v, x)
        expectSame(a, b)
        expectSame(actual.times, expected.times)
        expectSame(actual.energies, expected.energies)
        expectSame(actual.states, expected.states)
      }),
      { seed: 1986, numRuns: 150 },
    )
  })

  test('gives slopes, outputs and energies as the reference does', () => {
    const value = fc.oneof(
      fc.double({ min: -25, max: 25, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1e150, max: 1e150, noNaN: true }),
      fc.constantFrom(0, -0, 5e-324, -5e-324, 1e-310, 19.06, 20, -20, 700, -700, 710, -746),
    )
    fc.assert(
      fc.property(cases, fc.array(value, { minLength: 1, maxLength: 90 }), (choice, values) => {
        const given = { ...choice, neurons: values.length, count: 1, gain: Math.min(choice.gain, 1e3) }
        const network = networkOf(given)
        const potentials = Float64Array.from(values)
        const [v, w] = [unaligned(values.length), unaligned(values.length)]
        const [s, t] = [unaligned(values.length), unaligned(values.length)]
        tier.gradedSlopes(network, potentials, 1, v, s)
        reference.gradedSlopes(network, potentials, 1, w, t)
        expectSame(v, w)
        expectSame(s, t)
        const [a, b] = [new Float64Array(1), new Float64Array(1)]
        tier.gradedEnergies(network, v, 1, a)
        reference.gradedEnergies(network, w, 1, b)
        expectSame(a, b)
      }),
      { seed: 1987, numRuns: 300 },
    )
  })
})

test('a batch of the reference gives each cue what it gets alone', () => {
  fc.assert(
    fc.property(
      cases.filter(({ count }) => count > 0),
      (given) => {
        const [potentials, outputs, outcomes] = answer(reference, given)
        const { neurons, count } = given
        const own = potentialsOf(given).slice((count - 1) * neurons)
        const [v, ends] = [new Float64Array(neurons), new Float64Array(INTEGRATION.length)]
        reference.integrate(networkOf(given), own, 1, given, v, ends)
        expectSame(own, potentials.slice((count - 1) * neurons))
        expectSame(v, outputs.slice((count - 1) * neurons))
        expectSame(ends, outcomes.slice((count - 1) * INTEGRATION.length))
      },
    ),
    { seed: 1988, numRuns: 60 },
  )
})
