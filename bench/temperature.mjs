// How many neurons are updated per second at a temperature, on few connections? One chain, and 64 chains in one call.
import { backend, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { factor, measure, QUICK, table, takeTurns } from './measure.mjs'

const [NEURONS, DEGREE, PATTERNS] = [10_000, 20, 3]
const TEMPERATURE = 0.5
/** [chains, sweeps, order, how]. */
const RUNS = [
  [1, 50, 'random', 'constant'],
  [1, 50, 'cyclic', 'constant'],
  [64, 20, 'random', 'constant'],
  [64, 20, 'cyclic', 'constant'],
  [64, 20, 'cyclic', 'schedule to 0'],
  [64, 100, 'cyclic', 'sample'],
]

/** Rows of one tier, in its own process. */
export async function work({ runs }) {
  const connections = { kind: 'random', degree: DEGREE, seed: 1 }
  const net = new HopfieldNetwork({ neurons: NEURONS, connections })
  net.store(randomPatterns({ count: PATTERNS, neurons: NEURONS, seed: 1 }))
  const { tier } = backend()
  const rows = []
  for (const [chains, sweeps, order, how] of runs) {
    const starts = randomPatterns({ count: chains, neurons: NEURONS, seed: 2 })
    const temperature =
      how === 'schedule to 0'
        ? Array.from({ length: sweeps }, (_, k) => 2 * TEMPERATURE * (1 - k / (sweeps - 1)))
        : TEMPERATURE
    const took = await measure(() =>
      how === 'sample'
        ? net.sample(starts, { temperature, samples: sweeps, burnIn: 0, order })
        : net.recallBatch(starts, { temperature, maxSweeps: sweeps, order }),
    )
    const updates = chains * sweeps * NEURONS
    rows.push({
      name: `${tier}, ${chains}, ${order}, ${how}`,
      how,
      tier,
      chains,
      order,
      rate: updates / took.median,
      ...took,
    })
  }
  return rows
}

export async function run(report) {
  const group = (tier, runs) => () => apart(import.meta.url, 'work', { runs }, tierEnvironment(tier))
  const rows = await takeTurns([
    ...usableTiers().map((tier) => group(tier, RUNS)),
    group('typescript', QUICK ? [[1, 1, 'random', 'constant']] : [[1, 5, 'random', 'constant']]),
  ])
  for (const row of rows) report.json({ question: 'temperature', neurons: NEURONS, degree: DEGREE, ...row })
  report.text(`## Updates at T = ${TEMPERATURE}, N = ${NEURONS}, ${DEGREE} sources per neuron\n`)
  report.text(
    table(
      ['tier, chains, order, temperature', 'million updates per second', 'ratio'],
      rows.map((row) => [row.name, (row.rate / 1e6).toFixed(1), `${factor(rows[0].rate / row.rate)}×`]),
    ),
  )
  report.text(
    '\nEach row is a whole call: cues are packed, all sweeps run, energies of the last states are computed. Chains with the same visiting order run 64 side by side.\n',
  )
}
