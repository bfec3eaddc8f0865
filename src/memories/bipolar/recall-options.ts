import { ASYNC } from '../../async/async-options.js'
import { allocate, describe, HopfieldError } from '../../errors.js'
import { readFlags } from '../../input/glyphs.js'
import {
  choice,
  flag,
  type Given,
  integer,
  option,
  optional,
  type Read,
  Schema,
  seed,
  without,
} from '../../input/options.js'
import { type IntoPacked, type IntoSpins, into, NO_OUT } from '../../input/out.js'
import { transferred } from '../../input/spins.js'
import { type NumbersLike, plainArray, typedLength } from '../../input/typed-arrays.js'
import { checkChoice, checkInteger, checkReals, element, lengthOf } from '../../input/validate.js'
import { FEW_VISITS, type Order, type RecallPlan, type Tie } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type CheckedTemperature, readTemperature, type Temperature, temperaturesOf } from './temperature.js'

/** Larger numbers belong to other purposes of the same seed. */
export const MOST_SWEEPS = 2 ** 31 - 1
export const MAX_STREAM = 2 ** 52
const TIES: readonly Tie[] = ['positive', 'negative', 'keep']
const ORDERS: readonly Order[] = ['random', 'cyclic', 'random-site']

/** What a neuron does at a field of exactly zero. */
export const TIE = {
  /**
   * What a neuron does at a field of exactly zero: become +1 ('positive', default), become −1 ('negative') or keep its value ('keep', the
   * default with interaction 'epanechnikov').
   */
  tie: choice<Tie>(TIES, 'positive'),
}

/** The same with another default. */
export function tieOption(usual: Tie): typeof TIE {
  return { tie: choice<Tie>(TIES, usual) }
}

export const FIELD = {
  /** b: N finite numbers added to the local field, in units of that field. */
  externalField: optional<NumbersLike, Float64Array, number>(checkReals),
}

/** Options of a measure of one state. */
export interface StateOptions extends Given<typeof FIELD> {}

const STATE_LATER = { ...FIELD, ...ASYNC }
/** Options of a measure of many states off the event loop. */
export interface StateAsyncOptions extends Given<typeof STATE_LATER> {}

export const STATE: Schema<typeof FIELD> = new Schema(FIELD)
export const STATE_ASYNC: Schema<typeof STATE_LATER> = new Schema(STATE_LATER)

/** The number of neurons that options are checked against. */
export const RECALL = {
  /** Update one neuron at a time ('asynchronous', default; Hopfield 1982) or all at once ('synchronous'; Little 1974). */
  dynamics: choice(['asynchronous', 'synchronous'], 'asynchronous'),
  /**
   * Visiting order of the asynchronous dynamics; the synchronous dynamics ignores it. 'random' (default): a new random permutation per
   * sweep. 'cyclic': 0 to N − 1. 'random-site': N neurons per sweep, drawn with replacement. Or an array of neurons, visited in this
   * order in every sweep.
   */
  order: option<Order | NumbersLike, Order | Uint32Array, number>('random', readOrder),
  /** 64-bit seed of every random choice; 0 by default. */
  seed: seed(),
  /** Number of the random stream under the seed, 0 to 2^52; cue b of a batch uses `stream` + b. 0 by default. */
  stream: optional<number>((name, value) => checkInteger(name, value, 0, MAX_STREAM)),
  /** Most sweeps, 1 to 2^31 − 1; 100 by default. */
  maxSweeps: integer(1, MOST_SWEEPS, 100),
  /**
   * T ≥ 0 in units of the local field (Glauber 1963). At T = 0 (default) a neuron takes the sign of its field; above, it becomes +1 with
   * probability 1/(1 + e^(−2(h_i + b_i)/T)), and the recall runs all its sweeps, unless T is 0 for all sweeps that remain.
   * A number; an array with one number per sweep, whose last number holds for later sweeps; or a schedule.
   */
  temperature: optional<Temperature, CheckedTemperature>(readTemperature),
  ...TIE,
  ...FIELD,
  /** N flags: a neuron with flag 1 or true keeps the cue's value. */
  clamp: optional<ArrayLike<number | bigint | boolean>, Uint32Array, number>((name, value, neurons) =>
    packFlags(readFlags(name, value, neurons)),
  ),
  /** true: the result has energies, overlaps and flips of the whole recall. false by default. */
  trace: flag(false),
  ...into<IntoSpins>(),
}

export const RECALL_BATCH = {
  ...RECALL,
  ...into<IntoPacked>(),
  /** true: `states` are PackedPatterns, one bit per neuron. false by default. */
  packed: flag(false),
  /** Number of the random stream of each cue, B integers from 0 to 2^52; in place of `stream`. */
  streams: optional<NumbersLike, ArrayLike<unknown>>((_, value) => value as ArrayLike<unknown>),
}

export const RECALL_ASYNC = { ...without(RECALL_BATCH, 'trace', 'out'), ...ASYNC }

/** Options of a recall. Each has a default. A result depends only on memory, cue and options. */
export interface RecallOptions extends Given<typeof RECALL> {}

/** Options of a batch. */
export interface RecallBatchOptions extends Given<typeof RECALL_BATCH> {}

/** Options of a batch off the event loop; it has no traces. */
export interface RecallAsyncOptions extends Given<typeof RECALL_ASYNC> {}

export type RecallKey = keyof typeof RECALL
type Checked = Read<Omit<typeof RECALL, 'trace' | 'stream' | 'out'>> & {
  readonly stream?: number | undefined
}

