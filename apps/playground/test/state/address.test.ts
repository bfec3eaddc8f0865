import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, divided, encode, LONGEST_ADDRESS } from '../../src/state/address.js'
import { type AnyValues, defaultsOf, nearestValue, type Parameters } from '../../src/state/parameters.js'
import type { Picture } from '../../src/state/picture.js'

const PARAMETERS = {
  noise: { kind: 'number', label: 'Noise', min: 0, max: 0.5, step: 0.01, default: 0.2 },
  count: { kind: 'number', label: 'Count', min: -3, max: 40, step: 1, default: 5 },
  rule: {
    kind: 'choice',
    label: 'Rule',
    choices: { hebbian: 'Hebb', 'pseudo inverse': 'P' },
    default: 'hebbian',
  },
  all: { kind: 'switch', label: 'All at once', default: false },
  seed: { kind: 'seed', label: 'Seed', default: 1 },
  pictures: { kind: 'pictures', label: 'Pictures', most: 8 },
} as const satisfies Parameters

const picture = fc
  .integer({ min: 1, max: 12 })
  .chain((side) =>
    fc
      .array(fc.constantFrom(1, -1), { minLength: side * side, maxLength: side * side })
      .map((pixels): Picture => ({ side, pixels: Int8Array.from(pixels) })),
  )
const values = fc.record({
  noise: fc.double({ min: 0, max: 0.5, noNaN: true }).map((noise) => nearestValue(PARAMETERS.noise, noise)),
  count: fc.integer({ min: -3, max: 40 }),
  rule: fc.constantFrom('hebbian', 'pseudo inverse'),
  all: fc.boolean(),
  seed: fc.integer({ min: 0, max: 999_999 }),
  pictures: fc.array(picture, { maxLength: 8 }),
})
const runs = { seed: 1, numRuns: 30 }

const decoded = (hash: string) => decode(divided(hash).query, PARAMETERS)

describe('an address', () => {
  test('brings back every value', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (values) => {
        const { hash, missing } = await encode('scene', PARAMETERS, values as AnyValues)
        expect(missing).toBeUndefined()
        expect(divided(hash).scene).toBe('scene')
        expect(await decoded(hash)).toEqual({ values, problems: [] })
        // Browsers write an address in their own way.
        expect(new URL(`http://localhost/${hash}`).hash).toBe(hash)
      }),
      runs,
    )
  })

  test('that anybody edited gives a value to every parameter, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.webFragments(), fc.constantFrom('%', '#?=&', 'scene?seed=%E0%A4%A')),
        fc.constantFrom(...Object.keys(PARAMETERS)),
        async (text, name) => {
          for (const hash of [`#${text}`, `#scene?${text}`, `#scene?${name}=${text}`]) {
            const { values, problems } = await decoded(hash)
            expect(Object.keys(values)).toEqual(Object.keys(PARAMETERS))
            const again = await encode('scene', PARAMETERS, values)
            expect((await decoded(again.hash)).problems).toEqual([])
            for (const problem of problems) expect(problem.length).toBeLessThan(260)
          }
        },
      ),
      runs,
    )
  })

  test.each([
    ['noise=9', /noise = “9”; expected a number from 0 to 0\.5/],
    ['noise=', /noise = “”; expected/],
    ['noise=NaN', /expected a number/],
    ['seed=-1', /expected a whole number from 0 to 999999/],
    ['seed=1e3', /expected a whole number/],
    ['all=maybe', /expected yes or no/],
    ['rule=toString', /expected one of hebbian, pseudo inverse/],
    ['pictures=4.AAAA', /expected at most 8 pictures/],
    ['pictures=300.AAAA', /expected at most 8 pictures/],
    ['__proto__=1', /names “__proto__”, which this scene does not have/],
  ])('that says %s has its usual value, and a sentence says why', async (query, sentence) => {
    const { values, problems } = await decode(query, PARAMETERS)
    expect(values).toEqual(defaultsOf(PARAMETERS))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(sentence)
  })

  test('says which pictures did not fit, and keeps all else', async () => {
    // Bits without any order cannot be deflated.
    let word = 1
    const pixels = Int8Array.from({ length: 256 * 256 }, () => {
      word = (Math.imul(word, 1664525) + 1013904223) >>> 0
      return word >>> 31 ? 1 : -1
    })
    const given = {
      ...defaultsOf(PARAMETERS),
      seed: 7,
      pictures: [
        { side: 256, pixels },
        { side: 256, pixels },
      ],
    }
    const { hash, missing } = await encode('scene', PARAMETERS, given)
    expect(missing?.parameter).toBe('pictures')
    expect(missing?.letters).toBeGreaterThan(LONGEST_ADDRESS)
    expect(await decoded(hash)).toEqual({ values: { ...given, pictures: [] }, problems: [] })
  })

  test('whose picture inflates to more than it has pixels is refused', async () => {
    const { hash } = await encode('scene', PARAMETERS, {
      ...defaultsOf(PARAMETERS),
      pictures: [{ side: 256, pixels: new Int8Array(65536).fill(1) }],
    })
    const { values, problems } = await decoded(hash.replace('256.', '2.'))
    expect(values['pictures']).toEqual([])
    expect(problems).toHaveLength(1)
  })
})
