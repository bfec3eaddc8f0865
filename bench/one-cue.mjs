// What the two questions about one cue share: the inputs, the rows, the table.
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, factor, measure, table } from './measure.mjs'
import { numpyOneCue } from './peers.mjs'

const OURS = 'hopfield-native'

/**
 * Random patterns and a cue with 20 % noise: our backends, NumPy and plain JavaScript on them, a row each.
 * @param {'synchronous' | 'asynchronous'} dynamics
 * @param {[neurons: number, count: number]} size
 * @param {{ traced?: boolean, plain?: (neurons: number, patterns: Int8Array, cue: Int8Array) => () => ArrayLike<number> }} options
 */
export async function compare(dynamics, [neurons, count], { traced = false, plain }, report) {
  const patterns = randomPatterns({ count, neurons, seed: 1 })
  const original = patterns.subarray(0, neurons)
  const cue = addNoise(original, { fraction: 0.2, seed: 2 })
  const rows = {}
  const row = async (name, call, stateOf) => {
    const result = call()
    const ok = stateOf(result).every((s, i) => s === original[i])
    rows[name] = { ...(await measure(call)), ok, sweeps: result.sweeps }
  }
  const ours = (name, networkOptions, options) => {
    const net = new HopfieldNetwork({ neurons, ...networkOptions }).store(patterns)
    return row(
      name,
      () => net.recall(cue, { dynamics, seed: 1, ...options }),
      ({ state }) => state,
    )
  }
  await ours(OURS, {})
  if (traced) await ours(`${OURS}, trace on`, {}, { trace: true })
  await ours(`${OURS}, TypeScript backend`, { backend: 'typescript' })
  const peer = numpyOneCue(neurons, patterns, cue, [dynamics])
  for (const [name, figures] of Object.entries(peer?.rows ?? {})) rows[`NumPy ${name}`] = figures
  if (plain) await row('plain JavaScript', plain(neurons, patterns, cue), (state) => state)
  for (const [name, figures] of Object.entries(rows)) {
    report.json({ question: `one cue, ${dynamics}`, neurons, count, name, ...figures })
  }
  return { neurons, count, rows, ours: rows[OURS] }
}

/** A row a peer: median, and how many times ours. A result that is not the stored pattern is marked. */
export function ratioTable(results) {
  const names = new Set(results.flatMap(({ rows }) => Object.keys(rows)))
  const cell = (row, ours) => {
    if (row === undefined) return ''
    const times = row === ours ? '' : ` (${factor(row.median / ours.median)}×)`
    return `${duration(row.median)}${times}${row.ok ? '' : ' — another state!'}`
  }
  return table(
    ['', ...results.map(({ neurons, count }) => `N = ${neurons}, P = ${count}`)],
    [...names].map((name) => [name, ...results.map(({ rows, ours }) => cell(rows[name], ours))]),
  )
}
