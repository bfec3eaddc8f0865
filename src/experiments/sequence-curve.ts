import { sequenceOverlap } from '../analysis/theory/overlaps.js'
import { type Given, integer, Schema, without } from '../input/options.js'
import type { Int32s } from '../input/typed-arrays.js'
import type { Curve } from './curve.js'
import { course } from './overlap-curves.js'
import { CUES, checkPopulation, first, LOADS, POPULATION, patternCounts, populated } from './population.js'
import { expected, survey } from './survey.js'

const SEQUENCE = {
  ...POPULATION,
  ...LOADS,
  ...without(CUES, 'maxSweeps', 'dynamics'),
  /** Steps of the recall, 1 to 10^6; 30 by default. */
  steps: integer(1, 1e6, 30),
}
const SCHEMA = new Schema(SEQUENCE)

export interface SequenceCurveOptions extends Given<typeof SEQUENCE> {}

/** How well a sequence is replayed, against the load; see {@link sequenceCurve}. */
export interface SequenceCurve {
  neurons: number
  /** P of each point. */
  patternCounts: Int32s
  /**
   * Mean overlap with the pattern that is next, after all steps; x is P/N. For rule 'sequence' with the theory of Düring, Coolen and
   * Sherrington 1998.
   */
  overlap: Curve
}

/**
 * Stores one sequence of patterns, which ends where it began, and replays it synchronously from each of the first `cues` patterns.
 * Rule 'sequence' is the default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function sequenceCurve(options: SequenceCurveOptions): Promise<SequenceCurve> {
  const method = 'sequenceCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, cues, steps, networks, seed } = read
  checkPopulation(method, read)
  const { counts, alphas } = patternCounts(method, read)
  const rule = { kind: 'sequence', cyclic: true } as const
  const { learning = read.memory === undefined ? rule : undefined } = read
  const wanted = { method, settings: counts.length, networks, width: 1, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated({ ...read, learning }, counts[trial.setting], trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    const recall = { ...read, dynamics: 'synchronous' as const, maxSweeps: 1 }
    const row = [0]
    await course(memory, trial, { patterns, noise: [0], sweeps: steps, next: true }, recall, (_, step, m) => {
      if (step === steps) row[0] += m / patterns.length
    })
    return row
  })
  const overlap: Curve = { x: alphas, ...table.overSettings(0) }
  const { memory, patterns, externalField, temperature } = read
  const other = [read.learning, memory, patterns, externalField, temperature]
  if (read.units === 'bipolar' && other.every((given) => given === undefined)) {
    overlap.theory = await expected(alphas, sequenceOverlap, read.signal)
  }
  return { neurons, patternCounts: counts, overlap }
}
