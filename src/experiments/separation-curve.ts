import { expansionOverlapSteps } from '../analysis/theory/expansion-overlap.js'
import { HopfieldError } from '../errors.js'
import { readAscending } from '../input/ascending.js'
import { type Given, integer, optional, required, Schema } from '../input/options.js'
import type { Float64s, NumbersLike } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import { popcount32 } from '../kernels/contract/layout.js'
import { BACKEND } from '../memories/backend-option.js'
import { Expansion } from '../memories/sparse/expansion.js'
import { drawDistinct } from '../numerics/distinct.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import type { Curve } from './curve.js'
import { NETWORKS } from './population.js'
import { expected, survey, turn } from './survey.js'

const whole = (name: string, value: unknown): number => checkInteger(name, value, 1, 2 ** 24)
const SEPARATION = {
  /** N, the input neurons. */
  neurons: required<number>(whole),
  /** A, those that are active in every input; half of them by default. */
  active: optional<number>(whole),
  /** The output units of the expansion. */
  outputs: required<number>(whole),
  /** The inputs that each output unit listens to, 1 to 256. */
  sources: required<number>((name, value) => checkInteger(name, value, 1, 256)),
  /** The output units that win. */
  winners: required<number>(whole),
  /** Shares of the active inputs that two inputs have in common, 0 to 1, ascending. */
  overlaps: required<NumbersLike, Float64s>((name, value) => readAscending(name, value, 0, 1)),
  /** Pairs of inputs in each network, at least 1; 20 by default. */
  pairs: integer(1, 2 ** 24, 20),
  ...NETWORKS,
  ...BACKEND,
}
const SCHEMA = new Schema(SEPARATION)

export interface SeparationCurveOptions extends Given<typeof SEPARATION> {}

/** How much an expansion leaves of the overlap of two inputs; see {@link separationCurve}. */
export interface SeparationCurve {
  neurons: number
  active: number
  outputs: number
  /**
   * Share of the winners that two inputs have in common, over the share x of their active inputs that they have; with the theory of
   * `expansionOverlap`. Where it is below x, the inputs have been pulled apart.
   */
  overlap: Curve
}

/**
 * Pattern separation: makes pairs of inputs that are more and more alike, expands both, and compares what comes out. Networks differ in their
 * connections and in their inputs; all overlaps are tried on the same networks.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option. The promise rejects.
 */
export async function separationCurve(options: SeparationCurveOptions): Promise<SeparationCurve> {
  const method = 'separationCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, outputs, sources, winners, overlaps, pairs, networks, seed, backend } = read
  const active = read.active ?? Math.ceil(neurons / 2)
  checkInteger(`${method}: active`, active, 1, neurons)
  checkInteger(`${method}: sources`, sources, 1, neurons)
  checkInteger(`${method}: winners`, winners, 1, outputs)
  const shared = overlaps.map((share) => Math.round(share * active))
  const least = Math.max(0, 2 * active - neurons)
  if (shared[0] < least) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: overlaps[0]: expected at least ${least / active}, because ${active} of ${neurons} neurons are active, got ${overlaps[0]}`,
    )
  }
  const width = shared.length
  const wanted = { method, settings: 1, networks, width, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    const wiring = { neurons, outputs, sources, winners, backend, seed: trial.seed }
    const expansion = new Expansion({ ...wiring, units: 'binary' })
    const codes: { active: Uint32Array }[] = []
    for (let k = 0; k < width * pairs; k++) {
      const pair = inputs(trial.seed, k, { neurons, active, shared: shared[Math.floor(k / pairs)] })
      codes.push(...pair.map((units) => ({ active: units })))
      await turn(trial.limits.signal)
    }
    const { states } = await expansion.expandAsync(codes, { packed: true, ...trial.limits })
    const row = new Float64Array(width)
    const stride = states.words.length / codes.length
    for (let k = 0; k < width * pairs; k++) {
      let common = 0
      for (let w = 0; w < stride; w++) {
        const at = 2 * k * stride + w
        common += popcount32(states.words[at] & states.words[at + stride])
      }
      row[Math.floor(k / pairs)] += common / (winners * pairs)
    }
    return row
  })
  const activity = winners / outputs
  const common = (both: number): Generator<void, number> =>
    expansionOverlapSteps({ neurons, active, shared: both, sources, activity })
  const theory = await expected(shared, common, read.signal)
  const x = shared.map((both) => both / active)
  return { neurons, active, outputs, overlap: { x, ...table.within(0, 0, width), theory } }
}

/** Two inputs with so many active neurons in common. */
function inputs(
  seed: number,
  pair: number,
  { neurons, active, shared }: { neurons: number; active: number; shared: number },
): [Uint32Array, Uint32Array] {
  const words = new WordStream(seed >>> 0, Math.floor(seed / 2 ** 32)).seek(PURPOSE.codes, pair)
  const units = drawDistinct(words, 2 * active - shared, neurons)
  // Floyd's sample has its largest numbers last more often than not: shuffled, each part of it is as random as the whole.
  for (let k = units.length - 1; k > 0; k--) {
    const j = words.bounded(k + 1)
    ;[units[k], units[j]] = [units[j], units[k]]
  }
  const first = units.slice(0, active)
  units.copyWithin(shared, active)
  return [first, units.subarray(0, active)]
}
