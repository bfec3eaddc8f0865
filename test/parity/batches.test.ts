import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Memory, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import {
  cueRow,
  hebbianMatrix,
  implicitMemory,
  PLAIN,
  type PlanChoice,
  planChoices,
  planOf,
  randomRow,
  type Shape,
  shapes,
} from './inputs.js'

const SEED = 20261123

function cueRows(shape: Shape, count: number): Uint32Array {
  const stride = rowWords(shape.neurons)
  const cues = new Uint32Array(count * stride)
  // Not every cue its own: equal ones in a batch must not disturb each other either.
  const distinct = Array.from({ length: Math.min(count, 40) }, (_, b) => cueRow(shape, b))
  for (let b = 0; b < count; b++) cues.set(distinct[b % distinct.length], b * stride)
  return cues
}

/** Recalls by the reference, once for each memory and plan, of as many cues as any batch below has. */
function expected(
  memory: Memory,
  cues: Uint32Array,
  count: number,
  plan: RecallPlan,
): [Uint32Array, Float64Array] {
  const states = new Uint32Array(cues.length)
  const outcomes = new Float64Array(count * OUTCOME.length)
  reference.recall(memory, cues, count, plan, states, outcomes)
  return [states, outcomes]
}

/** Every tier recalls the batch as the reference does; `where` is told if not. */
function agree(memory: Memory, shape: Shape, count: number, plan: RecallPlan): void {
  agreeOn(memory, cueRows(shape, count), count, plan)
}

function agreeOn(memory: Memory, cues: Uint32Array, count: number, plan: RecallPlan): void {
  agreeWith(memory, cues, count, plan, expected(memory, cues, count, plan))
}

function agreeWith(
  memory: Memory,
  cues: Uint32Array,
  count: number,
  plan: RecallPlan,
  [states, outcomes]: [Uint32Array, Float64Array],
): void {
  for (const tier of NATIVE_TIERS) {
    const got = new Uint32Array(cues.length).fill(9)
    const ends = new Float64Array(outcomes.length).fill(9)
    expect(tier.recall(memory, cues, count, plan, got, ends)).toBe(-1)
    for (let k = 0; k < ends.length; k++) {
      if (!Object.is(ends[k], outcomes[k]))
        expect({ tier: tier.tier, outcome: k, value: ends[k] }).toEqual({
          tier: tier.tier,
          outcome: k,
          value: outcomes[k],
        })
    }
    for (let k = 0; k < got.length; k++) {
      if (got[k] !== states[k])
        expect({ tier: tier.tier, word: k, bits: got[k] }).toEqual({
          tier: tier.tier,
          word: k,
          bits: states[k],
        })
    }
  }
}

const counts = fc.oneof(fc.constantFrom(2, 3, 4, 5, 23, 24, 25, 31, 32, 33), fc.integer({ min: 2, max: 70 }))

