import { DenseAssociativeMemory, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { NEURONS, type P } from './parameters.js'

/** The memory, its first two patterns, and what its numbers are measured in. */
export function memoryOf({ memory, others, seed, temperature }: Values<P>) {
  const patterns = randomPatterns({ count: others + 2, neurons: NEURONS, seed })
  const degree = { hebbian: 2, cubic: 3, quartic: 4 }[memory]
  const network =
    memory === 'hebbian'
      ? new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
      : new DenseAssociativeMemory({ neurons: NEURONS, interaction: { kind: 'polynomial', degree } }).store(
          patterns,
        )
  const first = patterns.slice(0, NEURONS)
  const second = patterns.slice(NEURONS, 2 * NEURONS)
  // A field of a dense memory is all that a flip costs, and one of a network half of it.
  const field = memory === 'hebbian' ? 1 : degree * NEURONS ** (degree - 1)
  // The energy at a pattern that is alone.
  const energy = memory === 'hebbian' ? NEURONS / 2 : NEURONS ** degree
  return { network, first, second, temperature: temperature * field, energy }
}
