import {
  DenseAssociativeMemory,
  fromBytes,
  HopfieldNetwork,
  ModernHopfield,
  PackedPatterns,
} from 'hopfield-native'
import { ClusterError } from '../errors.js'
import { checkEach, checked, checkRows } from './checked.js'
import type { Answered, Operation, Questions } from './questions.js'
import type { ShardMap } from './shard-map.js'

type Handlers = { readonly [O in Operation]?: (asked: Questions[O][0]) => Questions[O][1] }

/** A part of a memory, which answers questions. */
export class Part {
  readonly #handlers: Handlers

  /** @param bytes the part's file. */
  constructor(bytes: Uint8Array, map: ShardMap) {
    const memory = fromBytes(bytes)
    if (memory instanceof HopfieldNetwork && map.model === 'hebbian') this.#handlers = hebbian(memory)
    else if (memory instanceof DenseAssociativeMemory && map.model === 'dense')
      this.#handlers = dense(memory, map)
    else if (memory instanceof ModernHopfield && map.model === 'modern') this.#handlers = modern(memory)
    else
      throw new ClusterError(
        'ERR_CLUSTER_VALUE',
        `the map says '${map.model}', the file has a ${memory.constructor.name}`,
      )
  }

  /** A function of part and question. */
  answer<O extends Operation>(operation: O, asked: unknown): Answered<O> {
    const handler = Object.hasOwn(this.#handlers, operation) ? this.#handlers[operation] : undefined
    if (handler === undefined)
      throw new ClusterError('ERR_CLUSTER_VALUE', `this part answers no '${String(operation)}'`)
    return handler(checked(operation, asked))
  }
}

type Bipolar = HopfieldNetwork | DenseAssociativeMemory

function statesOf(memory: Bipolar, words: Uint32Array): PackedPatterns {
  return new PackedPatterns({ neurons: memory.neurons, words })
}

/** What all memories of ±1 neurons answer. */
function bipolar(memory: Bipolar): Handlers {
  const { neurons } = memory
  return {
    overlaps: ({ words }) =>
      memory.overlapsBatch(statesOf(memory, words)).map((m) => Math.round(m * neurons)),
    nearest: ({ words, k }) => {
      const { indices, overlaps } = memory.nearest(statesOf(memory, words), { k })
      return { indices, scores: Float64Array.from(overlaps) }
    },
  }
}

/** One row of numbers a state. */
function eachState(
  memory: Bipolar,
  words: Uint32Array,
  width: number,
  fill: (state: Int8Array, row: Float64Array) => void,
): Float64Array {
  const states = statesOf(memory, words)
  const out = new Float64Array(states.count * width)
  let b = 0
  for (const state of states) fill(state, out.subarray(b * width, ++b * width))
  return out
}

function hebbian(net: HopfieldNetwork): Handlers {
  const { neurons, patternCount } = net
  let ones: Float64Array | undefined
  const column = (j: number, row: Float64Array): void => {
    // h(1) − h(1 but for s_j = −1) = 2 J_j; a neuron has no weight to itself.
    const state = new Int8Array(neurons).fill(1)
    ones ??= net.localField(state)
    state[j] = -1
    const without = net.localField(state)
    for (let i = 0; i < neurons; i++) row[i] = i === j ? 0 : (ones[i] - without[i]) / 2
  }
  let patterns: Int8Array | undefined
  return {
    ...bipolar(net),
    fields: ({ words }) => eachState(net, words, neurons, (state, row) => row.set(net.localField(state))),
    columns: ({ neurons: wanted }) => {
      checkEach('columns', 'neurons', wanted, neurons)
      const out = new Float64Array(wanted.length * neurons)
      for (const [c, j] of wanted.entries()) column(j, out.subarray(c * neurons, (c + 1) * neurons))
      return out
    },
    readout: ({ votes }) => {
      checkRows('readout', 'votes', votes, patternCount)
      patterns ??= net.patterns().unpack()
      const states = votes.length / patternCount
      const out = new Float64Array(states * neurons)
      for (let b = 0; b < states; b++) {
        for (let mu = 0; mu < patternCount; mu++) {
          const v = votes[b * patternCount + mu]
          for (let i = 0; i < neurons; i++) out[b * neurons + i] += patterns[mu * neurons + i] * v
        }
      }
      return out
    },
  }
}

function dense(memory: DenseAssociativeMemory, map: ShardMap & { readonly model: 'dense' }): Handlers {
  const { neurons, patternCount } = memory
  const all = memory.patterns().words
  const stride = all.length / patternCount
  const near: Handlers['near'] = ({ words, least }) => {
    const overlaps = memory.overlapsBatch(statesOf(memory, words))
    checkRows('near', 'least', least, 1, overlaps.length / patternCount)
    const indices: number[] = []
    const counts = Uint32Array.from(least, (bound, b) => {
      const before = indices.length
      for (let mu = 0; mu < patternCount; mu++) {
        if (Math.round(overlaps[b * patternCount + mu] * neurons) >= bound) indices.push(mu)
      }
      return indices.length - before
    })
    const rows = new Uint32Array(indices.length * stride)
    for (const [k, mu] of indices.entries())
      rows.set(all.subarray(mu * stride, (mu + 1) * stride), k * stride)
    return { counts, indices: Uint32Array.from(indices), words: rows }
  }
  if (map.interaction.kind === 'exponential') return { ...bipolar(memory), near }
  return {
    ...bipolar(memory),
    fields: ({ words }) =>
      eachState(memory, words, neurons, (state, row) => row.set(memory.localField(state))),
    energies: ({ words }) =>
      eachState(memory, words, 2, (state, row) => {
        // A recall in which every neuron keeps its value ends where it began, and says how many patterns have a part.
        const { energy, active = 0 } = memory.recall(state, { clamp: allHeld(neurons), maxSweeps: 1 })
        row[0] = 0 - energy
        row[1] = active
      }),
  }
}

const held = new Map<number, Uint8Array>()

/** Flags with which every neuron keeps its value. */
function allHeld(neurons: number): Uint8Array {
  let flags = held.get(neurons)
  if (flags !== undefined) return flags
  flags = new Uint8Array(neurons).fill(1)
  held.set(neurons, flags)
  return flags
}

function modern(net: ModernHopfield): Handlers {
  return {
    similarities: ({ data }) => net.overlapsBatch(data),
    top: ({ data, k }) => {
      const { indices, similarities } = net.topBatch(data, k)
      return { indices, scores: similarities }
    },
    peaks: ({ data, whole }) => net.peaks(data, { whole }),
    partial: ({ data, before, ...rest }) =>
      net.partial(data, { ...rest, ...(before === undefined ? {} : { before }) }),
    complete: ({ data, before, ...rest }) =>
      net.complete(data, { ...rest, ...(before === undefined ? {} : { before }) }),
  }
}
