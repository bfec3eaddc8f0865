// How long does a restricted Boltzmann machine learn? Persistent contrastive divergence, the same updates as scikit-learn's BernoulliRBM in f32.
import { RestrictedBoltzmannMachine } from 'hopfield-native'
import { inFolder } from './inputs.mjs'
import { duration, factor, measure, table, takeTurns } from './measure.mjs'
import { sklearn, sklearnNote } from './peers.mjs'

/** Visible and hidden units, rows of a batch, rows of data, epochs, share of units that are 1. */
const CASES = [
  [64, 100, 10, 1797, 10, 0.5],
  [784, 500, 10, 1000, 1, 0.13],
  [784, 500, 100, 1000, 1, 0.13],
]

export async function run(report) {
  for (const [visible, hidden, batchSize, count, epochs, share] of CASES) {
    let state = 1
    const data = Float32Array.from({ length: count * visible }, () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      return state / 0x7fffffff < share ? 1 : 0
    })
    const fit = () => {
      const rbm = new RestrictedBoltzmannMachine({ visible, hidden })
      return rbm.fit(data, { epochs, batchSize, learningRate: 0.01, shuffle: false })
    }
    const words = [hidden, batchSize, epochs].map(String)
    const rows = await inFolder(visible, { data }, (folder) =>
      takeTurns([
        async () => [{ name: 'RestrictedBoltzmannMachine', ours: true, ...(await measure(fit)) }],
        () => sklearn('boltzmann.py', folder, words).rows,
      ]),
    )
    report.text(`## ${visible} × ${hidden} units, batches of ${batchSize}\n`)
    for (const row of rows) {
      report.json({ question: 'boltzmann', visible, hidden, batchSize, count, epochs, ...row })
    }
    const batches = epochs * Math.ceil(count / batchSize)
    report.text(
      table(
        ['', `${epochs} × ${count} rows`, 'per batch', 'ratio'],
        rows.map(({ name, median }) => [
          name,
          duration(median),
          duration(median / batches),
          `${factor(median / rows[0].median)}×`,
        ]),
      ),
    )
    report.text('')
  }
  report.text(`Random rows. ${sklearnNote()}\n`)
}
