import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../src/kernels/contract/kernels.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'
import { columnsOf, type PlanChoice, planOf } from './inputs.js'

const NEURONS = 32767
/** N·P is just beyond 2^31; with equal patterns every overlap is ±N, and no 32-bit sum holds a field. */
const COUNT = 65600

const PLAIN: PlanChoice = {
  dynamics: 'synchronous',
  order: 'explicit',
  tie: 'positive',
  maxSweeps: 1,
  seedLow: 0,
  seedHigh: 0,
  stream: 0,
  normalized: true,
  external: 'none',
  clamped: false,
}

describe('a memory whose fields outgrow 32 bits', () => {
  const shape = { neurons: NEURONS, count: COUNT, kind: 'equal', seed: 1 } as const
  const rows = new Uint32Array(COUNT * rowWords(NEURONS)).fill(0xffffffff)
  for (let mu = 0; mu < COUNT; mu++) rows[(mu + 1) * rowWords(NEURONS) - 1] = 0x7fffffff
  const memory = {
    form: 'implicit',
    neurons: NEURONS,
    count: COUNT,
    rows,
    columns: columnsOf(shape, rows),
  } as const
  const cue = rows.slice(0, rowWords(NEURONS)).fill(0xfffffff0, 0, 20)
  for (const dynamics of ['synchronous', 'asynchronous'] as const) {
    const plan = { ...planOf({ ...PLAIN, dynamics }, shape), order: Uint32Array.of(0, 1, 5, 32, 32766, 33) }
    const expected = cue.slice()
    const outcome = new Float64Array(OUTCOME.length)
    reference.recall(memory, cue, 1, plan, expected, outcome)
    for (const tier of NATIVE_TIERS) {
      test(`is recalled from by tier ${tier.tier}, ${dynamics}, as by the reference`, () => {
        const state = cue.slice()
        const own = new Float64Array(OUTCOME.length)
        tier.recall(memory, cue, 1, plan, state, own)
        expect(outcome[OUTCOME.flips]).toBeGreaterThan(0)
        expect(state).toEqual(expected)
        expect(own).toEqual(outcome)
      })
    }
  }
})

// Two signed bytes hold ±32512 and no more. N·P is 1,024 short of 2^31, or beyond it, where the sums of a pattern
// itself do not fit and those of a noisy one do.
describe.each([66052, 66060])('a memory whose fields come near 32 bits, P = %i', (count) => {
  const [neurons, cues] = [32512, 26]
  const shape = { neurons, count, kind: 'equal', seed: 1 } as const
  const stride = rowWords(neurons)
  const rows = new Uint32Array(count * stride).fill(0xffffffff)
  for (let mu = 0; mu < count; mu++) rows.fill(0, mu * stride + neurons / 32, (mu + 1) * stride)
  const memory = { form: 'implicit', neurons, count, rows, columns: new Uint32Array(0) } as const
  const plan = planOf({ ...PLAIN, order: 'random' }, shape)
  const exact = rows.slice(0, stride)
  const kinds = [rows.slice(0, stride).fill(0xfffffff0, 0, 20), exact]
  const expected = kinds.map((cue) => {
    const state = cue.slice()
    const outcome = new Float64Array(OUTCOME.length)
    reference.recall(memory, cue, 1, plan, state, outcome)
    return { state, outcome }
  })
  const batch = new Uint32Array(cues * stride)
  for (let b = 0; b < cues; b++) batch.set(kinds[b % 2], b * stride)
  for (const tier of NATIVE_TIERS) {
    test(`is recalled from in a batch by tier ${tier.tier} as by the reference`, () => {
      const states = new Uint32Array(batch.length)
      const outcomes = new Float64Array(cues * OUTCOME.length)
      tier.recall(memory, batch, cues, plan, states, outcomes)
      for (let b = 0; b < cues; b++) {
        const { state, outcome } = expected[b % 2]
        expect(states.subarray(b * stride, (b + 1) * stride)).toEqual(state)
        expect(outcomes.slice(b * OUTCOME.length, (b + 1) * OUTCOME.length)).toEqual(outcome)
      }
    })
  }
})
