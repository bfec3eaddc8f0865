// How long does it take to find the ten keys most similar to a query among embeddings, exactly and approximately? Every tier,
// FAISS and NumPy, and the vector indices of npm (npm ci --prefix bench/peers), each with the share of the ten it finds.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { backend, ModernHopfield } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder, readInput, unitVectors } from './inputs.mjs'
import { duration, factor, measure, percent, QUICK, table, takeTurns } from './measure.mjs'
import { faiss, faissNote } from './peers.mjs'

/** d and M: the lengths that models of text and pictures give. Indices of more keys take minutes to build. */
const SHAPES = QUICK ? [[256, 10_000]] : [[256, 20_000], [768, 20_000], [1536, 10_000]] // biome-ignore format: a table
const BATCHES = [1, 256]
const K = 10
/** Embeddings lie in clusters: so many, each as wide as this noise. */
const CLUSTERS = 100
const NOISE = 1

/** Keys and queries around the same centres. */
function makeVectors(dimension, count) {
  const centres = unitVectors(CLUSTERS, dimension, 1)
  const near = (rows, seed) => {
    const out = unitVectors(rows, dimension, seed)
    for (let row = 0; row < rows; row++) {
      const own = out.subarray(row * dimension, (row + 1) * dimension)
      const centre = centres.subarray(((row * 7919) % CLUSTERS) * dimension)
      let square = 0
      for (let c = 0; c < dimension; c++) {
        own[c] = centre[c] + NOISE * own[c]
        square += own[c] ** 2
      }
      for (let c = 0; c < dimension; c++) own[c] /= Math.sqrt(square)
    }
    return out
  }
  return { keys: near(count, 2), queries: near(Math.max(...BATCHES), 3) }
}

/** Rows of one tier, in its own process. */
export async function work({ folder, dimension, batches }) {
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries')
  const start = performance.now()
  const net = new ModernHopfield({ dimension, beta: 1, capacity: keys.length / dimension }).store(keys)
  net.top(queries.subarray(0, dimension), K)
  const build = (performance.now() - start) / 1000
  const rows = []
  for (const batch of batches) {
    const some = queries.subarray(0, batch * dimension)
    const call = () => net.topBatch(some, K)
    const indices = [...call().indices]
    const what = `hopfield-native, ${backend().tier ?? 'typescript'}`
    rows.push({
      name: `${what}, ${batch}`,
      what,
      batch,
      build,
      indices,
      ...(await measure(call)),
    })
  }
  return rows
}

const PEERS = new URL('peers/node_modules/', import.meta.url)

/** The indices of npm, in a process of their own. */
export async function peers({ folder, dimension, batches }) {
  const { default: usearch } = await import(new URL('usearch/javascript/dist/esm/usearch.js', PEERS))
  const { default: hnswlib } = await import(new URL('hnswlib-node/lib/index.js', PEERS))
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries')
  const count = keys.length / dimension
  const labels = BigUint64Array.from({ length: count }, (_, k) => BigInt(k))
  const rows = []
  /** Graphs are built in the first round, and read in the others. */
  const timed = async (what, { make, read, write }, ask) => {
    const path = join(folder, what.replaceAll(/\W/g, '-'))
    const kept = existsSync(path)
    const start = performance.now()
    const index = kept ? read(path) : make()
    const build = kept ? undefined : (performance.now() - start) / 1000
    if (!kept) write?.(index, path)
    for (const batch of batches) {
      const some = queries.subarray(0, batch * dimension)
      const call = () => ask(index, some, batch)
      const indices = [...call()].map(Number)
      rows.push({ name: `${what}, ${batch}`, what, batch, build, indices, ...(await measure(call)) })
    }
  }
  await timed(
    'usearch exactSearch',
    { make: () => null },
    (_, some) => usearch.exactSearch(keys, some, dimension, K, usearch.MetricKind.IP).keys,
  )
  for (const quantization of ['f32', 'i8']) {
    const empty = () =>
      new usearch.Index({ dimensions: dimension, metric: 'ip', quantization, connectivity: 16 })
    await timed(
      `usearch Index (HNSW), ${quantization}`,
      {
        make: () => {
          const index = empty()
          index.add(labels, keys, 1)
          return index
        },
        read: (path) => {
          const index = empty()
          index.load(path)
          return index
        },
        write: (index, path) => index.save(path),
      },
      (index, some) => index.search(some, K, 1).keys,
    )
  }
  const row = (from, b) => Array.from(from.subarray(b * dimension, (b + 1) * dimension))
  await timed(
    'hnswlib-node (HNSW, M = 16, ef = 64)',
    {
      make: () => {
        const index = new hnswlib.HierarchicalNSW('ip', dimension)
        index.initIndex(count, 16, 200, 100)
        for (let k = 0; k < count; k++) index.addPoint(row(keys, k), k)
        index.setEf(64)
        return index
      },
      read: (path) => {
        const index = new hnswlib.HierarchicalNSW('ip', dimension)
        index.readIndexSync(path)
        index.setEf(64)
        return index
      },
      write: (index, path) => index.writeIndexSync(path),
    },
    (index, some, batch) =>
      Array.from({ length: batch }, (_, b) => b).flatMap((b) => index.searchKnn(row(some, b), K).neighbors),
  )
  return rows
}

