// How long does one noisy cue take to become stable when neurons update one by one, in random order?
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { measure } from './measure.mjs'
import { ratioTable } from './one-cue-synchronous.mjs'
import { numpyOneCue, plainAsynchronous } from './peers.mjs'

const SIZES = [
  [256, 12],
  [1024, 51],
  [4096, 204],
]

export async function run(report) {
  const names = new Set()
  const results = []
  for (const [neurons, count] of SIZES) {
    const patterns = randomPatterns({ count, neurons, seed: 1 })
    const original = patterns.subarray(0, neurons)
    const cue = addNoise(original, { fraction: 0.2, seed: 2 })
    const rows = {}
    const ours = async (name, options, recallOptions) => {
      const net = new HopfieldNetwork({ neurons, ...options }).store(patterns)
      const recall = () => net.recall(cue, { seed: 1, ...recallOptions })
      const { state } = recall()
      rows[name] = { ...(await measure(recall)), ok: state.every((s, i) => s === original[i]) }
    }
    await ours('hopfield-native', {})
    await ours('hopfield-native, trace on', {}, { trace: true })
    await ours('hopfield-native, TypeScript backend', { backend: 'typescript' })
    const peer = numpyOneCue(neurons, patterns, cue, ['asynchronous'])
    for (const [name, row] of Object.entries(peer?.rows ?? {})) rows[`NumPy ${name}`] = row
    const order = Array.from({ length: neurons }, (_, u) => (u * 2731) % neurons)
    const plain = plainAsynchronous(neurons, patterns, cue, order)
    const state = plain()
    rows['plain JavaScript, kept fields'] = {
      ...(await measure(plain)),
      ok: state.every((s, i) => s === original[i]),
    }
    for (const name of Object.keys(rows)) names.add(name)
    for (const [name, row] of Object.entries(rows))
      report.json({ question: 'one cue, asynchronous', neurons, count, name, ...row })
    results.push({ neurons, count, rows })
  }
  report.text('## One cue, asynchronous, random order, 20 % noise, to stability\n')
  report.text(`${ratioTable([...names], results)}\n`)
  for (const { neurons, rows } of results) {
    const [ours, theirs] = [rows['hopfield-native, trace on'], rows['NumPy loop with energies, float64']]
    if (theirs)
      report.text(
        `N = ${neurons}: with every energy logged, ${Math.round(theirs.median / ours.median).toLocaleString('en')}× NumPy's loop.`,
      )
  }
}
