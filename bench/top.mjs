// What do the ten keys most similar to a query cost, beside a recall whose β leaves few keys a weight, and beside NumPy's product and
// argpartition on the same scores? Unit vectors; a query is a key plus noise of half its length. Every tier.
import { backend, ModernHopfield } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder, noisyQueries, readInput, unitVectors } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'
import { numpy, peersNote, torch } from './peers.mjs'

/** d and M. */
const SHAPES = QUICK ? [[64, 20_000]] : [[512, 50_000], [64, 200_000]] // biome-ignore format: a table
const BATCHES = [1, 256]
const K = 10

/** Rows of one tier, in its own process. */
export async function work({ folder, dimension }) {
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries')
  const count = keys.length / dimension
  const net = new ModernHopfield({ dimension, beta: 8 * Math.sqrt(dimension), capacity: count }).store(keys)
  const { tier } = backend()
  const rows = []
  for (const batch of BATCHES) {
    const some = queries.subarray(0, batch * dimension)
    const calls = {
      top: () => net.topBatch(some, K),
      'a recall': () => net.retrieveBatch(some, { energy: false }),
    }
    for (const [what, call] of Object.entries(calls)) {
      const row = { name: `${tier}, ${what}, ${batch}`, tier, what, batch, ...(await measure(call)) }
      rows.push(what === 'top' ? { ...row, indices: [...call().indices] } : row)
    }
  }
  return rows
}

export async function run(report) {
  for (const [dimension, count] of SHAPES) {
    const keys = unitVectors(count, dimension, 1)
    const queries = noisyQueries(keys, dimension, 0.5, Math.max(...BATCHES))
    await inFolder(dimension, { keys, queries }, async (folder) => {
      const rows = await takeTurns([
        ...usableTiers().map(
          (tier) => () => apart(import.meta.url, 'work', { folder, dimension }, tierEnvironment(tier)),
        ),
        () => numpy('top.py', folder, [BATCHES.join(','), String(K)]).rows,
        () => torch('top_torch.py', folder, [BATCHES.join(','), String(K)]).rows,
      ])
      tell(report, dimension, count, rows)
    })
  }
  report.text(`In float32, similarities by inner product, β = 8√d. ${peersNote('numpy', 'torch')}\n`)
}

function tell(report, dimension, count, rows) {
  for (const { indices: _, ...row } of rows) report.json({ question: 'top', dimension, count, ...row })
  for (const batch of BATCHES) {
    report.text(
      `## The ten most similar of M = ${count.toLocaleString('en')}, d = ${dimension}, ${batch} at a time\n`,
    )
    const own = rows.filter((row) => row.batch === batch)
    const peers = own.filter(({ tier }) => tier === undefined)
    const names = [...new Set(own.map(({ tier }) => tier).filter((tier) => tier !== undefined))]
    const told = names.map((tier) => {
      const [top, recall] = ['top', 'a recall'].map((what) =>
        own.find((row) => row.tier === tier && row.what === what),
      )
      const other = peers.find(({ indices }) => top.indices.some((mu, k) => mu !== indices[k]))
      return [
        `${tier}${other ? ` — others than ${other.what}!` : ''}`,
        duration(top.median / batch),
        duration(recall.median / batch),
        factor(top.median / recall.median),
        ...peers.map(({ median }) => `${factor(median / top.median)}×`),
      ]
    })
    const theirs = peers.map(({ what, median }) => [
      what,
      duration(median / batch),
      '',
      '',
      ...peers.map(() => ''),
    ])
    const head = [
      '',
      'top, per query',
      'a recall',
      'top / recall',
      ...peers.map(({ what }) => `faster than ${what}`),
    ]
    report.text(`${table(head, [...told, ...theirs])}\n`)
  }
}
