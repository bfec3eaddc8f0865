// Embeddings in clusters, as models give them: keys and queries around the same centres, in f32, in int8, or as bits.
import { unitVectors } from './inputs.mjs'

const CLUSTERS = 100

/** @returns {{ keys: Float32Array | Int8Array, queries: Float32Array | Int8Array }} bits are bytes of eight */
export function embeddings({ kind, dimension, count }, queries) {
  if (kind === 'bits') return bitEmbeddings(dimension, count, queries)
  const centres = unitVectors(CLUSTERS, dimension, 1)
  const near = (rows, seed) => {
    const out = unitVectors(rows, dimension, seed)
    for (let row = 0; row < rows; row++) {
      const own = out.subarray(row * dimension, (row + 1) * dimension)
      const centre = centres.subarray(((row * 7919) % CLUSTERS) * dimension)
      let square = 0
      for (let c = 0; c < dimension; c++) {
        own[c] += centre[c]
        square += own[c] ** 2
      }
      for (let c = 0; c < dimension; c++) own[c] /= Math.sqrt(square)
    }
    return out
  }
  const vectors = { keys: near(count, 2), queries: near(queries, 3) }
  if (kind === 'f32') return vectors
  // One scale for all, as the largest component asks.
  const most = Math.max(
    ...Object.values(vectors).map((all) => all.reduce((m, x) => Math.max(m, Math.abs(x)), 0)),
  )
  const bytes = (all) => Int8Array.from(all, (x) => Math.round((x / most) * 127))
  return { keys: bytes(vectors.keys), queries: bytes(vectors.queries) }
}

/** Each differs from its centre on a quarter of its bits: so do the signs of the vectors above. */
function bitEmbeddings(neurons, count, queries) {
  let state = 12345
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
  const size = neurons / 32
  const centres = Int32Array.from({ length: CLUSTERS * size }, next)
  const near = (rows) => {
    const words = new Int32Array(rows * size)
    for (let k = 0; k < words.length; k++) {
      const cluster = (Math.floor(k / size) * 7919) % CLUSTERS
      words[k] = centres[cluster * size + (k % size)] ^ (next() & next())
    }
    return new Int8Array(words.buffer)
  }
  return { keys: near(count), queries: near(queries) }
}

/** The inner product of query b and key μ, or less the number of bits in which they differ. */
export function similarity({ kind, dimension }, { keys, queries }, b, mu) {
  const size = kind === 'bits' ? dimension / 8 : dimension
  let sum = 0
  for (let c = 0; c < size; c++) {
    const [x, y] = [queries[b * size + c], keys[mu * size + c]]
    sum += kind === 'bits' ? -popcount((x ^ y) & 255) : x * y
  }
  return sum
}

function popcount(byte) {
  let count = 0
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++
  return count
}
