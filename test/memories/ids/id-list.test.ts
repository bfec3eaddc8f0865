import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdList } from '../../../src/memories/ids/id-list.js'
import type { Id } from '../../../src/memories/ids/id-page.js'
import { FIXED } from '../../helpers/property.js'

/** More than a page holds. */
const MANY = 5000

type Names = (Id | undefined)[]

const id = fc.oneof(
  fc.constant(undefined),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  // Half pairs and characters of one, two and four bytes.
  fc.string({
    unit: fc.constantFrom('a', '"', '#', '\\', '\u0000', '\u007f', '\u0080', 'é', '😀', '\ud83d'),
    maxLength: 5,
  }),
)
const change = fc.record({
  kind: fc.constantFrom('push', 'skip', 'remove', 'set', 'truncate', 'copy'),
  id,
  at: fc.nat(),
})

const listOf = (names: Names): IdList => {
  const list = new IdList()
  for (const name of names) list.push(name)
  return list
}
const all = (list: IdList): Names => list.slice(0, list.length)
/** 0 and −0 are one id. */
const same = (names: Names): Names => names.map((name) => (name === 0 ? 0 : name))

/** Does to the list what it does to an array. */
function apply(
  list: IdList,
  names: Names,
  { kind, id: name, at }: { kind: string; id: Id | undefined; at: number },
): void {
  const index = names.length === 0 ? 0 : at % names.length
  if (kind === 'push') {
    list.push(name)
    names.push(name)
  } else if (kind === 'skip') {
    for (const _ of list.skipping(at % 7));
    for (let k = 0; k < at % 7; k++) names.push(undefined)
  } else if (kind === 'truncate') {
    list.truncate(index)
    names.length = Math.min(names.length, index)
  } else if (names.length === 0) return
  else if (kind === 'remove') {
    list.remove(index)
    names.splice(index, 1)
  } else if (kind === 'set') {
    list.set(index, name)
    names[index] = name
  }
}

describe('a list of ids', () => {
  it.each([0, MANY])('says what an array says that is changed alike, from %i ids on', (count) => {
    const property = fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const first: Names = Array.from({ length: count }, (_, k) => (k % 3 === 0 ? k : `p${k}`))
      let [list, names] = [listOf(first), first.slice()]
      const left: [IdList, Names][] = []
      for (const one of changes) {
        if (one.kind === 'copy') {
          left.push([list, names])
          ;[list, names] = [list.copy(), names.slice()]
        } else apply(list, names, one)
        expect(list.length).toBe(names.length)
      }
      // Those that were copied are as they were.
      for (const [before, said] of [...left, [list, names] as const]) expect(all(before)).toEqual(same(said))
    })
    fc.assert(property, { ...FIXED, numRuns: count === 0 ? 300 : 20 })
  })

  it('names a pattern alike while others go, unless it says that a page has been packed', () => {
    const list = listOf(Array.from({ length: 2 * MANY }, (_, k) => k))
    const names = new Map(Array.from({ length: 2 * MANY }, (_, k) => [k, list.nameOf(k)]))
    let packed = 0
    for (let gone = 0; list.length > 10; gone++) {
      const page = list.remove((gone * 7919) % list.length)
      if (page === undefined) continue
      packed++
      for (let k = 0; k < page.length; k++)
        names.set(list.at(page.base + k) as number, list.nameOf(page.base + k))
    }
    for (let k = 0; k < list.length; k++) {
      const known = list.at(k) as number
      expect(list.find(names.get(known) as number, known)).toBe(k)
      expect(list.find(names.get(known) as number, known + 1)).toBe(-1)
    }
    expect(packed).toBeGreaterThan(2)
  })

  it('holds ids of any length', () => {
    const names: Names = ['a'.repeat(3e6), 'é'.repeat(2e6), 'b', '\ud83d'.repeat(1e5), 'c'.repeat(2 ** 20)]
    const list = listOf(names)
    expect(all(list)).toEqual(names)
    for (let k = 0; k < 4; k++) list.set(2, 'd'.repeat(2 ** 20))
    list.set(2, 'b')
    expect(all(list)).toEqual(names)
  })

  it('reads pages that take no more, whatever characters are on them', () => {
    for (const letter of ['x', 'é', '漢', '\ud83d']) {
      const names = Array.from({ length: MANY }, (_, k) => `${letter}${k}`)
      expect(all(listOf(names))).toEqual(names)
    }
  })

  it('keeps little of ids that have gone, whatever is left beside them', () => {
    const long = (k: number, length: number): string => `${'x'.repeat(length)}${k}`
    const churns: Record<string, (list: IdList, k: number) => void> = {
      'the last goes': (list, k) => {
        list.push(long(k, 100))
        list.remove(list.length - 1)
      },
      'one takes the place of another': (list, k) => {
        list.set(k % list.length, long(k, 100))
      },
      'all but one of a few go': (list, k) => {
        if (k % 500 !== 0) return
        list.push(k)
        for (let more = 0; more < 50; more++) list.push(long(more, 20_000))
        for (let more = 0; more < 50; more++) list.remove(list.length - (50 - more))
      },
    }
    for (const [name, churn] of Object.entries(churns)) {
      const list = listOf(['kept', 7, 'é'])
      for (let k = 0; k < 20_000; k++) churn(list, k)
      expect(list.room, name).toBeLessThan(2 ** 18)
    }
  })
})
