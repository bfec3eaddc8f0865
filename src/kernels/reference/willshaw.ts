import { rowWords } from '../contract/layout.js'

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
