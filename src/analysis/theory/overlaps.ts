import { checkNumber } from '../../input/validate.js'
import { erf } from '../../numerics/erf.js'
import { exp } from '../../numerics/exp.js'
import { tanh } from '../../numerics/tanh.js'
import { atOnce } from '../../platform/turn.js'
import { retrievalState } from './replica.js'

/** α of the diluted network for x → 0. */
const DILUTED_LOAD = 2 / Math.PI

const TWO_PER_ROOT_PI = 2 / Math.sqrt(Math.PI)

/** Every mean-field equation here, solved for its parameter, is explicit in x and decreases beyond its maximum. */
type Parameter = (x: number) => number

/** The x at which the parameter is largest, by golden-section search. */
function peak(parameter: Parameter): number {
  let [low, high] = [0.5, 3]
  const golden = (Math.sqrt(5) - 1) / 2
  while (high - low > 1e-9) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)]
    if (parameter(a) < parameter(b)) low = a
    else high = b
  }
  return (low + high) / 2
}

/** The largest x between `low` and `high` with parameter(x) = value; undefined if there is none. */
function largestRoot(parameter: Parameter, value: number, low: number, high: number): number | undefined {
  if (low > 0 ? parameter(low) < value : parameter(low) <= value) return undefined
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2
    if (parameter(middle) > value) low = middle
    else high = middle
  }
  return low
}

/** An x beyond which α(x) ≤ 1/(2x²) is below α. */
function beyond(alpha: number): number {
  return 4 + 1 / Math.sqrt(2 * alpha)
}

function overlapAt(method: string, parameter: Parameter, alpha: number, low: number): number {
  checkNumber(`${method}: alpha`, alpha, 0, Number.MAX_VALUE)
  if (alpha < 1e-12) return 1
  const x = largestRoot(parameter, alpha, low, beyond(alpha))
  return x === undefined ? 0 : erf(x)
}

const hebbian: Parameter = (y) => (erf(y) / y - TWO_PER_ROOT_PI * exp(-y * y)) ** 2 / 2
const sequence: Parameter = (x) => erf(x) ** 2 / (2 * x * x) - (2 / Math.PI) * exp(-2 * x * x)
const diluted: Parameter = (x) => (x === 0 ? DILUTED_LOAD : erf(x) ** 2 / (2 * x * x))
const thermal: Parameter = (x) => (x === 0 ? 1 : tanh(x) / x)

/**
 * Overlap m of the retrieval state of the Hebbian network at load α and temperature T, 0 where there is none. At T = 0, the default,
 * y(√(2α) + (2/√π)e^(−y²)) = erf y, m = erf y (Amit, Gutfreund and Sompolinsky 1985): 0 above α_c = 0.137906, at α_c 0.967417. At
 * T > 0 the replica-symmetric m of Amit, Gutfreund and Sompolinsky 1987, accurate to about 1e-6.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function retrievalOverlap(alpha: number, temperature = 0): number {
  checkNumber('retrievalOverlap: temperature', temperature, 0, Number.MAX_VALUE)
  return atOnce(retrievalOverlapSteps(alpha, temperature))
}

/** The same in small steps, at a temperature that was checked. */
export function* retrievalOverlapSteps(alpha: number, temperature: number): Generator<void, number> {
  if (temperature === 0) return overlapAt('retrievalOverlap', hebbian, alpha, peak(hebbian))
  checkNumber('retrievalOverlap: alpha', alpha, 0, Number.MAX_VALUE)
  if (temperature >= 1) return 0
  if (alpha < 1e-12) return thermalOverlap(temperature)
  return (yield* retrievalState(alpha, temperature))?.m ?? 0
}

/**
 * Overlap with the pattern that is next, while a network of rule 'sequence' recalls synchronously: α = erf²x/(2x²) − (2/π)e^(−2x²),
 * m = erf x (Düring, Coolen and Sherrington 1998). 0 above α_c = 0.269062.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function sequenceOverlap(alpha: number): number {
  return overlapAt('sequenceOverlap', sequence, alpha, peak(sequence))
}

/**
 * Overlap of a strongly diluted asymmetric network, where α is P divided by the sources per neuron: m = erf(m/√(2α)) (Derrida, Gardner
 * and Zippelius 1987). Falls to 0 continuously at α_c = 2/π.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function dilutedOverlap(alpha: number): number {
  return overlapAt('dilutedOverlap', diluted, alpha, 0)
}

/**
 * Overlap at temperature T with one pattern stored: m = tanh(m/T); 0 for T ≥ 1.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function thermalOverlap(temperature: number): number {
  checkNumber('thermalOverlap: temperature', temperature, 0, Number.MAX_VALUE)
  if (temperature < 0.01) return 1
  const x = largestRoot(thermal, temperature, 0, 1 + 1 / temperature)
  return x === undefined ? 0 : tanh(x)
}
