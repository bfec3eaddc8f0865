// How long does a recall take by separations that retrieve exactly, beside softmax, at a β at which all of them retrieve? Unit vectors; a
// query is a key plus noise of half its length, or where it says noisy of .91 of it; one step, no energy. The best tier.
import { ModernHopfield } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder, noisyQueries, readInput, unitVectors } from './inputs.mjs'
import { duration, factor, measure, percent, QUICK, table, takeTurns } from './measure.mjs'

/** d, M, length of the noise, β. At the least β of each shape softmax retrieves too, but nearly all keys weigh something. */
const SHAPES = QUICK
  ? [[64, 20_000, 0.5, 64]]
  : [[512, 50_000, 0.5, 20], [512, 50_000, 0.5, 181], [64, 200_000, 0.5, 64], [64, 200_000, 0.909, 64]] // biome-ignore format: a table
const BATCHES = [1, 256]
const SEPARATIONS = ['softmax', 'sparsemax', 'entmax15', 'normmax', 'epanechnikov']
/** Of two unit vectors: between a noisy query's distance to its own key and to all others. */
const RADIUS = 0.85

/** Rows of one separation, in its own process. */
export async function work({ folder, dimension, noise, beta, separation }) {
  const [keys, queries] = ['keys', 'queries'].map((name) => readInput(folder, name))
  const count = keys.length / dimension
  const how =
    separation === 'epanechnikov'
      ? { separation: { kind: separation, radius: RADIUS } }
      : { separation, beta }
  const net = new ModernHopfield({ dimension, capacity: count, ...how }).store(keys)
  const rows = []
  for (const batch of BATCHES) {
    const some = queries.subarray(0, batch * dimension)
    const call = () => net.recallBatch(some, { energy: false })
    const { states } = call()
    const near = Array.from({ length: batch }, (_, b) => similarity(states, keys, b, dimension, count))
    const share = (test) => near.filter(test).length / batch
    rows.push({
      name: `${separation}, ${batch}`,
      ...{ dimension, count, noise, beta, separation, batch },
      right: share((cosine) => cosine > 0.99),
      same: share((cosine) => cosine === 1),
      ...(await measure(call)),
    })
  }
  return rows
}

/** The cosine of a state and the key that its query is made of; exactly 1 where the bits are the same. */
function similarity(states, keys, b, dimension, count) {
  const key = keys.subarray(((b * 7919) % count) * dimension)
  const state = states.subarray(b * dimension, (b + 1) * dimension)
  if (state.every((x, c) => x === key[c])) return 1
  let dot = 0
  for (let c = 0; c < dimension; c++) dot += state[c] * key[c]
  return Math.min(dot / Math.hypot(...state), 1 - 2 ** -40)
}

export async function run(report) {
  const [tier] = usableTiers()
  const columns = []
  for (const [dimension, count, noise, beta] of SHAPES) {
    const keys = unitVectors(count, dimension, 1)
    const queries = noisyQueries(keys, dimension, noise, Math.max(...BATCHES))
    await inFolder(dimension, { keys, queries }, async (folder) => {
      const given = { folder, dimension, noise, beta }
      const ask = (separation) => () =>
        apart(import.meta.url, 'work', { ...given, separation }, tierEnvironment(tier))
      const rows = await takeTurns(SEPARATIONS.map(ask))
      for (const row of rows) report.json({ question: 'exact', tier, ...row })
      const noisy = noise > 0.5 ? ', noisy' : ''
      columns.push({ head: `d = ${dimension}, M = ${count.toLocaleString('en')}, β = ${beta}${noisy}`, rows })
    })
  }
  const lines = BATCHES.flatMap((batch) =>
    SEPARATIONS.map((separation) => [
      `${separation}, ${batch === 1 ? 'alone' : `of ${batch}`}`,
      ...columns.map(({ rows }) => cell(rows, separation, batch)),
    ]),
  )
  report.text(`${table([`time per query, \`${tier}\``, ...columns.map(({ head }) => head)], lines)}\n`)
  report.text(
    'In brackets: how many times as fast as softmax. Then the share of queries whose key is retrieved (of 256: cosine above .99) and that to the last bit.\n',
  )
}

function cell(rows, separation, batch) {
  const row = rows.find((one) => one.separation === separation && one.batch === batch)
  const soft = rows.find((one) => one.separation === 'softmax' && one.batch === batch)
  const faster = row === soft ? '' : ` (${factor(soft.median / row.median)}×)`
  const found = batch === 1 ? '' : `; ${percent(row.right)}, ${percent(row.same)}`
  return `${duration(row.median / batch)}${faster}${found}`
}
