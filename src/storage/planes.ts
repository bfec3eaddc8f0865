import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../kernels/contract/layout.js'

/**
 * Puts patterns from…to, whose rows are written, into planes that hold those before them. Readers may be at those meanwhile: planes hold eight
 * patterns side by side, so the first few come one by one.
 */
export function addToPlanes(
  kernels: Kernels,
  neurons: number,
  rows: Uint32Array,
  planes: Uint32Array,
  from: number,
  to: number,
): void {
  const stride = rowWords(neurons)
  const whole = Math.min(Math.ceil(from / 8) * 8, to)
  for (let mu = from; mu < whole; mu++) placeInPlanes(neurons, rows, planes, mu)
  if (whole === to) return
  const some = rows.subarray(whole * stride, to * stride)
  kernels.interleave(
    some,
    to - whole,
    neurons,
    planes.subarray(planeWords(whole, neurons), planeWords(to, neurons)),
  )
}

/** Puts one pattern, whose row is written, into planes. */
export function placeInPlanes(neurons: number, rows: Uint32Array, planes: Uint32Array, mu: number): void {
  const row = mu * rowWords(neurons)
  const words = Math.ceil(neurons / 64)
  const first = planeWords(Math.floor(mu / 8) * 8, neurons) + (mu % 8) * 2
  for (let w = 0; w < words; w++) {
    planes[first + w * 16] = rows[row + 2 * w]
    planes[first + w * 16 + 1] = rows[row + 2 * w + 1]
  }
}
