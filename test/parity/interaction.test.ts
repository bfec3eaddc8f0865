import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type InteractionMemory, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import {
  type Interaction,
  interactionTables,
  readInteraction,
} from '../../src/memories/dense/interaction-options.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import {
  cueRow,
  EDGES,
  implicitMemory,
  planChoices,
  planOf,
  randomRow,
  type Shape,
  shapes,
} from './inputs.js'

const SEED = 20261125

function memoryOf(shape: Shape, interaction: Interaction): InteractionMemory {
  return {
    ...implicitMemory(shape),
    form: 'interaction',
    ...interactionTables(readInteraction('interaction', interaction, shape.neurons), shape.neurons),
  }
}

/** Numbers of every size and sign, zeros of both, in no order. */
function wildValues(neurons: number, seed: number): Float64Array {
  const words = randomRow(seed, 7, 32 * (2 * neurons + 1))
  return Float64Array.from({ length: 2 * neurons + 1 }, (_, k) => {
    const [sign, size] = [words[k] & 1 ? 1 : -1, (words[k] >>> 1) % 4]
    return sign * [0, 1, 5e-324, words[k] * 2 ** (((words[k] >>> 8) % 900) - 450)][size]
  })
}

const wild = (neurons: number, seed: number): Interaction => ({
  kind: 'table',
  values: wildValues(neurons, seed),
})

/** Betas whose cut-off lies beyond all overlaps, among them, within eight of the best, and before the next. */
const interactions: fc.Arbitrary<(shape: Shape) => Interaction> = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 7).map((degree) => () => ({ kind: 'polynomial', degree }) as const),
  fc.constantFrom(1, 2, 3, 8).map((degree) => () => ({ kind: 'rectified', degree }) as const),
  fc
    .constantFrom(1e-300, 0.01, 0.1, 0.3, 0.5, 1, 2, 2.8, 10, 23, 339)
    .map((beta) => () => ({ kind: 'exponential', beta }) as const),
  fc.constant((shape: Shape) => wild(shape.neurons, shape.seed)),
  fc.constantFrom(0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1).map(
    (share) =>
      ({ neurons }: Shape) =>
        ({ kind: 'epanechnikov', radius: radiusOf(neurons, share) }) as const,
  ),
  fc.constantFrom(1 / 32, 1 / 8, 1 / 3).map((share) => (shape: Shape) => wildBall(shape, share)),
)

const radiusOf = (neurons: number, share: number): number => Math.max(1, Math.floor(neurons * share))

/** The same numbers in a ball, and nothing outside. */
function wildBall({ neurons, seed }: Shape, share: number): Interaction {
  const values = wildValues(neurons, seed)
  return { kind: 'table', values: values.fill(0, 0, 2 * (neurons - radiusOf(neurons, share))) }
}

/** So many patterns that those which vote are laid together, and so few neurons that none or all of them are. */
const crowds = fc.record<Shape>({
  neurons: fc.constantFrom(1, 24, 33, 61, 62, 63, 64, 100, 130, 200, 260),
  count: fc.constantFrom(127, 128, 129, 500, 511, 512, 513, 1100),
  kind: fc.constantFrom('random', 'random', 'complement', 'equal'),
  seed: fc.nat(),
})

function cuesOf(shape: Shape, count: number): Uint32Array {
  const stride = rowWords(shape.neurons)
  const cues = new Uint32Array(count * stride)
  for (let b = 0; b < count; b++) {
    // Near a pattern, or anywhere.
    const cue = b % 3 === 2 ? randomRow(shape.seed, 1000 + b, shape.neurons) : cueRow(shape, b)
    cues.set(cue, b * stride)
  }
  return cues
}

