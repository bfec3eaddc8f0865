import { expect } from 'vitest'

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

/**
 * toEqual for long typed arrays: the same type and the same bytes. toEqual walks them element by element, about a
 * microsecond each, so it is asked only where there is a difference to show.
 */
export function expectSame<T extends ArrayBufferView>(actual: unknown, expected: T, message?: string): void {
  const sameType = actual instanceof (expected.constructor as new () => T)
  if (sameType && bytesOf(actual).equals(bytesOf(expected))) return
  expect(actual, message).toEqual(expected)
}
