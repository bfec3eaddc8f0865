import { describe, expect, it } from 'vitest'
import { Expansion, PackedPatterns, randomPatterns, SparseAssociativeMemory } from '../../../src/index.js'
import { sampleDistinct } from '../../../src/numerics/distinct.js'
import { PURPOSE, WordStream } from '../../../src/numerics/philox.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'

const N = 70
const SHAPE = { neurons: N, outputs: 300, sources: 7, winners: 11, seed: 5 }
const states = randomPatterns({ count: 9, neurons: N, seed: 2 })
const bits = Uint8Array.from(states, (s) => (s + 1) / 2)

/** The code of an input, each sum and each place of its own: the definition. */
function defined(input: Uint8Array, { outputs, sources, winners, seed }: typeof SHAPE): number[] {
  const counts = Array.from({ length: outputs }, (_, j) => {
    const words = new WordStream(seed, 0).seek(PURPOSE.connections, j)
    const chosen = new Set<number>()
    sampleDistinct(words, sources, input.length, (i) => chosen.size < chosen.add(i).size)
    return [...chosen].reduce((sum, i) => sum + (input[i] as number), 0)
  })
  const ranked = counts.map((count, j) => [count, j] as const).sort(([a, i], [b, k]) => b - a || i - k)
  return ranked
    .slice(0, winners)
    .map(([, j]) => j)
    .sort((a, b) => a - b)
}

for (const backendName of BACKENDS) {
  const expansion = new Expansion({ ...SHAPE, backend: backendName })

  describe(`an expansion (${backendName})`, () => {
    it('lets those win that have the most active sources, of equal ones the first', () => {
      for (const shape of [
        SHAPE,
        { ...SHAPE, outputs: 33, winners: 33 },
        { ...SHAPE, sources: N, winners: 5 },
      ]) {
        const codes = new Expansion({ ...shape, backend: backendName }).expandBatch(states)
        for (let b = 0; b < 9; b++) {
          expect([...codes.active(b)]).toEqual(defined(bits.subarray(b * N, (b + 1) * N), shape))
        }
      }
    })

    it('gives the same codes one by one, in a batch, off the event loop, and packed', async () => {
      const batch = expansion.expandBatch(states)
      const later = await expansion.expandAsync(states, { threads: 3, chunk: 2 })
      expect(later.states).toEqual(batch.states)
      const packed = expansion.expandBatch(PackedPatterns.from(states, { neurons: N }), { packed: true })
      for (let b = 0; b < 9; b++) {
        const one = expansion.expand(states.subarray(b * N, (b + 1) * N))
        expect(one.state).toEqual(batch.state(b))
        expect(one.active).toEqual(packed.active(b))
      }
    })

    it('takes states and the codes that they are', () => {
      const binary = new Expansion({ ...SHAPE, units: 'binary', backend: backendName })
      expect(binary.expandBatch(bits).states).toEqual(expansion.expandBatch(states).states)
    })
  })
}

describe('an expansion', () => {
  it('has other connections under another seed', () => {
    const other = new Expansion({ ...SHAPE, seed: 6 })
    expect(other.expandBatch(states).states).not.toEqual(new Expansion(SHAPE).expandBatch(states).states)
  })

  it('makes codes that a sparse memory stores and completes', () => {
    const expansion = new Expansion({ neurons: 200, outputs: 2000, sources: 20, winners: 20, seed: 1 })
    const patterns = randomPatterns({ count: 50, neurons: 200, seed: 3 })
    const codes = expansion.expandBatch(patterns)
    const memory = new SparseAssociativeMemory({ neurons: 2000, rule: 'willshaw' }).store(codes.states)
    const cues = Array.from({ length: 50 }, (_, b) => ({ active: codes.active(b).subarray(0, 10) }))
    const { states: recalled } = memory.recallBatch(cues, { winners: 20 })
    expect(recalled).toEqual(codes.states)
  })

  it('refuses what makes no sense', () => {
    const made = (options: object): string => refusal(() => new Expansion({ ...SHAPE, ...options })).message
    expect(made({ sources: 71 })).toMatch(/^Expansion: sources: .*70.*got 71/)
    expect(made({ winners: 301 })).toMatch(/^Expansion: winners: .*300.*got 301/)
    expect(made({ outputs: 0 })).toMatch(/^Expansion: outputs: /)
    expect(made({ outputs: 2 ** 30, neurons: 2 ** 30 })).toMatch(/^Expansion: /)
    const expansion = new Expansion(SHAPE)
    expect(refusal(() => expansion.expand(states)).message).toMatch(/^expand: input: expected 70 values/)
    expect(refusal(() => expansion.expand(untyped(bits.subarray(0, N)))).message).toMatch(/^expand: input/)
    expect(refusal(() => expansion.expandBatch(states.subarray(1))).code).toBe('ERR_HOPFIELD_SHAPE')
  })
})
