import { type Given, required, Schema } from '../input/options.js'
import type { Float64s } from '../input/typed-arrays.js'
import type { Curve } from './curve.js'
import { CUES, checkPopulation, first, POPULATION, populated, readCounts, recalled } from './population.js'
import { survey } from './survey.js'

const HISTOGRAM = {
  ...POPULATION,
  ...CUES,
  /** Numbers of patterns P, ascending: a histogram each. Hopfield 1982 has 5, 10 and 15 in 100 neurons. */
  counts: required<ArrayLike<number>, Float64s>((name, value) => readCounts(name, value)),
}
const SCHEMA = new Schema(HISTOGRAM)

export interface ErrorHistogramOptions extends Given<typeof HISTOGRAM> {}

/** How many bits are wrong when a stored pattern has been recalled from itself; see {@link errorHistogram}. */
export interface ErrorHistogram {
  neurons: number
  /** One a number of patterns. */
  histograms: {
    patternCount: number
    /** N + 1 points: the probability of x wrong bits, x = 0 … N. */
    errors: Curve
    /** The mean of the wrong bits, and its standard error: one point, whose x is P. */
    wrongBits: Curve
  }[]
}

/**
 * The histogram of Hopfield 1982: starts recall from each stored pattern and counts the bits that end up wrong.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function errorHistogram(options: ErrorHistogramOptions): Promise<ErrorHistogram> {
  const method = 'errorHistogram'
  const read = SCHEMA.read(method, options)
  const { neurons, counts, cues, networks, seed } = read
  checkPopulation(method, read)
  const width = neurons + 2
  const wanted = { method, settings: counts.length, networks, width, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, counts[trial.setting], trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    const row = new Float64Array(width)
    await recalled(memory, trial, { patterns, noise: 0 }, read, (_, wrong) => {
      row[wrong] += 1 / patterns.length
      row[neurons + 1] += wrong / patterns.length
    })
    return row
  })
  return {
    neurons,
    histograms: Array.from(counts, (patternCount, k) => ({
      patternCount,
      errors: { x: Float64Array.from(first(neurons + 1)), ...table.within(k, 0, neurons + 1) },
      wrongBits: { x: Float64Array.of(patternCount), ...table.within(k, neurons + 1, neurons + 2) },
    })),
  }
}
