import { retrievalOverlapSteps } from '../analysis/theory/overlaps.js'
import { fraction, type Given, number, Schema } from '../input/options.js'
import type { Int32s } from '../input/typed-arrays.js'
import type { Curve } from './curve.js'
import {
  CUES,
  checkPopulation,
  first,
  hasTheory,
  LOADS,
  overlapOf,
  POPULATION,
  patternCounts,
  populated,
  recalled,
} from './population.js'
import { expected, survey } from './survey.js'

const CAPACITY = {
  ...POPULATION,
  ...LOADS,
  ...CUES,
  /** Share of neurons flipped in each cue; 0 by default: recall starts from the pattern. */
  noise: fraction(0),
  /** Least final overlap that counts as retrieved, −1 to 1; 0.9 by default. */
  retrieved: number(-1, 1, 0.9),
}
const SCHEMA = new Schema(CAPACITY)

export interface CapacityCurveOptions extends Given<typeof CAPACITY> {}

/** How recall ends against the load; each curve has the loads P/N as x. See {@link capacityCurve}. */
export interface CapacityCurve {
  neurons: number
  /** P of each point. */
  patternCounts: Int32s
  /** Share of the cues that end in their pattern to the last bit. Without noise: share of patterns that are fixed points. */
  exact: Curve
  /** Share of the networks in which all cues do. */
  allExact: Curve
  /** Share of the cues that end with an overlap of at least `retrieved`. */
  retrieved: Curve
  /**
   * Mean overlap m with the pattern after recall. For Hebb's rule with all connections at one temperature it has a theory: that of Amit,
   * Gutfreund and Sompolinsky, for N → ∞ and cues in the basin.
   */
  overlap: Curve
}

/**
 * Stores more and more patterns and recalls them: which load a memory can take.
 *
 * Networks of different loads are independent, so points are too. Each recalls its first `cues` patterns.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function capacityCurve(options: CapacityCurveOptions): Promise<CapacityCurve> {
  const method = 'capacityCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, cues, noise, retrieved, networks, seed } = read
  checkPopulation(method, read)
  const { counts, alphas } = patternCounts(method, read)
  const wanted = { method, settings: counts.length, networks, width: 4, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, counts[trial.setting], trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    let [exact, near, overlaps] = [0, 0, 0]
    await recalled(memory, trial, { patterns, noise }, read, (_, wrong, converged) => {
      const overlap = overlapOf(wrong, neurons)
      if (wrong === 0 && converged) exact++
      if (overlap >= retrieved) near++
      overlaps += overlap
    })
    const each = patterns.length
    return [exact / each, exact === each ? 1 : 0, near / each, overlaps / each]
  })
  const curve = (column: number): Curve => ({ x: alphas.slice(), ...table.overSettings(column) })
  const overlap = curve(3)
  const { temperature = 0 } = read
  if (hasTheory(read, temperature)) {
    const theory = (alpha: number) => retrievalOverlapSteps(alpha, temperature as number)
    overlap.theory = await expected(alphas, theory, read.signal)
  }
  return {
    neurons,
    patternCounts: counts,
    exact: curve(0),
    allExact: curve(1),
    retrieved: curve(2),
    overlap,
  }
}
