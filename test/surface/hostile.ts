import { HopfieldNetwork, PackedPatterns } from '../../src/index.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { detach, revoked } from '../helpers/refusal.js'

/** What the hostile code of a caller throws. Such an error may come out as it is. */
export const SENTINEL = new Error('thrown by the hostile code of a caller')

function hostile(): never {
  throw SENTINEL
}

/** Throws at whatever is done to it. */
function throwing(target: object = {}): object {
  const names = Object.getOwnPropertyNames(Reflect) as (keyof ProxyHandler<object>)[]
  return new Proxy(target, Object.fromEntries(names.map((name) => [name, hostile])))
}

const packed = (neurons: number, count: number): PackedPatterns =>
  new PackedPatterns({ neurons, words: new Uint32Array(rowWords(neurons) * count) })

function shrunk(): Int8Array {
  const array = new Int8Array(resizable(16), 0, 12).fill(1)
  ;(array.buffer as unknown as { resize(bytes: number): void }).resize(4)
  return array
}

function resizable(bytes: number): ArrayBuffer {
  return new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(bytes, {
    maxByteLength: 4 * bytes + 8,
  })
}

function growable(bytes: number): SharedArrayBuffer {
  const Class = SharedArrayBuffer as unknown as new (n: number, o: object) => SharedArrayBuffer
  return new Class(bytes, { maxByteLength: 4 * bytes + 8 })
}

/** Values that mean nothing anywhere, or not what they look like. */
export const JUNK: readonly (readonly [what: string, make: () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => Number.NaN],
  ['-0', () => -0],
  ['-1', () => -1],
  ['half', () => 0.5],
  ['2^53', () => 2 ** 53],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['true', () => true],
  ['an empty string', () => ''],
  ['a string', () => 'x'],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['a bigint', () => 10n],
  ['a long bigint', () => 2n ** 5000n],
  ['a symbol', () => Symbol('hostile')],
  ['a function that throws', () => hostile],
  ['a boxed number', () => Object(1)],
  ['a boxed string', () => Object('abc')],
  ['a Map', () => new Map([['kind', 'ring']])],
  ['a Set', () => new Set([1])],
  ['a Promise', () => Promise.resolve({})],
  // biome-ignore lint/suspicious/noThenProperty: what awaits it would call it
  ['a thenable', () => ({ then: hostile })],
  ['a Date', () => new Date(0)],
  ['a RegExp', () => /x/],
  ['an error', () => new Error('x')],
  ['an ArrayBuffer', () => new ArrayBuffer(12)],
  ['a DataView', () => new DataView(new ArrayBuffer(12))],
  ['an empty object', () => ({})],
  ['an object without prototype', () => Object.create(null)],
  ['inherited options', () => Object.create({ neurons: 12 })],
  ['an own __proto__', () => JSON.parse('{"__proto__":{"length":3}}')],
  ['an own constructor', () => ({ constructor: 1 })],
  ['an empty array', () => []],
  ['an empty row', () => [[]]],
  ['undefined in an array', () => [undefined]],
  ['null in an array', () => [null]],
  ['holes', () => new Array(12)],
  ['a hole as a row', () => new Array(1)],
  ['nested thrice', () => [[[1]]]],
  ['no Int8s', () => new Int8Array(0)],
  ['no Float32s', () => new Float32Array(0)],
  ['no Float64s', () => new Float64Array(0)],
  ['no Uint32s', () => new Uint32Array(0)],
  ['no bigints', () => new BigInt64Array(0)],
  ['NaNs', () => new Float64Array(12).fill(Number.NaN)],
  ['huge bigints', () => new BigInt64Array(12).fill(2n ** 60n)],
  ['no length', () => ({ length: 0 })],
  ['a huge length', () => ({ length: 2 ** 40 })],
  ['a length of 2^53', () => ({ length: 2 ** 53 })],
  ['huge rows', () => ({ length: 2 ** 40, 0: [1] })],
  ['a negative length', () => ({ length: -1 })],
  ['a length in words', () => ({ length: '12' })],
  [
    'a length that throws',
    () => ({
      get length() {
        return hostile()
      },
    }),
  ],
  ['a detached Int8Array', () => detach(new Int8Array(12))],
  ['a detached Float32Array', () => detach(new Float32Array(12))],
  ['a detached Float64Array', () => detach(new Float64Array(12))],
  ['a detached Uint32Array', () => detach(new Uint32Array(12))],
  ['a detached Uint8Array', () => detach(new Uint8Array(12))],
  ['a shrunk array', shrunk],
  ['a revoked Proxy', () => revoked()],
  ['a revoked array', () => revoked([])],
  ['a row that is revoked', () => [revoked([])]],
  ['a revoked function', () => revoked(hostile)],
  ['a Proxy that throws', () => throwing()],
  ['an array Proxy that throws', () => throwing([])],
  [
    'a getter that throws',
    () => ({
      get kind() {
        return hostile()
      },
    }),
  ],
  ['conversions that throw', () => ({ toString: hostile, valueOf: hostile, [Symbol.toPrimitive]: hostile })],
  [
    'an iterator that never ends',
    () => ({
      length: 1,
      0: 1,
      *[Symbol.iterator]() {
        for (;;) yield 1
      },
    }),
  ],
  ['packed patterns of another size', () => packed(7, 1)],
  ['no packed patterns', () => packed(12, 0)],
  [
    'something like packed patterns',
    () => Object.assign(Object.create(PackedPatterns.prototype), { neurons: 12, count: 1 }),
  ],
  ['another memory', () => new HopfieldNetwork({ neurons: 3 })],
  ['a class', () => HopfieldNetwork],
  [
    'something like an AbortSignal',
    () => ({ aborted: false, addEventListener: hostile, removeEventListener: hostile }),
  ],
  ['AbortSignal.prototype', () => AbortSignal.prototype],
]

