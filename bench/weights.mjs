// How long does the dense N×N matrix take, from packed patterns? Ours as 32-bit integers, NumPy's by BLAS.
import { HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { digest, inFolder, makeInputs, SIZES } from './inputs.mjs'
import { best, limitsInTurn } from './limits.mjs'
import { duration, factor, measure, percent, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

export async function run(report) {
  for (const [neurons, count] of SIZES) {
    const { patterns } = makeInputs([neurons, count], 0)
    const packed = PackedPatterns.from(patterns, { neurons })
    const dense = () => new HopfieldNetwork({ neurons, weights: 'dense' })
    const stored = dense().store(packed)
    const implicit = new HopfieldNetwork({ neurons }).store(packed)
    const group = (name, call, options, weightsOf) => async () => {
      const figures = await measure(call, options)
      return [{ name, ...figures, digest: digest(weightsOf()) }]
    }
    const turns = limitsInTurn('write', 'float32')
    const rows = await inFolder(neurons, { patterns }, (folder) =>
      takeTurns([
        turns.group,
        // Cleared between calls, untimed, so that its memory exists already, like an output array made beforehand.
        group(
          "store, weights: 'dense', again",
          () => stored.store(packed),
          { before: () => stored.clear() },
          () => stored.weights(),
        ),
        group(
          "store, weights: 'dense', new network",
          () => dense().store(packed),
          {},
          () => dense().store(packed).weights(),
        ),
        group(
          'weights() of an implicit network',
          () => implicit.weights(),
          {},
          () => implicit.weights(),
        ),
        () => numpy('weights.py', folder, []).rows,
      ]),
    )
    const machine = turns.list()
    for (const row of rows) {
      row.ok = row.digest === rows[0].digest
      report.json({ question: 'weights', neurons, count, ...row })
    }
    report.text(`## The N×N matrix, N = ${neurons}, P = ${count}\n`)
    report.text(
      table(
        ['', 'time', 'ratio', 'ratio to writing its bytes once'],
        rows.map(({ name, median, ok }) => [
          `${name}${ok ? '' : ' — other weights!'}`,
          duration(median),
          `${factor(median / rows[0].median)}×`,
          share(name, median, neurons, machine),
        ]),
      ),
    )
    const products = best(machine, 'float32', 'avx512') ?? best(machine, 'float32')
    const gemm = rows.find(({ name }) => name.includes('float32, gemm, output'))
    if (products !== undefined && gemm !== undefined) {
      const most = (neurons * neurons * count) / products
      report.text(`\nNumPy's float32 gemm: ${percent(most / gemm.median)} of the measured multiply-add rate.`)
    }
    report.text('')
  }
  report.text(`${peersNote('numpy')}\n`)
}

/** Ratio to the time that ordinary stores of the matrix need at the measured rate. */
function share(name, median, neurons, machine) {
  const rate = best(machine, 'write', 'ordinary')
  if (rate === undefined) return ''
  const bytes = neurons * neurons * (name.includes('float64') ? 8 : 4)
  return `${factor(median / (bytes / rate))}×`
}
