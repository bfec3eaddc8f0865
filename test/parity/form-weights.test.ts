import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CoupledMemory, Kernels } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { columnsOf, EDGES, type Kind, patternRows, type Shape } from './inputs.js'

const COUPLINGS = ['ones', 'diagonal', 'centred', 'shift', 'cyclic', 'matrix'] as const
type Name = (typeof COUPLINGS)[number]

const small = fc.record<Shape>({
  neurons: fc.oneof(fc.constantFrom(...EDGES.filter((n) => n < 200)), fc.integer({ min: 1, max: 90 })),
  count: fc.integer({ min: 0, max: 20 }),
  kind: fc.constantFrom<Kind>('random', 'random', 'equal', 'complement'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

function forShapes(check: (shape: Shape) => void): void {
  for (const neurons of [1, 2, 7, 8, 9, 63, 64, 65, 128, 129, 257]) {
    for (const count of [0, 1, 2, 3]) check({ neurons, count, kind: 'random', seed: neurons * 10 + count })
  }
  for (const count of [31, 32, 33, 63, 64, 65, 127, 129]) {
    check({ neurons: 33, count, kind: 'random', seed: count })
  }
  check({ neurons: 513, count: 5, kind: 'random', seed: 1 })
  fc.assert(fc.property(small, check), { seed: 20261126, numRuns: 30 })
}

/** Whole numbers up to ±span, where no alignment can be relied on. */
function wholes(length: number, seed: number, span: number): Float64Array {
  const random = new WordStream(seed, 0).seek(11, 0)
  return new Float64Array(length + 1).subarray(1).map(() => Math.round((2 * random.uniform() - 1) * span))
}

/** Of each kind of coupling, with numbers that weights in 32 bits cannot hold where they may be large. */
function coupledMemory(shape: Shape, name: Name, span: number): CoupledMemory {
  const { neurons, count, seed } = shape
  const rows = patternRows(shape)
  const stride = paddedStride(count)
  const couplings = wholes(name === 'matrix' ? count * stride : count, seed, span)
  if (name === 'ones') couplings.fill(1)
  if (name === 'matrix') {
    for (let mu = 0; mu < count; mu++) {
      for (let nu = 0; nu < mu; nu++) couplings[mu * stride + nu] = couplings[nu * stride + mu]
      couplings.fill(0, mu * stride + count, (mu + 1) * stride)
    }
  }
  const kind = name === 'ones' ? 'diagonal' : name === 'cyclic' ? 'shift' : name
  return {
    form: 'coupled',
    neurons,
    count,
    rows,
    columns: columnsOf(shape, rows),
    coupling: kind,
    couplings: kind === 'diagonal' || kind === 'matrix' ? couplings : new Float64Array(0),
    lag: kind !== 'shift' || count === 0 ? 0 : name === 'cyclic' ? seed % count : Math.min(2, count),
    cyclic: name === 'cyclic',
    selfWeights: wholes(neurons, seed + 1, 100),
    responses: new Float64Array(0),
  }
}

/** A random number of sources for each neuron, some twice. */
function connections({ neurons, seed }: Shape): { starts: Uint32Array; sources: Uint32Array } {
  const random = new WordStream(seed, 0).seek(12, 0)
  const starts = new Uint32Array(neurons + 1)
  for (let i = 0; i < neurons; i++) starts[i + 1] = starts[i] + random.bounded(6)
  return { starts, sources: new Uint32Array(starts[neurons]).map(() => random.bounded(neurons)) }
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  const both = <T extends Int32Array | Float64Array>(
    make: () => T,
    run: (k: Kernels, out: T) => unknown,
  ): void => {
    const [a, b] = [make(), make()]
    const [said, expected] = [run(tier, a), run(reference, b)]
    expectSame(a, b)
    expect(said).toBe(expected)
  }

  describe.each(COUPLINGS)('of coupling %s', (name) => {
    test('forms weights as the reference does, whole and row by row', () => {
      forShapes((shape) => {
        const { neurons } = shape
        const memory = coupledMemory(shape, name, 2 ** 40)
        const reals = (): Float64Array => new Float64Array(neurons ** 2 + 1).subarray(1).fill(7)
        both(reals, (kernels, out) => kernels.formWeights(memory, 0, neurons, 3 * neurons, out))
        const counts = coupledMemory(shape, name, 20)
        const integers = (): Int32Array => new Int32Array(neurons ** 2 + 1).subarray(1).fill(7)
        both(integers, (kernels, out) => kernels.formWeights(counts, 0, neurons, 1, out))
        const whole = reals()
        tier.formWeights(memory, 0, neurons, 3 * neurons, whole)
        const cut = Math.floor(neurons / 2)
        const parts = reals()
        tier.formWeights(memory, 0, cut, 3 * neurons, parts.subarray(0, cut * neurons))
        tier.formWeights(memory, cut, neurons, 3 * neurons, parts.subarray(cut * neurons))
        expectSame(parts, whole)
      })
    })

    test('puts weights on connections as the reference does, and tells the largest', () => {
      forShapes((shape) => {
        const { neurons } = shape
        const { starts, sources } = connections(shape)
        for (const span of [20, 2 ** 30]) {
          const memory = coupledMemory(shape, name, span)
          const run = (kernels: Kernels, out: Int32Array | Float64Array): number =>
            kernels.connectionWeights(memory, 0, starts, sources, out)
          both(() => new Float64Array(sources.length + 1).subarray(1), run)
          both(() => new Int32Array(sources.length + 1).subarray(1), run)
          const [from, to] = [Math.floor(neurons / 3), Math.ceil((2 * neurons) / 3)]
          const some = sources.subarray(starts[from], starts[to])
          both(
            () => new Float64Array(some.length),
            (kernels, out) =>
              kernels.connectionWeights(memory, from, starts.subarray(from, to + 1), some, out),
          )
        }
      })
    })

    test('tells what neurons tell themselves as the reference does', () => {
      forShapes((shape) => {
        const { neurons } = shape
        const memory = coupledMemory(shape, name, 2 ** 40)
        both(
          () => new Float64Array(neurons),
          (kernels, out) => kernels.selfWeights(memory, 0, neurons, out),
        )
        const [from, to] = [Math.floor(neurons / 3), neurons]
        both(
          () => new Float64Array(to - from),
          (kernels, out) => kernels.selfWeights(memory, from, to, out),
        )
      })
    })
  })

  test('correlates two sides as the reference does', () => {
    forShapes((shape) => {
      const left = columnsOf(shape, patternRows(shape))
      const other = { ...shape, neurons: shape.neurons * 2 + 1, seed: shape.seed + 1 }
      const right = columnsOf(other, patternRows(other))
      const [n, m] = [shape.neurons, other.neurons]
      both(
        () => new Int32Array(n * m).fill(7),
        (kernels, out) => kernels.correlations(left, right, shape.count, n, m, out),
      )
    })
  })

  test('sums whole numbers by the signs of bits as the reference does', () => {
    forShapes((shape) => {
      const { neurons, count, seed } = shape
      const rows = patternRows(shape)
      const columns = columnsOf(shape, rows)
      const [stride, height] = [rowWords(neurons), columnWords(count)]
      const dirty = rows.map((word, k) => (k % stride < neurons / 32 ? word : 0xffffffff))
      const [byNeuron, byPattern] = [wholes(neurons, seed, 2 ** 46), wholes(count, seed, 2 ** 46)]
      both(
        () => new Float64Array(count),
        (kernels, out) => kernels.signedSums(dirty, stride, neurons, byNeuron, count, out),
      )
      both(
        () => new Float64Array(neurons),
        (kernels, out) => kernels.signedSums(columns, height, count, byPattern, neurons, out),
      )
    })
  })

  test('refuses neurons and connections out of bounds', () => {
    const shape: Shape = { neurons: 9, count: 3, kind: 'random', seed: 1 }
    const memory = coupledMemory(shape, 'centred', 1)
    const out = new Float64Array(81)
    const starts = Uint32Array.of(0, 1)
    const bad = [
      () => tier.formWeights(memory, 3, 2, 1, out),
      () => tier.formWeights(memory, 0, 10, 1, new Float64Array(90)),
      () => tier.formWeights(memory, 0, 9, 1, new Float64Array(80)),
      () => tier.formWeights({ ...memory, columns: new Uint32Array(0) }, 0, 9, 1, out),
      () => tier.connectionWeights(memory, 9, starts, Uint32Array.of(1), out),
      () => tier.connectionWeights(memory, 0, starts, Uint32Array.of(9), out),
      () => tier.connectionWeights(memory, 0, Uint32Array.of(1, 0), Uint32Array.of(1), out),
      () => tier.connectionWeights(memory, 0, new Uint32Array(0), Uint32Array.of(1), out),
      () => tier.connectionWeights(memory, 0, Uint32Array.of(0, 2), Uint32Array.of(1), out),
      () => tier.selfWeights(memory, 0, 9, new Float64Array(8)),
      () => tier.correlations(memory.columns, memory.columns, 3, 9, 10, new Int32Array(90)),
      () => tier.signedSums(memory.columns, 2, 65, new Float64Array(65), 9, out),
      () => tier.signedSums(memory.columns, 2, 3, new Float64Array(2), 9, out),
      () => tier.signedSums(memory.columns, 2, 3, new Float64Array(3), 10, out),
      () => tier.signedSums(memory.columns, 2, 3, new Float64Array(3), 9, new Float64Array(8)),
    ]
    for (const call of bad) expect(call).toThrow(/native kernel, argument/)
  })
})
