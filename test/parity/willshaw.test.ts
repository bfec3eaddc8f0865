import { describe, expect, test } from 'vitest'
import { rowWords } from '../../src/kernels/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/typescript/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS } from '../helpers/tiers.js'

const SIZES = [1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1100]
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

const units = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, k) => INPUTS - 1 - k)

describe.each(NATIVE_TIERS.map((kernels) => [kernels.tier, kernels] as const))('tier %s', (_, tier) => {
  test('counts synapses as the reference does', () => {
    for (const outputs of SIZES) {
      const weights = synapses(outputs)
      for (const active of ACTIVE.map(units)) {
        const [a, b] = [new Uint32Array(outputs + 1).fill(7), new Uint32Array(outputs + 1).fill(7)]
        tier.willshawCounts(weights, INPUTS, outputs, active, a)
        reference.willshawCounts(weights, INPUTS, outputs, active, b)
        expectSame(a, b)
        expect(a[outputs]).toBe(7)
      }
    }
  })

  test('finds the units above every threshold as the reference does', () => {
    for (const outputs of SIZES) {
      const weights = synapses(outputs)
      for (const active of ACTIVE.map(units)) {
        const half = active.length >> 1
        const thresholds = [0, 1, 2, half, half + 1, active.length - 1, active.length, active.length + 1]
        for (const threshold of [...thresholds, 2 ** 32 - 1].filter((some) => some >= 0)) {
          const [a, b] = [0, 0].map(() => new Uint32Array(rowWords(outputs)).fill(7))
          tier.willshawRecall(weights, INPUTS, outputs, active, threshold, a)
          reference.willshawRecall(weights, INPUTS, outputs, active, threshold, b)
          expectSame(a, b)
        }
      }
    }
  })

  test('stores as the reference does', () => {
    for (const outputs of SIZES) {
      const [a, b] = [synapses(outputs), synapses(outputs)]
      const row = b.slice(0, rowWords(outputs))
      for (const active of ACTIVE.map(units)) {
        tier.willshawStore(a, INPUTS, outputs, active.subarray(active.length >> 1), row)
        reference.willshawStore(b, INPUTS, outputs, active.subarray(active.length >> 1), row)
        expectSame(a, b)
      }
    }
  })
})
