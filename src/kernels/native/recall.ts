import {
  type Beside,
  FEW_VISITS,
  type FieldKernels,
  type Memory,
  type RecallKernels,
  type RecallPlan,
} from '../contract/kernels.js'
import { type ControlBlock, SMALL } from './control.js'
import type { RecallWork, SampleWork, TierExports } from './exports.js'
import { type Handle, type Handles, onHandles } from './handles.js'
import { outOfMemory } from './out-of-memory.js'

const ORDERS = { random: 0, cyclic: 1, 'random-site': 2 } as const
const EXPLICIT_ORDER = 3
const TIES = { positive: 0, negative: 1, keep: 2 } as const
/** Bit of the arrays of cues, states and outcomes; without it the block has one of each. */
const ARRAYS = 1
/** Bit of the neurons to visit. */
const VISITS = 2
/** Bit of the same where the block has them. */
const BLOCK_VISITS = 64
/** The position of the bits that say which arguments are given, and of the number of visits in the block. */
const GIVEN = 10
const VISIT_COUNT = 11
/** The position of the number of samples. */
const SAMPLES = 12

type Bits = Int8Array | Uint32Array

/** The pairwise memories' kernels, each a call with a handle and a control block. */
export function recallKernels(
  tier: TierExports,
  { of }: Handles,
  block: ControlBlock,
): RecallKernels & Pick<FieldKernels, 'localFields' | 'quadratics'> {
  const control = block.numbers

  /** Writes what native/addon/recall.h reads by position. Returns the bits of the arrays that the plan has. */
  function write(plan: RecallPlan, count: number): number {
    const { order } = plan
    const synchronous = plan.dynamics === 'synchronous'
    const explicit = typeof order !== 'string'
    control[0] = synchronous ? 1 : 0
    control[1] = explicit ? EXPLICIT_ORDER : ORDERS[order]
    control[2] = TIES[plan.tie]
    control[3] = plan.maxSweeps
    control[4] = plan.seedLow
    control[5] = plan.seedHigh
    control[6] = plan.stream
    control[7] = plan.scale
    control[8] = plan.firstSweep
    control[9] = count
    return (
      (explicit ? VISITS : 0) |
      (plan.externalField === undefined ? 0 : 4) |
      (plan.clamp === undefined ? 0 : 8) |
      (plan.streams === undefined ? 0 : 16) |
      (plan.temperatures === undefined ? 0 : 32)
    )
  }

  /** Puts few visits into the block. */
  function withVisits(given: number, order: RecallPlan['order']): number {
    if ((given & VISITS) === 0 || typeof order === 'string' || order.length > FEW_VISITS) return given
    block.putVisits(order)
    control[VISIT_COUNT] = order.length
    return (given & ~VISITS) | BLOCK_VISITS
  }

  /** @param given bits of the arrays that the plan has. */
  function arrays(
    handle: Handle,
    given: number,
    cues: RecallWork[2],
    plan: RecallPlan,
    states: RecallWork[3],
    outcomes: Float64Array,
  ): RecallWork {
    control[GIVEN] = ARRAYS | given
    const { order, externalField, clamp, streams, temperatures } = plan
    return [handle.id, handle, cues, states, outcomes, order, externalField, clamp, streams, temperatures]
  }

  function work(...given: Parameters<RecallKernels['recall']>): RecallWork {
    const [memory, cues, count, plan, states, outcomes] = given
    return arrays(of(memory), write(plan, count), cues, plan, states, outcomes)
  }

  function sampleWork(...given: Parameters<RecallKernels['sample']>): SampleWork {
    const [memory, rows, count, plan, samples, states, outcomes, sums] = given
    const all = work(memory, rows, count, plan, states, outcomes)
    control[SAMPLES] = samples
    return [...all, sums] as unknown as SampleWork
  }

  /** A recall of the cue in the block; the fewer arguments, the shorter the call. */
  function few(handle: Handle, given: number, plan: RecallPlan): number {
    if (given === 0 || given === BLOCK_VISITS) return tier.recall(handle.id, handle)
    const { order, externalField, clamp, streams, temperatures } = plan
    return tier.recall(
      handle.id,
      handle,
      undefined,
      undefined,
      undefined,
      order,
      externalField,
      clamp,
      streams,
      temperatures,
    )
  }

  /** Its parameters one by one: lists of them take a tenth of the shortest calls. */
  function recall(
    memory: Memory,
    cues: Bits,
    count: number,
    plan: RecallPlan,
    states: Bits,
    outcomes: Float64Array,
  ): number {
    const { length } = cues
    const handle = of(memory)
    const given = withVisits(write(plan, count), plan.order)
    const small = count === 1 && length <= SMALL && length === memory.neurons
    if (!small || !(cues instanceof Int8Array) || !(states instanceof Int8Array)) {
      return tier.recall(...arrays(handle, given, cues, plan, states, outcomes))
    }
    control[GIVEN] = given
    block.putCue(cues)
    const offender = few(handle, given, plan)
    if (offender !== -1) return offender
    block.takeState(states, length)
    block.takeOutcome(outcomes)
    return offender
  }

  return {
    localFields: onHandles(of, tier.localFields),
    quadratics: onHandles(of, tier.quadratics),
    recall(memory, cues, count, plan, states, outcomes) {
      try {
        return recall(memory, cues, count, plan, states, outcomes)
      } catch (error) {
        // Visits that are not in the block are looked through in C++, which throws.
        const { order } = plan
        const misfit = typeof order === 'string' ? -1 : order.findIndex((i) => i >= memory.neurons)
        if (misfit < 0) throw outOfMemory(error)
        return -2 - misfit
      }
    },
    async recallAsync(memory, cues, count, plan, states, outcomes, flag) {
      await tier.recallAsync(...work(memory, cues, count, plan, states, outcomes), flag)
    },
    sample(...given) {
      tier.sample(...sampleWork(...given))
    },
    async sampleAsync(memory, rows, count, plan, samples, states, outcomes, sums, flag) {
      const given = sampleWork(memory, rows, count, plan, samples, states, outcomes, sums)
      await tier.sampleAsync(...given, flag)
    },
    recallTraced: (memory, cue, plan, state, outcome) =>
      tier.recallTraced(...work(memory, cue, 1, plan, state, outcome)),
  }
}

/** What else is asked of pairwise memories beside this thread. */
export function recallsBeside(
  tier: TierExports,
  { of }: Handles,
): Pick<Beside, 'localFields' | 'quadratics'> {
  return {
    localFields: onHandles(of, tier.localFieldsAsync),
    quadratics: onHandles(of, tier.quadraticsAsync),
  }
}
