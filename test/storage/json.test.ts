import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, parseJson } from '../../src/storage/json.js'
import type { Fact } from '../../src/storage/record.js'
import { FIXED } from '../helpers/property.js'
import { refusal } from '../helpers/refusal.js'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (text: string): Fact => parseJson('place', encode(text))

/** Without prototypes there is nothing to tell apart from plain objects but that. */
const plain = (value: Fact): unknown =>
  JSON.parse(JSON.stringify(value, (_, x) => (typeof x === 'bigint' ? `${x}n` : x)))

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order of names', () => {
    expect(canonicalJson({ b: [1, null, true], a: { z: 'x', '': -0.5 } })).toBe(
      '{"a":{"":-0.5,"z":"x"},"b":[1,null,true]}',
    )
    expect(canonicalJson(['\ud800', '\n', 'é'])).toBe('["\\ud800","\\n","é"]')
  })

  it('gives every value back: all f64, all integers of 64 bits, −0, lone surrogates, any name', () => {
    const values = fc.letrec<{ fact: Fact }>((tie) => ({
      fact: fc.oneof(
        { maxDepth: 3 },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('__proto__', '\udc00', '"\\'),
        fc.array(tie('fact')),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString')), tie('fact')),
      ),
    })).fact
    const property = fc.property(values, (value) => {
      const text = canonicalJson(value)
      const again = parse(text)
      expect(canonicalJson(again)).toBe(text)
      expect(plain(again)).toEqual(plain(value))
    })
    fc.assert(property, FIXED)
  })

  it('tells a whole f64 from an integer beyond 2^53', () => {
    expect([canonicalJson(2 ** 60), canonicalJson(2n ** 60n)]).toEqual([
      '1.152921504606847e+18',
      `${2n ** 60n}`,
    ])
    expect([parse('1.152921504606847e+18'), parse(`${2n ** 60n}`)]).toEqual([2 ** 60, 2n ** 60n])
    expect([canonicalJson(-0), Object.is(parse('-0'), -0)]).toEqual(['-0', true])
  })

  it('agrees with JSON.parse on what JSON is', () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\ \n\t0-+.eEtu1a',
      'null',
      'true',
      'false',
      '"a"',
      '1e5',
      '{"a":1}',
      '\\u00e9',
      '\u0001',
    )
    const property = fc.property(fc.array(pieces, { maxLength: 7 }), (parts) => {
      const text = parts.join('')
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        expect(refusal(() => parse(text)).code).toBe('ERR_HOPFIELD_FILE')
        return
      }
      expect(plain(parse(text))).toEqual(expected)
    })
    fc.assert(property, { ...FIXED, numRuns: 2000 })
  })

  it.each([
    ['{"a":1,"a":2}', 'each name once, got "a" twice'],
    ['{"a":1,"\\u0061":2}', 'each name once, got "a" twice'],
    ['{"__proto__":1,"__proto__":2}', 'each name once'],
    ['1e999', 'a number that f64 can hold'],
    ['123456789012345678901234567890', 'an integer of 64 bits'],
    [`${'['.repeat(100)}`, 'at most 64 levels'],
    ['[1]]', 'nothing more'],
    ['', 'a value at character 0'],
    ['\ufeff1', 'a value at character 0'],
  ])('refuses %s', (text, words) => {
    const error = refusal(() => parse(text))
    expect(error.message).toMatch(/^place: expected /)
    expect(error.message).toContain(words)
  })

  it('refuses what is no UTF-8, and takes strings of megabytes', () => {
    expect(refusal(() => parseJson('place', Uint8Array.of(0x22, 0xff, 0x22))).message).toBe(
      'place: expected UTF-8',
    )
    const long = 'x\\n'.repeat(2 ** 20)
    expect((parse(`"${long}"`) as string).length).toBe(2 * 2 ** 20)
    expect(refusal(() => parse(`"${long}`)).message).toContain('expected a string')
  })
})
