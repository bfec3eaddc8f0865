import { HopfieldError } from '../../errors.js'
import { loadNativeModule } from '../../platform/node.js'
import type {
  CoupledMemory,
  GradedNetwork,
  IntegrationPlan,
  IntegrationTrace,
  Kernels,
  KernelTrace,
  KeyMemory,
  Memory,
  PairMemory,
  RecallPlan,
  RetrievalPlan,
} from '../contract/kernels.js'

/** A tier as the addon reports it. */
export interface NativeTier {
  readonly name: string
  readonly description: string
  readonly usable: boolean
  /** The processor has it, but the operating system does not let this process use it. */
  readonly refused: boolean
}

/** Words from which an array is worth pages of its own. */
const LARGE = 2 ** 20

type Tie = 0 | 1 | 2

/** What the addon exports: the kernels of one tier, as bare functions over typed arrays. */
interface TierExports
  extends Omit<
    Kernels,
    | 'tier'
    | 'parallel'
    | 'allocate'
    | 'localFields'
    | 'quadratics'
    | 'formWeights'
    | 'connectionWeights'
    | 'selfWeights'
    | 'recall'
    | 'recallAsync'
    | 'recallTraced'
    | 'bidirectional'
    | 'bidirectionalAsync'
    | 'recallCodes'
    | 'recallCodesAsync'
    | 'gradedSlopes'
    | 'gradedEnergies'
    | 'integrate'
    | 'integrateAsync'
    | 'integrateTraced'
    | 'screen'
    | 'logits'
    | 'retrieve'
    | 'retrieveAsync'
  > {
  localFields(...given: [...Stored, state: Uint32Array, out: Float64Array, ...Besides]): void
  quadratics(
    ...given: [...Stored, states: Uint32Array, stateCount: number, out: Float64Array, ...Besides]
  ): void
  formWeights(...given: [...Coupled, ...After<Kernels['formWeights']>]): void
  connectionWeights(...given: [...Coupled, ...After<Kernels['connectionWeights']>]): number
  selfWeights(...given: [...Coupled, ...After<Kernels['selfWeights']>]): void
  recall(...work: Work): number
  recallTraced(...work: Work): KernelTrace
  recallAsync(...work: Work): Promise<void>
  recallCodes(...work: CodeWork): void
  recallCodesAsync(...work: CodeWork): Promise<void>
  bidirectional(...work: [...Pairs, ...Settling]): void
  bidirectionalAsync(...work: [...Pairs, ...Settling]): Promise<void>
  gradedSlopes(
    ...work: [...Graded, potentials: Float64Array, count: number, outputs: Float64Array, slopes: Float64Array]
  ): void
  gradedEnergies(...work: [...Graded, outputs: Float64Array, count: number, out: Float64Array]): void
  integrate(...work: [...Graded, ...Integration]): void
  integrateAsync(...work: [...Graded, ...Integration]): Promise<void>
  integrateTraced(...work: [...Graded, ...Integration, withStates: boolean]): IntegrationTrace
  screen(
    count: number,
    dimension: number,
    keys: Float32Array,
    scales: Float64Array | undefined,
    offsets: Float64Array | undefined,
    screen: Uint8Array,
    from: number,
    to: number,
  ): void
  logits(...work: [...Question, out: Float64Array]): void
  retrieve(...work: [...Question, ...Answer]): void
  retrieveAsync(...work: [...Question, ...Answer]): Promise<void>
}

/** What the addon's kernel of codes takes, by position: of a memory the one form or the other. */
type CodeWork = [
  inputs: number,
  outputs: number,
  auto: boolean,
  weights: Uint32Array | undefined,
  count: number,
  activity: number,
  starts: Uint32Array | undefined,
  patterns: Uint32Array | undefined,
  outputStarts: Uint32Array | undefined,
  outputUnits: Uint32Array | undefined,
  shares: Float64Array | undefined,
  cueStarts: Uint32Array,
  cueUnits: Uint32Array,
  cues: number,
  threshold: number,
  winners: number,
  steps: number,
  rows: Uint32Array,
  outcomes: Uint32Array,
]

