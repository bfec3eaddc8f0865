import { describe, expect, it } from 'vitest'
import {
  featureSignWords,
  featureSumLength,
  hiddenStride,
  type Kernels,
  type PairMemory,
} from '../../src/kernels/contract/kernels.js'
import { columnWords, rowWords } from '../../src/kernels/contract/layout.js'
import { WordStream } from '../../src/numerics/philox.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'
import { callsOf, memoriesOf, newBlock, PAIRWISE, present, ROW, TIERS, tableOf, taken } from './calls.js'

// Whatever is in the arrays that a kernel is handed, it stays within them: padding bits that are set, indices out of bounds, numbers that
// are none. What it computes then is not specified. Every array lies between guards, so that a write beside it shows; reads beside it are
// what the address sanitizer finds in these same calls.

type Values = Uint32Array | Int32Array | Float64Array | Float32Array | Int8Array | Uint8Array

const CONTENTS = ['ones', 'random', 'small'] as const
type Contents = (typeof CONTENTS)[number]
const GUARD = 64
const words = new WordStream(11, 0)

function fill(values: Values, contents: Contents): void {
  if (contents === 'small') {
    for (let k = 0; k < values.length; k++) values[k] = words.word() % 80
    return
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  let bits = 0
  if (contents === 'ones') bytes.fill(255)
  else {
    for (let k = 0; k < bytes.length; k++) {
      bits = k % 4 === 0 ? words.word() : bits >>> 8
      bytes[k] = bits
    }
  }
}

/** Arrays with the same contents, each between guards. */
class Arena {
  readonly #contents: Contents
  readonly #guards: Uint8Array[] = []

  constructor(contents: Contents) {
    this.#contents = contents
  }

  /** The same values between guards. */
  like<T extends Values>(values: T): T {
    const room = new Uint8Array(values.byteLength + 2 * GUARD).fill(0xa5)
    const Class = values.constructor as new (buffer: ArrayBuffer, from: number, length: number) => T
    const own = new Class(room.buffer, GUARD, values.length)
    own.set(values as never)
    this.#guards.push(room.subarray(0, GUARD), room.subarray(-GUARD))
    return own
  }
  spoilt<T extends Values>(values: T): T {
    const own = this.like(values)
    fill(own, this.#contents)
    return own
  }
  u32 = (length: number): Uint32Array => this.spoilt(new Uint32Array(length))
  i32 = (length: number): Int32Array => this.spoilt(new Int32Array(length))
  f64 = (length: number): Float64Array => this.spoilt(new Float64Array(length))
  f32 = (length: number): Float32Array => this.spoilt(new Float32Array(length))
  u8 = (length: number): Uint8Array => this.spoilt(new Uint8Array(length))
  i8 = (length: number): Int8Array => this.spoilt(new Int8Array(length))

  intact(): boolean {
    return this.#guards.every((guard) => guard.every((byte) => byte === 0xa5))
  }
}

interface Shape {
  readonly n: number
  readonly p: number
}

/** Those of Boltzmann machines, of every kind of units. */
function machineCalls(k: Kernels, { n, p }: Shape, a: Arena): Record<string, () => unknown> {
  const stride = hiddenStride(p)
  const machine = (): [Float32Array, Float32Array, Float32Array] => [
    a.f32(n * stride),
    a.f32(n),
    a.f32(stride),
  ]
  const walk = Float64Array.of(1, 2, 3, 2, 4)
  const shapes = [0, 1, 2].map((kind) => Uint32Array.of(n, p, kind, kind))
  const each = (run: (shape: Uint32Array) => void) => () => shapes.forEach(run)
  return {
    hiddenMeans: each((shape) =>
      k.hiddenMeans(shape, a.f32(n * stride), a.f32(stride), a.f32(3 * n), 3, a.f32(3 * stride)),
    ),
    visibleMeans: each((shape) =>
      k.visibleMeans(shape, a.f32(n * stride), a.f32(n), a.f32(3 * stride), 3, a.f32(3 * n)),
    ),
    gibbs: each((shape) =>
      k.gibbs(
        shape,
        ...machine(),
        a.f32(n),
        a.u8(n),
        a.f64(3),
        walk,
        a.f32(3 * n),
        a.f32(3 * stride),
        a.f32(3 * n),
      ),
    ),
    contrast: each((shape) => {
      for (const [chains, room] of [
        [0, 0],
        [1, 2 * stride],
        [2, 5 * n],
      ]) {
        const lesson = Float64Array.of(1, 2, 3, 2, 1, 0.1, 0.5, 0.1, 0.1, chains)
        const [speeds, means] = [a.f32(n * stride + n + stride), a.f32(n + stride)]
        k.contrast(shape, ...machine(), speeds, means, a.f32(room), a.f32(3 * n), a.u32(5), lesson)
      }
    }),
    freeEnergies: each((shape) =>
      k.freeEnergies(shape, ...machine(), a.f32(n), a.f64(3), a.f32(3 * n), 3, a.f64(3)),
    ),
    importance: each((shape) =>
      k.importance(shape, ...machine(), a.f32(n), a.f64(3), walk, a.f32(3 * n), a.f64(3)),
    ),
    logPartitions: () => {
      for (const kind of [0, 1, 2]) {
        const couplings = a.f64(7 * Math.ceil(n / 8) * 8)
        k.logPartitions(couplings, a.f64(7), 7, a.f64(n), n, kind, -1, 3, 2, 6, a.f64(4))
      }
    },
  }
}

/** Calls of kernels without a memory. */
function plainCalls(k: Kernels, { n, p }: Shape, a: Arena): Record<string, () => unknown> {
  const [row, column, stride] = [rowWords(n), columnWords(p), Math.ceil(n / 8) * 8]
  const side = Math.ceil((p + 2) / 8) * 8
  const frequencies = Float64Array.of(n, 90, 0.01, 1, 1)
  const planes = Math.ceil(p / 8) * Math.ceil(n / 64) * 16
  return {
    pack: () => k.pack(a.i8(p * n), p, n, a.u32(p * row)),
    unpack: () => k.unpack(a.u32(p * row), p, n, a.i8(p * n)),
    transpose: () => k.transpose(a.u32(p * row), p, n, a.u32(n * column)),
    overlaps: () => k.overlaps(a.u32(p * row), p, n, a.u32(5 * row), 5, a.i32(5 * p)),
    interleave: () => k.interleave(a.u32(p * row), p, n, a.u32(planes)),
    nearest: () => {
      for (const first of [0, 7])
        k.nearest(a.u32(planes), p, n, a.u32(5 * row), 5, first, 3, a.u32(15), a.i32(15))
    },
    externalDot: () => k.externalDot(a.f64(n), n, a.u32(row)),
    philox: () => {
      for (const queries of [1, 37]) k.philox(1, 2, 3, 4, 5, a.u32(37), queries)
    },
    rewired: () => k.rewired(1, 2, 3, 4, 0.5, n, a.u32(n)),
    ascend: () => k.ascend(a.u32(p + 1), p, a.u32(p * n), a.u32(Math.ceil(p / 32))),
    willshawStore: () => k.willshawStore(a.u32(n * row), n, n, a.u32(3), a.u32(row)),
    hebbian: () => {
      for (const fresh of [true, false]) k.hebbian(a.u32(n * column), p, n, 1, a.i32(n * stride), fresh)
    },
    quotients: () => k.quotients(a.i32(n * stride), n * stride, n, a.f64(n * stride)),
    correlations: () => k.correlations(a.u32(n * column), a.u32(9 * column), p, n, 9, a.i32(n * 9)),
    signedSums: () => k.signedSums(a.u32(n * column), column, p, a.f64(p), n, a.f64(n)),
    storkey: () => k.storkey(a.u32(p * row), p, n, a.f64(n * stride)),
    rankOne: () => k.rankOne(a.u32(row), n, 0.5, a.f64(n * stride)),
    border: () => k.border(a.u32((p + 2) * row), 2, p, n, 1e-9, a.f64((p + 2) * side), side, a.f64(p + 2)),
    retire: () => k.retire(a.f64(p * side), side, p, p - 1),
    responses: () =>
      k.responses(a.f64(p * side), side, a.u32(n * column), p, n, a.f64(n * Math.ceil(p / 8) * 8), a.f64(n)),
    perceptron: () => k.perceptron(a.u32(p * row), p, n, 0.5, 3, a.i32(n * stride), a.u32(n)),
    minimalOverlap: () =>
      k.minimalOverlap(a.u32(p * row), p, n, 1, 5, a.i32(n * stride), a.u32(n), a.f64(2 * n)),
    bounded: () => k.bounded(a.u32(p * row), p, n, 4, a.i32(n * stride)),
    clipped: () => k.clipped(a.u32(n * column), p, n, a.u32(n * row)),
    lowestStates: () => k.lowestStates(a.f64(144), a.f64(12), 12, 3, 5, a.f64(3)),
    keyNorms: () => k.keyNorms(a.f32(p * n), p, n, a.f64(p)),
    addFeatures: () => {
      const signs = a.u32(featureSignWords(n, 90))
      k.addFeatures(frequencies, signs, a.f32(p * n), p, 1, a.f64(featureSumLength(n, 90)))
    },
    askFeatures: () => {
      const [signs, sums] = [a.u32(featureSignWords(n, 90)), a.f64(featureSumLength(n, 90))]
      k.askFeatures(frequencies, signs, sums, a.f32(p * n), p, a.f64(p), a.f64(p * n))
    },
    ...machineCalls(k, { n, p }, a),
  }
}

const PLAIN = Object.keys(plainCalls({} as Kernels, { n: 1, p: 1 }, new Arena('ones')))

/** Calls may refuse what they are given; nothing else may go wrong. */
function attempt(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
  }
}

describe.runIf(present)('whatever is in its arrays, a kernel stays within them', () => {
  const shapes = [
    { n: 1, p: 1 },
    { n: 25, p: 3 },
    { n: 70, p: 65 },
    { n: 129, p: 9 },
    { n: 192, p: 8 },
    { n: 256, p: 5 },
    { n: 257, p: 5 },
    { n: 513, p: 1 },
  ]
  for (const kernels of NATIVE_TIERS) {
    it(`without a memory, ${kernels.tier}`, () => {
      for (const shape of shapes) {
        for (const contents of CONTENTS) {
          for (const name of PLAIN) {
            const arena = new Arena(contents)
            attempt(plainCalls(kernels, shape, arena)[name])
            expect(arena.intact(), `${name}, ${JSON.stringify(shape)}, ${contents}`).toBe(true)
          }
        }
      }
    })
  }

  for (const tier of TIERS) {
    const block = newBlock()
    const table = tableOf(tier, block)
    const memories = memoriesOf(table)

    /** Every array among these arguments, and all of them, replaced by one with these contents. */
    function* spoilt(given: unknown[], arena: Arena): Generator<unknown[]> {
      const places = [...given.keys()].filter((at) => at !== 1 && ArrayBuffer.isView(given[at]))
      const guarded = given.map((value) => (ArrayBuffer.isView(value) ? arena.like(value as Values) : value))
      for (const some of [...places.map((at) => [at]), places]) {
        yield guarded.map((value, at) => (some.includes(at) ? arena.spoilt(value as Values) : value))
      }
    }

    it(`of a memory with any contents that was not refused, ${tier}`, () => {
      let made = 0
      for (const [name, given] of Object.entries(memories)) {
        for (const contents of CONTENTS) {
          const arena = new Arena(contents)
          for (const args of spoilt(given(), arena)) {
            attempt(() => {
              const memory = table['memory'](...args) as { id: number }
              made++
              for (const [kernel, those, rest] of callsOf(table, block)) {
                if (those.includes(name)) attempt(() => table[kernel](...taken(memory), ...rest()))
              }
            })
            expect(arena.intact(), `${name}, ${contents}`).toBe(true)
          }
        }
      }
      expect(made).toBeGreaterThan(60)
    })

    it(`of a call on a memory, ${tier}`, () => {
      for (const [kernel, those, rest] of callsOf(table, block)) {
        for (const name of those) {
          const memory = table['memory'](...memories[name]()) as { id: number }
          for (const contents of CONTENTS) {
            const arena = new Arena(contents)
            // The first two arguments stand for the memory.
            for (const args of spoilt([undefined, undefined, ...rest()], arena)) {
              attempt(() => table[kernel](...taken(memory), ...args.slice(2)))
              expect(arena.intact(), `${kernel} of ${name}, ${contents}`).toBe(true)
            }
          }
        }
      }
    })

    it(`of cues whose padding is set, and leaves none in states, ${tier}`, () => {
      for (const name of PAIRWISE) {
        const memory = table['memory'](...memories[name]()) as { id: number }
        const arena = new Arena('random')
        block.set([1, 0, 0, 3, 1, 0, 0, 25, 0, 9, 1])
        const [cues, states, outcomes] = [arena.u32(9 * ROW), arena.u32(9 * ROW), arena.f64(45)]
        table['recall'](...taken(memory), cues, states, outcomes)
        expect(arena.intact()).toBe(true)
        for (let b = 0; b < 9; b++) expect(states[ROW * b] >>> 25).toBe(0)
      }
    })
  }

  it('every kernel of the addon is among these calls', () => {
    const known = new Set<string>([
      ...PLAIN,
      ...(TIERS.length === 0 ? [] : callsOf(tableOf(TIERS[0], newBlock()), newBlock())).map(([name]) => name),
    ])
    // What has no array of the caller's, or is the door to all others.
    for (const name of ['memory', 'quantizedBytes']) known.add(name)
    const missing = Object.keys(tableOf(TIERS[0], newBlock())).filter((name) => {
      return !known.has(name.replace(/Async$/, ''))
    })
    expect(missing).toEqual([])
  })
})

describe.each(NATIVE_TIERS.slice(0, 1))('contents looked through beside this thread, $tier', (kernels) => {
  const [inputs, count] = [500, 5000]
  const memory = (dirty: boolean): PairMemory => {
    const xs = new Uint32Array(count * rowWords(inputs))
    if (dirty) xs[rowWords(inputs) - 1] = 1 << 31
    return { count, inputs, outputs: inputs, xs, ys: new Uint32Array(xs.length) }
  }
  const use = (pairs: PairMemory): void => {
    const [x, y] = [new Uint32Array(rowWords(inputs)), new Uint32Array(rowWords(inputs))]
    kernels.bidirectional(pairs, x, y, 1, new Uint8Array(1), 1, new Float64Array(3))
  }

  it('are refused as on it, and again at the first use', async () => {
    const dirty = memory(true)
    const refused = 'native kernel, argument 2: expected rows with zero padding'
    await expect(kernels.ready(dirty)).rejects.toThrow(refused)
    expect(() => use(dirty)).toThrow(refused)
  })

  it('are looked through once, however many wait', async () => {
    const clean = memory(false)
    await Promise.all([kernels.ready(clean), kernels.ready(clean), kernels.ready(clean)])
    use(clean)
    await kernels.ready(clean)
  })
})