describe.runIf(NATIVE_TIERS.length > 0)(
  'every tier recalls a batch as the reference recalls its cues',
  () => {
    test('with implicit weights', () => {
      const check = (shape: Shape, choice: PlanChoice, count: number): void =>
        agree(implicitMemory(shape), shape, count, planOf(choice, shape))
      fc.assert(fc.property(shapes, planChoices, counts, check), { seed: SEED, numRuns: 250 })
    })

    test('with dense weights', () => {
      const check = (shape: Shape, choice: PlanChoice, count: number): void => {
        const small = { ...shape, neurons: Math.min(shape.neurons, 200) }
        agree(hebbianMatrix(small), small, count, planOf(choice, small))
      }
      fc.assert(fc.property(shapes, planChoices, counts, check), { seed: SEED, numRuns: 120 })
    })

    test.each([
      'synchronous',
      'asynchronous',
    ] as const)('with more cues than take part at once, %s', (dynamics) => {
      // A load where some settle at once, some late, some in two-cycles and some never within ten sweeps.
      const shape: Shape = { neurons: 130, count: 23, kind: 'random', seed: 5 }
      const plan = planOf({ ...PLAIN, dynamics, maxSweeps: 10, order: 'random-site' }, shape)
      const memory = implicitMemory(shape)
      const cues = cueRows(shape, 600)
      const [, outcomes] = expected(memory, cues, 600, plan)
      const ends = new Set(
        Array.from({ length: 600 }, (_, b) => outcomes[b * OUTCOME.length + OUTCOME.cycle]),
      )
      expect(ends.size).toBeGreaterThan(1)
      agree(memory, shape, 600, plan)
    })

    test.each([
      // Σ|v| past 16 bits: tables are read in several runs.
      [5000, 12, 'equal'],
      // Six overlaps of 8000 do not fit one table's 16 bits, so those states go alone.
      [8000, 10, 'equal'],
      [9000, 70, 'complement'],
      // Overlaps past what two signed bytes hold, and past 16 bits.
      [32511, 3, 'equal'],
      [32512, 3, 'random'],
      [32513, 3, 'equal'],
      [33000, 5, 'complement'],
    ] as const)('at the edges of narrow arithmetic, N = %i, P = %i, %s patterns', (neurons, count, kind) => {
      const shape: Shape = { neurons, count, kind, seed: 3 }
      const memory = implicitMemory(shape)
      for (const tie of ['positive', 'negative', 'keep'] as const) {
        agree(memory, shape, 26, planOf({ ...PLAIN, tie, maxSweeps: 3 }, shape))
      }
      agree(memory, shape, 3, planOf({ ...PLAIN, dynamics: 'asynchronous', maxSweeps: 2 }, shape))
    })

    describe.each([
      [65535, [1, -1, 3, 32511, -32513, 32767, -32769, 65533, 65535, -65535]],
      [65536, [0, 2, -2, 32510, 32512, -32514, 32768, -32768, 65536, -65536]],
      [65537, [1, -1, 3, 32513, -32511, 32769, -32767, 65535, 65537, -65537]],
    ] as const)('with overlaps on both sides of every width, N = %i', (neurons, wanted) => {
      const shape: Shape = { neurons, count: 101, kind: 'random', seed: 3 }
      const stride = rowWords(neurons)
      const memory = implicitMemory(shape)
      const cues = new Uint32Array(33 * stride)
      for (let b = 0; b < 33; b++) {
        // A pattern with so many neurons turned that its overlap with the cue is as wanted.
        const turned = (neurons - wanted[b % wanted.length]) / 2
        const row = memory.rows.slice(3 * b * stride, (3 * b + 1) * stride)
        for (let i = 0; i < turned; i++) row[i >> 5] ^= 1 << (i & 31)
        cues.set(row, b * stride)
      }
      const overlaps = new Int32Array(33 * shape.count)
      reference.overlaps(memory.rows, shape.count, neurons, cues, 33, overlaps)
      const own = Array.from({ length: 33 }, (_, b) => overlaps[b * shape.count + 3 * b])
      expect(new Set(own)).toEqual(new Set(wanted))
      test.each(['synchronous', 'asynchronous'] as const)('%s', (dynamics) => {
        const plan = planOf({ ...PLAIN, dynamics, order: 'cyclic', maxSweeps: 1 }, shape)
        const [states, outcomes] = expected(memory, cues, 33, plan)
        for (const count of dynamics === 'synchronous' ? [1, 2, 15, 16, 17, 33] : [2, 17]) {
          const from = 33 - count
          agreeWith(memory, cues.slice(from * stride), count, plan, [
            states.slice(from * stride),
            outcomes.slice(from * OUTCOME.length),
          ])
        }
      })
    })

    test.each([
      // Portions of 256 patterns where there are more than 16 states, of 512 where there are not.
      [513, 255],
      [513, 257],
      [1025, 513],
      [600, 1030],
      [9000, 701],
    ] as const)('in portions of the patterns, N = %i, P = %i', (neurons, count) => {
      const shape: Shape = { neurons, count, kind: 'random', seed: 2 }
      const memory = implicitMemory(shape)
      for (const cues of [16, 17, 32, 49]) {
        agree(memory, shape, cues, planOf({ ...PLAIN, maxSweeps: 2 }, shape))
      }
    })

    test('with an address of its own for each cue', () => {
      const shape: Shape = { neurons: 300, count: 30, kind: 'random', seed: 4 }
      const memory = implicitMemory(shape)
      const streams = Float64Array.from({ length: 30 }, (_, b) => (b % 3 === 0 ? 2 ** 52 - b : 5))
      for (const order of ['random', 'random-site'] as const) {
        const plan = { ...planOf({ ...PLAIN, dynamics: 'asynchronous', order }, shape), streams }
        agree(memory, shape, 30, plan)
      }
    })

    test('where all cues visit neurons in one order', () => {
      const counts = fc.oneof(
        fc.constantFrom(8, 16, 31, 32, 33, 35, 36, 63, 64, 65),
        fc.integer({ min: 8, max: 130 }),
      )
      const orders = fc.constantFrom('random', 'cyclic', 'explicit')
      const check = (of: Shape, choice: PlanChoice, order: string, count: number): void => {
        const shape = { ...of, count: Math.min(of.count, 16 * count, 130) }
        const { neurons } = shape
        const plan = planOf({ ...choice, dynamics: 'asynchronous', order: 'random' }, shape)
        // Not every neuron, and some again.
        const visits = Uint32Array.from({ length: neurons + 3 }, (_, u) => (u * u + 1) % neurons)
        const same = {
          ...plan,
          order: order === 'explicit' ? visits : (order as 'random' | 'cyclic'),
          streams: new Float64Array(count).fill(7),
          externalField: undefined,
        }
        agree(implicitMemory(shape), shape, count, same)
      }
      fc.assert(fc.property(shapes, planChoices, orders, counts, check), { seed: SEED, numRuns: 200 })
    })

    test('where all cues visit neurons in one order and their fields outgrow 16 bits on the way', () => {
      // Random cues overlap little with forty equal patterns, and with each by all 1500 neurons in the end.
      const shape: Shape = { neurons: 1500, count: 40, kind: 'equal', seed: 9 }
      const plan = planOf({ ...PLAIN, dynamics: 'asynchronous', order: 'cyclic' }, shape)
      const memory = implicitMemory(shape)
      const cues = new Uint32Array(20 * rowWords(1500))
      for (let b = 0; b < 20; b++) cues.set(randomRow(77, b, 1500), b * rowWords(1500))
      const overlaps = new Int32Array(20 * 40)
      reference.overlaps(memory.rows, 40, 1500, cues, 20, overlaps)
      expect(Math.max(...overlaps.map(Math.abs)) * 40).toBeLessThan(2 ** 15 - 40 * 3)
      expect(1500 * 40).toBeGreaterThan(2 ** 15)
      agreeOn(memory, cues, 20, plan)
    })

    test('whether cues and states are bytes or packed', () => {
      const shape: Shape = { neurons: 77, count: 9, kind: 'random', seed: 6 }
      const memory = implicitMemory(shape)
      const plan = planOf(PLAIN, shape)
      const count = 50
      const cues = cueRows(shape, count)
      const bytes = new Int8Array(count * shape.neurons)
      reference.unpack(cues, count, shape.neurons, bytes)
      const [states] = expected(memory, cues, count, plan)
      const unpacked = new Int8Array(bytes.length)
      reference.unpack(states, count, shape.neurons, unpacked)
      for (const tier of [reference, ...NATIVE_TIERS]) {
        for (const given of [cues, bytes]) {
          const outcomes = new Float64Array(count * OUTCOME.length)
          const [rows, spins] = [new Uint32Array(cues.length), new Int8Array(bytes.length)]
          tier.recall(memory, given, count, plan, rows, outcomes)
          tier.recall(memory, given, count, plan, spins, outcomes)
          expect(rows).toEqual(states)
          expect(spins).toEqual(unpacked)
        }
      }
    })
  },
)

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('computes overlaps and Q of many states as the reference does', () => {
    const check = (shape: Shape, count: number): void => {
      const { neurons, count: patterns } = shape
      const implicit = implicitMemory(shape)
      const states = cueRows(shape, count)
      const [a, b] = [new Int32Array(count * patterns + 1), new Int32Array(count * patterns + 1)]
      tier.overlaps(implicit.rows, patterns, neurons, states, count, a)
      reference.overlaps(implicit.rows, patterns, neurons, states, count, b)
      expect(a).toEqual(b)
      const memories: Memory[] = neurons > 200 ? [implicit] : [implicit, hebbianMatrix(shape)]
      for (const memory of memories) {
        const [p, q] = [new Float64Array(count + 1), new Float64Array(count + 1)]
        tier.quadratics(memory, states, count, p)
        reference.quadratics(memory, states, count, q)
        expect(p).toEqual(q)
      }
    }
    fc.assert(fc.property(shapes, counts, check), { seed: SEED, numRuns: 100 })
    check({ neurons: 500, count: 40, kind: 'random', seed: 1 }, 300)
  })

  test('recalls off the thread as on it', async () => {
    const shape: Shape = { neurons: 200, count: 17, kind: 'random', seed: 8 }
    const memory = implicitMemory(shape)
    const plan = planOf({ ...PLAIN, dynamics: 'asynchronous' }, shape)
    const cues = cueRows(shape, 40)
    const [states, outcomes] = expected(memory, cues, 40, plan)
    const runs = Array.from({ length: 6 }, async () => {
      const [got, ends] = [new Uint32Array(cues.length), new Float64Array(outcomes.length)]
      await tier.recallAsync(memory, cues, 40, plan, got, ends)
      expect(got).toEqual(states)
      expect(ends).toEqual(outcomes)
    })
    await Promise.all(runs)
  })
})
