import { expect, test } from 'vitest'
import { Frame } from '../../src/kernels/wasm/frame.js'
import { kindOf } from '../../src/kernels/wasm/heap.js'
import { nodeApi } from '../../src/kernels/wasm/node-api.js'

const HALF = 2 ** 31

/** A module that gives memory beyond 2 GB alone. Nothing is touched but what is asked for. */
function highFrame(): Frame {
  const buffer = new ArrayBuffer(HALF + 2 ** 22)
  let next = HALF + 2 ** 20
  return new Frame({
    memory: { buffer },
    malloc(bytes) {
      const at = next
      next += bytes
      // As WebAssembly hands an address over.
      return at | 0
    },
    free() {},
  })
}

test('arrays beyond 2 GB are copied in and out', () => {
  const frame = highFrame()
  for (const array of [Float64Array.of(1.5, -2), new Uint32Array(1000).fill(7)]) {
    frame.begin([array], 0, false)
    const at = frame.copied(array, kindOf(array) as number)
    expect(at).toBeGreaterThan(HALF)
    const bytes = frame.heap.bytes.slice(at, at + array.byteLength)
    expect(bytes).toEqual(new Uint8Array(array.buffer))
    frame.heap.bytes.fill(0, at, at + 8)
    frame.takeBack([0])
    expect(array[0]).toBe(0)
    frame.end()
  }
})

test('what is written at an address beyond 2 GB is there', () => {
  const frame = highFrame()
  const api = nodeApi({ frame, define: () => () => {} })
  const at = HALF + 1024
  const signed = at | 0
  const value = frame.give(2.5)
  api['napi_get_value_double'](1, value, signed)
  expect(frame.heap.doubles[at / 8]).toBe(2.5)
  api['napi_create_reference'](1, value, 1, signed)
  const reference = frame.heap.words[at / 4]
  api['napi_get_reference_value'](1, reference, signed)
  expect(frame.value(frame.heap.words[at / 4])).toBe(2.5)
  api['napi_is_exception_pending'](1, signed)
  expect(frame.heap.bytes[at]).toBe(0)
  frame.heap.bytes.set([104, 105, 0], at)
  expect(frame.text(signed, -1)).toBe('hi')
})
