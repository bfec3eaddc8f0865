import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binary, bipolar, formatGlyph } from '../../src/index.js'
import { X } from '../helpers/glyphs.js'
import { FIXED, state } from '../helpers/property.js'

describe('bipolar', () => {
  const cross = Int8Array.of(1, -1, 1, -1, 1, -1, 1, -1, 1)

  for (const [what, drawing] of [
    ['# and . with blanks between rows', '#.# .#. #.#'],
    ['# and . on lines', '#.#\n.#.\n#.#'],
    ['lines that end as on Windows', '#.#\r\n.#.\r\n#.#\r\n'],
    ['indented lines', '  #.#\n  .#.\n  #.#\n'],
    ['1 and 0', '101 010 101'],
    ['X and .', 'X.X\n.X.\nX.X'],
    ['a mixture of marks', 'X.1\n0#.\n1.#'],
    ['one row', '#.#.#.#.#'],
    ['spaces for −1', '# #\n # \n# #'],
    ['spaces for −1, those at the end left out', '# #\n #\n# #'],
    ['spaces for −1, between empty lines', '\n# #\n #\n# #\n\n'],
  ]) {
    it(`reads ${what}`, () => {
      expect(bipolar(drawing)).toEqual(cross)
    })
  }

  it('keeps an empty line in the middle of a drawing with spaces', () => {
    expect(bipolar('##\n\n##')).toEqual(Int8Array.of(1, 1, -1, -1, 1, 1))
  })

  it('reads a drawing of several full lines', () => {
    expect(bipolar('##\n##')).toEqual(Int8Array.of(1, 1, 1, 1))
  })

  it('takes 0 and 1', () => {
    expect(bipolar([1, 0, 0, 1])).toEqual(Int8Array.of(1, -1, -1, 1))
  })

  it('takes true and false', () => {
    expect(bipolar([true, false])).toEqual(Int8Array.of(1, -1))
  })

  it('takes typed arrays', () => {
    expect(bipolar(Uint8Array.of(1, 0, 1))).toEqual(Int8Array.of(1, -1, 1))
  })

  it('takes −0 for 0', () => {
    expect(bipolar([-0])).toEqual(Int8Array.of(-1))
  })

  it('gives nothing for no bits', () => {
    expect(bipolar([])).toEqual(new Int8Array(0))
  })
})

describe('binary', () => {
  it('gives 0/1', () => {
    expect(binary([1, -1, -1, 1])).toEqual(Uint8Array.of(1, 0, 0, 1))
  })

  it('is undone by bipolar', () => {
    const property = fc.property(fc.nat(100).chain(state), (s) => {
      expect(bipolar(binary(s))).toEqual(s)
    })
    fc.assert(property, FIXED)
  })

  it('leaves its argument as it is', () => {
    const s = Int8Array.of(1, -1)
    binary(s)
    expect(s).toEqual(Int8Array.of(1, -1))
  })
})

describe('formatGlyph', () => {
  it('draws a square state row by row', () => {
    expect(formatGlyph(X)).toBe('#...#\n.#.#.\n..#..\n.#.#.\n#...#')
  })

  it('draws rows of the given width', () => {
    expect(formatGlyph([1, -1, 1, -1, 1, 1], { width: 3 })).toBe('#.#\n.##')
  })

  it('draws with the given marks', () => {
    expect(formatGlyph([1, -1, -1, 1], { on: '██', off: '  ' })).toBe('██  \n  ██')
  })

  it('draws a single neuron', () => {
    expect(formatGlyph([-1])).toBe('.')
  })

  it('is undone by bipolar, whatever the width', () => {
    const drawings = fc
      .record({ width: fc.integer({ min: 1, max: 8 }), height: fc.integer({ min: 1, max: 8 }) })
      .chain(({ width, height }) => fc.record({ width: fc.constant(width), s: state(width * height) }))
    const property = fc.property(drawings, ({ width, s }) => {
      expect(bipolar(formatGlyph(s, { width }))).toEqual(s)
    })
    fc.assert(property, FIXED)
  })
})
