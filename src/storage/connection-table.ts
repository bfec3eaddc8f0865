import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'

/** Connections in compressed rows: the sources of neuron i are sources[starts[i]] … sources[starts[i + 1] − 1]. */
export interface ConnectionTable {
  /** N + 1 numbers, starting with 0, never decreasing. */
  readonly starts: Uint32Array
  readonly sources: Uint32Array
}

/** Room for so many connections, whose places are 32-bit numbers. */
export function indices(kernels: Kernels, length: number): Uint32Array {
  checkTotal(length)
  return allocate('connections', length * 4, () => kernels.allocate(length))
}

function checkTotal(connections: number): void {
  if (connections < 2 ** 32) return
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `connections: expected fewer than 2^32 of them, got ${connections}`,
  )
}

/** A number for each of many neurons, or one more: 0, or a copy of others. */
export function countsFor(neurons: number, from?: Uint32Array): Uint32Array {
  return allocate('connections', neurons * 4, () => {
    const counts = new Uint32Array(neurons)
    if (from !== undefined) counts.set(from)
    return counts
  })
}

export function startsOf(degrees: Uint32Array): Uint32Array {
  const starts = countsFor(degrees.length + 1)
  let total = 0
  for (let i = 0; i < degrees.length; i++) {
    total += degrees[i]
    starts[i + 1] = total
  }
  checkTotal(total)
  return starts
}
