import { fraction, type Given, number, required, Schema, without } from '../input/options.js'
import type { Float64s, NumbersLike } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import type { Curve } from './curve.js'
import {
  CUES,
  checkPopulation,
  overlapOf,
  POPULATION,
  populated,
  readCounts,
  recalled,
} from './population.js'
import { survey } from './survey.js'

const PALIMPSEST = {
  ...POPULATION,
  ...without(CUES, 'cues'),
  /** How many patterns are stored, one after the other. A palimpsest is in balance after some 3·N. */
  stored: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 30)),
  /** Ages of the patterns to recall, ascending: 0 is the last one stored. */
  ages: required<NumbersLike, Float64s>((name, value) => readCounts(name, value, 0)),
  /** Share of neurons flipped in each cue; 0 by default: recall starts from the pattern. */
  noise: fraction(0),
  /** Least final overlap that counts as retrieved, −1 to 1; 0.9 by default. */
  retrieved: number(-1, 1, 0.9),
}
const SCHEMA = new Schema(PALIMPSEST)

export interface PalimpsestCurveOptions extends Given<typeof PALIMPSEST> {}

/** How recall ends against the age of a pattern, which is x; see {@link palimpsestCurve}. */
export interface PalimpsestCurve {
  neurons: number
  /** Share of networks that recall the pattern of this age to the last bit. */
  exact: Curve
  /** Share of networks in which recall ends with an overlap of at least `retrieved`. */
  retrieved: Curve
  /** Mean overlap with the pattern after recall. */
  overlap: Curve
  /** How many patterns of the ages asked for are retrieved, one point whose x is the number of patterns stored. */
  kept: Curve
}

/**
 * Stores one pattern after the other and recalls them by age: what a memory that forgets still knows. Rule 'palimpsest' is the
 * default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function palimpsestCurve(options: PalimpsestCurveOptions): Promise<PalimpsestCurve> {
  const method = 'palimpsestCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, stored, ages, noise, retrieved, networks, seed } = read
  checkPopulation(method, read)
  checkInteger(`${method}: ages[${ages.length - 1}]`, ages[ages.length - 1], 0, stored - 1)
  const population = { ...read, learning: read.learning ?? ('palimpsest' as const) }
  const each = ages.length
  const wanted = { method, settings: 1, networks, width: 3 * each + 1, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read.memory === undefined ? population : read, stored, trial)
    const patterns = ages.map((age) => memory.patternCount - 1 - age)
    const row = new Float64Array(3 * each + 1)
    await recalled(memory, trial, { patterns, noise }, read, (k, wrong, converged) => {
      const overlap = overlapOf(wrong, neurons)
      if (wrong === 0 && converged) row[k] = 1
      if (overlap >= retrieved) row[each + k] = 1
      row[2 * each + k] = overlap
      row[3 * each] += row[each + k]
    })
    return row
  })
  const curve = (column: number): Curve => {
    return { x: ages.slice(), ...table.within(0, column * each, (column + 1) * each) }
  }
  return {
    neurons,
    exact: curve(0),
    retrieved: curve(1),
    overlap: curve(2),
    kept: { x: Float64Array.of(stored), ...table.within(0, 3 * each, 3 * each + 1) },
  }
}
