import { ASYNC_KEYS, type AsyncOptions } from '../../async/options.js'
import { describe, HopfieldError } from '../../errors.js'
import { readFlags } from '../../input/glyphs.js'
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkOptions,
  checkReals,
  isArrayLike,
  seedWords,
} from '../../input/validate.js'
import type { Order, RecallPlan, Tie } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { readTemperature, type Temperature } from '../hopfield/temperature.js'

/** Options of a recall. Every one has a default; a recall is a function of memory, cue and options alone. */
export interface RecallOptions {
  /** One neuron at a time (Hopfield 1982; the default), or all at once (Little 1974). */
  dynamics?: 'asynchronous' | 'synchronous'
  /**
   * Asynchronous only, ignored otherwise. 'random' (default): a fresh random permutation each sweep. 'cyclic': 0…N−1. 'random-site':
   * N neurons a sweep drawn with replacement. Or the neurons in visiting order, one an update, repeated each sweep.
   */
  order?: Order | ArrayLike<number>
  /** 64-bit seed of every random choice; 0 by default. */
  seed?: number | bigint
  /** Address of this query's randomness under the seed; cue b of a batch uses stream + b. 0 by default. */
  stream?: number
  /** Sweeps after which to give up, 1 to 2^31 − 1; 100 by default. */
  maxSweeps?: number
  /**
   * T ≥ 0 in units of the field (Glauber 1963); 0 (default): neurons take the sign of their field. Above it, one becomes +1 with
   * probability 1/(1 + e^(−2(h_i + b_i)/T)), and a recall runs all its sweeps, unless T falls to 0 for good.
   * A number; one a sweep, the last holding on; or a schedule.
   */
  temperature?: Temperature
  /** What a neuron does at zero field: become +1 (default), become −1, or keep its value. */
  tie?: Tie
  /** N finite numbers b_i added to the local field, in units of the normalised field. */
  externalField?: ArrayLike<number>
  /** N flags: 1 or true marks a neuron that keeps the cue's value throughout. */
  clamp?: ArrayLike<number | boolean>
  /** Write down energies, overlaps and flips on the way. */
  trace?: boolean
}

/** Options of a batch. */
export interface RecallBatchOptions extends RecallOptions {
  /** true: `states` are PackedPatterns, one bit a neuron. */
  packed?: boolean
  /** Address of each cue's randomness by itself, B integers from 0 to 2^52, in place of `stream`. */
  streams?: ArrayLike<number>
}

/** Options of a batch off the event loop. Traces are recallBatch's. */
export interface RecallAsyncOptions extends Omit<RecallBatchOptions, 'trace'>, AsyncOptions {}

export const KEYS: readonly (keyof RecallOptions)[] = [
  'dynamics',
  'order',
  'seed',
  'stream',
  'maxSweeps',
  'temperature',
  'tie',
  'externalField',
  'clamp',
  'trace',
]
export const BATCH_KEYS: readonly string[] = [...KEYS, 'packed', 'streams']
export const MAX_SWEEPS = 100
/** Numbers beyond are those of other uses of the same seed. */
export const MOST_SWEEPS: number = 2 ** 31 - 1
export const TIES: readonly Tie[] = ['positive', 'negative', 'keep']
const DYNAMICS = ['asynchronous', 'synchronous'] as const
const ORDERS: readonly Order[] = ['random', 'cyclic', 'random-site']

export const MAX_STREAM: number = 2 ** 52

export interface RecallRequest {
  readonly plan: RecallPlan
  readonly trace: boolean
}

/** Checks recall options and turns them into what kernels take. */
export function readRecallOptions(
  options: RecallOptions | undefined,
  neurons: number,
  scale: number,
  known: readonly string[] = KEYS,
): RecallRequest {
  checkOptions('recall options', options, known)
  const { dynamics, order, seed, stream, tie, externalField, clamp, trace } = options ?? {}
  const maxSweeps =
    options?.maxSweeps === undefined
      ? MAX_SWEEPS
      : checkInteger('maxSweeps', options.maxSweeps, 1, MOST_SWEEPS)
  const [seedLow, seedHigh] = seed === undefined ? [0, 0] : seedWords(seed)
  return {
    trace: trace === undefined ? false : checkBoolean('trace', trace),
    plan: {
      dynamics: dynamics === undefined ? 'asynchronous' : checkChoice('dynamics', dynamics, DYNAMICS),
      order: order === undefined ? 'random' : readOrder(order, neurons),
      tie: tie === undefined ? 'positive' : checkChoice('tie', tie, TIES),
      maxSweeps,
      seedLow,
      seedHigh,
      stream: stream === undefined ? 0 : checkInteger('stream', stream, 0, MAX_STREAM),
      streams: undefined,
      temperatures: readTemperature(options?.temperature, maxSweeps),
      firstSweep: 0,
      scale,
      externalField:
        externalField === undefined ? undefined : checkReals('externalField', externalField, neurons),
      clamp: clamp === undefined ? undefined : packFlags(readFlags('clamp', clamp, neurons)),
    },
  }
}

/**
 * Checks the options of an asynchronous recall. The plan holds copies alone: threads read it while JavaScript runs.
 * @param batchKeys what recallBatch of the same network takes.
 */
export function readRecallAsyncOptions(
  options: RecallAsyncOptions | undefined,
  neurons: number,
  scale: number,
  batchKeys: readonly string[] = BATCH_KEYS,
): RecallRequest {
  if (typeof options === 'object' && options !== null && 'trace' in options) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'trace: recallAsync writes none; recallBatch does')
  }
  const known = [...batchKeys, ...ASYNC_KEYS].filter((key) => key !== 'trace')
  const request = readRecallOptions(options, neurons, scale, known)
  const { plan } = request
  return { ...request, plan: { ...plan, externalField: plan.externalField?.slice() } }
}

function readOrder(order: unknown, neurons: number): Order | Uint32Array {
  if (!isArrayLike(order)) return checkChoice('order', order, ORDERS)
  if (order.length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', 'order: expected at least one neuron, got none')
  }
  // The common case first, and fast: a recall of a few neurons takes a microsecond.
  if (order instanceof Uint32Array) {
    const visits = order.slice()
    let u = 0
    while (u < visits.length && visits[u] < neurons) u++
    if (u === visits.length) return visits
  }
  const visits = new Uint32Array(order.length)
  for (let u = 0; u < visits.length; u++) {
    const i = order[u]
    if (typeof i !== 'number' || !Number.isInteger(i) || i < 0 || i >= neurons) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `order[${u}]: expected a neuron from 0 to ${neurons - 1}, got ${describe(i)}`,
      )
    }
    visits[u] = i
  }
  return visits
}

function packFlags(flags: Uint8Array): Uint32Array {
  const words = new Uint32Array(rowWords(flags.length))
  for (let i = 0; i < flags.length; i++) words[i >>> 5] |= flags[i] << (i & 31)
  return words
}
