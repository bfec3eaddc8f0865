import { describe, expect, test } from 'vitest'
import { ACCEPTANCES, type Acceptance, type AnnealingMemory } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { connections, matrix, ring, type Weigh } from './couplings.js'

// Some bonds a neuron, counted one way each (up to six, and fourteen, thirty, sixty-two, 126 and more), and those beside.
const SIZES = [1, 2, 3, 4, 6, 8, 9, 16, 17, 33, 70, 135]
const COUNTS = [1, 2, 63, 64, 65, 130, 512]

const WEIGHTS: Record<string, { scale: number; weigh: Weigh }> = {
  none: { scale: 1, weigh: () => 0 },
  'of one sign': { scale: 1, weigh: () => -1 },
  '±1': { scale: 1, weigh: (draw) => (draw.word() & 1 ? 1 : -1) },
  'small integers': { scale: 1, weigh: (draw) => draw.bounded(15) - 7 },
  'integers too large to be counted': { scale: 1e-3, weigh: (draw) => draw.bounded(20_001) - 10_000 },
  'integers too large to be kept': { scale: 1e-9, weigh: (draw) => draw.word() | 0 },
  real: { scale: 1, weigh: (draw) => draw.uniform() - 0.5 },
}

/** So many sweeps that copies of weights pay, from where all flips are taken to where hardly any is. */
const LONG = Float64Array.from({ length: 20 }, (_, k) =>
  k === 19 ? Number.POSITIVE_INFINITY : k * k * 0.005,
)

function same(
  memory: AnnealingMemory,
  count: number,
  scale: number,
  field: Float64Array | undefined,
  acceptance: Acceptance,
  betas = Float64Array.of(0, 0.1 * scale, 0.4 * scale, 3 * scale, Number.POSITIVE_INFINITY, 0.2 * scale),
): void {
  const draw = new WordStream(20261126, memory.neurons).seek(count, 0)
  const start = Uint32Array.from({ length: 2 * memory.neurons * Math.ceil(count / 64) }, () => draw.word())
  const starts = Uint32Array.from({ length: count >> 1 }, () => draw.bounded(memory.neurons))
  const plan = {
    betas,
    firstSweep: 5,
    seedLow: 7,
    seedHigh: 2 ** 32 - 1,
    group: 2 ** 40 + 3,
    acceptance,
    externalField: field,
  }
  const [a, b] = [tier, reference].map((kernels) => {
    const replicas = start.slice()
    kernels.anneal(memory, plan, replicas, count)
    const quadratics = new Float64Array(count)
    kernels.replicaQuadratics(memory, field, replicas, count, quadratics)
    const exchanged = replicas.slice()
    kernels.exchangeClusters(memory, starts, exchanged, count)
    return { replicas, quadratics, exchanged }
  })
  expectSame(a.exchanged, b.exchanged)
  expectSame(a.replicas, b.replicas)
  expectSame(a.quadratics, b.quadratics)
}

