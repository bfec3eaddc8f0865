import type { FieldKernels, Memory, RecallKernels, RecallPlan } from '../contract/kernels.js'
import type { RecallWork, TierExports } from './exports.js'
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

  function work(
    memory: Memory,
    cues: Int8Array | Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): RecallWork {
    const { order } = plan
    const synchronous = plan.dynamics === 'synchronous'
    const visits = synchronous || typeof order === 'string' ? undefined : order
    const { externalField, clamp, streams, temperatures } = plan
    const extras =
      (visits === undefined ? 0 : 1) |
      (externalField === undefined ? 0 : 2) |
      (clamp === undefined ? 0 : 4) |
      (streams === undefined ? 0 : 8) |
      (temperatures === undefined ? 0 : 16)
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
    control[10] = extras
    const given = extras === 0 ? undefined : [visits, externalField, clamp, streams, temperatures]
    return [handles.of(memory), control, cues, states, outcomes, given]
  }

  return {
    localFields: (memory, state, out) => tier.localFields(handles.of(memory), state, out),
    quadratics: (memory, states, count, out) => tier.quadratics(handles.of(memory), states, count, out),
    recall: (...given) => tier.recall(...work(...given)),
    recallAsync: async (...given) => tier.recallAsync(...work(...given)),
    recallTraced: (memory, cue, plan, state, outcome) =>
      tier.recallTraced(...work(memory, cue, 1, plan, state, outcome)),
  }
}
