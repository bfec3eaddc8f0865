import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { IdList } from '../../../src/memories/ids/id-list.js'
import { type Id, Ids } from '../../../src/memories/ids/ids.js'
import { atOnce } from '../../../src/platform/turn.js'
import { FIXED } from '../../helpers/property.js'
import { refusal } from '../../helpers/refusal.js'

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
    const read = () => atOnce(ids.reading(given ?? undefined, count))
    if (given && !isFree(list, given)) {
      expect(refusal(read).message).toMatch(/not in use/)
      return
    }
    const copied = read()
    if (kind === 'fail') return
    ids.append(count, copied)
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

/** Whether one more id needs no new table, which takes many steps; a part of the table that it fills takes one. */
const hasTable = (ids: Ids): boolean => [...ids.reading(['next'], 1)].length <= 1

/** So many ids. */
const names = (count: number, from = 0): Id[] => Array.from({ length: count }, (_, k) => `p${from + k}`)
const store = (ids: Ids, given: readonly Id[]): void =>
  ids.append(given.length, atOnce(ids.reading(given, given.length)))

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

  it('stay as they were for whoever has been lent them', () => {
    const property = fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const [ids, list]: [Ids, (Id | undefined)[]] = [new Ids(), []]
      const lent: [ReturnType<Ids['lend']>, (Id | undefined)[]][] = []
      for (const one of changes) {
        lent.push([ids.lend(), list.slice()])
        apply(ids, list, one)
      }
      for (const [of, then] of lent) {
        const some = of(Array.from(then.keys()))
        expect(some).toEqual(then.every((one) => one === undefined) ? undefined : then)
      }
    })
    fc.assert(property, FIXED)
  })

  it('are none where no pattern has one any more', () => {
    const ids = new Ids()
    store(ids, ['a'])
    ids.append(1)
    ids.forget(0)
    expect([ids.all(), ids.of([0]), ids.lend()([0])]).toEqual([undefined, undefined, undefined])
  })

  it('go with their patterns where nobody has looked one up yet', () => {
    const ids = new Ids()
    ids.append(3, ['a', 'b', 'c'])
    ids.forget(0)
    expect(ids.all()).toEqual(['b', 'c'])
    ids.append(1, ['d'])
    ids.forget(0, true)
    expect([ids.all(), ids.indexOf('d'), ids.indexOf('b')]).toEqual([['d', 'c'], 0, -1])
  })

  it('are not found before their patterns are stored', () => {
    const ids = new Ids()
    const reading = ids.reading(names(MANY), MANY)
    while (!reading.next().done) expect(ids.indexOf('p1')).toBe(-1)
    expect(ids.indexOf(`p${MANY - 1}`)).toBe(-1)
  })

  it('may be given again where storing many of them was given up', () => {
    const ids = new Ids()
    const many = names(MANY)
    const reading = ids.reading(many, MANY)
    reading.next()
    reading.return(undefined)
    store(ids, ['p7', 'q'])
    store(ids, many.toSpliced(7, 1))
    expect(['p7', 'q', 'p0', `p${MANY - 1}`].map((one) => ids.indexOf(one))).toEqual([0, 1, 2, MANY])
  })

  it('are looked up without a new table after many have come, and after many have gone', () => {
    const ids = new Ids()
    for (let from = 0; from < 3 * MANY; from += MANY) store(ids, names(MANY, from))
    expect(hasTable(ids)).toBe(true)
    for (let k = 0; k < 2 * MANY; k++) ids.forget(2)
    expect(hasTable(ids)).toBe(true)
    expect(['p1', 'p2', `p${3 * MANY - 1}`].map((one) => ids.indexOf(one))).toEqual([1, -1, MANY - 1])
  })

  it('are read in steps of which each makes at most one part of their table anew', () => {
    const made: number[] = []
    const renew = vi.spyOn(IdList.prototype, 'hash')
    const ids = new Ids()
    const reading = ids.reading(names(20 * MANY), 20 * MANY)
    for (let over = false; !over; ) {
      renew.mockClear()
      over = reading.next().done === true
      made.push(renew.mock.calls.length)
    }
    renew.mockRestore()
    // Each id of a step is hashed once, and at the end of the step those of one part: 800 on average of 100,000.
    expect(Math.max(...made)).toBeLessThan(4096 + 1200)
    expect(made.length).toBeGreaterThan(128)
  })

  it('are given to the last of many patterns without any in small steps', () => {
    const ids = new Ids()
    ids.append(MANY)
    const reading = ids.reading(['last'], 1)
    expect(reading.next().done).toBe(false)
    ids.append(1, atOnce(reading))
    expect(ids.all()).toEqual([...new Array(MANY).fill(undefined), 'last'])
  })
})
