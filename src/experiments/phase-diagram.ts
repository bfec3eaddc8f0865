import { retrievalOverlapSteps } from '../analysis/theory/overlaps.js'
import { type CriticalLoads, criticalLoadsSteps } from '../analysis/theory/phases.js'
import { readAscending } from '../input/ascending.js'
import { type Given, integer, required, Schema, without } from '../input/options.js'
import type { Float64s, Int32s, NumbersLike } from '../input/typed-arrays.js'
import { checkNumber } from '../input/validate.js'
import { atOnce, inTurns } from '../platform/turn.js'
import type { Grid, Line } from './curve.js'
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

const PHASES = {
  ...POPULATION,
  ...LOADS,
  ...without(CUES, 'cues', 'temperature', 'maxSweeps'),
  /** Most patterns that each network starts from, the first of those stored; 20 by default. */
  cues: integer(1, 2 ** 30, 20),
  /** Temperatures T ≥ 0 in units of the local field, ascending. */
  temperatures: required<NumbersLike, Float64s>((name, value) => readAscending(name, value, 0, 1e300)),
  /** Sweeps from the pattern to the state that is measured, 1 to 10^6; 100 by default. */
  sweeps: integer(1, 1e6, 100),
}
const SCHEMA = new Schema(PHASES)

export interface PhaseDiagramOptions extends Given<typeof PHASES> {}

/** The overlap over load and temperature, and the lines between the phases; see {@link phaseDiagram}. */
export interface PhaseDiagram {
  neurons: number
  /** P of each load. */
  patternCounts: Int32s
  /**
   * Overlap with the pattern that a network started from, over loads (x) and temperatures (y). For Hebb's rule with the theory of the
   * retrieval state.
   */
  overlap: Grid
  /** Lines of the theory for Hebb's rule, from T = 0 on; absent for other memories. */
  lines?: PhaseLines
}

/** The lines of Amit, Gutfreund and Sompolinsky 1987: temperatures (y) over loads (x). */
export interface PhaseLines {
  /** T_g = 1 + √α: above it nothing is frozen. */
  spinGlass: Line
  /** T_M: below it there are retrieval states. */
  retrieval: Line
  /** T_c: below it they are the states of least free energy. */
  ground: Line
}

/**
 * Starts networks from their patterns and lets them run at a temperature: where they still remember.
 *
 * One setting is one load: all its temperatures are tried on the same networks, loads are independent.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function phaseDiagram(options: PhaseDiagramOptions): Promise<PhaseDiagram> {
  const method = 'phaseDiagram'
  const read = SCHEMA.read(method, options)
  const { neurons, cues, temperatures, sweeps, networks, seed } = read
  checkPopulation(method, read)
  const { counts, alphas } = patternCounts(method, read)
  const width = temperatures.length
  const wanted = { method, settings: counts.length, networks, width, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, counts[trial.setting], trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    const row = new Float64Array(width)
    for (const [k, temperature] of temperatures.entries()) {
      const recall = { ...read, maxSweeps: sweeps, temperature }
      await recalled(memory, trial, { patterns, noise: 0 }, recall, (_, wrong) => {
        row[k] += overlapOf(wrong, neurons) / patterns.length
      })
    }
    return row
  })
  const cells = Array.from(temperatures, (_, y) => Array.from(counts, (_, x) => [x, y] as const)).flat()
  const overlap: Grid = { x: alphas, y: temperatures, ...table.points(cells) }
  if (!hasTheory(read, temperatures[temperatures.length - 1]))
    return { neurons, patternCounts: counts, overlap }
  const theory = (at: number): Generator<void, number> => {
    const [x, y] = cells[at]
    return retrievalOverlapSteps(alphas[x], temperatures[y])
  }
  overlap.theory = await expected(cells.keys(), theory, read.signal)
  const lines = await inTurns(drawing(alphas[alphas.length - 1]), () => read.signal?.aborted ?? false)
  read.signal?.throwIfAborted()
  return { neurons, patternCounts: counts, overlap, lines: lines as PhaseLines }
}

/** Points of a line. */
const POINTS = 24

/**
 * The lines between the phases of the Hebbian network (Amit, Gutfreund and Sompolinsky 1987), for a figure. The first call takes some tenths of a second.
 * @param most the largest load of the line T_g, 0.2 by default; the others end where they meet an axis.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function phaseLines(most = 0.2): PhaseLines {
  checkNumber('phaseLines: most', most, 0, Number.MAX_VALUE)
  return atOnce(drawing(most))
}

/** The critical loads of temperatures k/24, as far as they have been asked for. */
const known: CriticalLoads[] = []

/** In small steps. */
function* drawing(most: number): Generator<void, PhaseLines> {
  const line = (value: (k: number) => number): Float64s =>
    Float64Array.from({ length: POINTS + 1 }, (_, k) => value(k))
  for (let k = 0; k <= POINTS; k++) {
    known[k] ??= yield* criticalLoadsSteps(k / POINTS)
  }
  const loads = line((k) => (k / POINTS) ** 2 * most)
  return {
    spinGlass: { x: loads, y: loads.map((alpha) => 1 + Math.sqrt(alpha)) },
    retrieval: { x: line((k) => known[k].retrieval), y: line((k) => k / POINTS) },
    ground: { x: line((k) => known[k].ground), y: line((k) => k / POINTS) },
  }
}