/** With what a dense memory gives for scale: fields are halved before an external field is added. */
const pairwisePlan = (choice: Parameters<typeof planOf>[0], shape: Shape): RecallPlan => ({
  ...planOf({ ...choice, normalized: false }, shape),
  scale: 2,
  // Hot, then cold, or cold all along.
  temperatures: shape.seed % 3 === 0 ? Float64Array.of(3, 0.7, 0) : undefined,
})

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  const sameMeasures = (shape: Shape, interaction: Interaction): void => {
    const memory = memoryOf(shape, interaction)
    const cues = cuesOf(shape, 3)
    const stride = rowWords(shape.neurons)
    for (let b = 0; b < 3; b++) {
      const cue = cues.subarray(b * stride, (b + 1) * stride)
      const [x, y] = [new Float64Array(shape.neurons), new Float64Array(shape.neurons)]
      tier.localFields(memory, cue, x)
      reference.localFields(memory, cue, y)
      expectSame(x, y)
    }
    const [q, r] = [new Float64Array(3), new Float64Array(3)]
    tier.quadratics(memory, cues, 3, q)
    reference.quadratics(memory, cues, 3, r)
    expectSame(q, r)
  }

  test('computes fields and energies of every size as the reference does', () => {
    for (const neurons of EDGES) {
      for (const count of [0, ...EDGES]) {
        const shape: Shape = { neurons, count, kind: 'random', seed: neurons * 1000 + count }
        sameMeasures(shape, { kind: 'polynomial', degree: 3 })
        sameMeasures(shape, { kind: 'exponential', beta: 0.4 })
      }
    }
  })

  test('computes fields and energies of every interaction as the reference does', () => {
    const check = (shape: Shape, of: (shape: Shape) => Interaction): void => sameMeasures(shape, of(shape))
    fc.assert(fc.property(fc.oneof(shapes, crowds), interactions, check), { seed: SEED, numRuns: 150 })
  })

  test('recalls as the reference does, one cue and several, and writes the same trace', () => {
    const check = (
      shape: Shape,
      of: (shape: Shape) => Interaction,
      choice: Parameters<typeof planOf>[0],
      count: number,
    ): void => {
      const memory = memoryOf(shape, of(shape))
      const plan = { ...pairwisePlan(choice, shape), maxSweeps: Math.min(choice.maxSweeps, 5) }
      const cues = cuesOf(shape, count)
      const [a, b] = [new Uint32Array(cues.length), new Uint32Array(cues.length)]
      const [x, y] = [new Float64Array(count * OUTCOME.length), new Float64Array(count * OUTCOME.length)]
      expect(tier.recall(memory, cues, count, plan, a, x)).toBe(-1)
      reference.recall(memory, cues, count, plan, b, y)
      expectSame(a, b)
      expectSame(x, y)
      const cue = cues.subarray(0, rowWords(shape.neurons))
      const [c, d] = [cue.slice(), cue.slice()]
      const [z, w] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
      const s = tier.recallTraced(memory, cue, plan, c, z)
      const t = reference.recallTraced(memory, cue, plan, d, w)
      expectSame(c, d)
      expectSame(z, w)
      expectSame(s.energies, t.energies)
      expectSame(s.overlaps, t.overlaps)
      expectSame(s.flips, t.flips)
    }
    const some = fc.integer({ min: 1, max: 6 })
    fc.assert(fc.property(shapes, interactions, planChoices, some, check), { seed: SEED, numRuns: 100 })
    fc.assert(fc.property(crowds, interactions, planChoices, some, check), { seed: SEED, numRuns: 100 })
  })

  test('recalls a larger batch as the reference does, on the thread and off it', async () => {
    const shape: Shape = { neurons: 90, count: 600, kind: 'random', seed: 3 }
    const memory = memoryOf(shape, { kind: 'exponential', beta: 1 })
    const cues = cuesOf(shape, 40)
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const plan: RecallPlan = {
        dynamics,
        order: 'random',
        tie: 'keep',
        maxSweeps: 4,
        seedLow: 5,
        seedHigh: 6,
        stream: 2 ** 40,
        streams: undefined,
        temperatures: undefined,
        firstSweep: 0,
        scale: 1,
        externalField: undefined,
        clamp: undefined,
      }
      const [a, b] = [new Uint32Array(cues.length), new Uint32Array(cues.length)]
      const [x, y] = [new Float64Array(40 * OUTCOME.length), new Float64Array(40 * OUTCOME.length)]
      reference.recall(memory, cues, 40, plan, b, y)
      tier.recall(memory, cues, 40, plan, a, x)
      expectSame(a, b)
      expectSame(x, y)
      await tier.recallAsync(memory, cues, 40, plan, a.fill(0), x.fill(0))
      expectSame(a, b)
      expectSame(x, y)
    }
  })
})
