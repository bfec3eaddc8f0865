import { choice, type Given, integer, option, required, Schema, seed } from '../input/options.js'
import { MAX_NEURONS } from '../input/spins.js'
import type { Uint32s } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import type { Order } from '../kernels/contract/kernels.js'
import { WordStream } from '../numerics/philox.js'

const ORDERS: readonly Order[] = ['random', 'cyclic', 'random-site']

const VISITING = {
  /** N, the number of neurons. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** As in a recall; 'random' by default. */
  order: choice<Order>(ORDERS, 'random'),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
  /** Number of the random stream under the seed; 0 by default. */
  stream: option<number>(0, (name, value) => checkInteger(name, value, 0, Number.MAX_SAFE_INTEGER)),
  /** Number of the sweep, from 0; 0 by default. */
  sweep: integer(0, 2 ** 31 - 1, 0),
}
const VISITING_SCHEMA = new Schema(VISITING)

export interface VisitingOrderOptions extends Given<typeof VISITING> {}

/**
 * The neurons in the order in which one sweep of an asynchronous recall visits them: what a recall draws from seed, stream and sweep, for
 * programs that update neurons themselves.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function visitingOrder(options: VisitingOrderOptions): Uint32s {
  const { neurons, order, seed, stream, sweep } = VISITING_SCHEMA.read('visitingOrder', options)
  const visits = Uint32Array.from({ length: neurons }, (_, i) => i)
  const words = new WordStream(...seed).seek(sweep, stream)
  if (order === 'random') words.permutation(visits, neurons)
  if (order === 'random-site') for (let u = 0; u < neurons; u++) visits[u] = words.bounded(neurons)
  return visits
}
