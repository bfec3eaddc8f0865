import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Id, Ids } from '../../src/memories/ids.js'
import { atOnce } from '../../src/platform/turn.js'
import { FIXED } from '../helpers/property.js'
import { refusal } from '../helpers/refusal.js'

/** More than a step looks at. */
const MANY = 5000

const id = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b', 'c'))
const change = fc.oneof(
  fc.record({ kind: fc.constant('store'), ids: fc.option(fc.array(id, { maxLength: 4 })), some: fc.nat(4) }),
  fc.record({ kind: fc.constant('fail'), ids: fc.array(id, { maxLength: 4 }) }),
  fc.record({ kind: fc.constantFrom('forget', 'swap'), at: fc.nat() }),
  fc.record({ kind: fc.constant('clear') }),
) as fc.Arbitrary<{ kind: string; ids?: Id[] | null; some?: number; at?: number }>

const isFree = (list: readonly unknown[], ids: readonly Id[]): boolean =>
  new Set(ids).size === ids.length && ids.every((one) => !list.includes(one))

/** Does to the ids what it does to a list of them. */
function apply(ids: Ids, list: (Id | undefined)[], { kind, ids: given, some = 0, at = 0 }: Change): void {
  if (kind === 'clear') {
    ids.clear()
    list.length = 0
  } else if (kind === 'store' || kind === 'fail') {
    const count = given?.length ?? some
    const read = () => atOnce(ids.reading(given ?? undefined, list.length, count))
    if (given && !isFree(list, given)) {
      expect(refusal(read).message).toMatch(/not in use/)
      return
    }
    const copied = read()
    if (kind === 'fail') return
    ids.append(list.length, count, copied)
    list.push(...(given ?? new Array(count).fill(undefined)))
  } else if (list.length > 0) {
    const index = at % list.length
    ids.forget(index, kind === 'swap')
    if (kind === 'forget') list.splice(index, 1)
    else if (index === list.length - 1) list.pop()
    else list[index] = list.pop()
  }
}
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never

/** Whether one more id needs no new table: that is made in steps. */
const hasTable = (ids: Ids, count: number): boolean => ids.reading(['next'], count, 1).next().done === true

describe('ids of patterns', () => {
  it('are found where a list has them, whatever came, went, or could not be stored', () => {
    const property = fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const [ids, list]: [Ids, (Id | undefined)[]] = [new Ids(), []]
      for (const one of changes) {
        apply(ids, list, one)
        for (const asked of [0, 1, 2, 3, 'a', 'b', 'c']) expect(ids.indexOf(asked)).toBe(list.indexOf(asked))
      }
      expect(ids.all() ?? new Array(list.length).fill(undefined)).toEqual(list)
    })
    fc.assert(property, FIXED)
  })

  it('are not found before their patterns are stored', () => {
    const ids = new Ids()
    const reading = ids.reading(
      Array.from({ length: MANY }, (_, k) => k),
      0,
      MANY,
    )
    while (!reading.next().done) expect(ids.indexOf(1)).toBe(-1)
    expect(ids.indexOf(MANY - 1)).toBe(-1)
  })

  it('may be given again where storing many of them was given up', () => {
    const ids = new Ids()
    const many = Array.from({ length: MANY }, (_, k) => `p${k}`)
    const reading = ids.reading(many, 0, MANY)
    reading.next()
    reading.return(undefined)
    const others = atOnce(ids.reading(['p7', 'q'], 0, 2))
    ids.append(0, 2, others)
    ids.append(2, MANY - 1, atOnce(ids.reading(many.toSpliced(7, 1), 2, MANY - 1)))
    expect(['p7', 'q', 'p0', `p${MANY - 1}`].map((one) => ids.indexOf(one))).toEqual([0, 1, 2, MANY])
  })

  it('are looked up without a new table after many have come', () => {
    const ids = new Ids()
    for (let from = 0; from < 3 * MANY; from += MANY)
      ids.append(
        from,
        MANY,
        atOnce(
          ids.reading(
            Array.from({ length: MANY }, (_, k) => from + k),
            from,
            MANY,
          ),
        ),
      )
    expect(hasTable(ids, 3 * MANY)).toBe(true)
    expect(ids.indexOf(2 * MANY + 1)).toBe(2 * MANY + 1)
  })

  it('are looked up without a new table after some have gone, until those are many', () => {
    const ids = new Ids()
    const names = Array.from({ length: 2 * MANY }, (_, k) => k)
    ids.append(0, 2 * MANY, atOnce(ids.reading(names, 0, 2 * MANY)))
    let left = 2 * MANY
    for (; hasTable(ids, left); left--) ids.forget(2)
    expect(left).toBeLessThan(1.5 * MANY)
    expect([0, 1, 2, 2 * MANY - 1].map((one) => ids.indexOf(one))).toEqual([0, 1, -1, left - 1])
    expect(hasTable(ids, left)).toBe(true)
  })

  it('are given to the last of many patterns without any in small steps', () => {
    const ids = new Ids()
    ids.append(0, MANY, undefined)
    const reading = ids.reading(['last'], MANY, 1)
    expect(reading.next().done).toBe(false)
    ids.append(MANY, 1, atOnce(reading))
    expect(ids.all()).toEqual([...new Array(MANY).fill(undefined), 'last'])
  })
})
