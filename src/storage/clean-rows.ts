import { BLOCK_BITS, rowWords, tailMask } from '../kernels/contract/layout.js'
import { misfit, type RecordReader } from './record.js'

/** Refuses packed rows that have something beyond their `neurons` bits. */
export function checkClean(from: RecordReader, name: string, rows: Uint32Array, neurons: number): void {
  const count = rows.length / rowWords(neurons)
  // Rows that fill their blocks have no padding, and need not be read.
  if (neurons % BLOCK_BITS === 0) return
  from.check(function* () {
    for (let at = 0; at < count; at += ROWS) {
      const bad = dirty(rows, neurons, at, Math.min(at + ROWS, count))
      if (bad >= 0) throw misfit(name, `expected zeros behind bit ${neurons} of row ${bad}`)
      yield
    }
  })
}

/** Rows per step of a check. */
export const ROWS = 2 ** 14

/** The first of rows from…to that has something beyond its `neurons` bits; −1 if none has. */
export function dirty(rows: Uint32Array, neurons: number, from: number, to: number): number {
  const stride = rowWords(neurons)
  const last = Math.ceil(neurons / 32) - 1
  const beyond = ~tailMask(neurons)
  for (let mu = from; mu < to; mu++) {
    const base = mu * stride
    if ((rows[base + last] & beyond) !== 0) return mu
    for (let w = last + 1; w < stride; w++) if (rows[base + w] !== 0) return mu
  }
  return -1
}
