import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import {
  columnsOf,
  cueRow,
  EDGES,
  hebbianMatrix,
  implicitMemory,
  type PlanChoice,
  patternRows,
  planChoices,
  planOf,
  randomRow,
  type Shape,
  shapes,
} from './inputs.js'

const SEED = 20261122

/** Runs `compute` on both kernels and compares what they wrote, byte for byte. */
function sameBytes(actual: ArrayBufferView, expected: ArrayBufferView, what: string): void {
  const a = Buffer.from(actual.buffer, actual.byteOffset, actual.byteLength)
  const b = Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength)
  if (!a.equals(b)) expect({ what, values: actual }).toEqual({ what, values: expected })
  expect(a.equals(b), what).toBe(true)
}

const PLAIN: PlanChoice = {
  dynamics: 'asynchronous',
  order: 'random',
  tie: 'positive',
  maxSweeps: 20,
  seedLow: 1,
  seedHigh: 0,
  stream: 0,
  normalized: true,
  external: 'none',
  clamped: false,
}

/** Whether the first sweep's permutation under this seed meets a word that multiply-shift must reject. */
function rejectsAWord(seedLow: number, neurons: number): boolean {
  const words = new Uint32Array(neurons)
  reference.philox(seedLow, 0, 0, 0, 0, words)
  for (let bound = neurons; bound > 1; bound--) {
    const low = Math.imul(words[neurons - bound], bound) >>> 0
    if (low < (2 ** 32 - bound) % bound) return true
  }
  return false
}