describe.runIf(NATIVE_TIERS.length > 0)('annealing on every tier', () => {
  for (const [name, { scale, weigh }] of Object.entries(WEIGHTS)) {
    test(`gives the reference's replicas and energies with weights: ${name}`, () => {
      for (const [at, n] of SIZES.entries()) {
        const draw = new WordStream(1, n).seek(at, 0)
        const memory = connections(n, weigh, at % 2 === 0, draw)
        const field = Float64Array.from({ length: n }, () =>
          at % 3 === 0 ? draw.uniform() : draw.bounded(7) - 3,
        )
        const counts = scale === 1 && name !== 'real' ? COUNTS : COUNTS.slice(0, 5)
        for (const [turn, acceptance] of ACCEPTANCES.entries()) {
          const [few, many] = [counts[(at + turn) % counts.length], counts[(at + 3 + turn) % counts.length]]
          same(memory, few, scale, at % 4 === 1 ? undefined : field, acceptance)
          same(matrix(memory), many, scale, at % 4 === 2 ? field : undefined, acceptance)
        }
      }
    })
  }

  test('gives them where all neurons have equally many neighbours', () => {
    for (let degree = 1; degree <= 8; degree++) {
      for (const weigh of [WEIGHTS['of one sign'].weigh, WEIGHTS['±1'].weigh]) {
        const memory = ring(40, degree, weigh, new WordStream(2, degree).seek(0, 0))
        for (const acceptance of ACCEPTANCES) same(memory, 130, 1, undefined, acceptance)
      }
    }
  })

  test('gives them for a chain alone that makes many sweeps, among few neighbours and among many', () => {
    const kinds: [string, Weigh][] = [
      ['±1', WEIGHTS['±1'].weigh],
      ['of one sign', WEIGHTS['of one sign'].weigh],
      ['some not there', (draw) => draw.bounded(3) - 1],
      [
        'up to ±64, whose doubles may not fit a byte',
        (draw) => (draw.bounded(40) === 0 ? draw.bounded(129) - 64 : 0),
      ],
    ]
    for (const [at, n] of [1, 2, 15, 16, 17, 47, 64, 65, 130].entries()) {
      for (const [turn, [, weigh]] of kinds.entries()) {
        const draw = new WordStream(9, n).seek(turn, 0)
        const field = Float64Array.from({ length: n }, () => draw.bounded(7) - 3)
        for (const [k, acceptance] of ACCEPTANCES.entries()) {
          const own = (at + turn + k) % 2 === 0 ? field : undefined
          const many = connections(n, weigh, (at + k) % 3 === 0, draw)
          same(turn % 2 === 0 ? many : matrix(many), 1, 1, own, acceptance, LONG)
          const degree = Math.min(n - 1, 2 * turn)
          if (n > 8) same(ring(n, degree, weigh, draw), 1, 1, own, acceptance, LONG)
        }
      }
    }
  })

  test('gives them for a chain alone whose weights are not symmetric', () => {
    // Nobody hears neurons 0 to 9, who hear all; 63 who say the same are more than a byte takes.
    const rows = Array.from({ length: 140 }, (_, i) =>
      i < 10 ? [] : Array.from({ length: 10 }, (_, j) => j),
    )
    const starts = Uint32Array.from({ length: 141 }, (_, i) => 10 * Math.max(0, i - 10))
    const sources = Uint32Array.from(rows.flat())
    const weights = new Int32Array(sources.length).fill(1)
    const targets = { targetStarts: starts, targets: sources, targetWeights: weights }
    const none = new Uint32Array(0)
    const memory = {
      form: 'sparse',
      neurons: 140,
      count: 0,
      rows: none,
      starts,
      sources,
      weights,
      ...targets,
    } as const
    for (const acceptance of ACCEPTANCES) same(memory, 1, 1, undefined, acceptance, LONG)
  })

  test('gives them for one field after the other of the same weights', () => {
    const memory = connections(20, WEIGHTS['±1'].weigh, false, new WordStream(1, 4).seek(0, 0))
    const [up, down] = [1, -2].map((b) => new Float64Array(20).fill(b))
    const changed = up.slice()
    for (const field of [up, down, undefined, up]) same(memory, 64, 1, field, 'metropolis')
    same(memory, 64, 1, changed, 'metropolis')
    changed[7] = 3
    same(memory, 64, 1, changed, 'metropolis')
  })

  test('leaves the bits of replicas that are not asked for', () => {
    const memory = connections(20, () => 1, true, new WordStream(1, 2).seek(0, 0))
    const replicas = new Uint32Array(2 * 2 * 20).fill(0x5a5a5a5a)
    const plan = {
      betas: Float64Array.of(0.01),
      firstSweep: 0,
      seedLow: 1,
      seedHigh: 0,
      group: 0,
      acceptance: 'metropolis' as const,
      externalField: undefined,
    }
    tier.anneal(memory, plan, replicas, 70)
    expect(new Set(replicas.filter((_, k) => k % 4 === 3))).toEqual(new Set([0x5a5a5a5a]))
    expect(new Set(replicas.filter((_, k) => k % 4 === 2).map((word) => word >>> 6))).toEqual(
      new Set([0x5a5a5a5a >>> 6]),
    )
  })

  test('computes the same beside this thread', async () => {
    const memory = connections(33, WEIGHTS['±1'].weigh, true, new WordStream(1, 3).seek(0, 0))
    const plan = {
      betas: Float64Array.of(0.1, 0.3),
      firstSweep: 0,
      seedLow: 1,
      seedHigh: 0,
      group: 0,
      acceptance: 'metropolis' as const,
      externalField: undefined,
    }
    const [here, there] = [new Uint32Array(66), new Uint32Array(66)]
    const [a, b] = [new Float64Array(9), new Float64Array(9)]
    tier.anneal(memory, plan, here, 9)
    await tier.beside.anneal(memory, plan, there, 9)
    tier.replicaQuadratics(memory, undefined, here, 9, a)
    await tier.beside.replicaQuadratics(memory, undefined, there, 9, b)
    tier.exchangeClusters(memory, Uint32Array.of(1, 30, 4, 5), here, 9)
    await tier.beside.exchangeClusters(memory, Uint32Array.of(1, 30, 4, 5), there, 9)
    expectSame(here, there)
    expectSame(a, b)
  })
})
