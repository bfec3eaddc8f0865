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

  constructor(make: TierExports['memory']) {
    this.#make = make
  }

  readonly of = (memory: Memory): Handle =>
    this.#made.get(memory) ?? this.#add(memory, memory.form, ...pairwise(memory))

  readonly ofKeys = (memory: KeyMemory): Handle => {
    const known = this.#made.get(memory)
    if (known !== undefined) return known
    const { count, dimension, width, largestNorm, keys, values, scales, offsets, quantizedKeys } = memory
    const numbers = [count, dimension, width, largestNorm]
    return this.#add(memory, 'keys', numbers, [keys, values, scales, offsets, quantizedKeys])
  }

  readonly ofGraded = (network: GradedNetwork): Handle => {
    const known = this.#made.get(network)
    if (known !== undefined) return known
    const { neurons, activation, gain, rate, weights, externalField } = network
    return this.#add(
      network,
      'graded',
      [neurons, activation === 'tanh' ? 0 : 1, gain, rate],
      [weights, externalField],
    )
  }

  readonly ofPairs = (pairs: PairMemory): Handle => {
    const known = this.#made.get(pairs)
    if (known !== undefined) return known
    return this.#add(pairs, 'pairs', [pairs.count, pairs.inputs, pairs.outputs], [pairs.xs, pairs.ys])
  }

  readonly ofCodes = (memory: CodeMemory): Handle => {
    const known = this.#made.get(memory)
    if (known !== undefined) return known
    const { inputs, outputs, auto } = memory
    const numbers = [inputs, outputs, auto ? 1 : 0]
    if (memory.form === 'synapses') return this.#add(memory, 'synapses', numbers, [memory.weights])
    const { count, activity, starts, patterns, outputStarts, outputUnits, shares } = memory
    const lists = [starts, patterns, outputStarts, outputUnits, shares]
    return this.#add(memory, 'covariance', [...numbers, count, activity], lists)
  }

  #add(memory: object, kind: (typeof KINDS)[number], given: Numbers, arrays: Arrays): Handle {
    const numbers = new Float64Array(5)
    numbers.set(given)
    const handle = this.#make(KINDS.indexOf(kind), numbers, ...arrays)
    this.#made.set(memory, handle)
    return handle
  }
}

/** Behind neurons and count, and behind the rows. */
function pairwise(memory: Memory): [Numbers, Arrays] {
  const { neurons, count, rows } = memory
  const [numbers, arrays] = besides(memory)
  return [
    [neurons, count, ...numbers],
    [rows, ...arrays],
  ]
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