function coded(
  ...[memory, starts, units, count, plan, rows, outcomes]: Parameters<Kernels['recallCodes']>
): CodeWork {
  const { inputs, outputs, auto } = memory
  // NaN and −1 stand for what is not given.
  const { threshold = Number.NaN, winners = -1, steps } = plan
  const work = [starts, units, count, threshold, winners, steps, rows, outcomes] as const
  if (memory.form === 'synapses') {
    const none = [undefined, undefined, undefined, undefined, undefined] as const
    return [inputs, outputs, auto, memory.weights, 0, 0, ...none, ...work]
  }
  const { activity, patterns, outputStarts, outputUnits, shares } = memory
  const lists = [memory.starts, patterns, outputStarts, outputUnits, shares] as const
  return [inputs, outputs, auto, undefined, memory.count, activity, ...lists, ...work]
}

/** A coupled memory, by position, and what follows it. */
type Coupled = [
  neurons: number,
  count: number,
  rows: Uint32Array,
  columns: Uint32Array,
  settings: Float64Array,
  couplings: Float64Array,
  selfWeights: Float64Array,
]
type After<Kernel extends (memory: never, ...rest: never) => unknown> =
  Parameters<Kernel> extends [unknown, ...infer Rest] ? Rest : never

function coupled(memory: CoupledMemory): Coupled {
  const { neurons, count, rows, columns, couplings, selfWeights } = memory
  return [neurons, count, rows, columns, settingsOf(memory), couplings, selfWeights]
}

function settingsOf({ coupling, lag, cyclic }: CoupledMemory): Float64Array {
  return Float64Array.of(COUPLINGS[coupling], lag, cyclic ? 1 : 0)
}

/** What the addon's kernel of pairs takes, by position. */
type Pairs = [count: number, inputs: number, outputs: number, xs: Uint32Array, ys: Uint32Array]
type Settling = Parameters<Kernels['bidirectional']> extends [unknown, ...infer Rest] ? Rest : never

function paired({ count, inputs, outputs, xs, ys }: PairMemory): Pairs {
  return [count, inputs, outputs, xs, ys]
}

/** What the addon's kernels of graded neurons take, by position. */
type Graded = [
  neurons: number,
  weights: Float64Array,
  externalField: Float64Array | undefined,
  control: Float64Array,
]
type Integration = [potentials: Float64Array, count: number, outputs: Float64Array, outcomes: Float64Array]

function graded(network: GradedNetwork, plan?: IntegrationPlan): Graded {
  const { neurons, weights, externalField, activation, gain, rate } = network
  const control = new Float64Array(9)
  control.set([activation === 'tanh' ? 0 : 1, gain, rate])
  if (plan !== undefined) {
    const { method, adaptive, step, accuracy, tolerance, maxSteps } = plan
    control.set([method === 'euler' ? 0 : 1, adaptive ? 1 : 0, step, accuracy, tolerance, maxSteps], 3)
  }
  return [neurons, weights, externalField, control]
}

/** What the addon's retrievals take, by position: keys, how, and queries. */
type Question = [
  count: number,
  dimension: number,
  width: number,
  keys: Float32Array,
  values: Float32Array,
  scales: Float64Array | undefined,
  offsets: Float64Array | undefined,
  screen: Uint8Array,
  control: Float64Array,
  queries: Float32Array,
  queryCount: number,
]
type Answer = [mask: Uint8Array | undefined, out: Float32Array | undefined, potentials: Float64Array]

const SIMILARITIES = { dot: 0, cosine: 1, euclidean: 2 } as const
const SEPARATORS = { softmax: 0, sparsemax: 1, entmax15: 2 } as const

function ask(memory: KeyMemory, queries: Float32Array, count: number, plan: RetrievalPlan): Question {
  const control = Float64Array.of(
    plan.beta,
    SIMILARITIES[plan.similarity],
    SEPARATORS[plan.separator],
    memory.largestNorm,
  )
  const { dimension, width, keys, values, scales, offsets, screen } = memory
  return [memory.count, dimension, width, keys, values, scales, offsets, screen, control, queries, count]
}

/** A memory, by position: what all forms have, and what some have besides, behind everything else. */
type Stored = [
  dense: boolean,
  neurons: number,
  count: number,
  rows: Uint32Array,
  weightsOrColumns: Int32Array | Uint32Array,
]
type Besides =
  | []
  | [form: number, ...given: (number | Uint32Array | Int32Array | Float32Array | Float64Array)[]]

