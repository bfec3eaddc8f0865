import { type RealRange, readRealRow } from '../../input/reals.js'
import { hiddenStride } from '../../kernels/contract/kernels.js'
import {
  emptyMachine,
  LARGEST_WEIGHT,
  type MachineArrays,
  randomMachine,
  strided,
} from '../../storage/machine-weights.js'
import type { Making } from './restricted-options.js'

const WITHIN: RealRange = { least: -LARGEST_WEIGHT, most: LARGEST_WEIGHT }

/** What a new machine knows. */
export function initial(where: string, read: Making): MachineArrays {
  const { visible, hidden, weightScale, seed } = read
  const numbers = (
    name: 'weights' | 'visibleBiases' | 'hiddenBiases',
    length: number,
  ): Float32Array | undefined => {
    const given = read[name]
    return given === undefined
      ? undefined
      : Float32Array.from(readRealRow(`${where}: ${name}`, given, length, WITHIN))
  }
  const weights = numbers('weights', visible * hidden)
  const arrays =
    weights === undefined
      ? randomMachine(visible, hidden, weightScale, seed)
      : { ...emptyMachine(visible, hidden), weights: strided(weights, hidden) }
  const up = numbers('hiddenBiases', hidden)
  const hiddenBiases = new Float32Array(hiddenStride(hidden))
  if (up !== undefined) hiddenBiases.set(up)
  return {
    weights: arrays.weights,
    hiddenBiases,
    visibleBiases: numbers('visibleBiases', visible) ?? arrays.visibleBiases,
  }
}
