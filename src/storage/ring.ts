import { countsFor, startsOf } from './connection-table.js'

/** A ring each of whose connections stays or is rewired, once. */
export interface Ring {
  readonly neurons: number
  /** Neighbours on each side. */
  readonly reach: number
  /** Place i·reach + step − 1: 1 + where the connection from i to i + step was rewired; 0: nowhere. Empty: all stay. */
  readonly rewired: Uint32Array
  /** How many were rewired to each neuron. */
  readonly arrivals: Uint32Array
}

/** From where connections were rewired to each neuron, but for what changed since: one list after the other. */
export interface Incoming {
  readonly lists: Uint32Array
  readonly counts: Uint32Array
  /** Of neurons whose list is not right any more: whose connections may have been rewired to them besides. */
  readonly later: ReadonlyMap<number, readonly number[]>
}

/** Lists, for each neuron, the neurons whose connections were rewired to it, at the end of `sources`. */
export function incomingOf({ neurons, reach, rewired, arrivals }: Ring, sources: Uint32Array): Incoming {
  const counts = countsFor(neurons, arrivals)
  const starts = startsOf(counts)
  const lists = sources.subarray(sources.length - starts[neurons])
  for (let i = 0, k = 0; k < rewired.length; i++) {
    for (const end = k + reach; k < end; k++) if (rewired[k] !== 0) lists[starts[rewired[k] - 1]++] = i
  }
  return { lists, counts, later: new Map() }
}

/** Whether a connection from i was rewired to j, in one of its first steps. */
export function rewires({ reach, rewired }: Ring, i: number, j: number, steps = reach): boolean {
  for (let k = i * reach; k < i * reach + steps; k++) if (rewired[k] === j + 1) return true
  return false
}
