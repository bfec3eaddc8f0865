// How long does the pseudo-inverse take to recall one cue, without the matrix? Every tier, and NumPy with the matrix.
import { backend, HopfieldNetwork } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder, makeInputs } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const SIZE = QUICK ? [1024, 250] : [4096, 1000]
const NOISE = 0.1

/** Rows of one tier, in its own process. */
export async function work({ neurons, count }) {
  const { patterns, cues } = makeInputs([neurons, count], 1, NOISE)
  const net = new HopfieldNetwork({ neurons, learning: 'pseudoinverse' }).store(patterns)
  const { tier } = backend()
  const rows = []
  for (const dynamics of ['synchronous', 'asynchronous']) {
    const { state, sweeps } = net.recall(cues, { dynamics })
    const took = await measure(() => net.recall(cues, { dynamics }))
    rows.push({ name: `${tier}, ${dynamics}`, tier, sweeps, states: digest(state), ...took })
  }
  return rows
}

export async function run(report) {
  const [neurons, count] = SIZE
  const inputs = makeInputs(SIZE, 1, NOISE)
  const group = (tier) => () => apart(import.meta.url, 'work', { neurons, count }, tierEnvironment(tier))
  const rows = await inFolder(neurons, inputs, (folder) =>
    takeTurns([
      ...usableTiers().map(group),
      group('typescript'),
      () => numpy('projection.py', folder, [String(NOISE)]).rows,
    ]),
  )
  const same = (row) => row.states === rows[0].states
  for (const row of rows)
    report.json({ question: 'projection', neurons, patterns: count, ...row, ok: same(row) })
  report.text(`## One cue by the pseudo-inverse, N = ${neurons}, P = ${count}, ${NOISE * 100} % noise\n`)
  report.text(
    table(
      ['', 'sweeps', 'time', 'ratio'],
      rows.map((row) => [
        `${row.name}${same(row) ? '' : ' — another state!'}`,
        String(row.sweeps),
        duration(row.median),
        `${factor(row.median / rows[0].median)}×`,
      ]),
    ),
  )
  report.text(
    `\nThis package reads 8·P² + N·P/8 bytes per synchronous sweep, NumPy 4·N². ${peersNote('numpy')}\n`,
  )
}
