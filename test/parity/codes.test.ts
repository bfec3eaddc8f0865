import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allHere } from '../../src/async/steps.js'
import type { CodeMemory, CodePlan, Kernels } from '../../src/kernels/contract/kernels.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { joined } from '../../src/storage/code-lists.js'
import { CovarianceSynapses } from '../../src/storage/code-synapses.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'

const SIZES = [
  1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256, 257, 511, 512, 513, 1100,
]
const INPUTS = 70

/** Synapses on which no alignment can be relied, each of them set with probability ½, with clean padding. */
function synapses(outputs: number): Uint32Array {
  const stream = new WordStream(20261125, outputs).seek(0, 0)
  const stride = rowWords(outputs)
  const weights = new Uint32Array(INPUTS * stride + 1).subarray(1)
  for (let i = 0; i < INPUTS; i++) {
    for (let j = 0; j < outputs; j++) {
      if (stream.word() & 1) weights[i * stride + (j >>> 5)] |= 1 << (j & 31)
    }
  }
  return weights
}

/** Every number of active units at which a counter gets a further bit, and those beside. */
const ACTIVE = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 70]

/** The last `count` input units, ascending. */
const last = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, k) => INPUTS - count + k)

/** `count` codes of some `most` units at most, drawn at random. */
function codes(units: number, count: number, most: number, seed: number): Uint32Array[] {
  const stream = new WordStream(seed, 7).seek(1, 0)
  return Array.from({ length: count }, () => {
    const wanted = stream.bounded(Math.min(most, units) + 1)
    return Uint32Array.from(new Set(Array.from({ length: wanted }, () => stream.bounded(units)))).sort()
  })
}

function sameRecalls(tier: Kernels, memory: CodeMemory, cues: readonly Uint32Array[], plan: CodePlan): void {
  const { starts, items } = joined(cues)
  const size = cues.length * rowWords(memory.outputs)
  const [a, b] = [tier, reference].map((kernels) => {
    const [rows, outcomes] = [new Uint32Array(size + 1), new Uint32Array(2 * cues.length + 1)]
    rows.fill(7)
    outcomes.fill(7)
    kernels.recallCodes(memory, starts, items, cues.length, plan, rows, outcomes)
    return { rows, outcomes }
  })
  expectSame(a.rows, b.rows)
  expectSame(a.outcomes, b.outcomes)
  expect([a.rows[size], a.outcomes[2 * cues.length]]).toEqual([7, 7])
}

const PLAN: CodePlan = { threshold: undefined, winners: undefined, steps: 1 }

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('finds the units above every threshold as the reference does', () => {
    for (const outputs of SIZES) {
      const memory = {
        form: 'synapses',
        inputs: INPUTS,
        outputs,
        auto: false,
        weights: synapses(outputs),
      } as const
      for (const count of ACTIVE) {
        const half = count >> 1
        const thresholds = [1, 2, half, half + 1, count - 1, count, count + 1, 2 ** 30]
        for (const threshold of [undefined, ...thresholds.filter((some) => some >= 0)]) {
          sameRecalls(tier, memory, [last(count)], { ...PLAN, threshold })
        }
      }
    }
  })

  test('finds the units with the most synapses as the reference does', () => {
    for (const outputs of SIZES) {
      const memory = {
        form: 'synapses',
        inputs: INPUTS,
        outputs,
        auto: false,
        weights: synapses(outputs),
      } as const
      const cues = ACTIVE.map(last)
      for (const winners of [0, 1, 2, 3, 8, outputs >> 1, outputs - 1, outputs]) {
        sameRecalls(tier, memory, cues, { ...PLAN, winners })
      }
    }
  })

  test('stores as the reference does', () => {
    for (const outputs of SIZES) {
      const [a, b] = [synapses(outputs), synapses(outputs)]
      const row = b.slice(0, rowWords(outputs))
      for (const count of ACTIVE) {
        tier.willshawStore(a, INPUTS, outputs, last(count).subarray(count >> 1), row)
        reference.willshawStore(b, INPUTS, outputs, last(count).subarray(count >> 1), row)
        expectSame(a, b)
      }
    }
  })

  const units = fc.oneof(
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 120, max: 260 }),
    fc.integer({ min: 500, max: 530 }),
  )
  const plans = fc.record({
    threshold: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    winners: fc.option(fc.nat({ max: 80 }), { nil: undefined }),
    steps: fc.integer({ min: 1, max: 5 }),
  })
  const seeds = fc.nat({ max: 2 ** 20 })

  test('goes on from code to code over synapses as the reference does', () => {
    const check = (n: number, count: number, seed: number, plan: CodePlan): void => {
      const weights = new Uint32Array(n * rowWords(n))
      const row = new Uint32Array(rowWords(n))
      for (const active of codes(n, count, 5, seed)) {
        row.fill(0)
        for (const unit of active) row[unit >>> 5] |= 1 << (unit & 31)
        reference.willshawStore(weights, n, n, active, row)
      }
      sameRecalls(
        tier,
        { form: 'synapses', inputs: n, outputs: n, auto: true, weights },
        codes(n, 6, 9, seed + 1),
        plan,
      )
    }
    fc.assert(fc.property(units, fc.nat({ max: 40 }), seeds, plans, check), { seed: 20261125, numRuns: 300 })
  })

  test('weighs covariances as the reference does, to the last bit of a field', () => {
    const check = (
      [n, m]: readonly [number, number],
      auto: boolean,
      count: number,
      activity: number,
      seed: number,
      plan: CodePlan,
    ): void => {
      const [inputs, outputs] = [n, auto ? n : m]
      const rule = new CovarianceSynapses(reference, inputs, outputs, auto, activity)
      const from = codes(inputs, count, 6, seed)
      allHere(rule.storing(from, auto ? from : codes(outputs, count, 6, seed + 1)))
      const cues = codes(inputs, 6, 9, seed + 2)
      sameRecalls(tier, rule.memory(), cues, plan)
      // At a threshold of its own field a unit tells whether the field is the same number.
      for (const threshold of [-0.1, 0, 0.03])
        sameRecalls(tier, rule.memory(), cues, { ...plan, winners: undefined, threshold })
    }
    const activities = fc.constantFrom(0.02, 0.05, 0.1, 0.5, 0.9)
    fc.assert(
      fc.property(fc.tuple(units, units), fc.boolean(), fc.nat({ max: 60 }), activities, seeds, plans, check),
      { seed: 20261126, numRuns: 300 },
    )
  })
})
