import { type Given, number, required, Schema } from '../input/options.js'
import type { Float64s, NumbersLike } from '../input/typed-arrays.js'
import type { Curve } from './curve.js'
import {
  CUES,
  checkPopulation,
  first,
  LOADS,
  noises,
  overlapOf,
  POPULATION,
  patternCounts,
  populated,
  recalled,
} from './population.js'
import { survey } from './survey.js'

const BASINS = {
  ...POPULATION,
  ...LOADS,
  ...CUES,
  /** Shares of neurons to flip in cues, 0 to 1, ascending: the overlap at the start is 1 − 2·noise. */
  noise: required<NumbersLike, Float64s>(noises),
  /** Least final overlap that counts as retrieved, −1 to 1; 0.9 by default. */
  retrieved: number(-1, 1, 0.9),
}
const SCHEMA = new Schema(BASINS)

export interface BasinCurveOptions extends Given<typeof BASINS> {}

/** How far cues may be from their pattern, at each load; see {@link basinCurve}. Each curve has the noise as x. */
export interface BasinCurve {
  neurons: number
  /** Shares of neurons flipped, round(noise·N)/N. */
  noise: Float64s
  /** Overlaps of the cues with their pattern, 1 − 2·noise. */
  initialOverlap: Float64s
  /** One a load. */
  loads: {
    patternCount: number
    /** P/N. */
    alpha: number
    /** Share of the cues that end in their pattern to the last bit. */
    exact: Curve
    /** Share of the cues that end with an overlap of at least `retrieved`. */
    retrieved: Curve
    /** Mean overlap with the pattern after recall. */
    overlap: Curve
  }[]
}

/**
 * Recalls patterns from cues that are worse and worse, at one load or several: how large basins of attraction are.
 *
 * Networks of different loads are independent. Within a load all noises are tried on the same networks, and a cue with more noise has the
 * flips of those with less.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function basinCurve(options: BasinCurveOptions): Promise<BasinCurve> {
  const method = 'basinCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, cues, retrieved, networks, seed } = read
  checkPopulation(method, read)
  const { counts, alphas } = patternCounts(method, read)
  const noise = read.noise.map((share) => Math.round(share * neurons) / neurons)
  const each = noise.length
  const wanted = { method, settings: counts.length, networks, width: 3 * each, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, counts[trial.setting], trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    const row = new Float64Array(3 * each)
    for (const [k, share] of noise.entries()) {
      await recalled(memory, trial, { patterns, noise: share }, read, (_, wrong, converged) => {
        const overlap = overlapOf(wrong, neurons)
        if (wrong === 0 && converged) row[k] += 1 / patterns.length
        if (overlap >= retrieved) row[each + k] += 1 / patterns.length
        row[2 * each + k] += overlap / patterns.length
      })
    }
    return row
  })
  const curve = (load: number, column: number): Curve => {
    return { x: noise.slice(), ...table.within(load, column * each, (column + 1) * each) }
  }
  return {
    neurons,
    noise,
    initialOverlap: noise.map((share) => 1 - 2 * share),
    loads: Array.from(counts, (patternCount, k) => ({
      patternCount,
      alpha: alphas[k],
      exact: curve(k, 0),
      retrieved: curve(k, 1),
      overlap: curve(k, 2),
    })),
  }
}
