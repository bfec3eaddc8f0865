// One cue of bytes: up to a size it travels to the kernel in a block that calls share, beyond it as it is.
import { expect, test } from 'vitest'
import { OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { EVERY_TIER as tier } from '../helpers/tiers.js'
import { cueRow, implicitMemory, PLAIN, planOf, type Shape } from './inputs.js'

type Recalling = Pick<typeof reference, 'recall' | 'unpack'>

function recalled(kernels: Recalling, shape: Shape, plan: RecallPlan, spoilt = -1): unknown {
  const { neurons } = shape
  const cue = new Int8Array(neurons)
  kernels.unpack(cueRow(shape, 0), 1, neurons, cue)
  if (spoilt >= 0) cue[spoilt] = 0
  // Between bytes that stay as they are.
  const room = new Int8Array(neurons + 2).fill(77)
  const outcome = new Float64Array(OUTCOME.length)
  const offender = kernels.recall(implicitMemory(shape), cue, 1, plan, room.subarray(1, -1), outcome)
  return { room, outcome, offender }
}

const SIZES = [1, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1500]

test.each(
  SIZES,
)('a cue of %i neurons ends as in the reference, and a value that is no spin is found', (neurons) => {
  const shape: Shape = { neurons, count: 5, kind: 'random', seed: 3 }
  const order = Uint32Array.from({ length: neurons }, (_, i) => neurons - 1 - i)
  for (const each of [
    { dynamics: 'synchronous' },
    { dynamics: 'asynchronous' },
    { dynamics: 'asynchronous', order: 'cyclic' },
    { dynamics: 'asynchronous', order },
  ] as const) {
    const plan = { ...planOf({ ...PLAIN, dynamics: each.dynamics }, shape), ...each }
    const expected = recalled(reference, shape, plan)
    expect(expected).toMatchObject({ offender: -1 })
    expect(recalled(tier, shape, plan)).toEqual(expected)
    const last = recalled(tier, shape, plan, neurons - 1)
    expect(last).toMatchObject({ offender: neurons - 1 })
    expect(last).toEqual(recalled(reference, shape, plan, neurons - 1))
  }
})
