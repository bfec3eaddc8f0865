import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HopfieldError } from '../errors.js'
import type { Kernels, KernelTrace, Memory, RecallPlan } from './kernels.js'

/** A tier as the addon reports it. */
export interface NativeTier {
  readonly name: string
  readonly description: string
  readonly usable: boolean
}

type Tie = 0 | 1 | 2

/** What the addon exports: the kernels of one tier, as bare functions over typed arrays. */
interface TierExports extends Omit<Kernels, 'tier' | 'allocate' | 'recall' | 'recallTraced'> {
  recall(
    dense: boolean,
    neurons: number,
    count: number,
    rows: Uint32Array,
    weightsOrColumns: Int32Array | Uint32Array,
    cues: Int8Array | Uint32Array,
    cueCount: number,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
    control: Float64Array,
    order: Uint32Array | undefined,
    externalField: Float64Array | undefined,
    clamp: Uint32Array | undefined,
    traced: boolean,
  ): number | KernelTrace
}

export interface Addon {
  tiers(): NativeTier[]
  kernels(tier: string): TierExports
  /** Address of a buffer's first byte modulo 64. */
  misalignment(buffer: ArrayBuffer): number
}

export interface NoAddon {
  readonly reason: string
  readonly cause: unknown
}

let loaded: Addon | NoAddon | undefined

/** The addon, or why there is none. Tried once. */
export function loadAddon(): Addon | NoAddon {
  loaded ??= tryLoad()
  return loaded
}

function tryLoad(): Addon | NoAddon {
  try {
    // Inside a bundle import.meta.url may be missing: that too ends in the fallback, with the reason.
    const require = createRequire(import.meta.url)
    const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
    return (require('node-gyp-build') as (root: string) => Addon)(root)
  } catch (cause) {
    const first = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
    return { reason: `the native addon could not be loaded: ${first}`, cause }
  }
}

const ORDERS = { random: 0, cyclic: 1, 'random-site': 2 } as const
const EXPLICIT_ORDER = 3
const TIES: Record<RecallPlan['tie'], Tie> = { positive: 0, negative: 1, keep: 2 }

/** The control block of a recall: what native/addon reads by position. */
function encode(plan: RecallPlan, control: Float64Array): Float64Array {
  control[0] = plan.dynamics === 'synchronous' ? 1 : 0
  control[1] = typeof plan.order === 'string' ? ORDERS[plan.order] : EXPLICIT_ORDER
  control[2] = TIES[plan.tie]
  control[3] = plan.maxSweeps
  control[4] = plan.seedLow
  control[5] = plan.seedHigh
  control[6] = plan.stream
  control[7] = plan.scale
  return control
}

/** The kernels of the named tier, or of the best one this processor has. */
export function nativeKernels(addon: Addon, tier: string | undefined): Kernels {
  const name = chooseTier(addon, tier)
  const { recall, ...plain } = addon.kernels(name)
  const control = new Float64Array(8)

  const run = (
    memory: Memory,
    cues: Int8Array | Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
    traced: boolean,
  ): number | KernelTrace => {
    try {
      return recall(
        memory.form === 'dense',
        memory.neurons,
        memory.count,
        memory.rows,
        memory.form === 'dense' ? memory.weights : memory.columns,
        cues,
        count,
        states,
        outcomes,
        encode(plan, control),
        typeof plan.order === 'string' ? undefined : plan.order,
        plan.externalField,
        plan.clamp,
        traced,
      )
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'ERR_HOPFIELD_MEMORY') throw cause
      throw new HopfieldError('ERR_HOPFIELD_MEMORY', 'recall: out of memory', { cause })
    }
  }

  return {
    ...plain,
    tier: name,
    allocate(words) {
      const buffer = new ArrayBuffer(words * 4 + 64)
      return new Uint32Array(buffer, (64 - addon.misalignment(buffer)) % 64, words)
    },
    recall: (memory, cues, count, plan, states, outcomes) =>
      run(memory, cues, count, plan, states, outcomes, false) as number,
    recallTraced: (memory, cue, plan, state, outcome) =>
      run(memory, cue, 1, plan, state, outcome, true) as KernelTrace,
  }
}

/** A tier by name; a family name ('avx512') takes its best usable member. Unknown or unusable names fail. */
function chooseTier(addon: Addon, wanted: string | undefined): string {
  const tiers = addon.tiers()
  const usable = tiers.filter((tier) => tier.usable)
  if (wanted === undefined) return usable[0].name
  const found = usable.find((tier) => tier.name === wanted || tier.name.startsWith(`${wanted}-`))
  if (found !== undefined) return found.name
  const known = tiers.some((tier) => tier.name === wanted)
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `HOPFIELD_TIER: ${known ? `this processor cannot run ${wanted}` : `there is no tier ${JSON.stringify(wanted)}`}; ` +
      `usable here: ${usable.map((tier) => tier.name).join(', ')}`,
  )
}
