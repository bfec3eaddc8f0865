import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Addon, loadAddon } from '../../src/kernels/native/native.js'

const addon = loadAddon() as Addon
const present = 'tiers' in addon
if (!present && process.env['CI']) throw new Error('CI needs the addon')

function detached(): Uint32Array {
  const words = new Uint32Array(64)
  structuredClone(words.buffer, { transfer: [words.buffer] })
  return words
}

/** What JavaScript might hand over: right, nearly right and absurd. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 'avx2', '', 0n, Symbol('s'), {}, [], () => 1),
  fc.constantFrom(
    0,
    1,
    2,
    3,
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    25,
    64,
    512,
    2 ** 30,
    2 ** 31,
    2 ** 40,
    2 ** 53,
    1e300,
  ),
  fc.nat({ max: 600 }),
  fc.nat({ max: 600 }).map((n) => new Int8Array(n).fill(1)),
  fc.nat({ max: 600 }).map((n) => new Uint32Array(n).fill(0xffffffff)),
  fc.nat({ max: 600 }).map((n) => new Int32Array(n).fill(-(2 ** 31))),
  fc.nat({ max: 600 }).map((n) => new Float64Array(n).fill(Number.NaN)),
  fc.nat({ max: 20 }).map((n) => new Float64Array(n).fill(1)),
  fc.nat({ max: 6000 }).map((n) => new Float32Array(n).fill(Number.NEGATIVE_INFINITY)),
  fc.nat({ max: 60_000 }).map((n) => new Uint8Array(n).fill(0xff)),
  fc.constantFrom(
    new Uint8Array(64),
    new Float32Array(64),
    new DataView(new ArrayBuffer(64)),
    new ArrayBuffer(64),
  ),
  fc.constant(null).map(detached),
)

test.runIf(present)('the addon throws and never crashes, whatever it is handed', () => {
  const kernels = addon
    .tiers()
    .filter((tier) => tier.usable)
    .map((tier) => addon.kernels(tier.name))
  const functions = [
    addon.tiers,
    addon.kernels,
    addon.misalignment,
    addon.preferLargePages,
    ...kernels.flatMap((table) => Object.values(table)),
  ]
  let thrown = 0
  fc.assert(
    fc.property(fc.nat(), fc.array(anything, { maxLength: 16 }), (which, values) => {
      try {
        ;(functions[which % functions.length] as (...all: unknown[]) => unknown)(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
        thrown++
      }
    }),
    { seed: 5, numRuns: 20_000 },
  )
  expect(thrown).toBeGreaterThan(10_000)
})

test.runIf(present)('a recall with one argument spoilt throws and changes nothing', () => {
  const { recall } = addon.kernels(addon.tiers().filter((tier) => tier.usable)[0].name)
  const good = (): unknown[] => [
    false,
    25,
    3,
    new Uint32Array(48),
    new Uint32Array(50),
    new Int8Array(25).fill(1),
    1,
    new Int8Array(25),
    new Float64Array(4),
    Float64Array.of(0, 0, 0, 10, 1, 0, 0, 25, 0),
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]
  const call = recall as (...all: unknown[]) => unknown
  expect(call(...good())).toBe(-1)
  fc.assert(
    fc.property(fc.nat({ max: 14 }), anything, (which, value) => {
      const values = good()
      values[which] = value
      try {
        call(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        if (which !== 7) expect(values[7]).toEqual(new Int8Array(25))
      }
    }),
    { seed: 6, numRuns: 20_000 },
  )
})

test.runIf(present)(
  'a recall from learned weights with one argument spoilt throws, or writes nowhere else',
  () => {
    const { recall } = addon.kernels(addon.tiers().filter((tier) => tier.usable)[0].name)
    const call = recall as (...all: unknown[]) => unknown
    const [n, p] = [25, 3]
    const besides: (() => unknown[])[] = [
      () => [
        1,
        Float64Array.of(1, 1, 1),
        new Float64Array(8 * p),
        new Float64Array(n),
        new Float64Array(8 * n),
      ],
      () => [2, new Float32Array(n * 32)],
      () => [2, new Int32Array(n * 32)],
      () => [3, new Uint32Array(n * 16)],
      () => [
        4,
        Uint32Array.from({ length: n + 1 }, (_, i) => 2 * i),
        new Uint32Array(2 * n),
        new Float64Array(2 * n),
      ],
    ]
    const good = (form: number): unknown[] => [
      false,
      n,
      p,
      new Uint32Array(48),
      new Uint32Array(50),
      new Int8Array(n).fill(1),
      1,
      new Int8Array(n),
      new Float64Array(4),
      Float64Array.of(0, 0, 0, 3, 1, 0, 0, n, 7),
      undefined,
      undefined,
      undefined,
      undefined,
      Float64Array.of(1, 0),
      ...besides[form](),
    ]
    for (const form of besides.keys()) expect(call(...good(form))).toBe(-1)
    fc.assert(
      fc.property(fc.nat({ max: 21 }), anything, fc.nat({ max: 4 }), (which, value, form) => {
        const values = good(form)
        values[which] = value
        try {
          call(...values)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          if (which !== 7) expect(values[7]).toEqual(new Int8Array(n))
        }
      }),
      { seed: 8, numRuns: 20_000 },
    )
  },
)

test.runIf(present)(
  'a retrieval with one argument spoilt throws, or writes nowhere but where it should',
  () => {
    const { retrieve, logits, screen, screenBytes } = addon.kernels(
      addon.tiers().filter((tier) => tier.usable)[0].name,
    )
    const [count, dimension, queries] = [320, 9, 3]
    const keys = Float32Array.from({ length: count * dimension }, (_, k) => Math.sin(k))
    const room = new Uint8Array((count / 64) * screenBytes(dimension))
    screen(count, dimension, keys, undefined, undefined, room, 0, count / 64)
    const asked = keys.slice(0, queries * dimension)
    const good = (separator: number): unknown[] => [
      count,
      dimension,
      dimension,
      keys,
      keys,
      undefined,
      undefined,
      room,
      Float64Array.of(30, 0, separator, 3),
      asked,
      queries,
      undefined,
      new Float32Array(queries * dimension + 8).subarray(0, queries * dimension),
      new Float64Array(2 * queries),
    ]
    const call = retrieve as (...all: unknown[]) => unknown
    fc.assert(
      fc.property(fc.nat({ max: 13 }), anything, fc.nat({ max: 2 }), (which, value, separator) => {
        const values = good(separator)
        values[which] = value
        try {
          call(...values)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
        const out = good(separator)[12] as Float32Array
        expect(new Float32Array(out.buffer, out.byteLength)).toEqual(new Float32Array(8))
        try {
          ;(logits as (...all: unknown[]) => unknown)(
            ...values.slice(0, 11),
            new Float64Array(queries * count),
          )
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
      { seed: 7, numRuns: 5_000 },
    )
  },
)

test('workers may load the package many times and be terminated in the middle of a recall', async () => {
  const script = `
    import('hopfield-native').then(({ HopfieldNetwork, randomPatterns }) => {
      const { parentPort } = require('node:worker_threads')
      const net = new HopfieldNetwork({ neurons: 2000 }).store(randomPatterns({ count: 100, neurons: 2000, seed: 1 }))
      const cues = randomPatterns({ count: 50, neurons: 2000, seed: 2 })
      parentPort.postMessage('ready')
      for (;;) net.recallBatch(cues, { trace: true })
    })`
  for (let round = 0; round < 5; round++) {
    const workers = Array.from({ length: 4 }, () => new Worker(script, { eval: true }))
    await Promise.all(
      workers.map(
        (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
      ),
    )
    const codes = await Promise.all(workers.map((worker) => worker.terminate()))
    expect(codes).toEqual([1, 1, 1, 1])
  }
})

test.runIf(present)('an integration or a search with one argument spoilt throws, or computes', () => {
  const {
    integrate,
    integrateTraced,
    gradedSlopes,
    gradedEnergies,
    nearest,
    interleave,
    bidirectional,
    recallCodes,
    willshawStore,
  } = addon.kernels(addon.tiers().filter((tier) => tier.usable)[0].name) as unknown as Record<
    string,
    (...all: unknown[]) => unknown
  >
  const [n, count] = [5, 3]
  const numbers = (length: number): Float64Array => new Float64Array(length).fill(0.1)
  const network = [n, numbers(40), numbers(5), Float64Array.of(0, 3, 1, 1, 1, 0.1, 1e-3, 1e-3, 9)]
  const good: [(...all: unknown[]) => unknown, () => unknown[]][] = [
    [integrate, () => [...network, numbers(15), count, numbers(15), numbers(12)]],
    [integrateTraced, () => [...network, numbers(5), 1, numbers(5), numbers(4), true]],
    [gradedSlopes, () => [...network, numbers(15), count, numbers(15), numbers(15)]],
    [gradedEnergies, () => [...network, numbers(15), count, numbers(3)]],
    [interleave, () => [new Uint32Array(160).fill(7), 10, 70, new Uint32Array(64)]],
    [
      nearest,
      () => {
        const [states, indices, out] = [new Uint32Array(48), new Uint32Array(count), new Int32Array(count)]
        return [new Uint32Array(64).fill(7), 10, 70, states, count, 0, indices, out]
      },
    ],
    [
      recallCodes,
      () => {
        const weights = new Uint32Array(40 * 16).fill(7)
        const none = [undefined, undefined, undefined, undefined, undefined]
        const cues = [Uint32Array.of(0, 2, 3), Uint32Array.of(1, 9, 39), 2]
        return [
          40,
          40,
          true,
          weights,
          0,
          0,
          ...none,
          ...cues,
          2,
          -1,
          5,
          new Uint32Array(32),
          new Uint32Array(4),
        ]
      },
    ],
    [
      recallCodes,
      () => {
        const lists = [
          new Uint32Array(41).fill(1, 1),
          Uint32Array.of(0),
          Uint32Array.of(0, 2),
          Uint32Array.of(0, 3),
        ]
        const cues = [Uint32Array.of(0, 2, 3), Uint32Array.of(0, 9, 39), 2]
        const more = [...cues, Number.NaN, 3, 1, new Uint32Array(32), new Uint32Array(4)]
        return [40, 33, false, undefined, 1, 0.1, ...lists, new Float64Array(33), ...more]
      },
    ],
    [
      willshawStore,
      () => [new Uint32Array(40 * 16), 40, 40, Uint32Array.of(1, 39), new Uint32Array(16).fill(7)],
    ],
    [
      bidirectional,
      () => {
        const words = (): Uint32Array => new Uint32Array(count * 16).fill(7)
        const patterns = [count, 70, 33, words(), words()]
        return [...patterns, words(), words(), count, new Uint8Array(count), 20, numbers(9)]
      },
    ],
  ]
  for (const [call, values] of good) expect(() => call(...values())).not.toThrow()
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 18 }), anything, (what, which, value) => {
      const [call, given] = good[what]
      const values = given()
      values[which % values.length] = value
      try {
        call(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    }),
    { seed: 8, numRuns: 20_000 },
  )
})

test.runIf(present)('a learning rule with one argument spoilt throws, or computes within its arrays', () => {
  const kernels = addon.kernels(addon.tiers().filter((tier) => tier.usable)[0].name) as unknown as Record<
    string,
    (...all: unknown[]) => unknown
  >
  const { storkey, rankOne, border, retire, responses, perceptron, bounded, clipped } = kernels
  const [n, count] = [9, 3]
  const rows = (many: number): Uint32Array =>
    new Uint32Array(16 * many).map((_, k) => (k * 2654435761) >>> 23)
  // Eight numbers behind each array are somebody else's.
  const guarded: Float64Array[] = []
  const reals = (length: number): Float64Array => {
    const all = new Float64Array(length + 8).fill(0.01, 0, length)
    guarded.push(all)
    return all.subarray(0, length)
  }
  const whole = (): Int32Array => new Int32Array(n * n)
  const good: [(...all: unknown[]) => unknown, () => unknown[]][] = [
    [storkey, () => [rows(count), count, n, reals(n * 16)]],
    [rankOne, () => [rows(1), n, 0.1, reals(n * 16), true]],
    [border, () => [rows(count + 2), 2, count, n, 1e-9, reals(40), 8, reals(5)]],
    [retire, () => [reals(24), 8, count, 1]],
    [responses, () => [reals(24), 8, new Uint32Array(18), count, n, reals(n * 8), reals(n)]],
    [perceptron, () => [rows(count), count, n, 0.5, 20, whole(), new Uint32Array(n)]],
    [bounded, () => [rows(count), count, n, 4, whole()]],
    [clipped, () => [new Uint32Array(18), count, n, true, new Uint32Array(n * 16)]],
  ]
  for (const [call, values] of good) expect(() => call(...values())).not.toThrow()
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 7 }), anything, (what, which, value) => {
      const [call, given] = good[what]
      guarded.length = 0
      const values = given()
      // As many epochs as a word can count take longer than a test should.
      if (call !== perceptron || which !== 4) values[which % values.length] = value
      try {
        call(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
      expect(guarded.every((all) => all.subarray(-8).every((x) => x === 0))).toBe(true)
    }),
    { seed: 9, numRuns: 20_000 },
  )
})
