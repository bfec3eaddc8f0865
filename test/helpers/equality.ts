import { expect } from 'vitest'

/**
 * Typed arrays of one type and the same bytes are equal, as toEqual finds by asking for every key of both, a hundred times slower. Where
 * the bytes differ, toEqual decides and says where.
 */
function sameBytes(a: unknown, b: unknown): true | undefined {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a.byteLength !== b.byteLength) return undefined
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  )
    ? true
    : undefined
}

// Once a process, which several files may share.
const DONE = Symbol.for('hopfield-native: typed arrays are compared')
const known = globalThis as { [DONE]?: true }
if (known[DONE] === undefined) {
  known[DONE] = true
  expect.addEqualityTesters([sameBytes])
}
