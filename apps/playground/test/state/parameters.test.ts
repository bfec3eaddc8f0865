import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  defaultsOf,
  moved,
  type NumberParameter,
  nearestValue,
  type Parameters,
} from '../../src/state/parameters.js'
import { resized } from '../../src/state/picture.js'

const number = fc
  .record({
    min: fc.integer({ min: -5, max: 5 }),
    steps: fc.integer({ min: 1, max: 500 }),
    step: fc.constantFrom(0.01, 0.05, 0.25, 1, 4),
  })
  .map(
    ({ min, steps, step }): NumberParameter => ({
      kind: 'number',
      label: '',
      min,
      max: Number((min + steps * step).toFixed(9)),
      step,
      default: min,
    }),
  )

describe('a parameter', () => {
  test('that is a number has values from its least to its most alone, however it is moved', () => {
    fc.assert(
      fc.property(number, fc.double({ noNaN: true }), fc.boolean(), (parameter, value, back) => {
        const near = nearestValue(parameter, value)
        expect(nearestValue(parameter, near)).toBe(near)
        const next = moved(parameter, near, back) as number
        for (const value of [near, next]) {
          expect(value).toBeGreaterThanOrEqual(parameter.min)
          expect(value).toBeLessThanOrEqual(parameter.max)
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('is crossed from end to end by its key', () => {
    fc.assert(
      fc.property(number, (parameter) => {
        let value = parameter.min
        for (let presses = 0; presses < 60; presses++) value = moved(parameter, value, false) as number
        expect(value).toBe(parameter.max)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test('that is a choice goes round', () => {
    const choice = { kind: 'choice', label: '', choices: { a: 'A', b: 'B', c: 'C' }, default: 'a' } as const
    expect(moved(choice, 'c', false)).toBe('a')
    expect(moved(choice, 'a', true)).toBe('c')
  })

  test('that is pictures has none at first, and no key moves it', () => {
    const parameters = { pictures: { kind: 'pictures', label: '', most: 3 } } as const satisfies Parameters
    expect(defaultsOf(parameters)).toEqual({ pictures: [] })
    expect(moved(parameters.pictures, [], false)).toBeUndefined()
  })
})

describe('a picture', () => {
  test('that is made larger and smaller again is the same', () => {
    const pixels = Int8Array.from({ length: 64 }, (_, i) => ((i * 7) % 5 < 2 ? 1 : -1))
    const large = resized({ side: 8, pixels }, 32)
    expect(large).toHaveLength(1024)
    expect(resized({ side: 32, pixels: large }, 8)).toEqual(pixels)
  })
})
