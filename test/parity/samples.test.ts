import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OUTCOME, type RecallPlan, type SparseMemory } from '../../src/kernels/contract/kernels.js'
import { rowWords, spin } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { cueRow, hebbianMatrix, implicitMemory, planChoices, planOf, type Shape } from './inputs.js'

const SEED = 20261127

/** How a neuron lists its sources: kernels add up energies on the way where those before it come first. */
const LISTS = ['ascending', 'descending', 'before first'] as const

interface Wiring {
  lists: (typeof LISTS)[number]
  degree: number
  /** Weights from −largest to largest, so that sums fill some bits or most of sixteen. */
  largest: number
}

/** Asymmetric, with connections that are there twice and neurons that hear themselves. */
function sparse({ neurons, seed }: Shape, { lists, degree, largest }: Wiring): SparseMemory {
  const words = new Uint32Array(2 * neurons * degree + 1)
  reference.philox(seed, 1, 0x80000001, 3, 0, words)
  const starts = Uint32Array.from({ length: neurons + 1 }, (_, i) => i * degree)
  const sources = new Uint32Array(neurons * degree)
  for (let i = 0; i < neurons; i++) {
    const row = Array.from({ length: degree }, (_, k) => words[i * degree + k] % neurons)
    row.sort((a, b) => (lists === 'descending' ? b - a : a - b))
    const behind = row.filter((j) => j >= i).reverse()
    sources.set(
      lists === 'before first' ? [...row.filter((j) => j < i).reverse(), ...behind] : row,
      starts[i],
    )
  }
  const weights = Int32Array.from(
    sources,
    (_, k) => (words[neurons * degree + k] % (2 * largest + 1)) - largest,
  )
  const none = new Uint32Array(0)
  return {
    form: 'sparse',
    neurons,
    count: 0,
    rows: none,
    starts,
    sources,
    weights,
    targetStarts: none,
    targets: none,
    targetWeights: new Int32Array(0),
  }
}

type Taken = [rows: Uint32Array, states: Uint32Array, outcomes: Float64Array, sums: Int32Array]

function taken(
  kernels: typeof reference,
  ...[memory, count, plan, samples, shape]: [
    Parameters<typeof reference.sample>[0],
    number,
    RecallPlan,
    number,
    Shape,
  ]
): Taken {
  const stride = rowWords(shape.neurons)
  const rows = new Uint32Array(count * stride)
  for (let b = 0; b < count; b++) rows.set(cueRow(shape, b), b * stride)
  const states = new Uint32Array(samples * rows.length)
  const outcomes = new Float64Array(samples * count * OUTCOME.length)
  const sums = new Int32Array(count * shape.neurons).fill(5)
  kernels.sample(memory, rows, count, plan, samples, states, outcomes, sums)
  return [rows, states, outcomes, sums]
}

function expectSamples(a: Taken, b: Taken): void {
  for (const [k, array] of a.entries()) expectSame(array, b[k])
}

const shapes = fc.record<Shape>({
  neurons: fc.oneof(fc.constantFrom(1, 2, 31, 32, 63, 64, 65), fc.integer({ min: 1, max: 140 })),
  count: fc.integer({ min: 0, max: 20 }),
  kind: fc.constant('random'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})
const wirings = fc.record<Wiring>({
  lists: fc.constantFrom(...LISTS),
  // Sums of up to 64 connections are kept one by one.
  degree: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(64, 65)),
  largest: fc.constantFrom(1, 3, 300),
})
const temperatures = fc.constantFrom<Float64Array | undefined>(
  Float64Array.of(1.5),
  Float64Array.of(1.5),
  Float64Array.of(40),
  Float64Array.of(2, 0),
  Float64Array.of(0),
  undefined,
)

/** A plan without what chains side by side do not take. */
function plain(plan: RecallPlan, sweeps: number, heat: Float64Array | undefined): RecallPlan {
  return { ...plan, scale: 1, maxSweeps: sweeps, temperatures: heat }
}

test('samples are recalls one after the other', () => {
  const shape: Shape = { neurons: 40, count: 3, kind: 'random', seed: 5 }
  for (const memory of [
    implicitMemory(shape),
    sparse(shape, { lists: 'ascending', degree: 4, largest: 2 }),
  ]) {
    for (const order of ['random', 'cyclic'] as const) {
      const plan: RecallPlan = {
        ...planOf({ dynamics: 'asynchronous', tie: 'keep', maxSweeps: 2, ...RANDOM, order }, shape),
        temperatures: Float64Array.of(1.5),
        firstSweep: 9,
      }
      const [rows, states, outcomes, sums] = taken(reference, memory, 3, plan, 4, shape)
      const stride = rowWords(shape.neurons)
      for (let b = 0; b < 3; b++) {
        let cue = cueRow(shape, b)
        const all = new Int32Array(shape.neurons).fill(5)
        for (let k = 0; k < 4; k++) {
          const end = new Float64Array(OUTCOME.length)
          const state = new Uint32Array(stride)
          const next = { ...plan, firstSweep: 9 + 2 * k, stream: plan.stream + b }
          reference.recall(memory, cue, 1, next, state, end)
          const at = 4 * b + k
          expectSame(states.slice(at * stride, (at + 1) * stride), state)
          expectSame(outcomes.slice(at * OUTCOME.length, (at + 1) * OUTCOME.length), end)
          cue = state
          for (let i = 0; i < shape.neurons; i++) all[i] += spin(state, i)
        }
        expectSame(sums.slice(b * shape.neurons, (b + 1) * shape.neurons), all)
        expectSame(rows.slice(b * stride, (b + 1) * stride), cue)
      }
    }
  }
})

