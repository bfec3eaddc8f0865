import { checkNetwork } from '../analysis/networks.js'
import { passedOn } from '../analysis/noisy-recall.js'
import type { WholeOptions } from '../async/async-options.js'
import { HopfieldError, within } from '../errors.js'
import { type Given, integer, Schema, without } from '../input/options.js'
import type { StateLike } from '../input/states.js'
import type { Int32s } from '../input/typed-arrays.js'
import type { Classification } from '../memories/bipolar/classify.js'
import { randomPatterns } from '../patterns/random-patterns.js'
import type { Curve } from './curve.js'
import { CUES, checkPopulation, LOADS, POPULATION, patternCounts, populated } from './population.js'
import { survey, turn } from './survey.js'

const CENSUS = {
  ...POPULATION,
  ...LOADS,
  ...without(CUES, 'cues'),
  /** Random starts in each network, at least 1; 100 by default. */
  starts: integer(1, 2 ** 30, 100),
}
const SCHEMA = new Schema(CENSUS)

export interface SpuriousCensusOptions extends Given<typeof CENSUS> {}

/**
 * What random starts end in: shares of them against the load P/N, which is x. They add up to 1. See {@link spuriousCensus}.
 */
export interface SpuriousCensus {
  neurons: number
  /** P of each point. */
  patternCounts: Int32s
  /** A stored pattern. */
  stored: Curve
  /** The inverse of one. */
  inverse: Curve
  /** The sign of the sum of 3, 5 or 7 stored patterns or inverses. */
  mixture3: Curve
  mixture5: Curve
  mixture7: Curve
  /** A fixed point that is none of these. */
  spinGlass: Curve
  /** Not at rest: a cycle, or not enough sweeps. */
  unsettled: Curve
  /** Largest |m| with a stored pattern at the end, the mean over starts. */
  overlap: Curve
}

const KINDS = ['stored', 'inverse', 'mixture3', 'mixture5', 'mixture7', 'spinGlass', 'unsettled'] as const

interface ClassifyingMemory {
  classifyAsync(state: StateLike, options?: WholeOptions): Promise<Classification>
}

/**
 * Starts recall from random states and says what they end in, by the load (Amit, Gutfreund and Sompolinsky 1985).
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function spuriousCensus(options: SpuriousCensusOptions): Promise<SpuriousCensus> {
  const method = 'spuriousCensus'
  const read = SCHEMA.read(method, options)
  const { neurons, starts, networks, seed } = read
  checkPopulation(method, read)
  const { counts, alphas } = patternCounts(method, read)
  const width = KINDS.length + 1
  const wanted = { method, settings: counts.length, networks, width, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const memory = await populated(read, counts[trial.setting], trial)
    checkNetwork(`${method}: memory`, memory, { counts: [], methods: ['classifyAsync'] })
    const { classifyAsync } = memory as unknown as ClassifyingMemory
    // A stream of patterns that no memory stores: those of the seed after the next.
    const cues = randomPatterns({ neurons, count: starts, seed: trial.seed + 2 ** 52, packed: true })
    const row = new Float64Array(width)
    try {
      const ends = await memory.recallAsync(cues, { ...passedOn(read), seed: trial.seed, ...trial.limits })
      for (let b = 0; b < starts; b++) {
        const state = ends.states.subarray(b * neurons, (b + 1) * neurons)
        const found = await classifyAsync.call(memory, state, trial.limits)
        row[kindOf(found, ends.converged[b] === 1)] += 1 / starts
        row[KINDS.length] += Math.abs(found.overlap) / starts
        await turn(trial.limits.signal)
      }
    } catch (error) {
      throw error instanceof HopfieldError ? within(method, error) : error
    }
    return row
  })
  const curves = KINDS.map((kind, k) => [kind, { x: alphas.slice(), ...table.overSettings(k) }] as const)
  return {
    neurons,
    patternCounts: counts,
    ...(Object.fromEntries(curves) as Record<(typeof KINDS)[number], Curve>),
    overlap: { x: alphas.slice(), ...table.overSettings(KINDS.length) },
  }
}

function kindOf({ kind, members }: Classification, converged: boolean): number {
  if (!converged) return KINDS.indexOf('unsettled')
  if (kind === 'spurious') return KINDS.indexOf('spinGlass')
  if (kind !== 'mixture') return KINDS.indexOf(kind)
  return KINDS.indexOf(`mixture${members?.length as 3 | 5 | 7}`)
}
