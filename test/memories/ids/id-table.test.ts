import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdList } from '../../../src/memories/ids/id-list.js'
import { IdTable } from '../../../src/memories/ids/id-table.js'
import { FIXED } from '../../helpers/property.js'

const ids = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', maxLength: 2 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

/** A list of ids, and a table that knows them. */
function entered(known: Iterable<string | number>): [IdList, IdTable] {
  const [list, table] = [new IdList(), new IdTable()]
  for (const id of known) {
    list.push(id)
    table.enter(list, list.length - 1)
  }
  return [list, table]
}

describe('a table of ids', () => {
  it('answers as a Map does', () => {
    const property = fc.property(fc.array(ids), fc.array(ids), (some, asked) => {
      const known = [...new Set(some)]
      const map = new Map(known.map((id, k) => [id, k]))
      const [list, table] = entered(known)
      for (const id of [...known, ...asked, -0, 0, '0']) {
        expect(table.find(list, id)).toBe(map.get(id) ?? -1)
      }
    })
    fc.assert(property, FIXED)
  })

  it('finds what is there, and nothing else, after ids have come and gone by the ten thousand', () => {
    const [list, table] = entered([])
    for (let k = 0; k < 50_000; k++) {
      list.push(`id ${k}`)
      table.enter(list, list.length - 1)
      if (k >= 100) table.enterPage(list, list.remove(0))
    }
    for (let k = 0; k < 100; k++) expect(table.find(list, `id ${49_900 + k}`)).toBe(k)
    for (let k = 0; k < 49_900; k += 7) expect(table.find(list, `id ${k}`)).toBe(-1)
  })

  it('enters no pattern without an id', () => {
    const [list, table] = entered([''])
    list.push(undefined)
    table.enter(list, 1)
    expect(table.find(list, '')).toBe(0)
    expect(table.find(list, 'undefined')).toBe(-1)
  })
})
