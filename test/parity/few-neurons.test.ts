// A memory of few neurons that is often recalled from: from the ninth asynchronous recall on its fields are carried.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ImplicitMemory, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { EVERY_TIER as tier } from '../helpers/tiers.js'
import {
  cueRow,
  implicitMemory,
  type Kind,
  type PlanChoice,
  planChoices,
  planOf,
  randomRow,
  type Shape,
} from './inputs.js'

const SEED = 20261127
const CUES = 3
/** Enough to be recalled side by side where they share an order. */
const COMPANY = 40

/** Sizes at which words, registers and bytes of J end; 257 neurons and 128 patterns are too many to carry. */
const shapes = fc.record<Shape>({
  neurons: fc.oneof(
    fc.constantFrom(1, 2, 31, 33, 63, 64, 65, 127, 128, 129, 191, 193, 255, 256, 257),
    fc.integer({ min: 1, max: 256 }),
  ),
  count: fc.oneof(fc.constantFrom(1, 2, 3, 32, 33, 64, 126, 127, 128), fc.integer({ min: 1, max: 40 })),
  kind: fc.constantFrom<Kind>('random', 'random', 'equal', 'complement'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

describe.each(['recalls', 'recalls in company', 'recalls with a trace'])('%s', (how) => {
  test('from few neurons, often, as the reference does', () => {
    const traced = how === 'recalls with a trace'
    const company = how === 'recalls in company'
    const agree = (shape: Shape, choices: PlanChoice[]): void => {
      const memory = implicitMemory(shape)
      const cues = cuesOf(shape, company ? COMPANY : CUES)
      const first = { ...choices[0], dynamics: 'asynchronous', order: 'cyclic', external: 'none' } as const
      const plan = { ...planOf(first, shape), maxSweeps: 1 }
      for (let k = 0; k < 10; k++) recalled(tier, memory, cues, plan)
      for (const choice of choices) {
        const drawn = planOf({ ...choice, dynamics: 'asynchronous' }, shape)
        const plan = company ? { ...drawn, streams: new Float64Array(COMPANY).fill(choice.stream) } : drawn
        // Once hot, and cold from the third sweep on.
        for (const temperatures of [undefined, Float64Array.of(shape.count, shape.count, 0)]) {
          if (traced) sameTraces(memory, cues, { ...plan, temperatures })
          else sameRecalls(memory, cues, { ...plan, temperatures })
        }
      }
    }
    const plans = fc.array(planChoices, { minLength: 3, maxLength: 3 })
    fc.assert(fc.property(shapes, plans, agree), { seed: SEED, numRuns: 60 })
  })
})

/** The first few near a pattern, the others near none: those are far from rest after their first sweep. */
function cuesOf(shape: Shape, count: number): Uint32Array {
  const stride = rowWords(shape.neurons)
  const cues = new Uint32Array(count * stride)
  for (let b = 0; b < count; b++) {
    cues.set(b < CUES ? cueRow(shape, b) : randomRow(shape.seed, 2 ** 20 + b, shape.neurons), b * stride)
  }
  return cues
}

function recalled(
  kernels: Pick<typeof reference, 'recall'>,
  memory: ImplicitMemory,
  cues: Uint32Array,
  plan: RecallPlan,
): [Uint32Array, Float64Array] {
  const count = cues.length / rowWords(memory.neurons)
  const states = new Uint32Array(cues.length)
  const outcomes = new Float64Array(count * OUTCOME.length)
  expect(kernels.recall(memory, cues, count, plan, states, outcomes)).toBe(-1)
  return [states, outcomes]
}

/** Together, and the first alone. */
function sameRecalls(memory: ImplicitMemory, cues: Uint32Array, plan: RecallPlan): void {
  for (const some of [cues, cues.subarray(0, rowWords(memory.neurons))]) {
    const streams = plan.streams?.subarray(0, some.length / rowWords(memory.neurons))
    const [states, outcomes] = recalled(tier, memory, some, { ...plan, streams })
    const [asStates, asOutcomes] = recalled(reference, memory, some, { ...plan, streams })
    expectSame(states, asStates)
    expectSame(outcomes, asOutcomes)
  }
}

function sameTraces(memory: ImplicitMemory, cues: Uint32Array, plan: RecallPlan): void {
  const cue = cues.subarray(0, rowWords(memory.neurons))
  const [a, b] = [cue.slice(), cue.slice()]
  const [x, y] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
  const s = tier.recallTraced(memory, cue, plan, a, x)
  const t = reference.recallTraced(memory, cue, plan, b, y)
  expectSame(a, b)
  expectSame(x, y)
  expectSame(s.energies, t.energies)
  expectSame(s.overlaps, t.overlaps)
  expectSame(s.flips, t.flips)
}
