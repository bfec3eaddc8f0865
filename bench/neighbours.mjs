// How long does it take to find the ten keys most similar to a query among embeddings, in f32, in int8 and in bits, exactly and approximately? The
// best tier and AVX2, FAISS, NumPy, PyTorch, and the vector indices of npm (npm ci --prefix bench/peers), each with the share of the ten it finds.
// --only=f32-768,int8,bits asks some; --large builds graphs of more keys, and asks a million f32 keys: minutes for each kind.
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder } from './inputs.mjs'
import { beside, duration, percent, QUICK, table, takeTurns } from './measure.mjs'
import { embeddings, similarity } from './neighbours-inputs.mjs'
import { npmIndices } from './neighbours-npm.mjs'
import { faiss, numpy, peersNote, torch } from './peers.mjs'

/** d: the lengths that models of text and pictures give. Graphs of many keys take minutes to build. */
const SHAPES = [
  { kind: 'f32', dimension: 256, count: 10_000, graphs: true },
  { kind: 'f32', dimension: 1536, count: 10_000, graphs: true },
  { kind: 'f32', dimension: 768, count: 100_000, graphs: false },
  { kind: 'int8', dimension: 768, count: 20_000, graphs: false },
  { kind: 'bits', dimension: 256, count: 1_000_000, graphs: false },
]
const LARGE = [
  { kind: 'f32', dimension: 768, count: 100_000, graphs: true },
  { kind: 'f32', dimension: 256, count: 1_000_000, graphs: false },
  { kind: 'int8', dimension: 768, count: 100_000, graphs: false },
  { kind: 'bits', dimension: 256, count: 1_000_000, graphs: true },
]
const BATCHES = [1, 256]
const K = 10

function shapes() {
  const only = process.env.HOPFIELD_BENCH_ONLY?.split(',')
  const all = process.env.HOPFIELD_BENCH_LARGE === '1' ? LARGE : SHAPES
  return all
    .filter(
      ({ kind, dimension }) => only?.some((name) => [kind, `${kind}-${dimension}`].includes(name)) ?? true,
    )
    .map((shape) => ({ ...shape, count: QUICK ? shape.count / 10 : shape.count }))
}

export async function run(report) {
  const [first, ...others] = usableTiers()
  const tiers = [first, ...others.filter((tier) => tier === 'avx2')]
  const own = new URL('neighbours-own.mjs', import.meta.url).href
  const npm = new URL('neighbours-npm.mjs', import.meta.url).href
  for (const shape of shapes()) {
    const vectors = embeddings(shape, Math.max(...BATCHES))
    await inFolder(shape.kind === 'bits' ? shape.dimension / 8 : shape.dimension, vectors, async (folder) => {
      const given = { folder, ...shape, batches: BATCHES, k: K }
      const words = [BATCHES.join(','), String(K)]
      const rows = await takeTurns([
        ...tiers.map((tier) => () => apart(own, 'work', given, tierEnvironment(tier))),
        ...(shape.kind === 'bits'
          ? []
          : [() => numpy('top.py', folder, words).rows, () => torch('top_torch.py', folder, words).rows]),
        () => faiss('neighbours.py', folder, [shape.kind, ...words, shape.graphs ? 'graphs' : 'exact']).rows,
        ...(npmIndices() && shape.kind !== 'bits' ? [() => apart(npm, 'work', given)] : []),
      ])
      tell(report, shape, vectors, rows)
    })
  }
  report.text(
    'Keys and queries lie around the same 100 centres; similarities are inner products, or the number of equal bits. One thread. ' +
      'Ours is exact, at β = 8√d for unit vectors. ' +
      `${peersNote('faiss', 'numpy', 'torch')} ${npmIndices() ?? 'npm ci --prefix bench/peers installs usearch and hnswlib-node: their rows are left out.'}\n`,
  )
}

/** The share of a row's answers that are as similar to their query as the tenth most similar is. */
function shareFound({ indices, batch }, exact, alike) {
  let right = 0
  for (let b = 0; b < batch; b++) {
    const least = alike(b, exact[b * K + K - 1])
    const own = new Set(indices.slice(b * K, (b + 1) * K))
    // Programs round their sums differently.
    for (const index of own) if (alike(b, index) >= least - 1e-6 * Math.abs(least)) right++
  }
  return right / (batch * K)
}

function tell(report, shape, vectors, rows) {
  const exact = rows.find(({ batch }) => batch === Math.max(...BATCHES)).indices
  const alike = (b, mu) => similarity(shape, vectors, b, mu)
  const [first, many] = BATCHES.map((batch) => rows.find((row) => row.batch === batch))
  const lines = [...new Set(rows.map(({ what }) => what))].map((what, at) => {
    const [alone, together] = BATCHES.map((batch) =>
      rows.find((row) => row.what === what && row.batch === batch),
    )
    for (const row of [alone, together]) {
      const { indices: _, ...figures } = row
      report.json({ question: 'neighbours', ...shape, ...figures, found: shareFound(row, exact, alike) })
    }
    const time = (row, base) =>
      beside(row.median / row.batch, at === 0 ? undefined : base.median / base.batch)
    return [
      at === 0 ? `**${what}**` : what,
      time(alone, first),
      time(together, many),
      percent(shareFound(together, exact, alike)),
      alone.build ? duration(alone.build) : '',
    ]
  })
  const title = `time per query, ${shape.kind}, d = ${shape.dimension}, M = ${shape.count.toLocaleString('en')}`
  report.text(`${table([title, 'alone', 'of 256', 'of the ten', 'to build'], lines)}\n`)
}
