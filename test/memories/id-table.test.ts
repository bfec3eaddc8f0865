import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdTable } from '../../src/memories/id-table.js'
import { FIXED } from '../helpers/property.js'

const ids = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', maxLength: 2 }),
  fc.integer(),
  fc.double({ noNaN: true }),
)

describe('a table of ids', () => {
  it('answers as a Map does', () => {
    const property = fc.property(fc.array(ids), fc.array(ids), (known, asked) => {
      const [map, table] = [new Map<string | number, number>(), new IdTable()]
      for (const [k, id] of known.entries()) {
        map.set(id, k)
        table.set(id, k)
      }
      for (const id of [...known, ...asked, -0, 0, '0']) {
        expect(table.get(id)).toBe(map.get(id))
      }
    })
    fc.assert(property, FIXED)
  })

  it('knows nothing of what is no id', () => {
    const table = new IdTable()
    table.set('', 1)
    for (const other of [undefined, null, {}, Symbol('id')]) expect(table.get(other as never)).toBeUndefined()
  })
})
