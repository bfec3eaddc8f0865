import { clearPadding, rowWords } from '../layout.js'

/** {@link Kernels.willshawStore} */
export function willshawStore(
  weights: Uint32Array,
  _neurons: number,
  outputs: number,
  active: Uint32Array,
  row: Uint32Array,
): void {
  const stride = rowWords(outputs)
  for (const unit of active) {
    for (let w = 0; w < stride; w++) weights[unit * stride + w] |= row[w]
  }
}

/** {@link Kernels.willshawCounts} */
export function willshawCounts(
  weights: Uint32Array,
  _neurons: number,
  outputs: number,
  active: Uint32Array,
  out: Uint32Array,
): void {
  const stride = rowWords(outputs)
  out.fill(0, 0, outputs)
  for (const unit of active) {
    for (let j = 0; j < outputs; j++) out[j] += (weights[unit * stride + (j >>> 5)] >>> (j & 31)) & 1
  }
}

/** {@link Kernels.willshawRecall} */
export function willshawRecall(
  weights: Uint32Array,
  neurons: number,
  outputs: number,
  active: Uint32Array,
  threshold: number,
  out: Uint32Array,
): void {
  const stride = rowWords(outputs)
  if (threshold === active.length) {
    // All of them: what their rows have in common.
    out.fill(0xffffffff, 0, stride)
    for (const unit of active) for (let w = 0; w < stride; w++) out[w] &= weights[unit * stride + w]
    clearPadding(out, outputs)
    return
  }
  const counts = new Uint32Array(outputs)
  willshawCounts(weights, neurons, outputs, active, counts)
  out.fill(0, 0, stride)
  for (let j = 0; j < outputs; j++) if (counts[j] >= threshold) out[j >>> 5] |= 1 << (j & 31)
}
