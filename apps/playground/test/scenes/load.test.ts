import { describe, expect, it } from 'vitest'
import { LoadModel } from '../../src/scenes/load/model.js'
import { parameters } from '../../src/scenes/load/parameters.js'
import { frameAfter, valuesOf } from './values.js'

const at = (load: number, turns: number) =>
  frameAfter(new LoadModel(valuesOf(parameters, { neurons: '529', load })), turns)

describe('the scene of the load', () => {
  it('measures what theory says below α_c', () => {
    const { networks, overlap, error, theory, patterns } = at(0.1, 160)
    expect([patterns, networks]).toEqual([53, 20])
    // Four standard errors, and 0.002 for a network that is not infinite.
    expect(Math.abs(overlap - theory)).toBeLessThan(4 * error + 0.002)
  })

  it('measures far less beyond it, where theory has no state', () => {
    const { overlap, theory, histogram, wrong } = at(0.25, 80)
    expect(theory).toBe(0)
    expect(overlap).toBeLessThan(0.6)
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(80)
    expect(wrong.some((one) => one === 1)).toBe(true)
  })

  it('comes to an end, with a bar as long as the spread between networks says', () => {
    const model = new LoadModel(valuesOf(parameters, { neurons: '256', load: 0.01 }))
    const { networks, overlap, error } = frameAfter(model)
    expect([networks, overlap, error]).toEqual([100, 1, 0])
  })

  it('has no bar before there are two networks', () => {
    expect(at(0.1, 8).error).toBeNaN()
    expect(at(0.1, 0).networks).toBe(0)
  })
})
