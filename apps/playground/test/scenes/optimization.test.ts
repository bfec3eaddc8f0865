import { describe, expect, it } from 'vitest'
import { CutModel } from '../../src/scenes/cut/model.js'
import { parameters as cutParameters } from '../../src/scenes/cut/parameters.js'
import { TourModel } from '../../src/scenes/tour/model.js'
import { parameters as tourParameters } from '../../src/scenes/tour/parameters.js'
import { bestExchange, lengthOf } from '../../src/scenes/tour/two-opt.js'
import { frameAfter, valuesOf } from './values.js'

describe('the scene of Max-Cut', () => {
  it('cuts more as it cools, and nearly what 256 anneals cut', () => {
    const model = new CutModel(valuesOf(cutParameters, { nodes: 64, sweeps: 200 }))
    const first = model.frame()
    const last = frameAfter(model)
    expect(last.cut).toBeGreaterThan(1.2 * first.cut)
    expect(last.cut).toBeGreaterThan(0.95 * last.reference)
    expect(last.cut).toBeLessThanOrEqual(last.reference)
    expect(last.best).toBeGreaterThanOrEqual(last.cut)
    expect([last.sweep, last.temperature]).toEqual([200, 0])
  })

  it('has a graph without repeats, whose nodes have the neighbours they ask for', () => {
    const { graph } = new CutModel(valuesOf(cutParameters, { nodes: 30, neighbours: 3 })).frame()
    const degrees = new Uint32Array(30)
    for (const [a, b] of graph.edges) {
      expect(a).toBeLessThan(b)
      degrees[a]++
      degrees[b]++
    }
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(3)
    expect(new Set(graph.edges.map(String)).size).toBe(graph.edges.length)
  })
})

describe('the scene of the round trip', () => {
  it('ends with a tour of the network, and a shorter one of 2-opt', () => {
    const { valid, outputs, tankLength, length, reference } = frameAfter(
      new TourModel(valuesOf(tourParameters)),
    )
    expect([valid, outputs.length]).toEqual([true, 100])
    expect(length).toBeLessThan(tankLength)
    expect(length).toBeGreaterThan(reference - 1e-9)
  })

  it('makes the tour shorter with every exchange', () => {
    const model = new TourModel(valuesOf(tourParameters, { cities: 8 }))
    let before = model.frame()
    for (let k = 0; k < 4; k++) {
      model.advance()
      const now = model.frame()
      if (now.exchanges > before.exchanges) expect(now.length).toBeLessThan(before.length)
      expect([...now.tour].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      before = now
    }
  })

  it('takes a crossing out', () => {
    const square = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ] as const
    const tour = Uint32Array.of(0, 1, 2, 3)
    expect(bestExchange(square, tour)).toBe(true)
    expect(lengthOf(square, tour)).toBe(4)
    expect(bestExchange(square, tour)).toBe(false)
  })
})
