// The vector indices of npm, of numbers: npm ci --prefix bench/peers installs them. usearch searches bits too, but its package for Node takes none.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readInput } from './inputs.mjs'
import { measure } from './measure.mjs'

const PEERS = new URL('peers/node_modules/', import.meta.url)

/** Their versions, or undefined where they are not installed. */
export function npmIndices() {
  if (!existsSync(fileURLToPath(new URL('usearch', PEERS)))) return undefined
  const version = (name) => JSON.parse(readFileSync(new URL(`${name}/package.json`, PEERS), 'utf8')).version
  return `usearch ${version('usearch')}, hnswlib-node ${version('hnswlib-node')}.`
}

/** Their rows, in a process of their own. */
export async function work({ folder, kind, dimension, batches, k, graphs }) {
  const { default: usearch } = await import(new URL('usearch/javascript/dist/esm/usearch.js', PEERS))
  const [keys, queries] = ['keys', 'queries'].map((name) => readInput(folder, name))
  const count = keys.length / dimension
  const rows = []
  /** Graphs are built in the first round, and read in the others. */
  const timed = async (what, { make, read, write }, ask) => {
    const path = join(folder, what.replaceAll(/\W/g, '-'))
    const kept = existsSync(path)
    const start = performance.now()
    const index = kept ? read(path) : make()
    const build = kept || write === undefined ? undefined : (performance.now() - start) / 1000
    if (!kept) write?.(index, path)
    for (const batch of batches) {
      const some = queries.subarray(0, batch * dimension)
      const call = () => ask(index, some, batch)
      const indices = [...call()].map(Number)
      rows.push({ name: `${what}, ${batch}`, what, batch, build, indices, ...(await measure(call)) })
    }
  }
  const metric = usearch.MetricKind.IP
  await timed(
    'usearch `exactSearch`',
    { make: () => null },
    (_, some) => usearch.exactSearch(keys, some, dimension, k, metric, 1).keys,
  )
  if (!graphs) return rows
  const labels = BigUint64Array.from({ length: count }, (_, at) => BigInt(at))
  for (const quantization of kind === 'f32' ? ['f32', 'i8'] : ['i8']) {
    const empty = () => new usearch.Index({ dimensions: dimension, metric, quantization, connectivity: 16 })
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
      (index, some) => index.search(some, k, 1).keys,
    )
  }
  if (kind !== 'f32') return rows
  const { default: hnswlib } = await import(new URL('hnswlib-node/lib/index.js', PEERS))
  const row = (from, b) => Array.from(from.subarray(b * dimension, (b + 1) * dimension))
  const opened = (open) => {
    const index = new hnswlib.HierarchicalNSW('ip', dimension)
    open(index)
    index.setEf(64)
    return index
  }
  await timed(
    'hnswlib-node (HNSW, M = 16, ef = 64)',
    {
      make: () =>
        opened((index) => {
          index.initIndex(count, 16, 200, 100)
          for (let at = 0; at < count; at++) index.addPoint(row(keys, at), at)
        }),
      read: (path) => opened((index) => index.readIndexSync(path)),
      write: (index, path) => index.writeIndexSync(path),
    },
    (index, some, batch) =>
      Array.from({ length: batch }, (_, b) => b).flatMap((b) => index.searchKnn(row(some, b), k).neighbors),
  )
  return rows
}