const NOTHING: [] = []
const NO_COLUMNS = new Uint32Array(0)
const COUPLINGS = { diagonal: 0, matrix: 1, centred: 2, shift: 3 } as const

function stored(memory: Memory): Stored {
  const { form, neurons, count, rows } = memory
  switch (form) {
    case 'dense':
      return [true, neurons, count, rows, memory.weights]
    case 'implicit':
    case 'interaction':
    case 'coupled':
      return [false, neurons, count, rows, memory.columns]
    default:
      return [false, neurons, count, rows, NO_COLUMNS]
  }
}

function besides(memory: Memory): Besides {
  switch (memory.form) {
    case 'implicit':
    case 'dense':
      return NOTHING
    case 'coupled':
      return [1, settingsOf(memory), memory.couplings, memory.selfWeights, memory.responses]
    case 'matrix':
      return [2, memory.weights]
    case 'bits':
      return [3, memory.weights]
    case 'sparse':
      return [
        4,
        memory.starts,
        memory.sources,
        memory.weights,
        memory.targetStarts,
        memory.targets,
        memory.targetWeights,
      ]
    case 'interaction':
      return [5, memory.fields, memory.energies, memory.beta]
  }
}

/** What the addon's recalls take, by position. */
type Work = [
  ...memory: Stored,
  cues: Int8Array | Uint32Array,
  cueCount: number,
  states: Int8Array | Uint32Array,
  outcomes: Float64Array,
  control: Float64Array,
  order: Uint32Array | undefined,
  externalField: Float64Array | undefined,
  clamp: Uint32Array | undefined,
  streams: Float64Array | undefined,
  temperatures: Float64Array | undefined,
  ...besides: Besides,
]

export interface Addon {
  tiers(): NativeTier[]
  kernels(tier: string): TierExports
  /** Address of an array's first byte modulo 64. */
  misalignment(array: Uint32Array): number
  /** Before an array is first touched. */
  preferLargePages(array: Uint32Array): void
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
    return loadNativeModule() as Addon
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
  control[8] = plan.firstSweep
  return control
}

