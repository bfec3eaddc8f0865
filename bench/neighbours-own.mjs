// The ten most similar by this package: `top` of the modern network, and `nearest` where keys are bits.
import { backend, HopfieldNetwork, ModernHopfield, PackedPatterns } from 'hopfield-native'
import { readInput } from './inputs.mjs'
import { measure } from './measure.mjs'

/** Rows of one tier, in its own process. */
export async function work({ folder, kind, dimension, batches, k }) {
  const [keys, queries] = ['keys', 'queries'].map((name) => readInput(folder, name))
  const start = performance.now()
  const search =
    kind === 'bits' ? ofBits(keys, queries, dimension, k) : ofVectors(keys, queries, dimension, k)
  // What is made for the first search.
  search(1)()
  const build = (performance.now() - start) / 1000
  const what = `hopfield-native, ${backend().tier}`
  const rows = []
  for (const batch of batches) {
    const call = search(batch)
    const indices = [...call().indices]
    rows.push({ name: `${what}, ${batch}`, what, batch, build, indices, ...(await measure(call)) })
  }
  return rows
}

function ofVectors(keys, queries, dimension, k) {
  const count = keys.length / dimension
  const asked = Float32Array.from(queries)
  // Eight times the default over the mean square of a key: 8√d for unit vectors.
  const square = keys.reduce((sum, x) => sum + x * x, 0) / count
  const net = new ModernHopfield({ dimension, beta: (8 * Math.sqrt(dimension)) / square, capacity: count })
  net.store(Float32Array.from(keys))
  return (batch) => {
    const some = asked.subarray(0, batch * dimension)
    return () => net.topBatch(some, k)
  }
}

function ofBits(keys, queries, neurons, k) {
  const packed = (bytes) =>
    PackedPatterns.fromBytes(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), { neurons })
  const net = new HopfieldNetwork({ neurons }).store(packed(keys))
  return (batch) => {
    const states = packed(queries.subarray(0, (batch * neurons) / 8))
    return () => net.nearest(states, { k })
  }
}
