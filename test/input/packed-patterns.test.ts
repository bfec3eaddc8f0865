import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../src/index.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { BACKENDS } from '../helpers/backends.js'
import { expectSame } from '../helpers/bytes.js'
import { FIXED, memories } from '../helpers/property.js'
import { detach, refusal, untyped } from '../helpers/refusal.js'

const SIZES = [1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 193, 255, 256, 257, 511, 512, 513]

describe('PackedPatterns', () => {
  it('gives back what was packed, at any size', () => {
    const property = fc.property(memories(), ({ neurons, patterns }) => {
      expectSame(PackedPatterns.from(patterns, { neurons }).unpack(), patterns)
    })
    fc.assert(property, FIXED)
  })

  for (const neurons of SIZES) {
    it(`gives back ${neurons} neurons pattern by pattern`, () => {
      const patterns = randomPatterns({ count: 4, neurons, seed: neurons })
      const rows = [0, 1, 2, 3].map((mu) => patterns.slice(mu * neurons, (mu + 1) * neurons))
      expect([...PackedPatterns.from(patterns, { neurons })]).toEqual(rows)
    })

    it(`keeps ${neurons} neurons in whole words of 64 bits up to 256, and in whole blocks of 512 from there on`, () => {
      const packed = PackedPatterns.from(new Int8Array(3 * neurons).fill(1), { neurons })
      expect(packed.words.length).toBe(
        neurons <= 256 ? 3 * 2 * Math.ceil(neurons / 64) : 3 * 16 * Math.ceil(neurons / 512),
      )
    })

    it(`keeps the padding behind ${neurons} neurons zero`, () => {
      const packed = PackedPatterns.from(new Int8Array(3 * neurons).fill(1), { neurons })
      const ones = packed.words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0)
      expect(ones).toBe(3 * neurons)
    })
  }

  it('has neuron i in bit i mod 32 of word ⌊i/32⌋, bit 1 for +1', () => {
    const state = new Int8Array(100).fill(-1)
    for (const i of [0, 31, 32, 64, 99]) state[i] = 1
    const { words } = PackedPatterns.from(state, { neurons: 100 })
    expect(Array.from(words.subarray(0, 4))).toEqual([0x80000001, 1, 1, 8])
  })

  it('counts neurons and patterns', () => {
    const packed = PackedPatterns.from(new Int8Array(30).fill(1), { neurons: 10 })
    expect([packed.neurons, packed.count]).toEqual([10, 3])
  })

  it('packs an array of states as it packs them flat', () => {
    const nested = PackedPatterns.from(
      [
        [1, -1, 1],
        [-1, -1, 1],
      ],
      { neurons: 3 },
    )
    expect(nested.words).toEqual(PackedPatterns.from([1, -1, 1, -1, -1, 1], { neurons: 3 }).words)
  })

  it('packs no patterns at all', () => {
    const none = PackedPatterns.from([], { neurons: 3 })
    expect([none.count, none.unpack()]).toEqual([0, new Int8Array(0)])
  })

  it('packs what is packed already', () => {
    const once = PackedPatterns.from([1, -1, 1], { neurons: 3 })
    const twice = PackedPatterns.from(once, { neurons: 3 })
    once.words.fill(0)
    expect(twice.pattern(0)).toEqual(Int8Array.of(1, -1, 1))
  })

  it('takes words as they are, without a copy', () => {
    const words = new Uint32Array(rowWords(8))
    const packed = new PackedPatterns({ neurons: 8, words })
    words[0] = 0b101
    expect(packed.words).toBe(words)
    expect(packed.pattern(0)).toEqual(Int8Array.of(1, -1, 1, -1, -1, -1, -1, -1))
  })

  it('clears the padding of words it is given', () => {
    for (const [neurons, ...clean] of [
      [40, 0xffffffff, 0xff],
      [70, 0xffffffff, 0xffffffff, 0x3f, 0],
      [300, ...new Array(9).fill(0xffffffff), 0xfff, ...new Array(6).fill(0)],
    ]) {
      const words = new Uint32Array(2 * clean.length).fill(0xffffffff)
      new PackedPatterns({ neurons, words })
      expect(Array.from(words)).toEqual([...clean, ...clean])
    }
  })

  it('gives patterns as copies', () => {
    const packed = PackedPatterns.from([1, -1, 1], { neurons: 3 })
    packed.pattern(0).fill(1)
    packed.unpack().fill(1)
    expect(packed.pattern(0)).toEqual(Int8Array.of(1, -1, 1))
  })

  it('takes words in shared memory', () => {
    const words = new Uint32Array(new SharedArrayBuffer(4 * rowWords(3)))
    words[0] = 0b011
    expect(new PackedPatterns({ neurons: 3, words }).unpack()).toEqual(Int8Array.of(1, 1, -1))
  })

  it('takes words that do not begin at a 64-byte boundary', () => {
    const room = new Uint32Array(8).fill(0xffffffff)
    const words = room.subarray(3, 3 + 2 * rowWords(50))
    words.set(PackedPatterns.from(randomPatterns({ count: 2, neurons: 50 }), { neurons: 50 }).words)
    const packed = new PackedPatterns({ neurons: 50, words })
    expect(packed.unpack()).toEqual(randomPatterns({ count: 2, neurons: 50 }))
  })

  for (const backend of BACKENDS) {
    for (const weights of ['implicit', 'dense'] as const) {
      it(`stores like bytes, ${backend}, ${weights}`, () => {
        const patterns = randomPatterns({ count: 6, neurons: 77, seed: 1 })
        const [bytes, bits] = [patterns, PackedPatterns.from(patterns, { neurons: 77 })].map((form) =>
          new HopfieldNetwork({ neurons: 77, backend, weights }).store(form).weights(),
        )
        expect(bits).toEqual(bytes)
      })

      it(`stores words at any alignment, ${backend}, ${weights}`, () => {
        const patterns = randomPatterns({ count: 6, neurons: 77, seed: 1 })
        const words = new Uint32Array(rowWords(77) * 6 + 1).subarray(1)
        words.set(PackedPatterns.from(patterns, { neurons: 77 }).words)
        const net = new HopfieldNetwork({ neurons: 77, backend, weights })
        net.store(new PackedPatterns({ neurons: 77, words }))
        expect(net.patterns().unpack()).toEqual(patterns)
      })

      it(`keeps a copy of packed patterns, ${backend}, ${weights}`, () => {
        const packed = PackedPatterns.from([1, -1, 1], { neurons: 3 })
        const net = new HopfieldNetwork({ neurons: 3, backend, weights }).store(packed)
        packed.words.fill(0)
        expect(net.pattern(0)).toEqual(Int8Array.of(1, -1, 1))
      })

      it(`ignores padding that was written after packing, ${backend}, ${weights}`, () => {
        const packed = PackedPatterns.from([1, -1, 1], { neurons: 3 })
        packed.words[0] |= 0xf0
        packed.words[1] = 1
        const net = new HopfieldNetwork({ neurons: 3, backend, weights }).store(packed)
        expect(Array.from(net.overlaps([1, -1, 1]))).toEqual([1])
      })
    }
  }

  describe('refuses', () => {
    it('a value that is not ±1, with its place', () => {
      const error = refusal(() => PackedPatterns.from([1, 1, 0], { neurons: 3 }))
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_VALUE',
        message: expect.stringContaining('patterns[2]'),
      })
    })

    it('a length that is no multiple of N', () => {
      expect(refusal(() => PackedPatterns.from([1, 1], { neurons: 3 })).code).toBe('ERR_HOPFIELD_SHAPE')
    })

    it('no neurons', () => {
      const error = refusal(() => PackedPatterns.from([1], untyped({})))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('neurons') })
    })

    it('no options', () => {
      expect(refusal(() => PackedPatterns.from([1], untyped(undefined))).code).toBe('ERR_HOPFIELD_TYPE')
    })

    it('words that are no whole patterns', () => {
      const error = refusal(() => new PackedPatterns({ neurons: 300, words: new Uint32Array(17) }))
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_SHAPE',
        message: expect.stringContaining('16 words'),
      })
    })

    for (const words of [new Int32Array(16), new Uint8Array(64), new Array(16).fill(0), null, undefined]) {
      it(`words that are ${words?.constructor.name ?? words}`, () => {
        const error = refusal(() => new PackedPatterns({ neurons: 3, words: untyped(words) }))
        expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('words') })
      })
    }

    for (const mu of [2, -1, 0.5, Number.NaN]) {
      it(`to give pattern ${mu} of two`, () => {
        const packed = PackedPatterns.from([1, 1], { neurons: 1 })
        const error = refusal(() => packed.pattern(mu))
        expect(error).toMatchObject({
          code: 'ERR_HOPFIELD_RANGE',
          message: expect.stringContaining('pattern: index'),
        })
      })
    }

    it('to give a pattern of memory that is gone', () => {
      const packed = PackedPatterns.from([1, 1, 1], { neurons: 3 })
      detach(packed.words)
      expect(refusal(() => packed.pattern(0)).code).toBe('ERR_HOPFIELD_SHAPE')
    })

    it('to unpack memory that is gone', () => {
      const packed = PackedPatterns.from([1, 1, 1], { neurons: 3 })
      detach(packed.words)
      expect(refusal(() => packed.unpack()).code).toBe('ERR_HOPFIELD_SHAPE')
    })
  })
})
