import { expect, it } from 'vitest'
import { WordStream } from '../../../src/numerics/philox.js'
import { eliminationOrder } from '../../../src/optimization/problems/elimination.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { IsingProblem } from '../../../src/optimization.js'
import { atOnce } from '../../../src/platform/turn.js'

type Edges = [number, number][]

function orderOf(edges: Edges, variables: number) {
  const { model } = isingOf(IsingProblem.from({ edges, variables }), 'test')
  return atOnce(eliminationOrder(model.table, variables))
}

/** A lattice whose variables are numbered at random. */
function lattice(width: number, height: number): Edges {
  const n = width * height
  const number = Array.from({ length: n }, (_, i) => i)
  const draw = new WordStream(8, 0).seek(0, 0)
  for (let i = n - 1; i > 0; i--) {
    const j = draw.bounded(i + 1)
    ;[number[i], number[j]] = [number[j], number[i]]
  }
  const edges: Edges = []
  for (let i = 0; i < n; i++) {
    if ((i + 1) % width !== 0) edges.push([number[i], number[i + 1]])
    if (i + width < n) edges.push([number[i], number[i + width]])
  }
  return edges
}

it('tells whom each variable is coupled to when it is taken out', () => {
  for (const [width, height] of [
    [1, 30],
    [3, 9],
    [12, 30],
  ]) {
    const n = width * height
    const edges = lattice(width, height)
    const found = orderOf(edges, n)
    const near = Array.from({ length: n }, () => new Set<number>())
    for (const [i, j] of edges) {
      near[i].add(j)
      near[j].add(i)
    }
    expect(Array.from(found?.order ?? []).sort((a, b) => a - b)).toEqual(Array.from(near.keys()))
    for (const [k, i] of found?.order.entries() ?? []) {
      const scope = Array.from(near[i]).sort((a, b) => a - b)
      expect(Array.from(found?.scopes[k] ?? [])).toEqual(scope)
      for (const a of scope) {
        near[a].delete(i)
        for (const b of scope) if (a !== b) near[a].add(b)
      }
    }
    expect(found?.size).toBe(found?.scopes.reduce((sum, { length }) => sum + 2 ** length, 0))
  }
})

it('goes from end to end of wide lattices, where fewest neighbours first would make far larger tables', () => {
  for (const [width, height] of [
    [12, 100],
    [16, 16],
    [16, 100],
  ])
    expect(orderOf(lattice(width, height), width * height)?.size).toBeLessThan(
      2 * width * height * 2 ** width,
    )
})

it('takes trees a variable at a time, and says where no order is narrow', () => {
  const tree: Edges = Array.from({ length: 999 }, (_, k) => [k + 1, (k * 7919) % (k + 1)])
  expect(Math.max(...(orderOf(tree, 1000)?.scopes ?? []).map(({ length }) => length))).toBe(1)
  expect(orderOf(lattice(40, 40), 1600)).toBe(undefined)
  const all: Edges = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: i }, (_, j) => [i, j] as [number, number]),
  ).flat()
  expect(orderOf(all, 60)).toBe(undefined)
})
