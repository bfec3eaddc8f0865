// Inputs, rows and table that the benchmarks of one cue share.
import { HopfieldNetwork } from 'hopfield-native'
import { inFolder, makeInputs } from './inputs.mjs'
import { duration, factor, measure, table, takeTurns } from './measure.mjs'
import { numpy } from './peers.mjs'

const OURS = 'hopfield-native'

/**
 * One row each for this package's backends, NumPy and plain JavaScript, on the same random patterns and a cue with 20 % noise.
 * @param {'synchronous' | 'asynchronous'} dynamics
 * @param {[neurons: number, count: number]} size
 * @param {{ traced?: boolean, typescript?: boolean, peers?: string[], plain?: (neurons: number, patterns: Int8Array, cue: Int8Array) => () => ArrayLike<number>, turns?: (() => object[])[] }} options
 *   peers are the arguments of bench/peers/one_cue.py; turns are further groups that take turns
 */
export async function compare(
  dynamics,
  [neurons, count],
  { traced = false, typescript = true, peers = [], plain, turns = [] },
  report,
) {
  const { patterns, cues: cue } = makeInputs([neurons, count], 1)
  const original = patterns.subarray(0, neurons)
  const group = (name, call, stateOf) => async () => {
    const result = call()
    const ok = stateOf(result).every((s, i) => s === original[i])
    return [{ name, ok, sweeps: result.sweeps, ...(await measure(call)) }]
  }
  const ours = (name, networkOptions, options) => {
    const net = new HopfieldNetwork({ neurons, ...networkOptions }).store(patterns)
    const recall = () => net.recall(cue, { dynamics, seed: 1, ...options })
    return group(name, recall, ({ state }) => state)
  }
  const found = await inFolder(neurons, { patterns, cue }, (folder) =>
    takeTurns([
      ...turns,
      ours(OURS, {}),
      ours(`${OURS}, into an array in use`, {}, { out: new Int8Array(neurons) }),
      ...(traced ? [ours(`${OURS}, trace on`, {}, { trace: true })] : []),
      ...(typescript ? [ours(`${OURS}, TypeScript backend`, { backend: 'typescript' })] : []),
      ...(peers.length > 0 ? [() => numpy('one_cue.py', folder, peers).rows] : []),
      ...(plain ? [group('plain JavaScript', plain(neurons, patterns, cue), (state) => state)] : []),
    ]),
  )
  const rows = Object.fromEntries(found.map((row) => [row.name, row]))
  for (const row of found) report.json({ question: `one cue, ${dynamics}`, neurons, count, ...row })
  return { neurons, count, rows, ours: rows[OURS] }
}

/** One row per program: its median, and the ratio to this package. Marks a result that is not the stored pattern. */
export function ratioTable(results) {
  const names = new Set(results.flatMap(({ rows }) => Object.keys(rows)))
  return table(
    ['', ...results.map(({ neurons, count }) => `N = ${neurons}, P = ${count}`)],
    [...names].map((name) => [name, ...results.map(({ rows, ours }) => ratioCell(rows[name], ours))]),
  )
}

/** A median, its ratio to this package, and a mark if the state is another. */
export function ratioCell(row, ours) {
  if (row === undefined) return ''
  const times = row === ours ? '' : ` (${factor(row.median / ours.median)}×)`
  return `${duration(row.median)}${times}${row.ok ? '' : ' — another state!'}`
}
