import { passedOn, type RECALLING } from '../analysis/noisy-recall.js'
import { allocate, within } from '../errors.js'
import { choice, type Given, integer, type Read, required, Schema, without } from '../input/options.js'
import type { Float64s, NumbersLike } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import { addNoise } from '../patterns/corruption.js'
import type { Curve } from './curve.js'
import {
  CUES,
  checkPopulation,
  type ExperimentMemory,
  first,
  noises,
  overlapOf,
  POPULATION,
  populated,
} from './population.js'
import { survey, type Trial, turn } from './survey.js'

const OVERLAPS = {
  ...POPULATION,
  ...without(CUES, 'maxSweeps'),
  /** P, the patterns stored in each network. */
  patternCount: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 30)),
  /** Shares of neurons flipped in the cues, 0 to 1, ascending: a curve each, which begins at the overlap 1 − 2·noise. */
  noise: required<NumbersLike, Float64s>(noises),
  /** Sweeps of each curve, 1 to 10^6; 20 by default. */
  sweeps: integer(1, 1e6, 20),
  /**
   * The pattern whose overlap is measured after sweep t: the one of the cue ('cue', default), or the one t places behind it, as rule
   * 'sequence' recalls them ('next'); after the last pattern comes the first.
   */
  target: choice(['cue', 'next'], 'cue'),
}
const SCHEMA = new Schema(OVERLAPS)

export interface OverlapCurvesOptions extends Given<typeof OVERLAPS> {}

/** Overlaps in time, from several starts; see {@link overlapCurves}. */
export interface OverlapCurves {
  neurons: number
  patternCount: number
  /** One a noise. */
  starts: {
    /** Share of neurons flipped, round(noise·N)/N. */
    noise: number
    /** Mean overlap with the target after x sweeps, x = 0 … `sweeps`. */
    overlap: Curve
  }[]
}

/**
 * Follows the overlap with a pattern from sweep to sweep, from cues that are near it and far from it.
 *
 * All starts are tried on the same networks. Cue c makes its sweep t with stream (t − 1)·C + c of the network's seed, C cues in all.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function overlapCurves(options: OverlapCurvesOptions): Promise<OverlapCurves> {
  const method = 'overlapCurves'
  const read = SCHEMA.read(method, options)
  const { neurons, patternCount, cues, sweeps, target, networks, seed } = read
  checkPopulation(method, read)
  const noise = read.noise.map((share) => Math.round(share * neurons) / neurons)
  const width = noise.length * (sweeps + 1)
  const wanted = { method, settings: 1, networks, width, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, patternCount, trial)
    const patterns = first(Math.min(cues, memory.patternCount))
    const row = new Float64Array(width)
    const steps = { patterns, noise, sweeps, next: target === 'next' }
    await course(memory, trial, steps, { ...read, maxSweeps: 1 }, (start, sweep, overlap) => {
      row[start * (sweeps + 1) + sweep] += overlap / patterns.length
    })
    return row
  })
  const x = Float64Array.from(first(sweeps + 1))
  return {
    neurons,
    patternCount,
    starts: Array.from(noise, (share, k) => ({
      noise: share,
      overlap: { x: x.slice(), ...table.within(0, k * (sweeps + 1), (k + 1) * (sweeps + 1)) },
    })),
  }
}

interface Course {
  readonly patterns: Uint32Array
  readonly noise: ArrayLike<number>
  readonly sweeps: number
  /** Whether the target moves on by a pattern in each sweep. */
  readonly next: boolean
}

/** Recalls sweep by sweep, all cues side by side, and tells the overlap of each with its target. */
export async function course(
  memory: ExperimentMemory,
  { method, seed, limits }: Trial,
  { patterns, noise, sweeps, next }: Course,
  options: Read<typeof RECALLING>,
  tell: (start: number, sweep: number, overlap: number) => void,
): Promise<void> {
  const { neurons, patternCount } = memory
  const count = noise.length * patterns.length
  let states: Int8Array = allocate(method, count * neurons, () => new Int8Array(count * neurons))
  for (let c = 0; c < count; c++) {
    const [start, k] = [Math.floor(c / patterns.length), c % patterns.length]
    states.set(addNoise(memory.pattern(patterns[k]), { noise: noise[start], seed, stream: k }), c * neurons)
    await turn(limits.signal)
  }
  for (let sweep = 0; ; sweep++) {
    for (let c = 0; c < count; c++) {
      const [start, k] = [Math.floor(c / patterns.length), c % patterns.length]
      const target = memory.pattern((patterns[k] + (next ? sweep : 0)) % patternCount)
      let wrong = 0
      for (let i = 0; i < neurons; i++) if (states[c * neurons + i] !== target[i]) wrong++
      tell(start, sweep, overlapOf(wrong, neurons))
      await turn(limits.signal)
    }
    if (sweep === sweeps) return
    const recall = { ...passedOn(options), seed, stream: sweep * count, ...limits }
    try {
      states = (await memory.recallAsync(states, recall)).states
    } catch (error) {
      throw within(method, error)
    }
  }
}
