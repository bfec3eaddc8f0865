import { Mark, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { LARGEST_COUPLING } from '../../storage/boltzmann-couplings.js'
import { each } from '../../storage/record.js'
import type { Fitting } from './boltzmann-options.js'
import { Clamping } from './coupled-chains.js'
import { type CoupledMachine, type Couplings, statesOf, type VisibleRows } from './coupled-machine.js'
import { meanFieldMachine, momentsOfRows } from './coupled-units.js'
import { clamped, less, type Moments, momentsOf, type States } from './enumeration.js'

/** How often each visible state is among the rows. */
export function sharesOf({ words, count }: VisibleRows, visible: number): Float64Array {
  const shares = new Float64Array(2 ** visible)
  for (let b = 0; b < count; b++) shares[words[b * rowWords(visible)]] += 1 / count
  return shares
}

/** Moments with the data clamped, less those of the machine. */
export function* difference(states: States, visible: number, shares: Float64Array): Steps<Moments> {
  const { units, chances } = states
  const data = yield* momentsOf(units, yield* clamped(states, visible, shares))
  return yield* less(data, yield* momentsOf(units, chances))
}

/** Units of machines that are exact unless something else is asked for. */
const FEW = 12

/**
 * What a machine knows after it has learned from rows; it stays as it is.
 * @throws HopfieldError ERR_HOPFIELD_OPTION or _RANGE naming what cannot be, at once; in steps ERR_HOPFIELD_RANGE and _DEPENDENT.
 */
export function learning(machine: CoupledMachine, rows: VisibleRows, read: Fitting): Steps<Couplings> {
  const { visible, units } = machine
  if (read.start === 'mean-field' && units > visible) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      "start: 'mean-field' is only for machines without hidden units",
    )
  }
  const exact = read.method === 'exact' || (read.method === 'auto' && units <= FEW)
  if (exact) statesOf(machine)
  return learn(machine, rows, read, exact)
}

function* learn(machine: CoupledMachine, rows: VisibleRows, read: Fitting, exact: boolean): Steps<Couplings> {
  const { kernels, visible, units, weights, biases } = machine
  const { epochs, learningRate, start, ridge } = read
  let learned: Couplings = { weights, biases }
  if (start === 'mean-field') {
    const moments = yield* momentsOfRows(kernels, rows.words, rows.count, units)
    learned = yield* meanFieldMachine(units, moments, ridge)
  }
  const shares = exact ? sharesOf(rows, visible) : new Float64Array(0)
  const chains = exact ? undefined : yield* Clamping.of(machine, rows, read)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { pairs, means } =
      chains === undefined
        ? yield* difference(yield* statesOf({ units, ...learned }), visible, shares)
        : yield* chains.difference(learned, epoch)
    learned = {
      weights: yield* moved(learned.weights, learningRate, pairs),
      biases: yield* moved(learned.biases, learningRate, means),
    }
    yield new Mark(epoch + 1, epochs)
  }
  return learned
}

/** One step of all numbers, as far as they stay within bounds. */
function* moved(from: Float64Array, learningRate: number, by: Float64Array): Steps<Float64Array> {
  const to = from.slice()
  yield* each(to.length, (k) => {
    to[k] += learningRate * by[k]
    if (Math.abs(to[k]) <= LARGEST_COUPLING) return
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `learningRate: couplings grew beyond ${LARGEST_COUPLING}; take a smaller learning rate`,
    )
  })
  return to
}
