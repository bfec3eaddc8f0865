// How long does one noisy cue take to become stable when neurons update one by one, in random order?
import { factor } from './measure.mjs'
import { compare, ratioTable } from './one-cue.mjs'
import { peersNote, plainAsynchronous } from './peers.mjs'

const SIZES = [
  [256, 12],
  [1024, 51],
  [4096, 204],
]

export async function run(report) {
  const results = []
  for (const size of SIZES) {
    results.push(
      await compare(
        'asynchronous',
        size,
        { traced: true, peers: ['asynchronous'], plain: plainAsynchronous },
        report,
      ),
    )
  }
  report.text('## One cue, asynchronous, random order, 20 % noise, to stability\n')
  report.text(`${ratioTable(results)}\n\n${peersNote('numpy')}`)
  for (const { neurons, rows } of results) {
    const [ours, theirs] = [rows['hopfield-native, trace on'], rows['NumPy loop with energies, float64']]
    if (theirs) {
      report.text(
        `N = ${neurons}: with every energy logged, ${factor(theirs.median / ours.median)}× NumPy's loop.`,
      )
    }
  }
  report.text('')
}
