import { columnWords, popcount32 } from '../contract/layout.js'

export function hebbian(
  columns: Uint32Array,
  count: number,
  neurons: number,
  sign: 1 | -1,
  weights: Int32Array,
  fresh: boolean,
): void {
  if (fresh) weights.fill(0, 0, neurons * neurons)
  const height = columnWords(count)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      let differing = 0
      for (let k = 0; k < height; k++)
        differing += popcount32(columns[i * height + k] ^ columns[j * height + k])
      const delta = sign * (count - 2 * differing)
      weights[i * neurons + j] += delta
      weights[j * neurons + i] += delta
    }
  }
}
