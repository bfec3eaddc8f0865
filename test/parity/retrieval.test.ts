import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Kernels,
  type KeyMemory,
  type Precision,
  type RetrievalPlan,
  type Salience,
  type Separator,
  type Similarity,
  softmaxCut,
} from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'

/** What keys and queries are like: each kind breaks another assumption a short cut could make. */
type Kind =
  /** Independent components in (−1, 1). */
  | 'random'
  /** A few vectors over and over: equal logits, equal largest ones. */
  | 'equal'
  /** Keys c·u with c in steps that put logits on both sides of the cut, one f32 step apart. */
  | 'cut'
  /** From 1e-30 to 1e30. */
  | 'norms'
  /** Below the smallest normal f32. */
  | 'denormal'
  /** Small whole numbers: every sum exact, ties everywhere. */
  | 'whole'

interface Case {
  count: number
  dimension: number
  width: number
  queries: number
  kind: Kind
  similarity: Similarity
  separator: Separator
  precision: Precision
  beta: number
  ownValues: boolean
  /** Whether some keys are hidden, from each query others or from all the same. */
  masked: false | 'each' | 'all'
  /** Within which logarithms of saliences lie; 0 where there are none. */
  salience: number
  seed: number
}

const SIZES = [1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65] as const

const cases: fc.Arbitrary<Case> = fc.record({
  count: fc.oneof(fc.constantFrom(...SIZES, 255, 256, 257, 511, 512, 513), fc.integer({ min: 1, max: 700 })),
  dimension: fc.oneof(fc.constantFrom(...SIZES), fc.integer({ min: 1, max: 140 })),
  width: fc.oneof(fc.constantFrom(...SIZES), fc.integer({ min: 1, max: 100 })),
  queries: fc.oneof(fc.constantFrom(1, 1, 2, 5, 6, 7, 12), fc.integer({ min: 1, max: 70 })),
  kind: fc.constantFrom<Kind>('random', 'random', 'equal', 'cut', 'norms', 'denormal', 'whole'),
  similarity: fc.constantFrom<Similarity>('dot', 'dot', 'cosine', 'euclidean'),
  separator: fc.constantFrom<Separator>(
    'softmax',
    'softmax',
    'sparsemax',
    'entmax15',
    'normmax',
    'epanechnikov',
  ),
  precision: fc.constantFrom<Precision>('double', 'single'),
  beta: fc.constantFrom(1e-3, 0.1, 1, 4, 10, softmaxCut(257), 100, 1e4),
  ownValues: fc.boolean(),
  masked: fc.constantFrom<Case['masked']>(false, false, false, 'each', 'all', 'all'),
  salience: fc.constantFrom(0, 0, 0.1, 3, 50),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

/** Floats on which no alignment can be relied. */
function unaligned(length: number): Float32Array {
  return new Float32Array(length + 1).subarray(1)
}

function vectors({ kind, dimension, seed }: Case, count: number, stream: number): Float32Array {
  const out = unaligned(count * dimension)
  const random = new WordStream(seed, 0).seek(5, stream)
  const base = Float32Array.from({ length: 3 * dimension }, () => 2 * random.uniform() - 1)
  for (let row = 0; row < count; row++) {
    const choice = random.bounded(3)
    const step = random.bounded(5) - 2
    const scale = 10 ** (60 * random.uniform() - 30)
    for (let c = 0; c < dimension; c++) {
      const x = 2 * random.uniform() - 1
      const values: Record<Kind, () => number> = {
        random: () => x,
        equal: () => base[choice * dimension + c],
        // One component makes the logit: the largest, at the cut, and one step to either side of it.
        cut: () => (c === 0 ? (stream === 0 ? (choice === 0 ? 1 : step * 2 ** -24) : 1) : 0),
        norms: () => x * scale,
        denormal: () => x * 1e-39,
        whole: () => Math.round(2 * x),
      }
      out[row * dimension + c] = values[kind]()
    }
  }
  return out
}

function saliencesOf({ count, salience, seed }: Case): Salience | undefined {
  if (salience === 0) return undefined
  const random = new WordStream(seed, 0).seek(7, 0)
  const logs = Float64Array.from({ length: count }, () => salience * (2 * random.uniform() - 1))
  const [leastLog, mostLog] = [Math.min(...logs), Math.max(...logs)]
  return { logs, leastLog, mostLog, values: logs.map(Math.exp), total: count }
}

function memoryOf(given: Case): KeyMemory {
  const { count, dimension, similarity, ownValues } = given
  const keys = vectors(given, count, 0)
  const norms = new Float64Array(count)
  reference.keyNorms(keys, count, dimension, norms)
  const width = ownValues ? given.width : dimension
  return {
    count,
    dimension,
    width,
    keys,
    values: ownValues ? vectors({ ...given, dimension: width }, count, 1) : keys,
    scales: similarity === 'cosine' ? norms.map((norm) => (norm === 0 ? 0 : 1 / norm)) : undefined,
    offsets: similarity === 'euclidean' ? norms.map((norm) => norm * norm * 0.5) : undefined,
    largestNorm: Math.max(...norms),
    salience: saliencesOf(given),
    quantizedKeys: new Uint8Array(0),
  }
}

/** The same memory with the coarse copies of a tier. */
function screened(tier: Kernels, memory: KeyMemory): KeyMemory {
  const tiles = Math.floor(memory.count / 64)
  const quantizedKeys = new Uint8Array(tiles * tier.quantizedBytes(memory.dimension))
  const own = { ...memory, quantizedKeys }
  if (tiles > 0) tier.quantizeKeys(own, 0, tiles)
  return own
}

function drawMask({ count, queries, masked, seed }: Case): Uint8Array | undefined {
  if (!masked) return undefined
  const random = new WordStream(seed, 0).seek(6, 0)
  const rows = masked === 'all' ? 1 : queries
  const mask = Uint8Array.from({ length: rows * count }, () => random.bounded(2))
  // Whole tiles that nobody sees, too.
  for (let mu = 0; mu < mask.length && masked === 'all'; mu++) mask[mu] &= (mu >> 6) % 3 === 0 ? 0 : 1
  for (let b = 0; b < rows; b++) mask[b * count + random.bounded(count)] = 1
  return mask
}

/** What `make` made of this case, which is made once for all tiers. */
function once<T>(make: (given: Case) => T): (given: Case) => T {
  const made = new WeakMap<Case, T>()
  return (given) => {
    const found = made.get(given) ?? make(given)
    made.set(given, found)
    return found
  }
}

const queriesOf = once((given) => vectors(given, given.queries, 2))
const maskOf = once(drawMask)

function answer(
  kernels: Kernels,
  memory: KeyMemory,
  given: Case,
  queries = queriesOf(given),
): [Float32Array, Float64Array] {
  const plan: RetrievalPlan = given
  const out = new Float32Array(given.queries * memory.width)
  const potentials = new Float64Array(2 * given.queries)
  kernels.retrieve(memory, queries, given.queries, plan, maskOf(given), out, potentials)
  const alone = new Float64Array(2 * given.queries)
  kernels.retrieve(memory, queries, given.queries, plan, maskOf(given), undefined, alone)
  expectSame(alone, potentials)
  return [out, potentials]
}

function associations(kernels: Kernels, memory: KeyMemory, given: Case): Float64Array {
  const out = new Float64Array(given.queries * given.count)
  kernels.associate(memory, queriesOf(given), given.queries, given, out)
  return out
}

/** The most similar keys, of all or of some: of every second key, or of every second tile, and always of the first k. */
function similar(
  kernels: Kernels,
  memory: KeyMemory,
  given: Case,
): [Uint32Array, Float64Array, Float64Array] {
  const { count, dimension, queries, masked, seed, similarity } = given
  const random = new WordStream(seed, 0).seek(7, 0)
  const k = 1 + random.bounded(Math.min(count, 20))
  const tiles = random.bounded(2) === 0
  const seen = Uint8Array.from({ length: count }, (_, mu) =>
    mu < k ? 1 : tiles ? (mu >> 6) & 1 : random.bounded(2),
  )
  const rows = queriesOf(given)
  const shifts = new Float64Array(queries)
  for (let c = 0; c < rows.length && similarity === 'euclidean'; c++) {
    shifts[Math.floor(c / dimension)] += (rows[c] * rows[c]) / 2
  }
  const out = [
    new Uint32Array(queries * k),
    new Float64Array(queries * k),
    new Float64Array(queries * k),
  ] as [Uint32Array, Float64Array, Float64Array]
  kernels.mostSimilar(memory, rows, queries, given, k, masked ? seen : undefined, shifts, ...out)
  return out
}

const PLAIN: Case = {
  count: 1,
  dimension: 1,
  width: 1,
  queries: 3,
  kind: 'random',
  similarity: 'dot',
  separator: 'softmax',
  precision: 'double',
  beta: 4,
  ownValues: false,
  masked: false,
  salience: 0,
  seed: 1,
}

describe('every tier', () => {
  const sameAsReference = (given: Case): void => {
    const memory = memoryOf(given)
    const [states, potentials] = answer(reference, memory, given)
    const associated = associations(reference, memory, given)
    const top = similar(reference, memory, given)
    for (const tier of NATIVE_TIERS) {
      for (const own of [memory, screened(tier, memory)]) {
        const [actual, actualPotentials] = answer(tier, own, given)
        expectSame(actual, states, tier.tier)
        expectSame(actualPotentials, potentials, tier.tier)
      }
      for (const own of [memory, screened(tier, memory)]) {
        expectSame(associations(tier, own, given), associated, tier.tier)
        for (const [part, rows] of similar(tier, own, given).entries()) expectSame(rows, top[part], tier.tier)
      }
    }
  }

  test('retrieves as the reference does at every size a register begins or ends', () => {
    for (const dimension of SIZES) {
      for (const count of SIZES) {
        const seed = dimension * 100 + count
        for (const precision of ['double', 'single'] as const)
          sameAsReference({ ...PLAIN, dimension, count, seed, precision })
      }
    }
  })

  test('retrieves as the reference does whatever the memory, the similarity and the separator', () => {
    fc.assert(fc.property(cases, sameAsReference), { seed: 2021, numRuns: 250 })
  })

  test('retrieves as the reference does where queries are too many for one pass over the keys', () => {
    const given: Case = { ...PLAIN, dimension: 760, count: 66, beta: 0.04 }
    sameAsReference({ ...given, queries: 50, masked: 'all' })
    sameAsReference({ ...given, queries: 120, precision: 'single' })
  })

  test('retrieves as the reference does where many queries share short keys, that fill a tile or nearly', () => {
    const given: Case = { ...PLAIN, precision: 'single', beta: 0.1, similarity: 'dot' }
    for (const [seed, dimension] of [1, 4, 5, 15, 16, 17, 28, 64, 127, 128, 129, 520].entries()) {
      for (const count of [48, 49, 61, 64, 64 + 52, 128 + 12]) {
        const queries = 11 + ((seed + count) % 4)
        sameAsReference({ ...given, dimension, count, width: dimension, queries, seed })
      }
      for (const similarity of ['cosine', 'euclidean'] as const)
        sameAsReference({
          ...given,
          dimension,
          count: 128,
          width: 37,
          ownValues: true,
          queries: 13,
          similarity,
        })
      sameAsReference({ ...given, dimension, count: 192, queries: 14, masked: 'all', seed })
    }
  })

  test('reads keys in parts of 64 to 8 for a few queries as the reference does, with and without values of their own', () => {
    for (const [seed, dimension] of [64, 65, 128, 133, 257, 520].entries()) {
      for (const queries of [1, 2, 5]) {
        for (const precision of ['double', 'single'] as const) {
          for (const width of [dimension, 1, 67]) {
            const ownValues = width !== dimension
            sameAsReference({
              ...PLAIN,
              count: 141,
              dimension,
              width,
              queries,
              beta: 1e-3,
              ownValues,
              precision,
              seed,
            })
          }
        }
      }
    }
  })

  test('asks for keys and values ahead, where they are many, and retrieves as the reference does', () => {
    const given: Case = { ...PLAIN, count: 1100, beta: 1e-3 }
    for (const [seed, dimension] of [128, 133].entries()) {
      for (const precision of ['double', 'single'] as const) {
        for (const width of [dimension, 67]) {
          const ownValues = width !== dimension
          sameAsReference({ ...given, dimension, width, ownValues, queries: 2, precision, seed })
        }
      }
    }
  })

  test('leaves nothing out that the cut leaves in, on logits one step to either side of it', () => {
    // The largest logit is β; keys near 0 lie β below: at the cut, one f32 step above and below.
    for (const factor of [1 - 2 ** -52, 1, 1 + 2 ** -52]) {
      for (const count of [256, 257, 320, 513]) {
        const beta = factor * softmaxCut(count)
        for (const queries of [1, 6, 16]) {
          for (const separator of ['softmax', 'sparsemax', 'entmax15', 'normmax', 'epanechnikov'] as const) {
            const reach = separator === 'softmax' ? beta : separator === 'entmax15' ? 2 : 1
            sameAsReference({ ...PLAIN, kind: 'cut', beta: reach, dimension: 5, count, queries, separator })
          }
        }
      }
    }
  })

  test('skips no key of a ball whose keys lie one f32 step to either side of its surface, far from the origin', () => {
    for (const [far, similarity] of [
      [1, 'euclidean'],
      [1000, 'euclidean'],
      [1, 'cosine'],
    ] as const) {
      // biome-ignore format: one line
      for (const precision of ['double', 'single'] as const) {
        const given: Case = { ...PLAIN, kind: 'random', dimension: 9, count: 64 * 9 + 5, queries: 7, similarity, precision }
        const [made, dimension] = [memoryOf(given), given.dimension]
        const queries = queriesOf(given)
        for (let c = 0; c < queries.length; c++) queries[c] *= far
        // Around each query in turn: at distance 1 along an axis, one step nearer, one step farther, and a few in between.
        for (let mu = 0; mu < given.count; mu++) {
          const q = mu % given.queries
          const row = made.keys.subarray(mu * dimension, (mu + 1) * dimension)
          row.set(queries.subarray(q * dimension, (q + 1) * dimension))
          row[mu % dimension] += [1, -1, 0.99, 1.01][mu & 3] * (1 + ((mu >> 2) % 5 - 2) * 2 ** -20)
        }
        const norms = new Float64Array(given.count)
        reference.keyNorms(made.keys, given.count, dimension, norms)
        const memory: KeyMemory = {
          ...made,
          scales: similarity === 'cosine' ? norms.map((norm) => 1 / norm) : undefined,
          offsets: similarity === 'euclidean' ? norms.map((norm) => norm * norm * 0.5) : undefined,
          largestNorm: Math.max(...norms),
        }
        for (const beta of [2, 2 * (1 + 2 ** -22), 8]) {
          const one: Case = { ...given, beta, separator: 'epanechnikov' }
          const [states, potentials] = answer(reference, memory, one, queries)
          for (const tier of NATIVE_TIERS) {
            const [actual, own] = answer(tier, screened(tier, memory), one, queries)
            expectSame(actual, states, tier.tier)
            expectSame(own, potentials, tier.tier)
          }
        }
      }
    }
  })

  test('finds the one key that stands out among thousands that look alike to the screen', () => {
    const given: Case = { ...PLAIN, dimension: 24, count: 64 * 40 + 3, queries: 9, beta: 1e6, seed: 9 }
    const memory = memoryOf(given)
    const first = memory.keys.slice(0, 24)
    for (let mu = 0; mu < given.count; mu++) {
      memory.keys.set(first, mu * 24)
      // Below what 8 bits tell apart.
      memory.keys[mu * 24 + (mu % 24)] += ((mu * 7919) % 1009) * 2 ** -20
    }
    const norms = new Float64Array(given.count)
    reference.keyNorms(memory.keys, given.count, 24, norms)
    const alike = { ...memory, largestNorm: Math.max(...norms) }
    const [states] = answer(reference, alike, given)
    for (const tier of NATIVE_TIERS)
      expectSame(answer(tier, screened(tier, alike), given)[0], states, tier.tier)
  })

  test('gives logits and norms as the reference does', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const memory = memoryOf(given)
        const queries = vectors(given, given.queries, 2)
        const logitsOf = (kernels: Kernels): Float64Array => {
          const out = new Float64Array(given.queries * given.count)
          kernels.logits(memory, queries, given.queries, given, out)
          return out
        }
        const normsOf = (kernels: Kernels): Float64Array => {
          const out = new Float64Array(given.count)
          kernels.keyNorms(memory.keys, given.count, given.dimension, out)
          return out
        }
        const [logits, norms] = [logitsOf(reference), normsOf(reference)]
        for (const tier of NATIVE_TIERS) {
          expectSame(logitsOf(tier), logits, tier.tier)
          expectSame(normsOf(tier), norms, tier.tier)
        }
      }),
      { seed: 2022, numRuns: 100 },
    )
  })

  test('retrieves the same on another thread', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const plain = memoryOf(given)
        for (const tier of NATIVE_TIERS) {
          const memory = screened(tier, plain)
          const [states, potentials] = answer(tier, memory, given)
          const out = new Float32Array(states.length)
          const own = new Float64Array(potentials.length)
          await tier.retrieveAsync(
            memory,
            vectors(given, given.queries, 2),
            given.queries,
            given,
            maskOf(given),
            out,
            own,
          )
          expectSame(out, states, tier.tier)
          expectSame(own, potentials, tier.tier)
        }
      }),
      { seed: 2023, numRuns: 40 },
    )
  })
})

test('a batch of the reference gives each query what it gets alone', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const one: Case = { ...given, masked: false }
      const memory = memoryOf(one)
      const [states, potentials] = answer(reference, memory, one)
      const b = one.queries - 1
      const query = vectors(one, one.queries, 2).slice(b * one.dimension)
      const out = new Float32Array(memory.width)
      const own = new Float64Array(2)
      reference.retrieve(memory, query, 1, one, undefined, out, own)
      expectSame(out, states.slice(b * memory.width))
      expectSame(own, potentials.slice(2 * b))
      expect(out.every(Number.isFinite)).toBe(true)
    }),
    { seed: 2024, numRuns: 60 },
  )
})
