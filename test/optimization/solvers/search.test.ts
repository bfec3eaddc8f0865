import { describe, expect, it } from 'vitest'
import { rowWords } from '../../../src/kernels/contract/layout.js'
import { kernelsFor } from '../../../src/kernels/select.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { ReadSearch } from '../../../src/optimization/solvers/search.js'
import { maxCut, tourSearch, tsp } from '../../../src/optimization.js'
import { slowEnergy } from '../helpers.js'

const rowOf = (bits: number): Uint32Array => {
  const row = new Uint32Array(rowWords(4))
  row[0] = bits
  return row
}
const options = {
  numReads: undefined,
  seed: [3, 0],
  initialStates: rowOf(0b0101),
  target: undefined,
  maxTime: undefined,
  backend: 'auto',
} as const

describe('progress before a state has been looked at', () => {
  const square = maxCut([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0],
  ])
  const search = () => new ReadSearch(isingOf(square), kernelsFor('auto'), options, 2)

  it('tells of the state in which the first read begins', () => {
    const state = [1, -1, 1, -1]
    const energy = slowEnergy(square, state)
    expect(search().progress(0, 2)).toMatchObject({ done: 0, total: 2, energy, value: square.value(state) })
  })

  it('takes no part in the search', () => {
    const watched = search()
    watched.progress(0, 2)
    watched.offer(1, rowOf(0b0001))
    expect(watched.progress(1, 2).value).toBe(2)
    expect(watched.result()).toMatchObject({ value: 2, energies: Float64Array.of(0) })
  })
})

it('tells a tour of more cities than couplings are made for, though there was no time to look', () => {
  const cities = Array.from({ length: 402 }, (_, k) => [Math.cos(k), Math.sin(k)])
  const { solution, stopped } = tourSearch(tsp(cities), { maxTime: 0 })
  expect(stopped).toBe('time')
  expect(solution.valid).toBe(true)
})
