import { describe, expect, it } from 'vitest'
import { CodeLists } from '../../src/storage/code-lists.js'

const code = (...units: number[]): Uint32Array => Uint32Array.from(units)
const opened = { starts: code(0, 2, 3), items: code(1, 4, 2) }
const all = (lists: CodeLists): number[][] => Array.from({ length: lists.length }, (_, k) => [...lists.at(k)])

describe('lists of codes', () => {
  it('are those of a record, and behind them those that were stored since', () => {
    const lists = new CodeLists(opened)
    lists.push([code(0, 9)])
    expect(all(lists)).toEqual([[1, 4], [2], [0, 9]])
  })

  it('are joined as they were when it began, whatever is pushed meanwhile', () => {
    const lists = new CodeLists(opened)
    lists.push(Array.from({ length: 3000 }, (_, k) => code(k)))
    const steps = lists.joining()
    expect(steps.next().done).toBe(false)
    lists.push([code(7)])
    let step = steps.next()
    while (!step.done) step = steps.next()
    expect(step.value.starts).toHaveLength(3003)
    expect([...step.value.items.slice(0, 5), step.value.items.at(-1)]).toEqual([1, 4, 2, 0, 1, 2999])
  })

  it('give the record’s own arrays where nothing was stored since', () => {
    expect(new CodeLists(opened).joining().next().value).toBe(opened)
  })

  it('stay as they are where others are made of them', () => {
    const lists = new CodeLists(opened)
    expect(all(lists.with([code(5)]))).toEqual([[1, 4], [2], [5]])
    expect(all(lists.replaced(0, code(3)))).toEqual([[3], [2]])
    expect(all(lists.without(0))).toEqual([[2]])
    expect(all(lists)).toEqual([[1, 4], [2]])
    expect([...opened.items]).toEqual([1, 4, 2])
  })
})