const RANDOM = {
  order: 'random',
  seedLow: 3,
  seedHigh: 4,
  stream: 6,
  normalized: false,
  external: 'none',
  clamped: false,
} as const

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('takes samples of few connections as the reference does, however they are listed', () => {
    const counts = fc.constantFrom(1, 6, 63, 64, 65, 70)
    const property = fc.property(
      shapes,
      wirings,
      planChoices,
      temperatures,
      fc.constantFrom(1, 1, 2, 3),
      counts,
      (shape, wiring, choice, heat, sweeps, count) => {
        const memory = sparse(shape, wiring)
        const own = choice.order === 'random-site' ? ({ ...choice, order: 'cyclic' } as const) : choice
        const plan = plain(planOf({ ...own, external: 'none', clamped: false }, shape), sweeps, heat)
        const samples = 1 + (shape.seed % 4)
        expectSamples(
          taken(tier, memory, count, plan, samples, shape),
          taken(reference, memory, count, plan, samples, shape),
        )
      },
    )
    fc.assert(property, { seed: SEED, numRuns: 60 })
  })

  // Fields of up to 63 are summed in bytes. A draw whose upper 16 bits leave it open comes once in 2^16: here about seven times each.
  test.each([
    [21, 3],
    [16, 4],
  ])('takes samples with %i connections of weight ±%i each', (degree, weight) => {
    const shape: Shape = { neurons: 70, count: 1, kind: 'random', seed: 11 }
    const memory = sparse(shape, { lists: 'ascending', degree, largest: 1 })
    const weights = memory.weights.map((_, k) => (k % 3 === 0 ? -weight : weight)) as Int32Array
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const choice = { dynamics, tie: 'keep', maxSweeps: 10, ...RANDOM, order: 'cyclic' } as const
      const plan = plain(planOf(choice, shape), 10, Float64Array.of(30))
      expectSamples(
        taken(tier, { ...memory, weights }, 64, plan, 10, shape),
        taken(reference, { ...memory, weights }, 64, plan, 10, shape),
      )
    }
  })

  test('takes samples of other weights as the reference does', () => {
    const property = fc.property(shapes, planChoices, temperatures, (shape, choice, heat) => {
      for (const memory of [implicitMemory(shape), hebbianMatrix(shape)]) {
        const plan = { ...planOf(choice, shape), maxSweeps: 2, temperatures: heat }
        expectSamples(taken(tier, memory, 5, plan, 2, shape), taken(reference, memory, 5, plan, 2, shape))
      }
    })
    fc.assert(property, { seed: SEED, numRuns: 25 })
  })

  test('takes none where none are asked for, and leaves the cues', () => {
    const shape: Shape = { neurons: 33, count: 2, kind: 'random', seed: 1 }
    const plan = plain(
      planOf({ dynamics: 'asynchronous', tie: 'keep', maxSweeps: 1, ...RANDOM }, shape),
      1,
      Float64Array.of(1),
    )
    const [rows] = taken(tier, implicitMemory(shape), 7, plan, 0, shape)
    expectSame(rows.slice(0, rowWords(33)), cueRow(shape, 0))
  })

  test('takes samples beside this thread, and stops when its flag is raised', async () => {
    const shape: Shape = { neurons: 65, count: 2, kind: 'random', seed: 2 }
    const memory = sparse(shape, { lists: 'ascending', degree: 5, largest: 2 })
    const choice = {
      dynamics: 'asynchronous',
      tie: 'keep',
      maxSweeps: 1,
      ...RANDOM,
      order: 'cyclic',
    } as const
    const plan = plain(planOf(choice, shape), 1, Float64Array.of(1.5))
    const [rows, states, outcomes, sums] = taken(tier, memory, 8, plan, 3, shape)
    const stride = rowWords(65)
    const [own, to] = [new Uint32Array(8 * stride), new Uint32Array(states.length)]
    for (let b = 0; b < 8; b++) own.set(cueRow(shape, b), b * stride)
    const ends = new Float64Array(outcomes.length)
    const all = new Int32Array(sums.length).fill(5)
    await tier.sampleAsync(memory, own, 8, plan, 3, to, ends, all)
    expectSamples([own, to, ends, all], [rows, states, outcomes, sums])
    const flag = Int32Array.of(1, 0)
    await expect(
      tier.sampleAsync(memory, own, 8, { ...plan, maxSweeps: 2 ** 31 - 1 }, 1, to, ends, all, flag),
    ).resolves.toBeUndefined()
  })
})
