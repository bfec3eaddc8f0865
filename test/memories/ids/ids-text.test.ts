import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsing, writing } from '../../../src/memories/ids/ids-text.js'
import { atOnce } from '../../../src/platform/turn.js'
import { FIXED } from '../../helpers/property.js'
import { refusal } from '../../helpers/refusal.js'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string): unknown[] => [...parsing(bytesOf(text))].flat()

/** In how many steps something is made, and what. */
function counted<T>(steps: Generator<void, T>): [number, T] {
  for (let count = 0; ; count++) {
    const { done, value } = steps.next()
    if (done) return [count, value]
  }
}

/** Ids whose text has whatever separates ids in it. */
const ids = fc.array(
  fc.oneof(
    fc.constant(undefined),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '[', ']', '{', '}', ' ', 'é', '😀', '\u0000') }),
  ),
)

describe('the text of ids', () => {
  it('is that of JSON.stringify, and is read as JSON.parse reads it', () => {
    const property = fc.property(ids, (list) => {
      const text = JSON.stringify(list)
      expect(atOnce(writing(list, list.length))).toEqual(bytesOf(text))
      const expected = JSON.parse(text).map((id: unknown) => (id === null ? undefined : id))
      expect(read(text)).toEqual(expected)
      expect(read(` \n${text.replaceAll(/^\[|\]$/g, ' $& ')}\t\r`)).toEqual(expected)
    })
    fc.assert(property, { ...FIXED, numRuns: 200 })
  })

  it('is written and read in many steps where there are many, whatever is at their ends', () => {
    const list = Array.from({ length: 30_000 }, (_, k) =>
      k % 7 === 0 ? undefined : k % 3 === 0 ? k : `",\\${k}`,
    )
    const [steps, text] = counted(writing(list, list.length))
    expect(text).toEqual(bytesOf(JSON.stringify(list)))
    const pieces = [...parsing(text)]
    expect(pieces.flat()).toEqual(list)
    expect([steps > 7, pieces.length > 15]).toEqual([true, true])
  })

  it.each([
    '',
    '[',
    ']',
    'null',
    '{"a":1}',
    '["a"',
    '"a"]',
    '["a]',
    '[1,,2]',
    '[1,]',
    '[,1]',
    '[[1]]',
    '[{}]',
    '[1][2]',
    '[a]',
  ])('is refused where it is no array of ids: %s', (text) => {
    expect(refusal(() => read(text)).code).toBe('ERR_HOPFIELD_FILE')
  })

  it('is refused where nothing lies between two commas, at the ends of steps too', () => {
    const long = `"${'a'.repeat(2 ** 16)}"`
    for (const text of [`[${long},,1]`, `[${long},]`, `[,${long},1]`, `[${long}, ]`]) {
      expect(refusal(() => read(text)).code).toBe('ERR_HOPFIELD_FILE')
    }
    expect(read(`[${long},1]`)).toHaveLength(2)
  })

  it('is refused where it is no UTF-8', () => {
    const bytes = Uint8Array.from([0x5b, 0x22, 0xff, 0x22, 0x5d])
    expect(refusal(() => [...parsing(bytes)]).code).toBe('ERR_HOPFIELD_FILE')
  })
})
