import { willshawFill } from '../analysis/theory/synapse-capacity.js'
import { within } from '../errors.js'
import { type Given, integer, optional, required, Schema, unread } from '../input/options.js'
import type { Float64s, Int32s, NumbersLike } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import { popcount32 } from '../kernels/contract/layout.js'
import { BACKEND } from '../memories/backend-option.js'
import { SparseAssociativeMemory, type SparseRule } from '../memories/sparse/sparse-associative-memory.js'
import { drawDistinct } from '../numerics/distinct.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import type { Curve } from './curve.js'
import { NETWORKS, readCounts } from './population.js'
import { survey, turn } from './survey.js'

const CODES = {
  /** n, the units of each code. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** k, the active units of each code, 1 to n. */
  active: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** Numbers of codes stored, ascending. */
  counts: required<NumbersLike, Float64s>((name, value) => readCounts(name, value)),
  /** The rule, as of a SparseAssociativeMemory; 'willshaw' by default. */
  rule: unread<SparseRule>(),
  /** How many of the k units a cue has; all by default. */
  shown: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** Most codes that are recalled in each memory, the first of those stored; 100 by default. */
  cues: integer(1, 2 ** 30, 100),
  /** As in a recall of a SparseAssociativeMemory. */
  threshold: unread<number>(),
  winners: unread<number>(),
  maxSteps: unread<number>(),
  ...NETWORKS,
  ...BACKEND,
}
const SCHEMA = new Schema(CODES)

export interface CodeCurveOptions extends Given<typeof CODES> {}

/** How sparse codes are recalled, against their number P; each curve has P as x. See {@link codeCurve}. */
export interface CodeCurve {
  neurons: number
  active: number
  codeCounts: Int32s
  /** Share of the k units of a code that are active after recall. */
  hits: Curve
  /** Share of the other n − k units that are. */
  falseAlarms: Curve
  /** Share of the cues that recall their code and nothing else. */
  exact: Curve
  /** Share of the synapses that are set, with its theory; of rule 'willshaw' alone. */
  fill?: Curve
}

/**
 * Stores more and more random codes in a SparseAssociativeMemory and recalls them, from the whole code or from a part of it.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE, _VALUE or _OPTION naming the option; what memory and recall throw. The promise rejects.
 */
export async function codeCurve(options: CodeCurveOptions): Promise<CodeCurve> {
  const method = 'codeCurve'
  const read = SCHEMA.read(method, options)
  const { neurons, active, counts, rule = 'willshaw', cues, networks, seed, backend } = read
  checkInteger(`${method}: active`, active, 1, neurons)
  const shown = checkInteger(`${method}: shown`, read.shown ?? active, 1, active)
  const wanted = { method, settings: counts.length, networks, width: 4, seed, limits: read }
  const table = await survey(wanted, async (trial) => {
    try {
      const memory = new SparseAssociativeMemory({ neurons, rule, backend })
      const { signal } = trial.limits
      const codes: { active: Uint32Array }[] = []
      const words = new WordStream(trial.seed >>> 0, Math.floor(trial.seed / 2 ** 32))
      for (let mu = 0; mu < (counts[trial.setting] as number); mu++) {
        codes.push({ active: drawDistinct(words.seek(PURPOSE.codes, mu), active, neurons) })
        await turn(signal)
      }
      await memory.storeAsync(codes, { signal })
      const stored = codes.slice(0, cues).map(({ active: units }) => units)
      const shownUnits = stored.map((units) => ({ active: units.subarray(0, shown) }))
      const { threshold, winners, maxSteps } = read
      const recall = Object.fromEntries(
        Object.entries({ threshold, winners, maxSteps }).filter(([, value]) => value !== undefined),
      )
      const ends = await memory.recallAsync(shownUnits, { ...recall, packed: true, ...trial.limits })
      return [...tally(ends.states.words, stored, neurons), memory.fill ?? 0]
    } catch (error) {
      throw within(method, error)
    }
  })
  const curve = (column: number): Curve => ({ x: counts.slice(), ...table.overSettings(column) })
  const result: CodeCurve = {
    neurons,
    active,
    codeCounts: Int32Array.from(counts),
    hits: curve(0),
    falseAlarms: curve(1),
    exact: curve(2),
  }
  if (rule !== 'willshaw' && rule.kind !== 'willshaw') return result
  const theory = counts.map((patterns) => willshawFill({ neurons, active, patterns }))
  return { ...result, fill: { ...curve(3), theory } }
}

/** Hits, false alarms and exact recalls, the means over all cues. */
function tally(
  words: Uint32Array,
  stored: readonly Uint32Array[],
  neurons: number,
): [number, number, number] {
  const stride = words.length / stored.length
  let [hits, falseAlarms, exact] = [0, 0, 0]
  for (const [k, units] of stored.entries()) {
    const row = words.subarray(k * stride, (k + 1) * stride)
    let right = 0
    for (const i of units) right += (row[i >>> 5] >>> (i & 31)) & 1
    const wrong = row.reduce((sum, word) => sum + popcount32(word), 0) - right
    hits += right / units.length
    falseAlarms += wrong / Math.max(1, neurons - units.length)
    if (right === units.length && wrong === 0) exact++
  }
  return [hits / stored.length, falseAlarms / stored.length, exact / stored.length]
}
