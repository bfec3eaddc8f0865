import { HopfieldError } from '../../errors.js'
import { type Given, optional, required, Schema } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import { erfc } from '../../numerics/erf.js'
import { exp } from '../../numerics/exp.js'

/**
 * Most random patterns per neuron for which weights J with stability κ exist: α_c = 1/∫_−κ^∞ Dt (t + κ)² (Gardner 1988); 2 at κ = 0.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function perceptronCapacity(kappa: number): number {
  checkNumber('perceptronCapacity: kappa', kappa, 0, 1e150)
  const above = erfc(-kappa / Math.SQRT2) / 2
  const density = exp((-kappa * kappa) / 2) / Math.sqrt(2 * Math.PI)
  return 1 / ((1 + kappa * kappa) * above + kappa * density)
}

const WILLSHAW = {
  /** N, of units that learn to complete their own patterns: no unit has a synapse on itself. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** Active units per pattern, 0 to N. */
  active: required<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** P. */
  patterns: required<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** The number of output units, if they are others than the N. */
  outputs: optional<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** Active output units per pattern, 0 to `outputs`; as many as `active` by default. */
  activeOutputs: optional<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
}
const SCHEMA = new Schema(WILLSHAW)

export interface WillshawOptions extends Given<typeof WILLSHAW> {}

/**
 * The expected share of one-bit synapses that are set after P random patterns, 1 − (1 − p)^P (Willshaw, Buneman and Longuet-Higgins
 * 1969). p is the share that one pattern sets: a(a − 1)/(N(N − 1)) between the N units, as `fill` of SparseAssociativeMemory counts
 * them, and (a/N)·(activeOutputs/outputs) from them to others.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function willshawFill(options: WillshawOptions): number {
  const { neurons, active, patterns, outputs, activeOutputs } = SCHEMA.read('willshawFill', options)
  checkInteger('willshawFill: active', active, 0, neurons)
  if (outputs === undefined && activeOutputs !== undefined) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'willshawFill: activeOutputs: only supported with outputs')
  }
  const others =
    outputs === undefined
      ? (active - 1) / Math.max(1, neurons - 1)
      : checkInteger('willshawFill: activeOutputs', activeOutputs ?? active, 0, outputs) / outputs
  let left = patterns
  // By repeated squaring of the share: 1 − (1 − a)(1 − b) = a + b(1 − a), which keeps small shares accurate.
  let [fill, set] = [0, (active / neurons) * others]
  for (; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) fill += set * (1 - fill)
    set += set * (1 - set)
  }
  return fill
}
