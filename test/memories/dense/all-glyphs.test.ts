import { beforeAll, describe, expect, it } from 'vitest'
import { addNoise, DenseAssociativeMemory, PackedPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { HAS_GLYPHS, readGlyphs } from '../../helpers/unifont.js'

const [neurons, cueCount, flips] = [256, 1000, 51]

/** Every glyph of the font at once, 194 times the number of neurons: 1,000 of them with a fifth of their pixels flipped. */
describe.runIf(HAS_GLYPHS && BACKENDS.includes('native'))(
  'all 49,644 distinct glyphs of 16×16 pixels in one dense memory',
  () => {
    let glyphs: PackedPatterns
    let cues: Int8Array
    /** Which glyph each cue came from. */
    let origins: number[]
    /** Pixels by which the cue's original is nearer to it than any other glyph; negative if another one is. */
    let leads: number[]

    const memory = (beta: number): DenseAssociativeMemory =>
      new DenseAssociativeMemory({
        neurons,
        interaction: { kind: 'exponential', beta },
        backend: 'native',
      }).store(glyphs)
    const cue = (b: number): Int8Array => cues.subarray(b * neurons, (b + 1) * neurons)

    /** How many of the cues that `which` selects come back as what they were. */
    const recalled = (states: PackedPatterns, which: number[]): number => {
      const stride = glyphs.words.length / glyphs.count
      const word = (of: PackedPatterns, row: number, k: number): number => of.words[row * stride + k]
      return which.filter((b) => {
        for (let k = 0; k < stride; k++) if (word(states, b, k) !== word(glyphs, origins[b], k)) return false
        return true
      }).length
    }
    const ahead = (least: number): number[] => Array.from(leads.keys()).filter((b) => leads[b] >= least)

    beforeAll(() => {
      const distinct = [...new Map(Array.from(readGlyphs().values(), (g) => [g.join(), g])).values()]
      const flat = new Int8Array(distinct.length * neurons)
      for (const [mu, glyph] of distinct.entries()) flat.set(glyph, mu * neurons)
      glyphs = PackedPatterns.from(flat, { neurons })
      origins = Array.from({ length: cueCount }, (_, b) => Math.floor((b * distinct.length) / cueCount))
      cues = new Int8Array(cueCount * neurons)
      for (const [b, mu] of origins.entries())
        cues.set(addNoise(distinct[mu], { count: flips, seed: b }), b * neurons)
      const net = memory(0.5)
      leads = origins.map((origin, b) => {
        const m = net.overlaps(cue(b))
        const own = m[origin]
        m[origin] = -1
        let next = -1
        for (const other of m) if (other > next) next = other
        return ((own - next) * neurons) / 2
      })
    })

    it('are so many', () => {
      expect(glyphs.count).toBe(49_644)
    })

    it('are the single nearest to a cue made of them in 861 cases of 1,000', () => {
      expect(ahead(1).length).toBe(861)
    })

    it('come back exactly after one sweep in 99 % of those cases, where a tie keeps a pixel and β = 24 lets no second have a say', () => {
      // Two glyphs that differ in one pixel have the same energy, whichever way it stands: at 2β > 64·ln 2 nobody else
      // votes on it, its field is exactly zero, and it stays as it is, which is what the nearest glyph has.
      const which = ahead(1)
      const { states } = memory(24).recallBatch(cues, { maxSweeps: 1, seed: 1, packed: true, tie: 'keep' })
      expect(recalled(states, which)).toBeGreaterThanOrEqual(0.99 * which.length)
    })

    it('come back exactly at β = ½ in 99 % of the cases where they are nearest by two pixels, in 95 % of all', () => {
      const { states } = memory(0.5).recallBatch(cues, { maxSweeps: 1, seed: 1, packed: true })
      expect(ahead(2).length).toBe(811)
      expect(recalled(states, ahead(2))).toBeGreaterThanOrEqual(0.99 * ahead(2).length)
      expect(recalled(states, ahead(1))).toBeGreaterThanOrEqual(0.95 * ahead(1).length)
    })

    it('come back more often the larger β is', () => {
      const some = ahead(1).filter((b) => b < 250)
      const cuesOfThem = cues.subarray(0, 250 * neurons)
      const counts = [0.2, 0.5, 4].map((beta) =>
        recalled(memory(beta).recallBatch(cuesOfThem, { maxSweeps: 1, seed: 1, packed: true }).states, some),
      )
      expect(counts[0]).toBeLessThan(counts[1])
      expect(counts[1]).toBeLessThanOrEqual(counts[2])
    })

    it('come back as the same states on every backend', () => {
      const options = { maxSweeps: 1, seed: 1 }
      const few = cues.subarray(0, 3 * neurons)
      const [first, ...others] = BACKENDS.map((backend) =>
        new DenseAssociativeMemory({ neurons, interaction: { kind: 'exponential', beta: 0.5 }, backend })
          .store(glyphs)
          .recallBatch(few, options),
      )
      for (const other of others) expect(other).toEqual(first)
    })
  },
)
