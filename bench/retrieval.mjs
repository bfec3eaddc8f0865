// How long does a recall of the modern network take with a β at which few keys have weight, and with one at which all have? Every tier, NumPy and
// PyTorch. --only=512 or --only=64 asks one shape.
import { table } from './measure.mjs'
import { peersNote } from './peers.mjs'
import { BATCHES, cell, fastest, ownTiers, recallRows, withShape } from './recalls.mjs'

/** d, M, and length of the noise: a cosine of .89 to the key. */
const SHAPES = [[512, 50_000, 0.5], [64, 200_000, 0.5]] // biome-ignore format: a table
/** β, and whether few keys have weight. */
const WAYS = [
  { name: 'large β', of: (dimension) => 8 * Math.sqrt(dimension), few: true },
  { name: 'small β', of: (dimension) => 1 / Math.sqrt(dimension), few: false },
]

export async function run(report) {
  const only = process.env.HOPFIELD_BENCH_ONLY?.split(',')
  for (const shape of SHAPES) {
    const [dimension, count] = shape
    if (only !== undefined && !only.includes(String(dimension))) continue
    await withShape(shape, async (folder) => {
      const columns = []
      for (const { name, of, few } of WAYS) {
        for (const batch of BATCHES) {
          const how = { dimension, count, beta: of(dimension), few, batch }
          const rows = await recallRows(
            folder,
            how,
            [...ownTiers(), 'typescript'].map((tier) => [tier, 'double']),
          )
          for (const row of rows) report.json({ question: 'retrieval', ...how, ...row })
          columns.push({ head: `${name}, ${batch === 1 ? 'alone' : `of ${batch}`}`, rows })
        }
      }
      tell(report, shape, columns)
    })
  }
  report.text(
    'Large β is 8√d, small β is 1/√d. Shares are of reading the keys once (large β: their bytes of the first pass) for a query alone, and of the ' +
      `multiply-adds of bytes or of f64 for many. ${peersNote('numpy', 'torch')}\n`,
  )
}

function tell(report, [dimension, count], columns) {
  const line = (title, pick) => [
    title,
    ...columns.map(({ rows }, at) => {
      const row = pick(rows)
      return row === rows[0] ? cell(row) : cell(row, columns[at].rows[0])
    }),
  ]
  const [first, ...others] = [...ownTiers(), 'typescript']
  const own = (name) => (rows) => rows.find((row) => row.name === name)
  const peers = ['NumPy', 'PyTorch'].filter((peer) => fastest(columns[0].rows, peer) !== undefined)
  report.text(
    `${table(
      [
        `time per query, d = ${dimension}, M = ${count.toLocaleString('en')}`,
        ...columns.map(({ head }) => head),
      ],
      [
        line(`**\`${first}\`**, share of the limit`, own(first)),
        ...others.map((tier) => line(tier === 'typescript' ? 'TypeScript' : `\`${tier}\``, own(tier))),
        ...peers.map((peer) => line(`${peer} float32, its fastest form`, (rows) => fastest(rows, peer))),
      ],
    )}\n`,
  )
}
