// Orders that a thread has drawn are kept from call to call: each recall still visits in its own.
import { describe, expect, test } from 'vitest'
import { OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { EVERY_TIER as tier } from '../helpers/tiers.js'
import { cueRow, implicitMemory, PLAIN, planOf, type Shape } from './inputs.js'

/** A load at which recalls take several sweeps, and end elsewhere where the order is another. */
const SHAPE: Shape = { neurons: 300, count: 60, kind: 'random', seed: 3 }

const PLAN = planOf({ ...PLAIN, dynamics: 'asynchronous' }, SHAPE)

function recalled(kernels: Pick<typeof reference, 'recall'>, shape: Shape, plan: RecallPlan): unknown {
  const cue = cueRow(shape, 0)
  const state = new Uint32Array(cue.length)
  const outcome = new Float64Array(OUTCOME.length)
  kernels.recall(implicitMemory(shape), cue, 1, plan, state, outcome)
  return { state, outcome }
}

describe('a recall after one with another order, and again', () => {
  const fewer = { ...SHAPE, neurons: 299 }
  test.each([
    ['seed', { seedLow: 2 }, SHAPE],
    ['upper half of the seed', { seedHigh: 3 }, SHAPE],
    ['stream', { stream: 8 }, SHAPE],
    ['stream beyond 32 bits', { stream: 7 + 2 ** 32 }, SHAPE],
    ['first sweep', { firstSweep: 4 }, SHAPE],
    ['kind of order', { order: 'random-site' }, SHAPE],
    ['number of neurons', {}, fewer],
  ] as const)('is that of the reference where the %s differs', (_, other, shape) => {
    const first = recalled(reference, SHAPE, PLAN)
    const second = recalled(reference, shape, { ...PLAN, ...other })
    expect(second).not.toEqual(first)
    for (let k = 0; k < 2; k++) {
      expect(recalled(tier, SHAPE, PLAN)).toEqual(first)
      expect(recalled(tier, shape, { ...PLAN, ...other })).toEqual(second)
    }
  })
})
