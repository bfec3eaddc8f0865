// How long does one noisy cue take to become stable when all neurons update at once?
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { limits } from './limits.mjs'
import { duration, factor, measure, table } from './measure.mjs'
import { numpyOneCue, plainSynchronous } from './peers.mjs'

const SIZES = [
  [1024, 51],
  [4096, 204],
  [16384, 819],
]

export async function run(report) {
  const machine = limits()
  const names = new Set()
  const results = []
  for (const [neurons, count] of SIZES) {
    const patterns = randomPatterns({ count, neurons, seed: 1 })
    const original = patterns.subarray(0, neurons)
    const cue = addNoise(original, { fraction: 0.2, seed: 2 })
    const rows = {}
    const ours = async (name, options) => {
      const net = new HopfieldNetwork({ neurons, ...options }).store(patterns)
      const recall = () => net.recall(cue, { dynamics: 'synchronous' })
      const { state, sweeps } = recall()
      rows[name] = { ...(await measure(recall)), ok: state.every((s, i) => s === original[i]), sweeps }
    }
    await ours('hopfield-native', {})
    await ours('hopfield-native, TypeScript backend', { backend: 'typescript' })
    const peer = numpyOneCue(neurons, patterns, cue, ['synchronous'])
    for (const [name, row] of Object.entries(peer?.rows ?? {})) rows[`NumPy ${name}`] = row
    if (neurons <= 4096) {
      const plain = plainSynchronous(neurons, patterns, cue)
      const state = plain()
      rows['plain JavaScript, Float64Array'] = {
        ...(await measure(plain)),
        ok: state.every((s, i) => s === original[i]),
      }
    }
    for (const name of Object.keys(rows)) names.add(name)
    for (const [name, row] of Object.entries(rows))
      report.json({ question: 'one cue, synchronous', neurons, count, name, ...row })
    const far = (count * neurons) / 8 > 32 * 1024
    const perSweep =
      count *
      neurons *
      (1 / (far ? machine.popcountL2 : machine.popcountL1) +
        1 / (far ? machine.maskedAddL2 : machine.maskedAddL1))
    results.push({
      neurons,
      count,
      rows,
      limit: perSweep * rows['hopfield-native'].sweeps,
      version: peer?.version,
    })
  }
  report.text('## One cue, synchronous, 20 % noise, to stability\n')
  report.text(ratioTable([...names], results))
  report.text(
    `\nThe machine's measured rates (pattern bits a second): popcount ${rate(machine.popcountL1)} from L1, ${rate(machine.popcountL2)} from L2; ` +
      `masked 16-bit addition ${rate(machine.maskedAddL1)} and ${rate(machine.maskedAddL2)}. ` +
      results
        .filter(({ limit }) => Number.isFinite(limit))
        .map(
          ({ neurons, rows, limit }) =>
            `N = ${neurons}: ${duration(limit)} at those rates, ${factor(rows['hopfield-native'].median / limit)}× that measured`,
        )
        .join('; ') +
      '.\n',
  )
}

const rate = (x) => (x === undefined ? 'unknown' : `${(x / 1e12).toPrecision(2)} T`)

/** A row a peer: median, and how many times ours. A result that is not the stored pattern is marked. */
export function ratioTable(names, results) {
  return table(
    ['', ...results.map(({ neurons, count }) => `N = ${neurons}, P = ${count}`)],
    names.map((name) => [
      name,
      ...results.map(({ rows }) => {
        const row = rows[name]
        if (row === undefined) return ''
        const times =
          name === 'hopfield-native' ? '' : ` (${factor(row.median / rows['hopfield-native'].median)}×)`
        return `${duration(row.median)}${times}${row.ok ? '' : ' — another state!'}`
      }),
    ]),
  )
}
