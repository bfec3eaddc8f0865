import { describe, expect, test } from 'vitest'
import { OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'
import { cueRow, implicitMemory, type PlanChoice, planOf, type Shape } from './inputs.js'

/** More than it takes until the addon lays out the indices of a memory's patterns. */
const OFTEN = 12

const PLAIN: PlanChoice = {
  dynamics: 'synchronous',
  order: 'cyclic',
  tie: 'keep',
  maxSweeps: 3,
  seedLow: 1,
  seedHigh: 2,
  stream: 0,
  normalized: true,
  external: 'none',
  clamped: false,
}

/** Every tier recalls one cue after another from the same memory as the reference does. */
function agree(shape: Shape, choices: readonly Partial<PlanChoice>[]): void {
  const memory = implicitMemory(shape)
  const cues = [0, 1, 2].map((k) => cueRow(shape, k))
  const asked = choices.flatMap((choice) => {
    const plan = planOf({ ...PLAIN, ...choice }, shape)
    return cues.map((cue) => ({ cue, plan, expected: recalled(reference, cue, plan) }))
  })
  function recalled(
    kernels: Pick<typeof reference, 'recall'>,
    cue: Uint32Array,
    plan: RecallPlan,
  ): readonly [Uint32Array, Float64Array] {
    const state = new Uint32Array(cue.length)
    const outcome = new Float64Array(OUTCOME.length)
    expect(kernels.recall(memory, cue, 1, plan, state, outcome)).toBe(-1)
    return [state, outcome]
  }
  for (const tier of NATIVE_TIERS) {
    for (let k = 0; k < Math.max(OFTEN, 2 * asked.length); k++) {
      const { cue, plan, expected } = asked[k % asked.length]
      const [state, outcome] = recalled(tier, cue, plan)
      expectSame(state, expected[0])
      expectSame(outcome, expected[1])
    }
  }
}

const TIES = ['positive', 'negative', 'keep'] as const

describe.runIf(NATIVE_TIERS.length > 0)('a memory asked for all signs at once, again and again', () => {
  test.each([
    // Around what is laid out at all, and a block of neurons, a register, a table more or less.
    [256, 16],
    [257, 17],
    [511, 18],
    [512, 23],
    [513, 24],
    [1100, 51],
    [1024, 125],
    [4097, 96],
  ])('recalls as the reference does, N = %i, P = %i', (neurons, count) => {
    for (const kind of ['random', 'complement'] as const) {
      const choices = TIES.flatMap((tie) => [{ tie }, { tie, clamped: true }])
      agree({ neurons, count, kind, seed: neurons }, [...choices, { external: 'coarse' }])
    }
  })

  test.each([
    // Patterns and indices of 1.5 MB and more, which lie eight patterns to a byte: 24 of them more or less, a register of neurons, rows
    // that end before their block does.
    [300, 32000],
    [2049, 2880],
    [4096, 1441],
    [8200, 743],
    [31000, 191],
  ])('recalls from packed indices as the reference does, N = %i, P = %i', (neurons, count) => {
    for (const kind of ['random', 'equal'] as const) {
      const choices = [{ tie: 'positive' as const }, { clamped: true, maxSweeps: 4 }]
      agree({ neurons, count, kind, seed: neurons }, [...choices, { external: 'coarse', maxSweeps: 2 }])
    }
  })

  test.each([
    // A sweep or two of few flips come after the first of many.
    [513, 40],
    [1100, 90],
    [2049, 180],
    [8200, 750],
  ])('finds who may still flip, one neuron after the other, N = %i, P = %i', (neurons, count) => {
    const orders = ['random', 'cyclic', 'random-site', 'explicit'] as const
    const choices = orders.flatMap((order) => [
      { order, tie: 'positive' as const },
      { order, clamped: true },
    ])
    const asynchronous = { dynamics: 'asynchronous', maxSweeps: 20 } as const
    agree(
      { neurons, count, kind: 'random', seed: 7 },
      choices.map((choice) => ({ ...choice, ...asynchronous })),
    )
  })

  test.each([
    // Overlaps past the digits of any table: all of it in ballots.
    [33000, 16, 'equal'],
    // Σ|v| past 16 bits, within and past the limits of a table.
    [700, 130, 'equal'],
    [12000, 40, 'equal'],
    // As many tables as digits of four or five bits can be added of, with sums that just fit them, or just do not.
    [256, 49, 'equal'],
    [256, 102, 'complement'],
    [300, 103, 'random'],
    [600, 64, 'equal'],
    [1300, 130, 'random'],
    // More tables than the 16 bits of a digit's sums hold.
    [256, 13000, 'random'],
    [300, 6600, 'complement'],
  ] as const)('adds up what does not fit its tables, N = %i, P = %i, %s patterns', (neurons, count, kind) => {
    agree({ neurons, count, kind, seed: 5 }, [{ maxSweeps: 2 }, { maxSweeps: 2, tie: 'positive' }])
  })
})