/** The kernels of the named tier, or of the best one this processor has. */
export function nativeKernels(addon: Addon, tier: string | undefined): Kernels {
  const name = chooseTier(addon, tier)
  const { localFields, quadratics, recall, recallAsync, recallTraced, ...rest } = addon.kernels(name)
  const { screen, logits, retrieve, retrieveAsync, bidirectional, bidirectionalAsync, ...others } = rest
  const { recallCodes, recallCodesAsync, ...some } = others
  const { gradedSlopes, gradedEnergies, integrate, integrateAsync, integrateTraced, ...most } = some
  const { formWeights, connectionWeights, selfWeights, ...plain } = most
  const control = new Float64Array(9)

  const work = (
    memory: Memory,
    cues: Int8Array | Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): Work => [
    ...stored(memory),
    cues,
    count,
    states,
    outcomes,
    encode(plan, control),
    typeof plan.order === 'string' ? undefined : plan.order,
    plan.externalField,
    plan.clamp,
    plan.streams,
    plan.temperatures,
    ...besides(memory),
  ]

  return {
    ...plain,
    overlaps: guarded(plain.overlaps),
    willshawStore: guarded(plain.willshawStore),
    hebbian: guarded(plain.hebbian),
    storkey: guarded(plain.storkey),
    rankOne: guarded(plain.rankOne),
    border: guarded(plain.border),
    retire: guarded(plain.retire),
    responses: guarded(plain.responses),
    perceptron: guarded(plain.perceptron),
    minimalOverlap: guarded(plain.minimalOverlap),
    bounded: guarded(plain.bounded),
    clipped: guarded(plain.clipped),
    correlations: guarded(plain.correlations),
    formWeights: (memory, ...rest) => guarded(formWeights)(...coupled(memory), ...rest),
    connectionWeights: (memory, ...rest) => guarded(connectionWeights)(...coupled(memory), ...rest),
    selfWeights: (memory, ...rest) => guarded(selfWeights)(...coupled(memory), ...rest),
    implicitFields: guarded(plain.implicitFields),
    denseFields: guarded(plain.denseFields),
    tier: name,
    parallel: true,
    allocate(words, shared = false) {
      const size = words + 16
      const room = shared ? new Uint32Array(new SharedArrayBuffer(size * 4)) : new Uint32Array(size)
      if (size >= LARGE) addon.preferLargePages(room)
      const skip = ((64 - addon.misalignment(room)) % 64) / 4
      return room.subarray(skip, skip + words)
    },
    localFields(memory, state, out) {
      guarded(localFields)(...stored(memory), state, out, ...besides(memory))
    },
    quadratics(memory, states, count, out) {
      guarded(quadratics)(...stored(memory), states, count, out, ...besides(memory))
    },
    recall(...given) {
      try {
        return recall(...work(...given))
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    recallTraced(memory, cue, plan, state, outcome) {
      try {
        return recallTraced(...work(memory, cue, 1, plan, state, outcome))
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    async recallAsync(...given) {
      try {
        await recallAsync(...work(...given))
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    recallCodes(...given) {
      guarded(recallCodes)(...coded(...given))
    },
    async recallCodesAsync(...given) {
      try {
        await recallCodesAsync(...coded(...given))
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    bidirectional(pairs, ...given) {
      guarded(bidirectional)(...paired(pairs), ...given)
    },
    async bidirectionalAsync(pairs, ...given) {
      try {
        await bidirectionalAsync(...paired(pairs), ...given)
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    gradedSlopes(network, ...given) {
      guarded(gradedSlopes)(...graded(network), ...given)
    },
    gradedEnergies(network, ...given) {
      guarded(gradedEnergies)(...graded(network), ...given)
    },
    integrate(network, potentials, count, plan, ...results) {
      guarded(integrate)(...graded(network, plan), potentials, count, ...results)
    },
    integrateTraced(network, potentials, plan, outputs, outcome, withStates) {
      return guarded(integrateTraced)(...graded(network, plan), potentials, 1, outputs, outcome, withStates)
    },
    async integrateAsync(network, potentials, count, plan, ...results) {
      try {
        await integrateAsync(...graded(network, plan), potentials, count, ...results)
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
    keyNorms: guarded(plain.keyNorms),
    screen({ count, dimension, keys, scales, offsets, screen: bytes }, from, to) {
      guarded(screen)(count, dimension, keys, scales, offsets, bytes, from, to)
    },
    logits(memory, queries, count, plan, out) {
      guarded(logits)(...ask(memory, queries, count, plan), out)
    },
    retrieve(memory, queries, count, plan, mask, out, potentials) {
      guarded(retrieve)(...ask(memory, queries, count, plan), mask, out, potentials)
    },
    async retrieveAsync(memory, queries, count, plan, out, potentials) {
      try {
        await retrieveAsync(...ask(memory, queries, count, plan), undefined, out, potentials)
      } catch (cause) {
        throw outOfMemory(cause)
      }
    },
  }
}

/** A kernel that takes memory of its own, and says it as users see it when there is none. */
function guarded<Given extends unknown[], Result>(
  kernel: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    try {
      return kernel(...given)
    } catch (cause) {
      throw outOfMemory(cause)
    }
  }
}

/** The addon's own way of saying so, as users see it. */
function outOfMemory(cause: unknown): unknown {
  if ((cause as { code?: unknown }).code !== 'ERR_HOPFIELD_MEMORY') return cause
  return new HopfieldError('ERR_HOPFIELD_MEMORY', 'native kernel: out of memory', { cause })
}

/** A tier by name; a family name ('avx512') takes its best usable member. Unknown or unusable names fail. */
function chooseTier(addon: Addon, wanted: string | undefined): string {
  const tiers = addon.tiers()
  const usable = tiers.filter((tier) => tier.usable)
  if (wanted === undefined) return usable[0].name
  const found = usable.find((tier) => tier.name === wanted || tier.name.startsWith(`${wanted}-`))
  if (found !== undefined) return found.name
  const known = tiers.find((tier) => tier.name === wanted)
  const why =
    known === undefined
      ? `there is no tier ${JSON.stringify(wanted)}`
      : `this ${known.refused ? 'process may not use' : 'processor cannot run'} ${wanted}`
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `HOPFIELD_TIER: ${why}; usable here: ${usable.map((tier) => tier.name).join(', ')}`,
  )
}
