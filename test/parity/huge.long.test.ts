import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../src/kernels/kernels.js'
import { rowWords } from '../../src/kernels/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/typescript/index.js'
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
