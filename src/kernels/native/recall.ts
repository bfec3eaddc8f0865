import type { FieldKernels, RecallKernels, RecallPlan } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import type { Handles } from './handles.js'

const ORDERS = { random: 0, cyclic: 1, 'random-site': 2 } as const
const EXPLICIT_ORDER = 3
const TIES = { positive: 0, negative: 1, keep: 2 } as const

/** The pairwise memories' kernels, each a call with a handle and a control block. */
export function recallKernels(
  tier: TierExports,
  handles: Handles,
): RecallKernels & Pick<FieldKernels, 'localFields' | 'quadratics'> {
  /** What native/addon/recall.h reads by position; calls copy it, so that one serves them all. */
  const control = new Float64Array(11)

  /** Writes the control block, and gathers the arrays that few plans have, in the order of their bits. */
  function prepare(plan: RecallPlan, count: number): unknown[] | undefined {
    const { order, externalField, clamp, streams, temperatures } = plan
    const synchronous = plan.dynamics === 'synchronous'
    control[0] = synchronous ? 1 : 0
    control[1] = typeof order === 'string' ? ORDERS[order] : EXPLICIT_ORDER
    control[2] = TIES[plan.tie]
    control[3] = plan.maxSweeps
    control[4] = plan.seedLow
    control[5] = plan.seedHigh
    control[6] = plan.stream
    control[7] = plan.scale
    control[8] = plan.firstSweep
    control[9] = count
    const visits = synchronous || typeof order === 'string' ? undefined : order
    let extras = 0
    let given: unknown[] | undefined
    const add = (bit: number, array: unknown): void => {
      extras |= bit
      if (given === undefined) given = [array]
      else given.push(array)
    }
    if (visits !== undefined) add(1, visits)
    if (externalField !== undefined) add(2, externalField)
    if (clamp !== undefined) add(4, clamp)
    if (streams !== undefined) add(8, streams)
    if (temperatures !== undefined) add(16, temperatures)
    control[10] = extras
    return given
  }

  return {
    localFields: (memory, state, out) => tier.localFields(handles.of(memory), state, out),
    quadratics: (memory, states, count, out) => tier.quadratics(handles.of(memory), states, count, out),
    recall(memory, cues, count, plan, states, outcomes) {
      const given = prepare(plan, count)
      return tier.recall(handles.of(memory), control, cues, states, outcomes, given)
    },
    async recallAsync(memory, cues, count, plan, states, outcomes) {
      const given = prepare(plan, count)
      await tier.recallAsync(handles.of(memory), control, cues, states, outcomes, given)
    },
    recallTraced(memory, cue, plan, state, outcome) {
      const given = prepare(plan, 1)
      return tier.recallTraced(handles.of(memory), control, cue, state, outcome, given)
    },
  }
}
