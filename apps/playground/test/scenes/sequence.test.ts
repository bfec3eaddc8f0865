import { describe, expect, it } from 'vitest'
import { SequenceModel } from '../../src/scenes/sequence/model.js'
import { parameters } from '../../src/scenes/sequence/parameters.js'
import { frameAfter, valuesOf } from './values.js'

const played = (some: Parameters<typeof valuesOf<typeof parameters>>[1], turns: number) =>
  frameAfter(new SequenceModel(valuesOf(parameters, some)), turns)

describe('the scene of the film', () => {
  it.each([
    'runner',
    'letters',
    'random',
  ] as const)('plays %s from a noisy first picture, again and again', (film) => {
    const { overlaps, due, time } = played({ film }, 25)
    expect(time).toBe(25)
    expect(overlaps[due]).toBe(1)
  })

  it('blurs pictures that look alike by Hebb’s rule, and not those that do not', () => {
    const runner = played({ film: 'runner', rule: 'sequence' }, 25)
    expect(runner.overlaps[runner.due]).toBeLessThan(0.95)
    const random = played({ film: 'random', rule: 'sequence' }, 25)
    expect(random.overlaps[random.due]).toBeGreaterThan(0.99)
  })

  it('begins with as much noise as it is told', () => {
    expect(played({ noise: 0.25, rule: 'sequence' }, 0).overlaps[0]).toBe(0.5)
  })

  it('keeps its state where the speed alone changes', () => {
    const values = valuesOf(parameters, { rule: 'sequence' })
    const model = new SequenceModel(values)
    expect(model.change({ ...values, rate: 1 }, values)).toBe(true)
    expect(model.change({ ...values, film: 'letters' }, values)).toBe(false)
  })
})
