// How long does a recall of the modern network take in f64 and in f32 (single), with a β at which few keys have weight, and with one at which all have? Every
// tier and NumPy; one step, no energy. Unit vectors; a query is a key plus noise of half its length (cosine .89), or where it says
// noisy of .91 of it (cosine .74): then many keys have weight, however large β is.
import { backend, ModernHopfield } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder, noisyQueries, readInput, unitVectors } from './inputs.mjs'
import { best, limitsInTurn } from './limits.mjs'
import { duration, factor, measure, percent, table, takeTurns } from './measure.mjs'
import { numpy, numpyNote } from './peers.mjs'

/** d, M, length of the noise, and ways. */
const SIZES = [
  [512, 50_000, 0.5, ['sharp', 'soft']],
  [384, 50_000, 0.5, ['soft']],
  [768, 30_000, 0.5, ['soft']],
  [64, 200_000, 0.5, ['sharp', 'soft']],
  [64, 200_000, 0.909, ['noisy']],
]
const BATCHES = [1, 256]
/** The TypeScript backend takes a tenth of a second per query. */
const TYPESCRIPT_BATCH = 2
const BETAS = {
  sharp: (dimension) => 8 * Math.sqrt(dimension),
  soft: (dimension) => 1 / Math.sqrt(dimension),
  noisy: (dimension) => 8 * Math.sqrt(dimension),
}

function makeVectors(count, dimension, noise) {
  const keys = unitVectors(count, dimension, 1)
  return { keys, queries: noisyQueries(keys, dimension, noise, 256) }
}

/** The row of one tier, in its own process. */
export async function work({ folder, dimension, beta, batch, precision }) {
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries').subarray(0, batch * dimension)
  const net = new ModernHopfield({ dimension, beta, precision, capacity: keys.length / dimension }).store(
    keys,
  )
  const call = () => net.retrieveBatch(queries, { energy: false })
  const { states } = call()
  const single = precision === 'single'
  const head = single ? {} : { head: digest(states.subarray(0, dimension)) }
  const own = { ...head, states: [...states.subarray(0, 4 * dimension)] }
  const { tier } = backend()
  return [
    {
      name: single ? `${tier}, single` : tier,
      tier: single ? undefined : tier,
      batch,
      ...own,
      ...(await measure(call)),
    },
  ]
}

export async function run(report) {
  const tiers = usableTiers()
  for (const [dimension, count, noise, ways] of SIZES) {
    await inFolder(dimension, makeVectors(count, dimension, noise), async (folder) => {
      for (const way of ways) {
        const beta = BETAS[way](dimension)
        for (const batch of BATCHES) {
          const group = (tier, size = batch, precision = 'double') =>
            apart(
              import.meta.url,
              'work',
              { folder, dimension, beta, batch: size, precision },
              tierEnvironment(tier),
            )
          const machine = limitsInTurn('read', 'int8', 'float64')
          const rows = await takeTurns([
            machine.group,
            ...tiers.map((tier) => () => group(tier)),
            ...tiers.map((tier) => () => group(tier, batch, 'single')),
            () => group('typescript', Math.min(batch, TYPESCRIPT_BATCH)),
            () =>
              numpy('retrieval.py', folder, [String(beta), String(batch)]).rows.map((row) => ({
                ...row,
                batch,
              })),
          ])
          tell(report, { dimension, count, way, beta, batch }, rows, machine.list())
        }
      }
    })
  }
  report.text(`Rates are of what must be done: keys read once (sharp: their bytes of the screen), M·d multiply-adds of bytes
a query (sharp), 2·M·d of f64 (soft). Ours sums in f64, NumPy in float32. ${numpyNote()}\n`)
}

function tell(report, { dimension, count, way, beta, batch }, rows, machine) {
  const base = rows[0].median / rows[0].batch
  report.text(
    `## One step, ${way} β = ${beta.toPrecision(3)}, d = ${dimension}, M = ${count.toLocaleString('en')}, ${batch} at a time\n`,
  )
  for (const row of rows) {
    row.ok = row.head === undefined ? close(row.states, rows[0].states) : row.head === rows[0].head
    const { states: _, ...told } = row
    report.json({
      question: 'retrieval',
      dimension,
      count,
      way,
      beta,
      ...told,
      perQuery: row.median / row.batch,
    })
  }
  report.text(
    table(
      ['', 'time per query', 'ratio', 'of the measured limit', 'which limit'],
      rows.map((row) => {
        const limit =
          row.tier === undefined || row.tier === 'typescript'
            ? undefined
            : limitOf(row, { dimension, count, way }, machine)
        return [
          `${row.name}${row.ok ? '' : ' — other states!'}`,
          duration(row.median / row.batch),
          `${factor(row.median / row.batch / base)}×`,
          limit === undefined ? '' : percent(limit.share),
          limit?.of ?? '',
        ]
      }),
    ),
  )
  report.text('')
}

/** f32 sums of this many terms are accurate to about 1e-5 of a unit vector's length. */
const close = (states, ours) => states.every((x, c) => Math.abs(x - ours[c]) < 1e-4)

/** Memory limits a single query, multiply-adds limit many. */
function limitOf({ tier, median, batch }, { dimension, count, way }, machine) {
  const wide = tier.startsWith('avx512') || tier === 'amx'
  const share = (amount, rate, of) => (rate === undefined ? undefined : { share: amount / median / rate, of })
  if (batch === 1) {
    const bytes = count * dimension * (way === 'soft' ? 4 : 1)
    return share(bytes, best(machine, 'read', 'loads', 'memory'), 'bytes read from memory')
  }
  if (way !== 'soft') {
    const how = wide && tier !== 'avx512-skx' ? 'avx512-vnni' : 'avx2'
    return share(batch * count * dimension, best(machine, 'int8', how), `int8 multiply-adds, ${how}`)
  }
  const how = wide ? 'avx512' : 'avx2'
  return share(2 * batch * count * dimension, best(machine, 'float64', how), `float64 multiply-adds, ${how}`)
}
