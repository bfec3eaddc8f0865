import type { Kernels } from '../kernels/contract/kernels.js'
import { type ConnectionTable, countsFor, startsOf } from './connection-table.js'

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

/** Connections of a ring, each in the rows of both its neurons, and the neurons who have one twice. */
export interface RingTable extends ConnectionTable {
  /** One bit a neuron. */
  readonly repeated: Uint32Array
}

/** Whether a connection from i was rewired to j, in one of its first steps. */
export function rewires({ reach, rewired }: Ring, i: number, j: number, steps = reach): boolean {
  for (let k = i * reach; k < i * reach + steps; k++) if (rewired[k] === j + 1) return true
  return false
}

/**
 * The connections as they are now.
 * @param sources room for all of them.
 */
export function tableOf(kernels: Kernels, ring: Ring, sources: Uint32Array): RingTable {
  const { neurons: n, reach, rewired } = ring
  const starts = startsOf(degreesOf(ring))
  const next = countsFor(n + 1, starts)
  const stay = rewired.length === 0
  for (let i = 0, k = 0; i < n; i++) {
    for (let step = 1; step <= reach; step++, k++) {
      const to = stay || rewired[k] === 0 ? (i + step < n ? i + step : i + step - n) : rewired[k] - 1
      sources[next[i]++] = to
      sources[next[to]++] = i
    }
  }
  const repeated = countsFor(Math.ceil(n / 32))
  kernels.ascend(starts, n, sources, repeated)
  return { starts, sources, repeated }
}

function degreesOf({ neurons: n, reach, rewired, arrivals }: Ring): Uint32Array {
  // What begins at a neuron leads somewhere; what ended there may have left.
  const degrees = countsFor(n, arrivals)
  const stay = rewired.length === 0
  for (let i = 0, k = 0; i < n; i++) {
    degrees[i] += reach
    for (let step = 1; step <= reach; step++, k++) {
      if (stay || rewired[k] === 0) degrees[i + step < n ? i + step : i + step - n]++
    }
  }
  return degrees
}
