import { createHash } from 'node:crypto'
import {
  type AnyMemory,
  addNoise,
  DenseAssociativeMemory,
  type DenseAssociativeMemoryOptions,
  HopfieldNetwork,
  ModernHopfield,
  type ModernHopfieldOptions,
  randomPatterns,
} from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { Part } from '../src/parts/part.js'
import { type SplitOptions, split } from '../src/parts/split.js'
import { Coordinator, type RecallOptions } from '../src/recall/coordinator.js'

// The arithmetic without a network: a memory, cut, against the memory itself, byte for byte.

const SHARDS = [2, 7]

function cluster(memory: AnyMemory, options: SplitOptions): Coordinator {
  const { map, files } = split(memory, options)
  const parts = map.shards.map(({ file }) => new Part(files.get(file) as Uint8Array, map))
  return new Coordinator(map, async (part, operation, asked) => parts[part].answer(operation, asked))
}

const noisy = (net: { pattern(mu: number): Int8Array }, count: number, patterns: number): Int8Array[] =>
  Array.from({ length: count }, (_, b) =>
    addNoise(net.pattern(b % patterns), { noise: 0.05 + 0.04 * (b % 9), seed: b }),
  )

const flat = (rows: readonly Int8Array[]): Int8Array => Int8Array.from(rows.flatMap((row) => [...row]))

/** What a result has in bytes, so that −0 and NaN count too. */
const digest = (...arrays: (ArrayBufferView | undefined)[]): string => {
  const hash = createHash('sha256')
  for (const array of arrays) {
    if (array !== undefined) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    hash.update('|')
  }
  return hash.digest('hex')
}

interface Recalls {
  readonly states: Int8Array
  readonly converged: Uint8Array
  readonly sweeps: Uint32Array
  readonly flips: Uint32Array
  readonly energies: Float64Array
  readonly cycles: Uint32Array
  readonly alternates?: Int8Array
  readonly active?: Uint32Array
}
const recalled = (r: Recalls): string =>
  digest(r.states, r.converged, r.sweeps, r.flips, r.energies, r.cycles, r.alternates, r.active)