/** The options of recall, recallBatch and recallAsync. */
export interface RecallSchemas {
  readonly one: Schema<typeof RECALL>
  readonly batch: Schema<typeof RECALL_BATCH>
  readonly async: Schema<typeof RECALL_ASYNC>
  /** The options of cues that a RecallBatcher gathers: each cue has its own stream. */
  readonly gathered: Schema<Omit<typeof RECALL_BATCH, 'trace' | 'streams' | 'stream' | 'out'>>
}

const made = new Map<string, RecallSchemas>()

/**
 * @param unknown recall options that the memory does not have.
 * @param tie the default of that option.
 */
export function recallSchemas(unknown: readonly RecallKey[] = [], tie: Tie = 'positive'): RecallSchemas {
  const key = [tie, ...unknown].join()
  let schemas = made.get(key)
  if (schemas === undefined) {
    schemas = makeSchemas(unknown, tieOption(tie))
    made.set(key, schemas)
  }
  return schemas
}

function makeSchemas(unknown: readonly RecallKey[], tie: typeof TIE): RecallSchemas {
  const instead = { ...NO_OUT, trace: 'not supported by recallAsync; use recallBatch' }
  const [one, batch, later] = [
    {
      ...RECALL,
      ...tie,
      order: option<Order | NumbersLike, Order | Uint32Array, number>('random', takeOrder),
    },
    { ...RECALL_BATCH, ...tie },
    { ...RECALL_ASYNC, ...tie },
  ]
  return {
    one: new Schema(without(one, ...unknown) as typeof RECALL, {}, unknown),
    batch: new Schema(without(batch, ...unknown) as typeof RECALL_BATCH, {}, unknown),
    async: new Schema(without(later, ...(unknown as never[])) as typeof RECALL_ASYNC, instead, unknown),
    gathered: new Schema(
      without(batch, 'trace', 'streams', 'stream', 'out', ...(unknown as never[])),
      NO_OUT,
      ['stream', ...unknown],
    ),
  }
}

/** Checked options in the form that kernels take. */
export function planOf(options: Checked, scale: number, externalField: Float64Array | undefined): RecallPlan {
  const { dynamics, order, tie, maxSweeps, stream = 0, clamp, temperature } = options
  const [seedLow, seedHigh] = options.seed
  return {
    dynamics,
    order,
    tie,
    maxSweeps,
    seedLow,
    seedHigh,
    stream,
    streams: undefined,
    temperatures: temperature === undefined ? undefined : temperaturesOf(temperature, maxSweeps),
    firstSweep: 0,
    scale,
    externalField,
    clamp,
  }
}

/** A visiting order: a rule, or a checked copy of neurons. */
export function readOrder(name: string, order: unknown, neurons: number): Order | Uint32Array {
  const length = lengthOf(order)
  if (length < 0) return checkChoice(name, order, ORDERS)
  if (length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one neuron, got none`)
  }
  const given = plainArray(order, Uint32Array)
  if (given !== undefined) {
    const visits = given.slice()
    let u = 0
    while (u < visits.length && visits[u] < neurons) u++
    if (u === visits.length) return visits
  }
  const visits = allocate(name, length * 4, () => new Uint32Array(length))
  for (let u = 0; u < visits.length; u++) {
    const i = element(order as ArrayLike<unknown>, u)
    if (typeof i !== 'number' || !Number.isInteger(i) || i < 0 || i >= neurons)
      throw noNeuron(name, u, i, neurons)
    visits[u] = i
  }
  return visits
}

/** The error for a visit that is no neuron. */
export function noNeuron(name: string, u: number, given: unknown, neurons: number): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    `${name}[${u}]: expected a neuron from 0 to ${neurons - 1}, got ${describe(given)}`,
  )
}

/** The last small order that was taken as it is, and the same memory as an array whose class is ours. */
let taken: { readonly given: unknown; readonly plain: Uint32Array } = {
  given: undefined,
  plain: new Uint32Array(0),
}

/**
 * The order of a recall that is over before anything else is asked: a Uint32Array is taken as it is, for the kernel to read and check. A recall of
 * a few neurons takes a microsecond, and a look at each visit here would take a fifth of that.
 */
function takeOrder(name: string, order: unknown, neurons: number): Order | Uint32Array {
  // The same array, unless its buffer was transferred or resized meanwhile.
  if (order === taken.given && typedLength(order) === taken.plain.length && taken.plain.length > 0) {
    return taken.plain
  }
  const plain = plainArray(order, Uint32Array)
  if (plain === undefined || plain.length === 0) return readOrder(name, order, neurons)
  // What other threads may write to is copied before it is looked at: a short one by the kernel.
  if (plain.length > FEW_VISITS && !(plain.buffer instanceof ArrayBuffer))
    return readOrder(name, order, neurons)
  if (plain.buffer.byteLength <= 4096) taken = { given: order, plain }
  return plain
}

/**
 * The error for an order that was taken as it is and is gone, if it is: reading the cue may have run the caller's code. Compiled code was seen to
 * take such an array for as long as it was, so it is looked at where a kernel could not read it.
 */
export function orderGone(order: Order | Uint32Array): HopfieldError | undefined {
  if (typeof order === 'string' || (plainArray(order, Uint32Array)?.length ?? 0) > 0) return undefined
  return transferred('recall: order', order)
}

function packFlags(flags: Uint8Array): Uint32Array {
  const words = new Uint32Array(rowWords(flags.length))
  for (let i = 0; i < flags.length; i++) words[i >>> 5] |= flags[i] << (i & 31)
  return words
}
