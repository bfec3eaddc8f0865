import { describe, expect, it } from 'vitest'
import { HeatModel } from '../../src/scenes/heat/model.js'
import { parameters } from '../../src/scenes/heat/parameters.js'
import { frameAfter, valuesOf } from './values.js'

const values = (temperature: number, load = 0.01) =>
  valuesOf(parameters, { neurons: '64', temperature, load })

describe('the scene of the temperature', () => {
  it('keeps the picture as well as theory says while there are memories', () => {
    const model = new HeatModel(values(0.5))
    frameAfter(model, 30)
    let sum = 0
    for (let k = 0; k < 40; k++) sum += frameAfter(model, 1).overlap
    // Below T_M fluctuations of m are about 1/√N = 0.016 a sweep, and hardly correlated: 0.02 is more than four errors of 40.
    expect(Math.abs(sum / 40 - model.frame().theory)).toBeLessThan(0.02)
  })

  it('loses it above, and does not find it again when it cools', () => {
    const model = new HeatModel(values(0.3, 0.05))
    expect(frameAfter(model, 10).overlap).toBeGreaterThan(0.9)
    expect(model.change(values(1.5, 0.05), values(0.3, 0.05))).toBe(true)
    const hot = frameAfter(model, 60)
    expect(hot.theory).toBe(0)
    expect(Math.abs(hot.overlap)).toBeLessThan(0.15)
    expect(hot.flipped).toBeGreaterThan(0.2)
    model.change(values(0, 0.05), values(1.5, 0.05))
    const cold = frameAfter(model, 60)
    expect(cold.energy).toBeLessThan(hot.energy)
    expect(cold.flipped).toBeLessThan(0.01)
    expect(Math.abs(cold.overlap)).toBeLessThan(0.9)
  })

  it('wants a new model for another load', () => {
    expect(new HeatModel(values(0.3)).change(values(0.3, 0.02), values(0.3))).toBe(false)
  })

  it('tells the three lines of the phase diagram', () => {
    const { spinGlass, retrieval, ground } = new HeatModel(values(0.3)).frame().phases
    expect(spinGlass.y[spinGlass.y.length - 1]).toBeCloseTo(1 + Math.sqrt(0.2), 6)
    expect(retrieval.x[0]).toBeCloseTo(0.1379, 3)
    expect(ground.x[0]).toBeLessThan(retrieval.x[0])
  })
})