type Numbers = Int8Array | Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array
const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && 'length' in value

function copyTo<T extends Numbers>(array: T, buffer: ArrayBufferLike): T {
  const copy = new (array.constructor as new (b: ArrayBufferLike) => T)(buffer)
  copy.set(array)
  return copy
}

/** The same as a good value in another guise: it gives the same result, or is refused. */
export const GUISES: readonly (readonly [what: string, make: (good: unknown) => unknown])[] = [
  ['behind a Proxy', (good) => (isPlain(good) || isNumbers(good) ? new Proxy(good, {}) : good)],
  [
    'of a subclass',
    (good) => {
      if (!isNumbers(good)) return good
      const Parent = good.constructor as new (from: Numbers) => Int8Array
      return new (class extends Parent {
        static get [Symbol.species](): never {
          return hostile()
        }
        override get length(): 5 {
          return 5
        }
      })(good)
    },
  ],
  [
    'with a constructor of its own',
    (good) => (isNumbers(good) ? Object.defineProperty(good.slice(), 'constructor', { get: hostile }) : good),
  ],
  [
    'in shared memory',
    (good) => (isNumbers(good) ? copyTo(good, new SharedArrayBuffer(good.byteLength)) : good),
  ],
  ['in growable memory', (good) => (isNumbers(good) ? copyTo(good, growable(good.byteLength)) : good)],
  ['in resizable memory', (good) => (isNumbers(good) ? copyTo(good, resizable(good.byteLength)) : good)],
  ['as an array', (good) => (isNumbers(good) ? Array.from(good) : good)],
  ['as an array-like', (good) => (isNumbers(good) ? { ...Array.from(good), length: good.length } : good)],
  [
    'frozen',
    (good) =>
      typeof good === 'object' && good !== null && !ArrayBuffer.isView(good) ? Object.freeze(good) : good,
  ],
  ['without prototype', (good) => (isPlain(good) ? Object.assign(Object.create(null), good) : good)],
]

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** The same values, in an array that runs code before it gives its first one. */
export function trapped(good: unknown, run: () => void): unknown {
  if (!isNumbers(good) || good.length === 0) return undefined
  const [first, ...rest] = good
  return Object.defineProperty([first, ...rest], 0, {
    enumerable: true,
    get() {
      run()
      return first
    },
  })
}
