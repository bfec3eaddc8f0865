import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { columnWords, rowWords } from '../contract/layout.js'

export function pack(states: Int8Array, count: number, neurons: number, rows: Uint32Array): number {
  const stride = rowWords(neurons)
  rows.fill(0, 0, count * stride)
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < neurons; i++) {
      const value = states[b * neurons + i]
      if (value === 1) rows[b * stride + (i >>> 5)] |= 1 << (i & 31)
      else if (value !== -1) return b * neurons + i
    }
  }
  return -1
}

export function unpack(rows: Uint32Array, count: number, neurons: number, states: Int8Array): void {
  const stride = rowWords(neurons)
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < neurons; i++) {
      states[b * neurons + i] = ((rows[b * stride + (i >>> 5)] >>> (i & 31)) & 1) * 2 - 1
    }
  }
}

export function transpose(...given: Parameters<typeof transposeSteps>): void {
  atOnce(transposeSteps(...given))
}

/** In steps. */
export function* transposeSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  columns: Uint32Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = rowWords(neurons)
  const height = columnWords(count)
  columns.fill(0, 0, neurons * height)
  for (let mu = 0; mu < count; mu++) {
    for (let i = 0; i < neurons; i++) {
      const bit = (rows[mu * stride + (i >>> 5)] >>> (i & 31)) & 1
      columns[i * height + (mu >>> 5)] |= bit << (mu & 31)
    }
    if (pace.due(neurons)) yield
  }
}
