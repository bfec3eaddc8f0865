import { countsFor, startsOf } from './connection-table.js'

/** A ring each of whose connections stays or is led elsewhere, once. */
export interface Ring {
  readonly neurons: number
  /** Neighbours on each side. */
  readonly reach: number
  /** Place i·reach + step − 1: 1 + where the connection from i to i + step was led; 0: nowhere. Empty: all stay. */
  readonly led: Uint32Array
  /** How many were led to each neuron. */
  readonly arrivals: Uint32Array
}

/** Who was led to each neuron, but for what changed since: one list after the other. */
export interface Comers {
  readonly lists: Uint32Array
  readonly counts: Uint32Array
  /** Of neurons whose list is not right any more: who else may have been led to them. */
  readonly later: ReadonlyMap<number, readonly number[]>
}

/** Lists, for each neuron, the neurons whose connections were led to it, at the end of `sources`. */
export function comersOf({ neurons, reach, led, arrivals }: Ring, sources: Uint32Array): Comers {
  const counts = countsFor(neurons, arrivals)
  const starts = startsOf(counts)
  const lists = sources.subarray(sources.length - starts[neurons])
  for (let i = 0, k = 0; k < led.length; i++) {
    for (const end = k + reach; k < end; k++) if (led[k] !== 0) lists[starts[led[k] - 1]++] = i
  }
  return { lists, counts, later: new Map() }
}

/** Whether a connection from i was led to j, in one of its first steps. */
export function leads({ reach, led }: Ring, i: number, j: number, steps = reach): boolean {
  for (let k = i * reach; k < i * reach + steps; k++) if (led[k] === j + 1) return true
  return false
}
