import { createHash } from 'node:crypto'
import {
  type AnyMemory,
  addNoise,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
} from 'hopfield-native'
import { expect, test } from 'vitest'
import { Part } from '../src/parts/part.js'
import { split } from '../src/parts/split.js'
import { Coordinator } from '../src/recall/coordinator.js'

// The digests of one process and of its parts, over 100,000 cues of each memory.

const CUES = 100_000
const BATCH = 1000
const [NEURONS, PATTERNS, DIMENSION] = [64, 96, 8]

const patterns = randomPatterns({ count: PATTERNS, neurons: NEURONS, seed: 1 })

function cues(from: number): Int8Array {
  const out = new Int8Array(BATCH * NEURONS)
  for (let b = 0; b < BATCH; b++) {
    const mu = (from + b) % PATTERNS
    const own = patterns.subarray(mu * NEURONS, (mu + 1) * NEURONS)
    out.set(addNoise(own, { count: (from + b) % 25, seed: from + b }), b * NEURONS)
  }
  return out
}

const queries = (from: number): Float32Array =>
  Float32Array.from({ length: BATCH * DIMENSION }, (_, k) => Math.sin((from + 1) * 0.7 + k * k * 0.11))

type Rows = readonly ArrayBufferView[]

async function compare(
  memory: AnyMemory,
  one: (from: number) => Rows,
  many: (whole: Coordinator, from: number) => Promise<Rows>,
): Promise<void> {
  const { map, files } = split(memory, {
    shards: 3,
    ...(memory instanceof HopfieldNetwork && { axis: 'patterns' }),
  })
  const parts = map.shards.map(({ file }) => new Part(files.get(file) as Uint8Array, map))
  const whole = new Coordinator(map, async (part, operation, asked) => parts[part].answer(operation, asked))
  const digests = [createHash('sha256'), createHash('sha256')]
  const add = (digest: number, rows: Rows): void => {
    for (const row of rows) digests[digest].update(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))
  }
  for (let from = 0; from < CUES; from += BATCH) {
    add(0, one(from))
    add(1, await many(whole, from))
  }
  expect(digests[1].digest('hex')).toBe(digests[0].digest('hex'))
}

test.each(['synchronous', 'asynchronous'] as const)('Hebb, %s', async (dynamics) => {
  const net = new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
  const options = (from: number) => ({ dynamics, stream: from, maxSweeps: 10 })
  await compare(
    net,
    (from) => {
      const { states, sweeps, flips, energies, cycles } = net.recallBatch(cues(from), options(from))
      return [states, sweeps, flips, energies, cycles]
    },
    async (whole, from) => {
      const { states, sweeps, flips, energies, cycles } = await whole.recall(cues(from), options(from))
      return [states, sweeps, flips, energies, cycles]
    },
  )
})

test.each([
  { kind: 'polynomial', degree: 3 } as const,
  { kind: 'exponential', beta: 1.5 } as const,
  { kind: 'epanechnikov', radius: 15 } as const,
])('dense, %o', async (interaction) => {
  const memory = new DenseAssociativeMemory({ neurons: NEURONS, interaction }).store(patterns)
  const options = { dynamics: 'synchronous', maxSweeps: 5 } as const
  await compare(
    memory,
    (from) => {
      const { states, sweeps, flips, energies, cycles } = memory.recallBatch(cues(from), options)
      return [states, sweeps, flips, energies, cycles]
    },
    async (whole, from) => {
      const { states, sweeps, flips, energies, cycles } = await whole.recall(cues(from), options)
      return [states, sweeps, flips, energies, cycles]
    },
  )
})

test.each([
  ['softmax', { beta: 5 }],
  ['epanechnikov', { separation: { kind: 'epanechnikov', radius: 1.8 } }],
] as const)('modern, %s', async (_, options) => {
  const keys = Float32Array.from({ length: 200 * DIMENSION }, (_, k) => Math.sin(k * k))
  const net = new ModernHopfield({ dimension: DIMENSION, ...options }).store(keys)
  await compare(
    net,
    (from) => {
      const { states, steps, active, energies } = net.recallBatch(queries(from), { maxSteps: 2 })
      return [states, steps, active, energies]
    },
    async (whole, from) => {
      const { states, steps, active, energies } = await whole.retrieve(queries(from), { maxSteps: 2 })
      return [states, steps, active, energies]
    },
  )
})

test('nearest and the first k', async () => {
  const net = new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
  await compare(
    net,
    (from) => {
      const { indices, overlaps } = net.nearest(cues(from), { k: 5 })
      return [indices, Float64Array.from(overlaps)]
    },
    async (whole, from) => {
      const { indices, scores } = await whole.nearest(cues(from), 5)
      return [indices, scores]
    },
  )
})
