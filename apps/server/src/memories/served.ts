import {
  type AnyMemory,
  DenseAssociativeMemory,
  HopfieldError,
  HopfieldNetwork,
  ModernHopfield,
} from 'hopfield-native'
import type { ServedMemory } from './served-memory.js'
import { SpinMemory } from './spin-memory.js'
import { VectorMemory } from './vector-memory.js'

/**
 * The memory as the wire has it.
 * @throws HopfieldError ERR_HOPFIELD_OPTION for a memory that is not served.
 */
export function served(memory: AnyMemory): ServedMemory {
  if (memory instanceof HopfieldNetwork || memory instanceof DenseAssociativeMemory) {
    return new SpinMemory(memory)
  }
  if (memory instanceof ModernHopfield) return new VectorMemory(memory)
  throw new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    `the server has memories of class HopfieldNetwork, DenseAssociativeMemory and ModernHopfield; this file holds a ${memory.constructor.name}`,
  )
}
