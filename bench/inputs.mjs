// Random patterns and noisy cues, passed to other processes as .npy files in a temporary folder.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addNoise, formatNpy, parseNpy, randomPatterns } from 'hopfield-native'

/** Sizes of most benchmarks: small enough for every program compared, P = 0.05·N. */
export const SIZES = [
  [4096, 204],
  [1024, 51],
]

/** `count` random patterns and `batch` cues; cue b is pattern b mod P with a share of its neurons flipped. */
export function makeInputs([neurons, count], batch, fraction = 0.2) {
  const patterns = randomPatterns({ count, neurons, seed: 1 })
  const cues = new Int8Array(batch * neurons)
  for (let b = 0; b < batch; b++) {
    const mu = b % count
    const original = patterns.subarray(mu * neurons, (mu + 1) * neurons)
    cues.set(addNoise(original, { noise: fraction, seed: 2, stream: b }), b * neurons)
  }
  return { patterns, cues }
}

/**
 * Calls `use` with a temporary folder that contains NAME.npy for each array, in rows of N neurons.
 * @template T
 * @param {Record<string, Int8Array | Float32Array | Float64Array>} arrays
 * @param {(folder: string) => T} use
 * @returns {Promise<Awaited<T>>}
 */
export async function inFolder(neurons, arrays, use) {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-bench-'))
  try {
    for (const [name, array] of Object.entries(arrays)) {
      const shape =
        array instanceof Int8Array || array instanceof Float32Array
          ? [array.length / neurons, neurons]
          : [array.length]
      writeFileSync(join(folder, `${name}.npy`), formatNpy(array, shape))
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One array of such a folder. */
export function readInput(folder, name) {
  return parseNpy(readFileSync(join(folder, `${name}.npy`))).data
}

/** Digest by which processes compare states. */
export function digest(states) {
  return createHash('sha1')
    .update(new Uint8Array(states.buffer, states.byteOffset, states.byteLength))
    .digest('hex')
}

/** Keys with noise of that length added, one after the other in no order, as unit vectors. */
export function noisyQueries(keys, dimension, noise, batch) {
  const count = keys.length / dimension
  const queries = unitVectors(batch, dimension, 2)
  for (let b = 0; b < batch; b++) {
    const query = queries.subarray(b * dimension, (b + 1) * dimension)
    const key = keys.subarray(((b * 7919) % count) * dimension)
    for (let c = 0; c < dimension; c++) query[c] = key[c] + noise * query[c]
    const norm = Math.hypot(...query)
    for (let c = 0; c < dimension; c++) query[c] /= norm
  }
  return queries
}

/** Random unit vectors by the polar method, from a 32-bit generator: only their spread matters. */
export function unitVectors(count, dimension, seed) {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const out = new Float32Array(count * dimension)
  for (let row = 0; row < count; row++) {
    const own = out.subarray(row * dimension, (row + 1) * dimension)
    let square = 0
    for (let c = 0; c < dimension; c++) {
      own[c] = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
      square += own[c] ** 2
    }
    for (let c = 0; c < dimension; c++) own[c] /= Math.sqrt(square)
  }
  return out
}
