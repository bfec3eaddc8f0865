import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { type Couplings, TABU } from '../contract/kernels.js'
import { Flipping } from './flipping.js'

export function tabu(...given: Parameters<typeof tabuSteps>): void {
  atOnce(tabuSteps(...given))
}

/** In steps. */
export function* tabuSteps(
  memory: Couplings,
  fields: Float64Array | undefined,
  row: Uint32Array,
  best: Uint32Array,
  until: Uint32Array,
  first: number,
  tenures: Uint32Array,
  numbers: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const state = new Flipping(memory, fields, row)
  let energy = state.energy()
  for (const [k, tenure] of tenures.entries()) {
    if (pace.due(8 * state.neurons)) yield
    let [all, any] = [Number.POSITIVE_INFINITY, 0]
    let [free, one] = [Number.POSITIVE_INFINITY, -1]
    for (let i = 0; i < state.neurons; i++) {
      const gain = state.gain(i)
      if (gain < all) [all, any] = [gain, i]
      if (gain < free && until[i] <= first + k) [free, one] = [gain, i]
    }
    const wins = energy + 2 * all < numbers[TABU.best]
    const i = wins || one < 0 ? any : one
    energy += 2 * (wins || one < 0 ? all : free)
    state.flip(i)
    until[i] = first + k + 1 + tenure
    if (energy >= numbers[TABU.best]) continue
    numbers[TABU.best] = energy
    numbers[TABU.foundAt] = first + k + 1
    best.set(row)
  }
  numbers[TABU.energy] = energy
}
