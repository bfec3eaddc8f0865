import { allHere } from '../../async/steps.js'
import { type Given, type Read, required, Schema } from '../../input/options.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { normal } from '../../numerics/normal.js'

const size = (name: string, value: unknown): number => checkInteger(name, value, 0, 2 ** 24)
const EXPANSION = {
  /** N, the input neurons, 1 to 2^24. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** Active inputs in each of the two inputs: A. */
  active: required<number>(size),
  /** Those that are active in both. */
  shared: required<number>(size),
  /** C, the inputs that each output unit listens to, 1 to 256. */
  sources: required<number>((name, value) => checkInteger(name, value, 1, 256)),
  /** k/M, the share of output units that are active, above 0 and at most 1. */
  activity: required<number>((name, value) => checkNumber(name, value, 1e-9, 1)),
}
const SCHEMA = new Schema(EXPANSION)

export interface ExpansionOverlapOptions extends Given<typeof EXPANSION> {}

/**
 * The share of active output units that two inputs have in common after an `Expansion`, for many output units: how far it pulls them
 * apart. Exact for whole counts and their ties: what an output unit counts of both inputs has a hypergeometric distribution, and of the
 * units with the least count that still wins those of lowest index do, the same ones for both inputs. Takes C³/6 steps.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function expansionOverlap(options: ExpansionOverlapOptions): number {
  const read = SCHEMA.read('expansionOverlap', options)
  const { neurons, active, shared, sources } = read
  checkInteger('expansionOverlap: active', active, 0, neurons)
  checkInteger('expansionOverlap: shared', shared, Math.max(0, 2 * active - neurons), active)
  checkInteger('expansionOverlap: sources', sources, 1, neurons)
  return allHere(expansionOverlapSteps(read))
}

/** The same in small steps, of options that were checked. */
export function* expansionOverlapSteps({
  neurons,
  active,
  shared,
  sources,
  activity,
}: Read<typeof EXPANSION>): Generator<void, number> {
  const whole = choices(neurons, sources)[sources]
  const [marked, others] = [choices(active, sources), choices(neurons - active, sources)]
  const single = (count: number): number => exp(marked[count] + others[sources - count] - whole)
  // Units that count more than `least` all win, and this share of those at it.
  let [least, above] = [sources, 0]
  for (; least > 0 && above + single(least) < activity; least--) above += single(least)
  const share = single(least) === 0 ? 0 : Math.min(1, (activity - above) / single(least))
  // What counts for both, for one of them alone, for neither.
  const common = choices(shared, sources)
  const alone = choices(active - shared, sources)
  const rest = choices(neurons - 2 * active + shared, sources)
  let both = 0
  for (let a = 0; a <= sources; a++) {
    for (let b = Math.max(0, least - a); a + b <= sources; b++) {
      const known = common[a] + alone[b] - whole
      if (known === Number.NEGATIVE_INFINITY) continue
      for (let c = Math.max(0, least - a); a + b + c <= sources; c++) {
        const atLeast = a + b === least || a + c === least
        both += (atLeast ? share : 1) * exp(known + alone[c] + rest[sources - a - b - c])
      }
      yield
    }
  }
  return both / activity
}

/** ln of n choose k, k = 0 … most; −∞ where there is no such choice. */
function choices(n: number, most: number): Float64Array {
  const row = new Float64Array(most + 1)
  for (let k = 1; k <= most; k++) {
    row[k] = k > n ? Number.NEGATIVE_INFINITY : row[k - 1] + log((n - k + 1) / k)
  }
  return row
}

const LIMIT = {
  /** ρ, the correlation of the two inputs over neurons, 0 to 1: for states ±1 with as many of either sign their overlap. */
  correlation: required<number>((name, value) => checkNumber(name, value, 0, 1)),
  /** The share of output units that are active, above 1e-9 and below ½. */
  activity: required<number>((name, value) => checkNumber(name, value, 1e-9, 0.5)),
}
const LIMIT_SCHEMA = new Schema(LIMIT)

export interface ExpansionOverlapLimitOptions extends Given<typeof LIMIT> {}

/** Steps of Simpson's rule: the integrand is smooth. */
const STEPS = 256

/**
 * The limit of `expansionOverlap` for many sources of many more inputs, where counts have a normal distribution: P(x > t, y > t)/a, with the
 * correlation ρ and the threshold t that a share a is above. It is a + (1/2πa) ∫ e^(−t²/(1 + sin φ)) dφ from 0 to arcsin ρ.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function expansionOverlapLimit(options: ExpansionOverlapLimitOptions): number {
  const { correlation, activity } = LIMIT_SCHEMA.read('expansionOverlapLimit', options)
  const square = normal(activity) ** 2
  const end = Math.asin(correlation)
  let sum = 0
  for (let k = 0; k <= STEPS; k++) {
    const weight = k === 0 || k === STEPS ? 1 : k % 2 === 1 ? 4 : 2
    sum += weight * exp(-square / (1 + Math.sin((k / STEPS) * end)))
  }
  return activity + (sum * end) / (3 * STEPS) / (2 * Math.PI * activity)
}
