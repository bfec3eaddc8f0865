import { oneStep, type Steps } from '../async/steps.js'
import type { StateSource } from '../input/spins.js'
import type { StateReader } from '../input/state-reader.js'
import type { Kernels } from '../kernels/contract/kernels.js'

/** Patterns on their way into a memory. */
export interface Arrivals {
  readonly count: number
  /** Packs all of them into as many rows, in steps. Throws on the first value that is not ±1. */
  into(rows: Uint32Array): Steps<void>
}

/** Patterns that are packed in one piece. */
export function inOnePiece(kernels: Kernels, source: StateSource): Arrivals {
  return {
    count: source.count,
    into: (rows) => oneStep(() => source.packInto(kernels, rows)),
  }
}

/** Patterns that are read part by part. */
export function inParts(kernels: Kernels, reader: StateReader): Arrivals {
  return { count: reader.count, into: (rows) => reader.read(kernels, 0, reader.count, rows) }
}
