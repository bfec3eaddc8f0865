import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PackedPatterns } from '../../src/index.js'
import { hasNumpy, python } from '../helpers/numpy.js'
import { FIXED, memories } from '../helpers/property.js'
import { detach, refusal, untyped } from '../helpers/refusal.js'

describe('the bytes of packed patterns', () => {
  it('have neuron 0 in the lowest bit of the first byte, and no padding between patterns', () => {
    const packed = PackedPatterns.from([[1, -1, -1, -1, -1, -1, -1, 1, 1], new Int8Array(9).fill(1)], {
      neurons: 9,
    })
    expect(packed.toBytes()).toEqual(Uint8Array.of(0b1000_0001, 1, 255, 1))
  })

  it('take ⌈N/8⌉ bytes a pattern, and give the patterns back', () => {
    fc.assert(
      fc.property(memories(), ({ neurons, count, patterns }) => {
        const packed = PackedPatterns.from(patterns, { neurons })
        const bytes = packed.toBytes()
        expect(bytes).toHaveLength(count * Math.ceil(neurons / 8))
        expect(bytes.buffer.byteLength).toBe(bytes.length)
        const again = PackedPatterns.fromBytes(bytes, { neurons })
        expect(again.words).toEqual(packed.words)
        expect(again.count).toBe(count)
      }),
      FIXED,
    )
  })

  it.runIf(hasNumpy)("are those of numpy.packbits with bitorder='little'", () => {
    const neurons = 77
    const patterns = Array.from({ length: 3 }, (_, mu) =>
      Int8Array.from({ length: neurons }, (_, i) => ((i * i + mu) % 3 === 0 ? 1 : -1)),
    )
    const program = `
import sys, json, numpy
patterns = numpy.array(json.loads(sys.argv[1]))
print(json.dumps(numpy.packbits(patterns > 0, axis=1, bitorder='little').ravel().tolist()))`
    const theirs = python(program, JSON.stringify(patterns.map((pattern) => [...pattern])))
    expect([...PackedPatterns.from(patterns, { neurons }).toBytes()]).toEqual(theirs)
  })

  it('leave out whatever was written into the padding of the words', () => {
    const packed = PackedPatterns.from([[1, -1, 1]], { neurons: 3 })
    packed.words.fill(0xffffffff)
    expect(packed.toBytes()).toEqual(Uint8Array.of(7))
  })

  it('are copied', () => {
    const bytes = Uint8Array.of(5)
    const packed = PackedPatterns.fromBytes(bytes, { neurons: 3 })
    bytes.fill(0)
    expect([...packed.pattern(0)]).toEqual([1, -1, 1])
  })

  it('may lie anywhere in any memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8))
    shared.set([9, 9, 9, 5, 1])
    expect([...PackedPatterns.fromBytes(shared.subarray(3, 5), { neurons: 3 }).unpack()]).toEqual([
      1, -1, 1, 1, -1, -1,
    ])
    expect(PackedPatterns.fromBytes(Buffer.from([5]), { neurons: 3 }).toBytes()).toEqual(Uint8Array.of(5))
  })

  it('may be none', () => {
    expect(PackedPatterns.fromBytes(new Uint8Array(0), { neurons: 3 }).count).toBe(0)
  })

  it('are refused where a bit behind the last neuron is set', () => {
    for (let bit = 3; bit < 8; bit++) {
      const error = refusal(() => PackedPatterns.fromBytes(Uint8Array.of(7, 2 ** bit), { neurons: 3 }))
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_VALUE',
        message: expect.stringContaining('bytes[1]'),
      })
    }
  })

  it('are refused where they are not whole patterns', () => {
    const error = refusal(() => PackedPatterns.fromBytes(new Uint8Array(3), { neurons: 9 }))
    expect(error).toMatchObject({
      code: 'ERR_HOPFIELD_SHAPE',
      message: expect.stringContaining('multiple of 2'),
    })
  })

  it('are refused where they were transferred', () => {
    const error = refusal(() => PackedPatterns.fromBytes(detach(new Uint8Array(3)), { neurons: 3 }))
    expect(error.message).toContain('transferred')
  })

  for (const given of ['abc', [1], new Int8Array(1), new ArrayBuffer(1), undefined, null]) {
    it(`are not ${Object.prototype.toString.call(given)}`, () => {
      expect(refusal(() => PackedPatterns.fromBytes(untyped(given), { neurons: 3 })).code).toBe(
        'ERR_HOPFIELD_TYPE',
      )
    })
  }
})
