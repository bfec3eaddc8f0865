import type {
  CodeMemory,
  ConstantField,
  GradedNetwork,
  KeyMemory,
  Memory,
  PairMemory,
} from '../contract/kernels.js'
import type { TierExports } from './exports.js'

/** What the addon knows a checked memory by. */
export type HandleId = number & { readonly handle: unique symbol }

/** A memory that the addon has read and checked. It keeps the memory's arrays; its id is good as long as it lives, for its own tier. */
export interface Handle {
  readonly id: HandleId
}

/** The first arguments of a call on a memory. The handle itself is given so that it lives until the call ends. */
export type Taken = [id: HandleId, handle: Handle]

/** A kernel of the addon on handles, as a kernel on memories. */
export function onHandles<Memory, Rest extends unknown[], Result>(
  of: (memory: Memory) => Handle,
  kernel: (...given: [...Taken, ...Rest]) => Result,
): (memory: Memory, ...rest: Rest) => Result {
  return (memory, ...rest) => {
    const handle = of(memory)
    return kernel(handle.id, handle, ...rest)
  }
}

/** In the order of Kind in native/addon/handle.h. */
const KINDS = [
  'implicit',
  'coupled',
  'matrix',
  'bits',
  'sparse',
  'interaction',
  'keys',
  'graded',
  'pairs',
  'synapses',
  'covariance',
] as const
const COUPLINGS = ['diagonal', 'matrix', 'centred', 'shift'] as const

type Numbers = readonly number[]
type Arrays = readonly (ArrayBufferView | number | undefined)[]

/**
 * Handles of memories, each made once: memories are never changed, so the addon need not look at their contents again. A handle
 * goes when its memory does.
 */
export class Handles {
  readonly #made = new WeakMap<object, Handle>()
  readonly #make: TierExports['memory']
  readonly #makeLater: TierExports['memoryAsync']

  constructor({ memory, memoryAsync }: Pick<TierExports, 'memory' | 'memoryAsync'>) {
    this.#make = memory
    this.#makeLater = memoryAsync
  }

  readonly of = (memory: Memory): Handle => this.#made.get(memory) ?? this.#add(memory, pairwise(memory))

  readonly ofKeys = (memory: KeyMemory): Handle => {
    const known = this.#made.get(memory)
    if (known !== undefined) return known
    const { count, dimension, width, largestNorm, keys, values, scales, offsets, salience } = memory
    const numbers = [count, dimension, width, largestNorm, salience?.leastLog ?? 0, salience?.mostLog ?? 0]
    const arrays = [keys, values, scales, offsets, memory.quantizedKeys, salience?.logs]
    return this.#add(memory, ['keys', numbers, arrays])
  }

  readonly ofGraded = (network: GradedNetwork): Handle => {
    const known = this.#made.get(network)
    if (known !== undefined) return known
    const { neurons, activation, gain, rate, weights, externalField, connections } = network
    const numbers = [neurons, activation === 'tanh' ? 0 : 1, gain, rate]
    const connected = connections === undefined ? [] : [connections.starts, connections.sources]
    return this.#add(network, ['graded', numbers, [weights, externalField, ...connected]])
  }

  readonly ofPairs = (pairs: PairMemory): Handle => this.#made.get(pairs) ?? this.#add(pairs, pairsOf(pairs))

  readonly ofCodes = (memory: CodeMemory): Handle =>
    this.#made.get(memory) ?? this.#add(memory, codesOf(memory))

  /** Makes the handle beside this thread, where looking through the contents takes longer than the trip. */
  async ready(memory: Memory | PairMemory | CodeMemory): Promise<void> {
    if (this.#made.has(memory)) return
    const said = saidOf(memory)
    if (bytesOf(said) < LARGE) {
      this.#add(memory, said)
      return
    }
    const found = await this.#makeLater(...asArguments(said))
    if (found instanceof Error) throw found
    // Who needed it meanwhile has made it.
    if (!this.#made.has(memory)) this.#made.set(memory, found)
  }

  #add(memory: object, said: Said): Handle {
    const handle = this.#make(...asArguments(said))
    this.#made.set(memory, handle)
    return handle
  }
}

/** What the addon is told of a memory. */
type Said = readonly [kind: (typeof KINDS)[number], numbers: Numbers, arrays: Arrays]

/** Bytes from which a look at all of them takes longer than a trip to another thread. */
const LARGE = 2 ** 18

function bytesOf([, , arrays]: Said): number {
  let sum = 0
  for (const array of arrays) if (typeof array === 'object') sum += array.byteLength
  return sum
}

function asArguments([kind, given, arrays]: Said): [number, Float64Array, ...Arrays] {
  const numbers = new Float64Array(6)
  numbers.set(given)
  return [KINDS.indexOf(kind), numbers, ...arrays]
}

function saidOf(memory: Memory | PairMemory | CodeMemory): Said {
  if ('xs' in memory) return pairsOf(memory)
  if (memory.form === 'synapses' || memory.form === 'covariance') return codesOf(memory)
  return pairwise(memory)
}

function pairsOf({ count, inputs, outputs, xs, ys }: PairMemory): Said {
  return ['pairs', [count, inputs, outputs], [xs, ys]]
}

function codesOf(memory: CodeMemory): Said {
  const { inputs, outputs, auto } = memory
  const numbers = [inputs, outputs, auto ? 1 : 0]
  if (memory.form === 'synapses') return ['synapses', numbers, [memory.weights]]
  const { count, activity, starts, patterns, outputStarts, outputUnits, shares } = memory
  const lists = [starts, patterns, outputStarts, outputUnits, shares]
  return ['covariance', [...numbers, count, activity], lists]
}

/** Behind neurons and count, and behind the rows. */
function pairwise(memory: Memory): Said {
  const { form, neurons, count, rows } = memory
  const [numbers, arrays] = besides(memory)
  return [form, [neurons, count, ...numbers], [rows, ...arrays]]
}

function besides(memory: Memory): [Numbers, Arrays] {
  switch (memory.form) {
    case 'implicit':
      return [[], [memory.columns]]
    case 'coupled': {
      const { coupling, lag, cyclic, columns, couplings, selfWeights, responses } = memory
      return [
        [COUPLINGS.indexOf(coupling), lag, cyclic ? 1 : 0],
        [columns, couplings, selfWeights, responses, ...constantOf(memory)],
      ]
    }
    case 'matrix':
      return [[memory.symmetric ? 1 : 0], [memory.weights]]
    case 'bits':
      return [[], [memory.weights]]
    case 'sparse': {
      const { starts, sources, weights, targetStarts, targets, targetWeights } = memory
      const arrays = [starts, sources, weights, targetStarts, targets, targetWeights]
      return [[], [...arrays, ...constantOf(memory)]]
    }
    case 'interaction':
      return [[memory.beta], [memory.columns, memory.fields, memory.energies]]
  }
}

function constantOf({ constant }: { constant?: ConstantField | undefined }): Arrays {
  return constant === undefined ? [] : [constant.values, constant.unit]
}
