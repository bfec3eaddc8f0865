import { describe, expect, it } from 'vitest'
import { GlyphsModel } from '../../src/scenes/glyphs/model.js'
import { parameters } from '../../src/scenes/glyphs/parameters.js'
import { drawnSign, SIGNS } from '../../src/scenes/pictures/strokes.js'
import { frameAfter, valuesOf } from './values.js'

describe('the scene of four memories', () => {
  it('begins with the right sign where all but Hebb’s rule find it', () => {
    const { found, restored, wanted } = frameAfter(new GlyphsModel(valuesOf(parameters)))
    expect([...found]).toEqual([-1, wanted, wanted, wanted])
    expect(restored[0]).toBe(0)
    expect(restored[2]).toBe(36)
  })

  it('turns the cue into what each memory recalls, two pixels at a time', () => {
    const model = new GlyphsModel(valuesOf(parameters, { count: 12, glyph: 3 }))
    const first = model.frame()
    for (let k = 0; k < 4; k++) expect(first.states.subarray(256 * k, 256 * (k + 1))).toEqual(first.cue)
    model.advance()
    const { states, cue } = model.frame()
    for (let k = 0; k < 4; k++)
      expect(states.filter((spin, i) => i >> 8 === k && spin !== cue[i & 255])).toHaveLength(2)
    const last = frameAfter(model)
    expect(last.states.subarray(512, 768)).toEqual(drawnSign(SIGNS[2], 16))
  })

  it('takes the last sign where the one that is asked for is not stored', () => {
    expect(new GlyphsModel(valuesOf(parameters, { count: 5, glyph: 30 })).frame().wanted).toBe(4)
  })

  it('has signs that all differ', () => {
    expect(new Set(SIGNS.map((sign) => drawnSign(sign, 16).join())).size).toBe(SIGNS.length)
  })
})
