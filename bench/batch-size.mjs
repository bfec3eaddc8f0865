// How does the time per cue fall with the size of the batch? 1 to 4096 cues, every tier and NumPy, one thread.
import { backend, HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder, makeInputs, readInput, SIZES } from './inputs.mjs'
import { duration, measure, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const BATCHES = Array.from({ length: 13 }, (_, k) => 2 ** k)
/** NumPy runs every fourth size; so does the TypeScript backend, which takes milliseconds per cue. */
const NUMPY_BATCHES = [1, 4, 16, 64, 256, 1024, 4096]
const TYPESCRIPT_BATCHES = [1, 4, 16]
const FORMS = ['matrix-leave', 'factored-leave']

/** One row per batch size, packed cues, in its own process. */
export async function work({ folder, neurons, batches, dynamics }) {
  const net = new HopfieldNetwork({ neurons }).store(readInput(folder, 'patterns'))
  const cues = readInput(folder, 'cues')
  const { tier } = backend()
  const rows = []
  for (const batch of batches) {
    const packed = PackedPatterns.from(cues.subarray(0, batch * neurons), { neurons })
    const call = () => net.recallBatch(packed, { dynamics, packed: true })
    const found = digest(call().states.unpack())
    const curve = dynamics === 'synchronous' ? tier : `${tier}, asynchronous`
    const figures = await measure(call, { time: 200 })
    rows.push({ name: `${curve} ${batch}`, curve, batch, dynamics, digest: found, ...figures })
  }
  return rows
}

export async function run(report) {
  const tiers = usableTiers()
  for (const [neurons, count] of SIZES) {
    const { patterns, cues } = makeInputs([neurons, count], BATCHES.at(-1))
    const rows = await inFolder(neurons, { patterns, cues }, (folder) => {
      const group = (tier, batches, dynamics) => () =>
        apart(import.meta.url, 'work', { folder, neurons, batches, dynamics }, tierEnvironment(tier))
      return takeTurns([
        ...tiers.map((tier) => group(tier, BATCHES, 'synchronous')),
        group('typescript', TYPESCRIPT_BATCHES, 'synchronous'),
        ...tiers.slice(0, 1).map((tier) => group(tier, BATCHES, 'asynchronous')),
        () =>
          numpy('batch.py', folder, [NUMPY_BATCHES, ...FORMS]).rows.map((row) => ({
            ...row,
            name: `${row.name} ${row.batch}`,
            curve: row.name,
            dynamics: 'synchronous',
          })),
      ])
    })
    // Synchronous rows of one batch size share a digest; asynchronous dynamics has one row per batch size.
    const right = new Map(rows.filter(synchronous).map((row) => [row.batch, row.digest]))
    for (const row of rows) {
      row.ok = !synchronous(row) || row.digest === right.get(row.batch)
      report.json({ question: 'batch size', neurons, count, ...row, perCue: row.median / row.batch })
    }
    const curves = [...new Set(rows.map(({ curve }) => curve))]
    const cell = (batch, curve) => {
      const row = rows.find((one) => one.batch === batch && one.curve === curve)
      return row === undefined ? '' : `${duration(row.median / batch)}${row.ok ? '' : ' — other states!'}`
    }
    report.text(
      `## Time per cue against batch size, 20 % noise, to stability, N = ${neurons}, P = ${count}\n`,
    )
    report.text(
      table(
        ['cues', ...curves],
        BATCHES.map((batch) => [batch, ...curves.map((curve) => cell(batch, curve))]),
      ),
    )
    report.text('')
  }
  report.text(
    `Synchronous unless a column says otherwise; NumPy drops rows that are stable. ${peersNote('numpy')}\n`,
  )
}

const synchronous = ({ dynamics }) => dynamics === 'synchronous'