describe.each(SHARDS)('%d shards', (shards) => {
  // 100 neurons: words with padding. 23 of 161 neurons: crowded, with flips, two-cycles and ties.
  test.each<[number, number, SplitOptions['axis'], RecallOptions]>([
    [100, 90, 'patterns', { dynamics: 'synchronous', maxSweeps: 20 }],
    [100, 90, 'neurons', { dynamics: 'synchronous', maxSweeps: 20, tie: 'keep' }],
    [161, 23, 'neurons', { dynamics: 'synchronous' }],
    [161, 23, 'patterns', {}],
    [161, 40, 'patterns', { order: 'cyclic', tie: 'negative', seed: 5 }],
    [100, 90, 'patterns', { order: 'random-site', seed: 2n ** 50n, stream: 7, maxSweeps: 5 }],
    [100, 90, 'patterns', { order: [5, 3, 99, 3, 17, 42, 0], maxSweeps: 3 }],
  ])('Hebb, N = %d, P = %d, by %s, %o: recalls have the bits of one process', async (neurons, count, axis, options) => {
    const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count, neurons, seed: 3 }))
    const cues = flat(noisy(net, 40, count))
    const clamp = Uint8Array.from({ length: neurons }, (_, i) => (i % 29 === 0 ? 1 : 0))
    const one = net.recallBatch(cues, { ...options, clamp } as object) as Recalls
    const many = cluster(net, { shards, ...(axis === undefined ? {} : { axis }) })
    expect(recalled(await many.recall(cues, { ...options, clamp }))).toBe(recalled(one))
  })

  test.each([
    'patterns',
    'neurons',
  ] as const)('Hebb by %s: overlaps, nearest and the first k', async (axis) => {
    // Few neurons and many patterns, so that many are equally near.
    const net = new HopfieldNetwork({ neurons: 40 }).store(
      randomPatterns({ count: 300, neurons: 40, seed: 8 }),
    )
    const cues = flat(noisy(net, 30, 300))
    const many = cluster(net, { shards, axis })
    expect((await many.overlaps(cues)).map((v) => v / 40)).toEqual(net.overlapsBatch(cues))
    for (const k of [1, 9, 300, 1000]) {
      const { indices, overlaps } = net.nearest(cues, { k })
      const found = await many.nearest(cues, k)
      expect(found.indices).toEqual(indices)
      expect(found.scores).toEqual(Float64Array.from(overlaps))
    }
  })

  test.each<[string, DenseAssociativeMemoryOptions['interaction']]>([
    ['degree 3', { kind: 'polynomial', degree: 3 }],
    ['rectified', { kind: 'rectified', degree: 4 }],
    ['a ball', { kind: 'epanechnikov', radius: 20 }],
    ['a table', { kind: 'table', values: (v) => (v > 20 ? v * v : 0) }],
    ['a steep exponential', { kind: 'exponential', beta: 9 }],
    ['an exponential', { kind: 'exponential', beta: 0.7 }],
    ['a flat exponential', { kind: 'exponential', beta: 0.05 }],
  ])('dense, %s: synchronous recalls have the bits of one process', async (_, interaction) => {
    const neurons = 70
    const patterns = randomPatterns({ count: 333, neurons, seed: 4 })
    const memory = new DenseAssociativeMemory({ neurons, interaction }).store(patterns)
    const cues = flat(noisy(memory, 24, 333))
    const options = { dynamics: 'synchronous', maxSweeps: 12 } as const
    const many = cluster(memory, { shards })
    expect(recalled(await many.recall(cues, options))).toBe(recalled(memory.recallBatch(cues, options)))
    expect((await many.nearest(cues, 5)).indices).toEqual(memory.nearest(cues, { k: 5 }).indices)
  })

  test.each<[string, Omit<ModernHopfieldOptions, 'dimension'>, object]>([
    ['a flat softmax', { beta: 0.4 }, { maxSteps: 3 }],
    ['a sharp softmax', { beta: 30 }, { tolerance: 1e-6 }],
    ['cosine with saliences', { beta: 25, similarity: 'cosine' }, { maxSteps: 2 }],
    ['values', { beta: 4, similarity: 'euclidean', valueDimension: 3 }, { maxSteps: 2 }],
    ['epanechnikov', { separation: { kind: 'epanechnikov', radius: 2.4 } }, { tolerance: 0, energy: false }],
  ])('modern, %s: retrievals have the bits of one process', async (name, options, recall) => {
    const [count, dimension] = [301, 12]
    const real = (length: number, seed: number): Float32Array =>
      Float32Array.from({ length }, (_, k) => Math.sin((k + 1) * (k + seed) * 0.37))
    const memory = new ModernHopfield({ dimension, ...options })
    const weights = name.includes('saliences')
      ? { weights: Float64Array.from({ length: count }, (_, k) => 1 + (k % 5)) }
      : {}
    memory.store(
      real(count * dimension, 1),
      memory.valueDimension === 3 ? real(count * 3, 2) : undefined,
      weights,
    )
    const queries = real(20 * dimension, 5)
    const many = cluster(memory, { shards })
    const one = memory.recallBatch(queries, recall)
    const got = await many.retrieve(queries, recall)
    expect(digest(got.states, got.steps, got.converged, got.active, got.energies)).toBe(
      digest(one.states, one.steps, one.converged, one.active, one.energies),
    )
    const found = await many.nearest(queries, 7)
    const { indices, similarities } = memory.topBatch(queries, 7)
    expect([found.indices, found.scores]).toEqual([indices, similarities])
    expect(await many.overlaps(queries)).toEqual(memory.overlapsBatch(queries))
  })
})

test('what has no exact answer from parts is refused, and says why', async () => {
  const patterns = randomPatterns({ count: 9, neurons: 24 })
  const refused = (memory: { store(patterns: Int8Array): AnyMemory }) => () =>
    split(memory.store(patterns), { shards: 2 })
  expect(refused(new HopfieldNetwork({ neurons: 24, learning: 'storkey' }))).toThrow('only Hebbian networks')
  expect(refused(new HopfieldNetwork({ neurons: 24, units: 'binary' }))).toThrow('only Hebbian networks')
  expect(
    refused(
      new DenseAssociativeMemory({ neurons: 24, interaction: { kind: 'table', values: (v) => v / 3 } }),
    ),
  ).toThrow('no exact integers')
  expect(refused(new ModernHopfield({ dimension: 24, separation: 'sparsemax' }))).toThrow('sorts the scores')
  expect(refused(new ModernHopfield({ dimension: 24, precision: 'single' }))).toThrow('f32 within tiles')
  const dense = new DenseAssociativeMemory({ neurons: 24, interaction: { kind: 'polynomial', degree: 3 } })
  const cue = new Int8Array(24).fill(1)
  await expect(cluster(dense.store(patterns), { shards: 2 }).recall(cue)).rejects.toThrow(
    'every flip changes all votes',
  )
  const net = new HopfieldNetwork({ neurons: 24 }).store(patterns)
  await expect(cluster(net, { shards: 2, axis: 'neurons' }).recall(cue)).rejects.toThrow('at every visit')
})

test('a network is cut along the axis that sends less', () => {
  const map = (neurons: number, count: number) =>
    split(new HopfieldNetwork({ neurons }).store(randomPatterns({ count, neurons })), { shards: 2 }).map
  expect(map(64, 200).axis).toBe('patterns')
  expect(map(300, 20).axis).toBe('neurons')
})
