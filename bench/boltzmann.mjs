// How long does a restricted Boltzmann machine learn? Persistent contrastive divergence, the same updates as scikit-learn's BernoulliRBM in f32.
// And how likely are handwritten digits to it? HOPFIELD_BENCH_DATA (or --data=FOLDER) has digits-8x8.csv.gz, 64 grey values 0 to 16 and a
// label a row.
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { RestrictedBoltzmannMachine } from 'hopfield-native'
import { inFolder } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'
import { sklearn, sklearnNote } from './peers.mjs'

/** Visible and hidden units, rows of a batch, rows of data, epochs, share of units that are 1. */
const CASES = [
  [64, 100, 10, 1797, 10, 0.5],
  [784, 500, 10, 1000, 1, 0.13],
  [784, 500, 100, 1000, 1, 0.13],
]

/** Rows of 64 pixels, 1 where at least half of the ink is; each fifth is held out. */
function digits(file) {
  const rows = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  const lit = (row) => row.split(',', 64).map((grey) => (Number(grey) >= 8 ? 1 : 0))
  const part = (held) => Float32Array.from(rows.filter((_, k) => (k % 5 === 4) === held).flatMap(lit))
  return [part(false), part(true)]
}

/** Seconds of one call. */
function once(call) {
  const begun = performance.now()
  call()
  return (performance.now() - begun) / 1000
}

function likelihoods(report) {
  const file = `${process.env.HOPFIELD_BENCH_DATA}/digits-8x8.csv.gz`
  if (!existsSync(file)) return report.text('Without digits-8x8.csv.gz no likelihoods of digits.\n')
  const [data, heldOut] = digits(file)
  const rbm = new RestrictedBoltzmannMachine({ visible: 64, hidden: 16 })
  const rows = []
  for (let epochs = 10; epochs <= (QUICK ? 10 : 60); epochs += 10) {
    rbm.fit(data, { epochs: 10, batchSize: 20, learningRate: 0.05, centring: true, seed: epochs })
    const [learned, held] = [data, heldOut].map((of) => rbm.logLikelihood(of).mean)
    rows.push([epochs, learned.toFixed(2), held.toFixed(2)])
    report.json({ question: 'boltzmann', epochs, learned, held })
  }
  report.text('## Digits, 64 × 16 units: exact mean ln p per row, in nats\n')
  report.text(table(['epochs', 'learned from', 'held out'], rows))
  const exact = rbm.logPartition().value
  const { lower, upper } = rbm.logPartition({ method: 'annealed' })
  report.text(
    `\nln Z ${exact.toFixed(2)}; annealed importance sampling: ${lower.toFixed(2)} to ${upper.toFixed(2)}\n`,
  )
}

function partitions(report) {
  report.text('## Exact partition functions, on one thread\n')
  const sizes = QUICK ? [[64, 20]] : [[64, 25], [784, 25]] // biome-ignore format: a table
  const rows = sizes.map(([visible, hidden]) => {
    const rbm = new RestrictedBoltzmannMachine({ visible, hidden })
    const seconds = once(() => rbm.logPartition({ method: 'exact' }))
    report.json({ question: 'boltzmann', visible, hidden, seconds })
    return [`${visible} × ${hidden}`, `2^${hidden}`, duration(seconds)]
  })
  report.text(`${table(['units', 'states', ''], rows)}\n`)
}

export async function run(report) {
  likelihoods(report)
  partitions(report)
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