/** Every edge of N with every edge of P, then random shapes with shrinking. */
function forShapes(check: (shape: Shape) => void, runs: number): void {
  for (const neurons of EDGES) {
    for (const count of [0, ...EDGES]) check({ neurons, count, kind: 'random', seed: neurons * 1000 + count })
  }
  fc.assert(fc.property(shapes, check), { seed: SEED, numRuns: runs })
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('packs and unpacks as the reference does', () => {
    forShapes((shape) => {
      const { neurons, count } = shape
      const rows = patternRows(shape)
      const [a, b] = [new Int8Array(count * neurons + 3).subarray(3), new Int8Array(count * neurons)]
      tier.unpack(rows, count, neurons, a)
      reference.unpack(rows, count, neurons, b)
      sameBytes(a, b, 'unpack')
      const [p, q] = [new Uint32Array(rows.length).fill(7), new Uint32Array(rows.length).fill(7)]
      expect(tier.pack(a, count, neurons, p)).toBe(-1)
      reference.pack(b, count, neurons, q)
      sameBytes(p, q, 'pack')
    }, 100)
  })

  test('names the same first offender when a value is not ±1', () => {
    const bad = fc.constantFrom(0, 2, -2, 127, -128, 3, 64, -127)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.array(fc.tuple(fc.nat(), bad)), (n, offences) => {
        const states = new Int8Array(2 * n).map((_, i) => (i % 3 === 0 ? 1 : -1))
        for (const [at, value] of offences) states[at % (2 * n)] = value
        const rows = new Uint32Array(2 * rowWords(n))
        expect(tier.pack(states, 2, n, rows)).toBe(reference.pack(states, 2, n, rows.slice()))
      }),
      { seed: SEED, numRuns: 200 },
    )
  })

  test('transposes as the reference does', () => {
    forShapes((shape) => {
      const rows = patternRows(shape)
      const out = new Uint32Array(shape.neurons * columnWords(shape.count)).fill(7)
      tier.transpose(rows, shape.count, shape.neurons, out)
      sameBytes(out, columnsOf(shape, rows), 'transpose')
    }, 100)
  })

  test('computes overlaps as the reference does', () => {
    forShapes((shape) => {
      const { neurons, count } = shape
      const rows = patternRows(shape)
      const states = new Uint32Array(3 * rowWords(neurons))
      for (let b = 0; b < 3; b++) states.set(cueRow(shape, b), b * rowWords(neurons))
      const [a, b] = [new Int32Array(3 * count), new Int32Array(3 * count)]
      tier.overlaps(rows, count, neurons, states, 3, a)
      reference.overlaps(rows, count, neurons, states, 3, b)
      sameBytes(a, b, 'overlaps')
      const memory = implicitMemory(shape)
      const [x, y] = [new Float64Array(3), new Float64Array(3)]
      tier.quadratics(memory, states, 3, x)
      reference.quadratics(memory, states, 3, y)
      sameBytes(x, y, 'quadratics')
    }, 100)
  })

  test('divides integers as the reference does', () => {
    for (const count of [0, 1, 7, 8, 9, 65_535, 65_537]) {
      for (const divisor of [1, 3, 49, 1e300, -2]) {
        const integers = Int32Array.from({ length: count }, (_, k) => Math.imul(k, 2654435761))
        const [a, b] = [new Float64Array(count + 1), new Float64Array(count + 1)]
        tier.quotients(integers, count, divisor, a)
        reference.quotients(integers, count, divisor, b)
        sameBytes(a, b, 'quotients')
      }
    }
  })

  test('adds Hebbian weights as the reference does, and takes them out again', () => {
    const check = (shape: Shape): void => {
      const columns = columnsOf(shape, patternRows(shape))
      const size = shape.neurons * paddedStride(shape.neurons)
      const [a, b] = [new Int32Array(size).fill(5), new Int32Array(size).fill(5)]
      tier.hebbian(columns, shape.count, shape.neurons, 1, a, false)
      reference.hebbian(columns, shape.count, shape.neurons, 1, b, false)
      sameBytes(a, b, 'hebbian')
      tier.hebbian(columns, shape.count, shape.neurons, -1, a, false)
      expect(a.every((weight) => weight === 5)).toBe(true)
      tier.hebbian(columns, shape.count, shape.neurons, -1, a, true)
      reference.hebbian(columns, shape.count, shape.neurons, -1, b, true)
      sameBytes(a, b, 'fresh hebbian')
    }
    for (const neurons of EDGES)
      for (const count of [0, 1, 63, 64, 65]) check({ neurons, count, kind: 'random', seed: 1 })
    fc.assert(fc.property(shapes, check), { seed: SEED, numRuns: 30 })
  })

  test('computes the fields of patterns as the reference does', () => {
    const check = (shape: Shape): void => {
      const memory = implicitMemory(shape)
      const state = cueRow(shape, 0)
      const [a, b] = [new Float64Array(shape.neurons), new Float64Array(shape.neurons)]
      tier.localFields(memory, state, a)
      reference.localFields(memory, state, b)
      sameBytes(a, b, 'localFields')
    }
    forShapes(check, 100)
    // Overlaps on both sides of what 16 bits hold.
    for (const neurons of [32_766, 32_767, 32_768, 65_535, 65_537])
      for (const kind of ['random', 'equal', 'complement'] as const)
        check({ neurons, count: 9, kind, seed: neurons })
  })

  test('computes the fields of a matrix and their quadratic part as the reference does', () => {
    const check = (shape: Shape): void => {
      const { neurons } = shape
      const memory = hebbianMatrix(shape)
      const state = cueRow(shape, 1)
      const [a, b] = [new Float64Array(neurons), new Float64Array(neurons)]
      tier.localFields(memory, state, a)
      reference.localFields(memory, state, b)
      sameBytes(a, b, 'localFields')
      tier.quadratics(memory, state, 1, a)
      reference.quadratics(memory, state, 1, b)
      sameBytes(a, b, 'quadratics')
    }
    for (const neurons of EDGES) check({ neurons, count: 9, kind: 'random', seed: neurons })
    fc.assert(fc.property(shapes, check), { seed: SEED, numRuns: 30 })
  })

  test('computes fields exactly when weights reach the ends of 32 bits', () => {
    for (const neurons of [1, 2, 33, 65]) {
      const stride = paddedStride(neurons)
      const weights = new Int32Array(neurons * stride)
      for (let i = 0; i < neurons; i++) {
        for (let j = 0; j < i; j++) {
          const weight = (i + j) % 2 === 0 ? 2 ** 31 - 1 : -(2 ** 31)
          weights[i * stride + j] = weights[j * stride + i] = weight
        }
      }
      const rows = new Uint32Array(0)
      for (const symmetric of [false, true]) {
        const memory = { form: 'matrix', neurons, count: 0, rows, weights, symmetric } as const
        const state = randomRow(3, 3, neurons)
        const [a, b] = [new Float64Array(neurons), new Float64Array(neurons)]
        tier.localFields(memory, state, a)
        reference.localFields(memory, state, b)
        sameBytes(a, b, 'localFields')
      }
    }
  })

  test('sums the external part in the same order', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 70 }), fc.nat(), (values, seed) => {
        const state = randomRow(seed, 0, values.length)
        const field = Float64Array.from(values)
        expect(tier.externalDot(field, values.length, state)).toBe(
          reference.externalDot(field, values.length, state),
        )
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test('draws the same random words', () => {
    const w = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(w, w, w, w, w, fc.integer({ min: 0, max: 300 }), (k0, k1, sweep, low, high, length) => {
        const [a, b] = [new Uint32Array(length), new Uint32Array(length)]
        tier.philox(k0, k1, sweep, low, high, a)
        reference.philox(k0, k1, sweep, low, high, b)
        sameBytes(a, b, 'philox')
      }),
      { seed: SEED, numRuns: 100 },
    )
  })

  test('draws the same random words of many queries at once as one by one', () => {
    const w = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    const shape = fc.record({
      queries: fc.integer({ min: 1, max: 40 }),
      words: fc.integer({ min: 0, max: 70 }),
    })
    // The upper word of the query changes within the call.
    const low = fc.oneof(w, fc.integer({ min: 2 ** 32 - 20, max: 2 ** 32 - 1 }))
    fc.assert(
      fc.property(w, w, low, w, shape, (seed, sweep, low, high, { queries, words }) => {
        const [a, b] = [new Uint32Array(queries * words), new Uint32Array(queries * words)]
        tier.philox(seed, 9, sweep, low, high, a, queries)
        reference.philox(seed, 9, sweep, low, high, b, queries)
        sameBytes(a, b, 'philox')
        for (let q = 0; q < queries; q++) {
          const carry = low + q < 2 ** 32 ? 0 : 1
          const one = new Uint32Array(words)
          reference.philox(seed, 9, sweep, (low + q) >>> 0, (high + carry) >>> 0, one)
          sameBytes(b.subarray(q * words, (q + 1) * words), one, `query ${q}`)
        }
      }),
      { seed: SEED, numRuns: 60 },
    )
  })

  for (const form of ['implicit', 'matrix'] as const) {
    test(`recalls with ${form} weights as the reference does`, () => {
      const check = (shape: Shape, choice: Parameters<typeof planOf>[0], cues: number): void => {
        const memory = form === 'implicit' ? implicitMemory(shape) : hebbianMatrix(shape)
        const plan = planOf(choice, shape)
        const stride = rowWords(shape.neurons)
        const packed = new Uint32Array(cues * stride)
        for (let b = 0; b < cues; b++) packed.set(cueRow(shape, b), b * stride)
        const before = packed.slice()
        const [a, b] = [new Uint32Array(packed.length), new Uint32Array(packed.length)]
        const [x, y] = [new Float64Array(cues * OUTCOME.length), new Float64Array(cues * OUTCOME.length)]
        expect(tier.recall(memory, packed, cues, plan, a, x)).toBe(-1)
        expect(reference.recall(memory, packed, cues, plan, b, y)).toBe(-1)
        sameBytes(a, b, 'packed states')
        sameBytes(x, y, 'outcomes')
        sameBytes(packed, before, 'cues')
        const bytes = new Int8Array(cues * shape.neurons)
        reference.unpack(packed, cues, shape.neurons, bytes)
        const [c, d] = [new Int8Array(bytes.length), new Int8Array(bytes.length)]
        const z = new Float64Array(x.length)
        expect(tier.recall(memory, bytes, cues, plan, c, z)).toBe(-1)
        reference.unpack(b, cues, shape.neurons, d)
        sameBytes(c, d, 'byte states')
        sameBytes(z, y, 'outcomes from bytes')
      }
      for (const neurons of EDGES) {
        for (const dynamics of ['asynchronous', 'synchronous'] as const) {
          const shape: Shape = { neurons, count: 1 + (neurons >> 3), kind: 'random', seed: neurons }
          const plain = {
            order: 'random',
            tie: 'positive',
            maxSweeps: 20,
            seedLow: 1,
            seedHigh: 0,
            stream: 0,
          } as const
          check(shape, { ...plain, dynamics, normalized: true, external: 'none', clamped: false }, 2)
        }
      }
      fc.assert(fc.property(shapes, planChoices, fc.integer({ min: 0, max: 3 }), check), {
        seed: SEED,
        numRuns: form === 'implicit' ? 300 : 100,
      })
    })
  }

  test('writes the same trace', () => {
    fc.assert(
      fc.property(shapes, planChoices, fc.boolean(), (shape, choice, implicit) => {
        const memory = implicit ? implicitMemory(shape) : hebbianMatrix(shape)
        const plan = planOf(choice, shape)
        const cue = cueRow(shape, 0)
        const [a, b] = [new Uint32Array(cue.length), new Uint32Array(cue.length)]
        const [x, y] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
        const s = tier.recallTraced(memory, cue, plan, a, x)
        const t = reference.recallTraced(memory, cue, plan, b, y)
        sameBytes(a, b, 'state')
        sameBytes(x, y, 'outcome')
        sameBytes(s.energies, t.energies, 'energies')
        sameBytes(s.overlaps, t.overlaps, 'overlaps')
        sameBytes(s.flips, t.flips, 'flips')
      }),
      { seed: SEED, numRuns: 150 },
    )
  })

  test('recalls as the reference does where N·P is beyond 2^31', () => {
    // One neuron is +1 in every pattern and all others are −1, so that its field is a sum no 32 bits hold. All pages
    // but its column are zero and cost nothing.
    const [neurons, count] = [512, 2 ** 22 + 64]
    const columns = new Uint32Array(neurons * columnWords(count)).fill(0xffffffff, 0, count / 32)
    const rows = new Uint32Array(count * rowWords(neurons))
    const memory = { form: 'implicit', neurons, count, rows, columns } as const
    const plan = planOf(
      { ...PLAIN, dynamics: 'asynchronous', order: 'explicit', maxSweeps: 1 },
      { neurons, count, kind: 'equal', seed: 1 },
    )
    const cue = new Uint32Array(rowWords(neurons))
    const [a, b] = [cue.slice(), cue.slice()]
    const [x, y] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
    tier.recall(memory, cue, 1, { ...plan, order: Uint32Array.of(0) }, a, x)
    reference.recall(memory, cue, 1, { ...plan, order: Uint32Array.of(0) }, b, y)
    sameBytes(a, b, 'state')
    sameBytes(x, y, 'outcome')
    expect(x[OUTCOME.flips]).toBe(1)
  })

  test('visits in the same random order when a random word is rejected', () => {
    const shape: Shape = { neurons: 30_000, count: 2, kind: 'random', seed: 3 }
    const memory = implicitMemory(shape)
    const cue = cueRow(shape, 0)
    let rejections = 0
    for (let seedLow = 0; seedLow < 40; seedLow++) {
      const plan = planOf({ ...PLAIN, dynamics: 'asynchronous', maxSweeps: 1, seedLow }, shape)
      const [a, b] = [cue.slice(), cue.slice()]
      const outcome = new Float64Array(OUTCOME.length)
      const flips = tier.recallTraced(memory, cue, plan, a, outcome).flips
      sameBytes(flips, reference.recallTraced(memory, cue, plan, b, outcome).flips, 'flips')
      if (rejectsAWord(seedLow, shape.neurons)) rejections++
    }
    expect(rejections).toBeGreaterThan(0)
  })

  test('recalls as the reference does where overlaps outgrow 16 bits', () => {
    for (const neurons of [32767, 32768, 40001]) {
      for (const kind of ['random', 'equal', 'complement'] as const) {
        const shape: Shape = { neurons, count: 5, kind, seed: neurons }
        const memory = implicitMemory(shape)
        for (const dynamics of ['asynchronous', 'synchronous'] as const) {
          const plan = planOf(
            {
              dynamics,
              order: 'random',
              tie: 'keep',
              maxSweeps: 3,
              seedLow: 9,
              seedHigh: 9,
              stream: 2 ** 40,
              normalized: true,
              external: 'none',
              clamped: kind === 'random',
            },
            shape,
          )
          const cue = cueRow(shape, 0)
          const [a, b] = [new Uint32Array(cue.length), new Uint32Array(cue.length)]
          const [x, y] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
          tier.recall(memory, cue, 1, plan, a, x)
          reference.recall(memory, cue, 1, plan, b, y)
          sameBytes(a, b, 'state')
          sameBytes(x, y, 'outcome')
        }
      }
    }
  })
})
