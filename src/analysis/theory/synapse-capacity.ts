import { type Given, required, Schema } from '../../input/options.js'
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
  /** N. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** Active neurons per pattern, 0 to N. */
  active: required<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** P. */
  patterns: required<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
}
const SCHEMA = new Schema(WILLSHAW)

export interface WillshawOptions extends Given<typeof WILLSHAW> {}

/**
 * The share of one-bit synapses that are set after P random patterns: 1 − (1 − (active/N)²)^P (Willshaw, Buneman and
 * Longuet-Higgins 1969).
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the option.
 */
export function willshawFill(options: WillshawOptions): number {
  const { neurons, active, patterns } = SCHEMA.read('willshawFill', options)
  const share = checkInteger('willshawFill: active', active, 0, neurons) / neurons
  let left = patterns
  // By repeated squaring of the share: 1 − (1 − a)(1 − b) = a + b(1 − a), which keeps small shares accurate.
  let [fill, set] = [0, share * share]
  for (; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) fill += set * (1 - fill)
    set += set * (1 - set)
  }
  return fill
}
