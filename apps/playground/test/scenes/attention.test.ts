import { describe, expect, it } from 'vitest'
import { AttentionModel } from '../../src/scenes/attention/model.js'
import { PICTURES } from '../../src/scenes/attention/paintings.js'
import { betaOf, parameters } from '../../src/scenes/attention/parameters.js'
import { frameAfter, valuesOf } from './values.js'

const COUNT = PICTURES.length
const fixed = (beta: number) => new AttentionModel(valuesOf(parameters, { sweep: false, beta }))
const winner = (weights: Float64Array, k: number) => {
  const row = weights.subarray(k * COUNT, (k + 1) * COUNT)
  return row.indexOf(Math.max(...row))
}

describe('the scene of attention', () => {
  it('mixes all pictures where β is small', () => {
    const { active } = frameAfter(fixed(0), 1)
    expect(active[0]).toBe(COUNT)
  })

  it('finds the picture behind the query where β is large, but for the ball, which the query lies outside of', () => {
    const { weights, active, picture, states, query } = frameAfter(fixed(1), 5)
    expect([winner(weights, 0), winner(weights, 1)]).toEqual([picture, picture])
    expect([...active]).toEqual([1, 1, 0])
    expect(states.subarray(2 * query.length)).toEqual(query)
  })

  it('has a ball that holds the right picture alone in between', () => {
    const { weights, active, picture } = fixed(0.45).frame()
    expect(active[2]).toBe(1)
    expect(winner(weights, 2)).toBe(picture)
  })

  it('has weights that sum to 1, or to 0 where nothing is within reach', () => {
    for (const beta of [0, 0.5, 1]) {
      const { weights, active } = frameAfter(fixed(beta), 2)
      for (const k of active.keys()) {
        const sum = weights.subarray(k * COUNT, (k + 1) * COUNT).reduce((total, weight) => total + weight, 0)
        expect(sum).toBeCloseTo(active[k] === 0 ? 0 : 1, 9)
      }
    }
  })

  it('moves β up by itself', () => {
    expect(frameAfter(new AttentionModel(valuesOf(parameters)), 90).beta).toBeCloseTo(betaOf(0.25), 9)
  })
})
