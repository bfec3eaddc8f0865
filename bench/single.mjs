// What does precision 'single' gain where all or many keys have weight, and how far from sums in f64 are its results? The best tier, NumPy and PyTorch.
import { percent, table } from './measure.mjs'
import { peersNote } from './peers.mjs'
import { BATCHES, cell, fastest, ownTiers, recallRows, withShape } from './recalls.mjs'

/** At β = 1/√d all keys have weight. */
const SOFT = [[64, 200_000, 0.5], [384, 50_000, 0.5], [512, 50_000, 0.5], [768, 30_000, 0.5]] // biome-ignore format: a table
/** A cosine of .74 to the key: many keys have weight, however large β is. */
const NOISY = [[64, 200_000, 0.909]]

export async function run(report) {
  const only = process.env.HOPFIELD_BENCH_ONLY
  if (only !== 'noisy')
    await compare(report, 'β = 1/√d', SOFT, (dimension) => 1 / Math.sqrt(dimension), false)
  if (only !== 'soft') {
    await compare(
      report,
      'β = 8√d, queries of cosine .74',
      NOISY,
      (dimension) => 8 * Math.sqrt(dimension),
      true,
    )
  }
  report.text(
    `Sums in f64 rounded once are off by up to 2^-25 of each number. ${peersNote('numpy', 'torch')}\n`,
  )
}

async function compare(report, title, shapes, betaOf, few) {
  const [tier] = ownTiers()
  const columns = []
  for (const shape of shapes) {
    const [dimension, count] = shape
    await withShape(shape, async (folder) => {
      const of = {}
      for (const batch of BATCHES) {
        const how = { dimension, count, beta: betaOf(dimension), few, batch }
        // Compared with the first: sums in f64.
        of[batch] = await recallRows(folder, how, [
          [tier, 'double'],
          [tier, 'single'],
        ])
        for (const row of of[batch]) report.json({ question: 'single', ...how, ...row })
      }
      columns.push({ head: `d = ${dimension}, M = ${count.toLocaleString('en')}`, of })
    })
  }
  const single = (rows) => rows.find(({ precision }) => precision === 'single')
  const lines = []
  for (const batch of [...BATCHES].reverse()) {
    const told = batch === 1 ? 'alone' : `of ${batch}`
    const line = (name, pick, say) => [
      name,
      ...columns.map(({ of }) => say(pick(of[batch]), single(of[batch]))),
    ]
    lines.push(
      line(`**\`precision: 'single'\`**, ${told}`, single, ({ share: _, ...row }) => cell(row)),
      line('of the limit', single, ({ share }) => (share === undefined ? '' : percent(share))),
      line("`precision: 'double'`", (rows) => rows[0], cell),
    )
    for (const peer of ['NumPy', 'PyTorch']) {
      if (fastest(columns[0].of[batch], peer) === undefined) continue
      lines.push(line(`${peer} float32`, (rows) => fastest(rows, peer), cell))
    }
  }
  const off = (name, pick) => [
    `distance to sums in f64, ${name}`,
    ...columns.map(({ of }) => pick(of[256])?.off.toExponential(1) ?? ''),
  ]
  lines.push(off('single', single))
  for (const peer of ['NumPy', 'PyTorch']) lines.push(off(peer, (rows) => fastest(rows, peer)))
  report.text(
    `${table([`time per query, ${title}, \`${tier}\``, ...columns.map(({ head }) => head)], lines)}\n`,
  )
}
