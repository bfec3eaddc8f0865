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

/** A module with memory for one array of 64 kB beside what a frame takes, and how often it gave some. */
function smallFrame(): { frame: Frame; given: () => number } {
  let free = 1
  let count = 0
  let frames = 2
  const frame = new Frame({
    memory: { buffer: new ArrayBuffer(2 ** 20) },
    malloc() {
      // The frame's own come first.
      if (frames > 0) return 64 + (2 - frames--) * 2 ** 19
      if (free === 0) return 0
      free--
      count++
      return 2 ** 18 + 2 ** 17
    },
    free() {
      free++
    },
  })
  return { frame, given: () => count }
}

/** The last word of a part, as a call finds it. */
function reader(frame: Frame): (part: Uint32Array<ArrayBuffer>) => number {
  return (part) => {
    frame.begin([part], 0, false)
    const at = frame.copied(part, kindOf(part) as number)
    const value = frame.heap.words[at / 4 + part.length - 1]
    frame.takeBack([])
    frame.end()
    return value
  }
}

test('words that stay as they are come once, until it is said of them again', () => {
  const { frame, given } = smallFrame()
  const words = new Uint32Array(2 ** 14).fill(7)
  const read = reader(frame)
  frame.settle(words)
  expect(read(words)).toBe(7)
  expect(read(words.subarray(8, 2 ** 13))).toBe(7)
  expect(given()).toBe(1)
  words.fill(9)
  frame.settle(words)
  expect(read(words.subarray(8, 2 ** 13))).toBe(9)
  expect(given()).toBe(2)
})

test('of words that stay as they are, a call brings what lies about its part', () => {
  let next = 64
  const frame = new Frame({
    memory: { buffer: new ArrayBuffer(2 ** 22) },
    malloc(bytes) {
      next += bytes
      return next - bytes
    },
    free() {},
  })
  const read = reader(frame)
  const words = new Uint32Array(2 ** 18).fill(7)
  frame.settle(words)
  expect(read(words.subarray(0, 3000))).toBe(7)
  // Nobody may: it shows when words come.
  words.fill(9)
  expect(read(words.subarray(100, 5000))).toBe(7)
  expect(read(words.subarray(-4000))).toBe(9)
  expect(read(words.subarray(2 ** 16 - 4000, 2 ** 16 + 1))).toBe(9)
  expect(read(words.subarray(2 ** 16 - 4000, 2 ** 16))).toBe(7)
  expect(read(words)).toBe(9)
})

test('copies of what stays give way where there is no other memory, and not to the call that reads them', () => {
  const { frame, given } = smallFrame()
  const [one, other] = [new Uint32Array(2 ** 14), new Uint32Array(2 ** 14)]
  const kind = kindOf(one) as number
  frame.settle(one)
  frame.settle(other)
  for (const words of [one, other, one]) {
    frame.begin([words], 0, false)
    frame.copied(words, kind)
    frame.end()
  }
  expect(given()).toBe(3)
  frame.begin([one, other], 0, false)
  frame.copied(one, kind)
  expect(() => frame.copied(other, kind)).toThrow(/out of memory/)
  frame.end()
})
