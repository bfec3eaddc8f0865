// How does the time of one cue grow with the network? N = 64 to 65,536 at P = 0.05·N, 20 % noise, to stability.
import { table } from './measure.mjs'
import { compare, ratioCell } from './one-cue.mjs'
import { peersNote } from './peers.mjs'

const SIZES = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]
/** Largest sizes for NumPy: its float64 matrix would take 2 GB at the next size, its two copies of the patterns 1.7 GB at the last. */
const MATRIX_MOST = 8192
const FACTORED_MOST = 16384

export async function run(report) {
  const rows = []
  for (const neurons of SIZES) {
    const size = [neurons, Math.floor(neurons * 0.05)]
    const peers = [
      ...(neurons <= MATRIX_MOST ? ['matrix'] : []),
      ...(neurons <= FACTORED_MOST ? ['factored'] : []),
    ]
    const synchronous = await compare('synchronous', size, { typescript: false, peers }, report)
    const asynchronous = await compare('asynchronous', size, { typescript: false }, report)
    const cell = (name) => ratioCell(synchronous.rows[name], synchronous.ours)
    rows.push([
      `${neurons}, ${size[1]}`,
      ratioCell(synchronous.ours, synchronous.ours),
      cell('NumPy X.T @ (X @ x) - P*x, float32'),
      cell('NumPy W @ x, float32'),
      ratioCell(asynchronous.ours, asynchronous.ours),
    ])
  }
  report.text('## One cue against N, 20 % noise, to stability\n')
  report.text(
    table(['N, P', 'synchronous', 'NumPy X.T @ (X @ x) - P*x', 'NumPy W @ x, float32', 'asynchronous'], rows),
  )
  report.text(`\n${peersNote('numpy')}\n`)
}
