import { describe, expect, it } from 'vitest'
import {
  addNoise,
  attention,
  BidirectionalMemory,
  basin,
  binary,
  bipolar,
  ContinuousHopfield,
  DenseAssociativeMemory,
  formatGlyph,
  HopfieldNetwork,
  ModernHopfield,
  mask,
  type NumbersLike,
  PackedPatterns,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { refusal } from '../helpers/refusal.js'

// NumPy's default integers: parseNpy gives them as BigInt64Array, and every door takes them as the numbers they are.

const big = (numbers: ArrayLike<number>): BigInt64Array => BigInt64Array.from(Array.from(numbers, BigInt))
const N = 20
const patterns = randomPatterns({ count: 3, neurons: N, seed: 4 })
const cue = addNoise(patterns.subarray(0, N), { count: 3, seed: 1 })
const bits = binary(cue)
const whole = Int32Array.from({ length: N * N }, (_, k) => {
  const [i, j] = [Math.floor(k / N), k % N]
  return i === j ? 0 : ((i + j) % 5) - 2
})
const net = (): HopfieldNetwork => new HopfieldNetwork({ neurons: N }).store(patterns)

/** Each makes the same of numbers, whatever array they are in. */
const DOORS: Record<string, (as: (numbers: ArrayLike<number>) => NumbersLike) => unknown> = {
  store: (as) => new HopfieldNetwork({ neurons: N }).store(as(patterns)).patterns().words,
  'store, nested': (as) =>
    new HopfieldNetwork({ neurons: N }).store([as(patterns.subarray(0, N)), as(cue)]).patterns().words,
  replace: (as) => net().replace(1, as(cue)).patterns().words,
  recall: (as) => net().recall(as(cue)),
  recallBatch: (as) => net().recallBatch(as(patterns)).states,
  nearest: (as) => net().nearest(as(patterns)),
  overlaps: (as) => net().overlaps(as(cue)),
  energy: (as) => net().energy(as(cue)),
  classify: (as) => net().classify(as(cue)),
  'order, clamp, externalField, temperature': (as) =>
    net().recall(cue, {
      order: as([3, 4, 5]),
      clamp: as(bits) as never,
      externalField: as(patterns.subarray(0, N)),
      temperature: as([2, 1, 0]),
    }),
  streams: (as) =>
    net().recallBatch(patterns, { streams: as([7, 8, 9]), temperature: 1, maxSweeps: 3 }).states,
  weights: (as) => new HopfieldNetwork({ neurons: N, weights: as(whole) }).recall(cue),
  'sparse weights': (as) => {
    const weights = { indptr: as([0, 1, 2, 2]), indices: as([1, 0]), data: as([5, 5]) }
    return new HopfieldNetwork({ neurons: 3, weights }).energy([1, -1, 1])
  },
  connections: (as) => {
    const connections = { starts: as([0, 1, 2, 2]), sources: as([1, 0]) }
    return new HopfieldNetwork({ neurons: 3, connections }).store([1, 1, -1]).energy([1, -1, 1])
  },
  'a rule of one’s own': (as) =>
    new HopfieldNetwork({ neurons: N, learning: () => as(whole) }).store(patterns).recall(cue),
  thresholds: (as) => {
    const binaryNet = new HopfieldNetwork({
      neurons: N,
      units: 'binary',
      thresholds: as(patterns.subarray(0, N)),
    })
    return binaryNet.store(patterns).recall(cue)
  },
  'a table of an interaction': (as) => {
    const values = as(Array.from({ length: 2 * N + 1 }, (_, k) => (k - N) ** 3))
    return new DenseAssociativeMemory({ neurons: N, interaction: { kind: 'table', values } })
      .store(patterns)
      .recall(cue)
  },
  bipolar: (as) => bipolar(as(bits)),
  binary: (as) => binary(as(cue)),
  formatGlyph: (as) => formatGlyph(as(cue), { width: 5 }),
  addNoise: (as) => addNoise(as(cue), { count: 2 }),
  mask: (as) => mask(as(cue), { keep: as(bits) as never }),
  'PackedPatterns.from': (as) => PackedPatterns.from(as(patterns), { neurons: N }).words,
  'ModernHopfield.store and retrieve': (as) =>
    new ModernHopfield({ dimension: N }).store(as(patterns)).retrieve(as(cue)),
  attention: (as) => attention([as(cue)], [as(cue)], [as([5, 6])]),
  'ContinuousHopfield.recall': (as) =>
    new ContinuousHopfield({ neurons: N }).store(patterns).recall(as(cue), { maxSteps: 5 }),
  BidirectionalMemory: (as) =>
    new BidirectionalMemory({ inputs: N, outputs: N })
      .store(as(patterns), as(patterns))
      .recall({ x: as(cue) }),
  'codes of 0 and 1': (as) =>
    new SparseAssociativeMemory({ neurons: N, rule: { kind: 'willshaw' } }).store(as(bits)).recall(as(bits)),
  'codes by indices': (as) =>
    new SparseAssociativeMemory({ neurons: N, rule: { kind: 'willshaw' } })
      .store({ active: as([3, 5]) })
      .recall({ active: as([3]) }),
  basin: (as) => basin(net(), { noise: as([0, 1]), patterns: as([2, 0]), trials: 3 }),
}

describe('64-bit integers', () => {
  for (const [door, through] of Object.entries(DOORS)) {
    it(`pass ${door} as the numbers they are`, () => {
      expect(through(big)).toEqual(through((numbers) => Array.from(numbers)))
    })
  }

  it('pass without a sign too', () => {
    expect(bipolar(BigUint64Array.of(1n, 0n))).toEqual(Int8Array.of(1, -1))
  })

  it('are refused where they are no ±1, as what they are', () => {
    const error = refusal(() => net().recall(big(cue).fill(2n, 5, 6)))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_VALUE', message: expect.stringContaining('cue[5]') })
  })

  it('are refused where no number is exactly that', () => {
    const weights = big(whole).fill(2n ** 53n + 1n, 1, 2)
    const error = refusal(() => new HopfieldNetwork({ neurons: N, weights }))
    expect(error.message).toContain('9007199254740993n')
  })
})
