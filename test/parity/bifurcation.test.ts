import { describe, expect, test } from 'vitest'
import { type BifurcationPlan, type MatrixMemory, VARIANTS } from '../../src/kernels/contract/kernels.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import { connections, matrix, type Weigh } from './couplings.js'

// Around the widths of registers and of packed words, and sets of oscillators around the eight that go side by side.
const SIZES = [1, 2, 7, 8, 9, 31, 33, 64, 65, 130]
const COUNTS = [1, 7, 8, 9, 17]

const WEIGHTS: Record<string, Weigh> = {
  none: () => 0,
  '±1': (draw) => (draw.word() & 1 ? 1 : -1),
  'small integers': (draw) => draw.bounded(15) - 7,
  'large integers': (draw) => draw.word() | 0,
  real: (draw) => draw.uniform() - 0.5,
}

type Swarm = { positions: Float64Array; momenta: Float64Array; pumps: Float64Array }

function swarm(count: number, neurons: number, draw: WordStream): Swarm {
  const numbers = (): Float64Array =>
    Float64Array.from({ length: count * neurons }, () => 2 * draw.uniform() - 1)
  return { positions: numbers(), momenta: numbers(), pumps: numbers() }
}

const copy = ({ positions, momenta, pumps }: Swarm): Swarm => ({
  positions: positions.slice(),
  momenta: momenta.slice(),
  pumps: pumps.slice(),
})

describe.runIf(NATIVE_TIERS.length > 0)('simulated bifurcation on every tier', () => {
  for (const [name, weigh] of Object.entries(WEIGHTS)) {
    test.each(VARIANTS)(`moves oscillators as the reference does with weights ${name}: %s`, (variant) => {
      for (const [at, n] of SIZES.entries()) {
        const draw = new WordStream(31, n).seek(at, VARIANTS.indexOf(variant))
        const sparse = connections(n, weigh, at % 2 === 0, draw)
        const externalField =
          at % 3 === 0 ? undefined : Float64Array.from({ length: n }, () => draw.uniform() - 0.5)
        const strength = name === 'large integers' ? 1e-9 : 0.2
        const plan = { variant, strength, step: 0.6, numSteps: 5, left: 6, externalField }
        for (const [turn, memory] of [sparse, matrix(sparse)].entries()) {
          const count = COUNTS[(at + turn) % COUNTS.length]
          const before = swarm(count, n, draw)
          const [a, b] = [tier, reference].map((kernels) => {
            const now = copy(before)
            kernels.bifurcate(memory, plan, now.positions, now.momenta, now.pumps, count)
            return now
          })
          expectSame(a.positions, b.positions)
          expectSame(a.momenta, b.momenta)
          expectSame(a.pumps, b.pumps)
        }
      }
    })
  }

  test('makes the steps of two calls as those of one, here and beside this thread', async () => {
    const draw = new WordStream(32, 0).seek(0, 0)
    const memory = matrix(connections(70, WEIGHTS['±1'], true, draw))
    const whole = swarm(9, 70, draw)
    const parts = copy(whole)
    const plan: BifurcationPlan = {
      variant: 'discrete',
      strength: 0.1,
      step: 0.7,
      numSteps: 20,
      left: 25,
      externalField: undefined,
    }
    tier.bifurcate(memory, plan, whole.positions, whole.momenta, whole.pumps, 9)
    tier.bifurcate(memory, { ...plan, numSteps: 8 }, parts.positions, parts.momenta, parts.pumps, 9)
    const rest = { ...plan, numSteps: 12, left: 17 }
    await tier.beside.bifurcate(memory, rest, parts.positions, parts.momenta, parts.pumps, 9)
    expect(parts).toEqual(whole)
  })

  test('reads a matrix of ±1 whose diagonal is not looked at, and one in which a single weight is another', () => {
    const draw = new WordStream(33, 0).seek(0, 0)
    const plain = matrix(connections(40, WEIGHTS['±1'], true, draw)) as MatrixMemory
    const weights = plain.weights.slice()
    weights[39 * paddedStride(40) + 3] = weights[3 * paddedStride(40) + 39] = 2
    const plan = { variant: 'discrete', strength: 0.1, step: 0.7, numSteps: 9, left: 9 } as const
    for (const memory of [plain, { ...plain, weights }]) {
      const here = swarm(3, 40, draw)
      const there = copy(here)
      for (const [kernels, { positions, momenta, pumps }] of [
        [tier, here],
        [reference, there],
      ] as const)
        kernels.bifurcate(memory, { ...plan, externalField: undefined }, positions, momenta, pumps, 3)
      expect(here).toEqual(there)
    }
  })
})