export async function run(report) {
  const installed = existsSync(fileURLToPath(new URL('usearch', PEERS)))
  for (const [dimension, count] of SHAPES) {
    await inFolder(dimension, makeVectors(dimension, count), async (folder) => {
      const given = { folder, dimension, batches: BATCHES }
      const rows = await takeTurns([
        ...usableTiers().map((tier) => () => apart(import.meta.url, 'work', given, tierEnvironment(tier))),
        () => apart(import.meta.url, 'work', { ...given, batches: [1] }, tierEnvironment('typescript')),
        () => faiss('neighbours.py', folder, [BATCHES.join(','), String(K)]).rows,
        ...(installed ? [() => apart(import.meta.url, 'peers', given)] : []),
      ])
      tell(report, dimension, count, rows)
    })
  }
  report.text(
    `All in float32 from random vectors around ${CLUSTERS} centres, similarities by inner product. hopfield-native is exact. ${faissNote()} ` +
      `${installed ? 'usearch 2.26.2, hnswlib-node 3.0.0, one thread.' : 'npm ci --prefix bench/peers installs usearch and hnswlib-node: their rows are left out.'}\n`,
  )
}

function tell(report, dimension, count, rows) {
  const exact = rows.find(({ batch }) => batch === Math.max(...BATCHES)).indices
  const found = ({ indices, batch }) => {
    let right = 0
    for (let b = 0; b < batch; b++) {
      const own = new Set(exact.slice(b * K, (b + 1) * K))
      right += indices.slice(b * K, (b + 1) * K).filter((index) => own.has(index)).length
    }
    return right / (batch * K)
  }
  report.text(`## The ten most similar of M = ${count.toLocaleString('en')}, d = ${dimension}\n`)
  const names = [...new Set(rows.map(({ what }) => what))]
  const told = names.map((name) => {
    const [alone, together] = BATCHES.map((batch) =>
      rows.find((row) => row.what === name && row.batch === batch),
    )
    for (const row of [alone, together]) {
      if (row === undefined) continue
      const { indices: _, ...figures } = row
      report.json({
        question: 'neighbours',
        dimension,
        count,
        ...figures,
        found: found(row),
        perQuery: row.median / row.batch,
      })
    }
    const time = (row, base) =>
      row === undefined
        ? ''
        : `${duration(row.median / row.batch)} (${factor(row.median / row.batch / (base.median / base.batch))}×)`
    const [first, many] = BATCHES.map((batch) => rows.find((row) => row.batch === batch))
    return [
      name,
      time(alone, first),
      time(together, many),
      percent(found(together ?? alone)),
      alone.build ? duration(alone.build) : '',
    ]
  })
  report.text(`${table(['', 'a query alone', 'a query of 256', 'of the ten', 'to build'], told)}\n`)
}
