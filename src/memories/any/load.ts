import { misfit } from '../../storage/record.js'
import { BidirectionalMemory } from '../bidirectional/bidirectional-memory.js'
import { BoltzmannMachine } from '../boltzmann/boltzmann-machine.js'
import { RestrictedBoltzmannMachine } from '../boltzmann/restricted-boltzmann-machine.js'
import { ContinuousHopfield } from '../continuous/continuous-hopfield.js'
import { DenseAssociativeMemory } from '../dense/dense-associative-memory.js'
import { RandomFeatureMemory } from '../features/random-feature-memory.js'
import { HopfieldNetwork } from '../hopfield/hopfield-network.js'
import { type FromBytesOptions, fromFile, type LoadOptions, memoryOf } from '../keeping.js'
import { ModernHopfield } from '../modern/modern-hopfield.js'
import { KIND, type MemoryClass } from '../opening.js'
import { type FromSharedOptions, openShared, type SharedMemory } from '../sharing.js'
import { SimilarityMap } from '../similarity/similarity-map.js'
import { SparseAssociativeMemory } from '../sparse/sparse-associative-memory.js'

/** All memories that a file may hold. */
const CLASSES = [
  BidirectionalMemory,
  BoltzmannMachine,
  ContinuousHopfield,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  RandomFeatureMemory,
  RestrictedBoltzmannMachine,
  SparseAssociativeMemory,
] as const

/** What is kept and recalls nothing. */
const OTHERS = [SimilarityMap] as const

/** A memory of any class. */
export type AnyMemory = InstanceType<(typeof CLASSES)[number]>

function classOf(kind: string): MemoryClass<AnyMemory> {
  const found = CLASSES.find((Class) => Class[KIND] === kind)
  if (found !== undefined) return found
  const other = OTHERS.find((Class) => Class[KIND] === kind)?.[KIND]
  if (other !== undefined) {
    const own = `${other}.load, ${other}.fromBytes or ${other}.fromShared`
    throw misfit('class', `expected a memory, got a ${other}, which recalls nothing; call ${own}`)
  }
  const known = CLASSES.map((Class) => Class[KIND]).join(', ')
  throw misfit('class', `expected one of ${known}, got ${JSON.stringify(kind)}`)
}

/**
 * Opens a file that `save` wrote, whichever memory it holds: `instanceof` tells. It recalls, learns and forgets with the same bits as the
 * memory that was saved, on every backend. What recalls nothing, such as a `SimilarityMap`, the method of its own class opens.
 * @throws HopfieldError ERR_HOPFIELD_FILE with the place, for a file that cannot be read or is not what `save` writes;
 * ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. A rejection, as everything.
 */
export async function load(path: string, options?: LoadOptions): Promise<AnyMemory> {
  return fromFile(path, options, classOf)
}

/**
 * Makes a memory of what `toBytes` returned, whichever memory it was. The bytes are copied.
 * @throws HopfieldError as `load`.
 */
export function fromBytes(bytes: Uint8Array | ArrayBuffer, options?: FromBytesOptions): AnyMemory {
  return memoryOf(bytes, options, classOf)
}

/**
 * Opens a memory that `share` has moved into shared memory, whichever class it is.
 * @throws HopfieldError as `fromShared` of the classes.
 */
export function fromShared(handle: SharedMemory, options?: FromSharedOptions): AnyMemory {
  return openShared(handle, options, classOf)
}
