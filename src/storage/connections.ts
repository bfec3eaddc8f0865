import { allocate, describe, HopfieldError } from '../errors.js'
import { flag, Kinds, required, Schema, seed, unread } from '../input/options.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import {
  checkFraction,
  checkInteger,
  element,
  isPlainObject,
  lengthOf,
  ownProperties,
} from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import type { ConnectionTable } from './connection-table.js'
import { checkLists } from './csr-transpose.js'
import type { RecordReader } from './record.js'
import { smallWorld } from './small-world.js'
import { Draws, randomPairs, randomSources } from './wiring.js'

/** Which neurons are connected: by a kind of graph, or as given. */
export type Connections =
  | {
      /** Every neuron has `degree` sources, drawn at random (Derrida, Gardner and Zippelius 1987). */
      kind: 'random'
      /** Sources per neuron, 1 to N − 1; their mean if symmetric. */
      degree: number
      /** true: each pair is connected, in both directions, with probability degree/(N − 1). false by default. */
      symmetric?: boolean
      seed?: number | bigint
    }
  | {
      /** Neurons on a ring; each has its nearest neighbours on both sides as sources. */
      kind: 'ring'
      /** Neighbours on both sides together: even, 2 to N − 1. */
      neighbours: number
    }
  | {
      /** A ring in which each connection is moved elsewhere with probability `rewire` (Watts and Strogatz 1998); symmetric. */
      kind: 'small-world'
      neighbours: number
      /** Probability, 0 to 1. */
      rewire: number
      seed?: number | bigint
    }
  | { starts: NumbersLike; sources: NumbersLike }

const neighbours = required<number, number, number>((name, value, neurons) => {
  const all = checkInteger(name, value, 2, Math.max(neurons - 1, 2))
  if (all % 2 === 0 && all < neurons) return all
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `${name}: expected an even number below ${neurons}, got ${all}`,
  )
})
const KINDS = new Kinds({
  random: {
    degree: required<number, number, number>((name, value, neurons) =>
      checkInteger(name, value, 1, Math.max(neurons - 1, 1)),
    ),
    symmetric: flag(false),
    seed: seed(),
  },
  ring: { neighbours },
  'small-world': { neighbours, rewire: required<number>(checkFraction), seed: seed() },
})
const ROWS = new Schema({ starts: unread<NumbersLike>(), sources: unread<NumbersLike>() })

/** Checks the option and makes the table. Throws HopfieldError naming the field. */
export function connectionTable(kernels: Kernels, option: unknown, neurons: number): ConnectionTable {
  const options = isPlainObject(option) ? ownProperties(option) : option
  if (isPlainObject(options) && (options['starts'] !== undefined || options['sources'] !== undefined)) {
    const { starts, sources } = ROWS.readWithin('connections', options)
    return readConnections('connections', starts, sources, neurons)
  }
  const read = KINDS.read('connections', options, neurons)
  const draws = new Draws(kernels, read.kind === 'ring' ? [0, 0] : read.seed)
  if (read.kind === 'ring') return smallWorld(kernels, neurons, read.neighbours, 0, draws)
  if (read.kind === 'small-world') return smallWorld(kernels, neurons, read.neighbours, read.rewire, draws)
  if (neurons === 1) return { starts: new Uint32Array(2), sources: new Uint32Array(0) }
  const { degree, symmetric } = read
  const wire = symmetric ? randomPairs : randomSources
  return wire(kernels, neurons, degree, draws)
}

/** Checks and copies compressed rows. */
export function readConnections(
  name: string,
  starts: unknown,
  sources: unknown,
  neurons: number,
  names: { starts: string; sources: string } = { starts: 'starts', sources: 'sources' },
): ConnectionTable {
  const from = readIndices(`${name}.${names.starts}`, starts, 2 ** 32 - 1)
  if (from.length !== neurons + 1) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}.${names.starts}: expected ${neurons + 1} numbers, got ${from.length}`,
    )
  }
  for (let i = 0; i <= neurons; i++) {
    const least = i === 0 ? 0 : from[i - 1]
    if (from[i] < least || (i === 0 && from[0] !== 0)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}.${names.starts}[${i}]: expected ${i === 0 ? '0' : `at least ${least}`}, got ${from[i]}`,
      )
    }
  }
  const to = readIndices(`${name}.${names.sources}`, sources, neurons - 1)
  if (to.length !== from[neurons]) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}.${names.sources}: expected ${from[neurons]} neurons, got ${to.length}`,
    )
  }
  return { starts: from, sources: to }
}

/** Connections of a record; what they come from is not copied. */
export function openConnections(from: RecordReader, neurons: number): ConnectionTable {
  const [first, second] = ['connections.starts', 'connections.sources']
  // A copy: whatever becomes of memory that others may write, no row leaves the arrays.
  const starts = from.array(first, Uint32Array, [neurons + 1]).slice()
  const sources = from.array(second, Uint32Array, [undefined])
  checkLists(from, { starts, items: sources }, { starts: first, items: second }, neurons)
  return { starts, sources }
}

function readIndices(name: string, given: unknown, most: number): Uint32Array {
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of integers, got ${describe(given)}`,
    )
  }
  const out = allocate(name, length * 4, () => new Uint32Array(length))
  for (let k = 0; k < length; k++) {
    const x = element(given as ArrayLike<unknown>, k)
    // A name for each of millions would take longer than all the rest.
    const good = typeof x === 'number' && Number.isInteger(x) && x >= 0 && x <= most
    out[k] = good ? x : checkInteger(`${name}[${k}]`, x, 0, most)
  }
  return out
}
