import { WordStream } from '../../src/numerics/philox.js'

/** Independent standard normal numbers (Box and Muller). */
export function gaussians(length: number, seed: number): Float32Array {
  const random = new WordStream(seed, 77).seek(0, 0)
  return Float32Array.from({ length }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
    return radius * Math.cos(2 * Math.PI * random.uniform())
  })
}

/** `count` directions of `dimension` numbers, uniform on the sphere. */
export function unitVectors(count: number, dimension: number, seed: number): Float32Array {
  const out = gaussians(count * dimension, seed)
  for (let row = 0; row < count; row++) {
    const own = out.subarray(row * dimension, (row + 1) * dimension)
    const norm = Math.hypot(...own)
    for (let c = 0; c < dimension; c++) own[c] /= norm
  }
  return out
}
