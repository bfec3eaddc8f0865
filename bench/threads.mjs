// How much faster are more threads? A batch of 4096 cues by recallBatch and by recallAsync on one thread and on two.
import { HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { digest, inFolder, makeInputs } from './inputs.mjs'
import { duration, factor, measure, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

export const cores = 2
const NEURONS = 4096
const COUNT = 204
const BATCH = 4096
const THREADS = [1, 2]
const FORM = 'factored-leave'

export async function run(report) {
  const net = new HopfieldNetwork({ neurons: NEURONS })
  report.text(`## Threads: ${BATCH} cues, N = ${NEURONS}, P = ${COUNT}, on ${cores} cores\n`)
  if (net.recallAsync === undefined) {
    report.text('This build has no recallAsync.\n')
    return
  }
  const { patterns, cues } = makeInputs([NEURONS, COUNT], BATCH)
  net.store(patterns)
  const packed = PackedPatterns.from(cues, { neurons: NEURONS })
  const heads = []
  for (const dynamics of ['synchronous', 'asynchronous']) {
    const options = { dynamics, packed: true }
    const group = (name, call) => async () => {
      const { states } = await call()
      return [{ name, digest: digest(states.unpack()), ...(await measure(call)) }]
    }
    const rows = await inFolder(NEURONS, { patterns, cues }, (folder) =>
      takeTurns([
        group('recallBatch', () => net.recallBatch(packed, options)),
        ...THREADS.map((threads) =>
          group(`recallAsync, threads: ${threads}`, () => net.recallAsync(packed, { ...options, threads })),
        ),
        ...(dynamics === 'synchronous' ? THREADS : []).map((threads) => () => {
          const { rows: found } = numpy('batch.py', folder, [BATCH, FORM], { threads })
          return found.map((row) => ({ ...row, name: `${row.name}, ${threads} thread(s)` }))
        }),
      ]),
    )
    for (const row of rows) {
      row.ok = row.digest === rows[0].digest
      report.json({ question: 'threads', neurons: NEURONS, count: COUNT, batch: BATCH, dynamics, ...row })
      heads.push([
        `${dynamics}: ${row.name}${row.ok ? '' : ' — other states!'}`,
        duration(row.median),
        duration(row.median / BATCH),
        `${factor(rows[0].median / row.median)}×`,
      ])
    }
  }
  report.text(table(['', 'time per batch', 'time per cue', 'speed relative to recallBatch'], heads))
  report.text(`\n${peersNote('numpy')}\n`)
}
