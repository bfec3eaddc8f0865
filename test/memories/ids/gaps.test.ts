import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Gaps } from '../../../src/memories/ids/gaps.js'
import { FIXED } from '../../helpers/property.js'

const LENGTH = 20

describe('gaps', () => {
  it('number what is left as a list of the numbers does', () => {
    const property = fc.property(fc.array(fc.nat(LENGTH - 1), { maxLength: LENGTH }), (removals) => {
      const gaps = new Gaps()
      const left = Array.from({ length: LENGTH }, (_, k) => k)
      for (const at of removals) {
        if (at >= left.length) continue
        gaps.remove(at)
        left.splice(at, 1)
      }
      // What comes later is behind all others.
      left.push(LENGTH, LENGTH + 1)
      expect(gaps.count).toBe(LENGTH + 2 - left.length)
      expect(left.map((_, k) => gaps.numberAt(k))).toEqual(left)
      for (let number = 0; number < LENGTH + 2; number++) {
        const at = left.indexOf(number)
        expect(gaps.indexOf(number)).toBe(at < 0 ? undefined : at)
      }
    })
    fc.assert(property, FIXED)
  })
})
