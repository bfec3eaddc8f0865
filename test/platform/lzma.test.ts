import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DamagedLzma, unpackLzma } from '../../src/platform/lzma.js'
import { atOnce } from '../../src/platform/turn.js'

/** "Patterns, patterns, patterns.", as xz 5.4 packs it, with its size. */
const KNOWN = Buffer.from('XQAAgAAdAAAAAAAAAAAoGEqYZTo1FMucGUvsFgoaxYv//jygAA==', 'base64')

const hasXz = spawnSync('xz', ['--version'], { stdio: 'ignore' }).status === 0

function pack(data: Uint8Array, options: string): Buffer {
  const packed = execFileSync('xz', ['--format=lzma', `--lzma1=${options}`, '--stdout'], { input: data })
  packed.writeBigUInt64LE(BigInt(data.length), 5)
  return packed
}

const unpack = (packed: Uint8Array): Uint8Array => atOnce(unpackLzma(packed))

describe.skipIf(!hasXz)('the unpacking of what xz packs', () => {
  // Contexts, positions, and dictionaries that make repeats short.
  const options = ['preset=9e,pb=0', 'preset=6', 'preset=0,lc=0,lp=4,pb=4', 'preset=9,lc=4,lp=0,pb=2']
  const few = fc.array(fc.nat(3), { maxLength: 3000 }).map((list) => Uint8Array.from(list))

  it.each(options)('undoes it with %s', (option) => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), few), (data) => {
        expect(unpack(pack(data, option))).toEqual(data)
      }),
      { seed: 1, numRuns: 15 },
    )
  })

  it('undoes long repeats from far away, in steps', () => {
    const data = new Uint8Array(300_000)
    for (let k = 0; k < data.length; k++) data[k] = Math.imul(k % 100_000, 2_654_435_761) >>> 13
    const steps = unpackLzma(pack(data, 'preset=9e,pb=0'))
    let count = 1
    let step = steps.next()
    for (; step.done !== true; step = steps.next()) count++
    expect(Buffer.compare(step.value, data)).toBe(0)
    expect(count).toBeGreaterThan(2)
  })
})

describe('the unpacking of LZMA', () => {
  it('is that of a known stream', () => {
    expect(Buffer.from(unpack(KNOWN)).toString()).toBe('Patterns, patterns, patterns.')
  })

  it('refuses what is cut, and what has no size or unknown properties', () => {
    for (let length = 0; length < KNOWN.length - 12; length++) {
      expect(() => unpack(KNOWN.subarray(0, length)), String(length)).toThrow(DamagedLzma)
    }
    for (const [at, byte] of [
      [0, 225],
      [9, 1],
      [13, 1],
    ]) {
      const other = Uint8Array.from(KNOWN)
      other[at as number] = byte as number
      expect(() => unpack(other), String(at)).toThrow(DamagedLzma)
    }
  })

  it('ends whatever the bytes are, and writes no more than it was told', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.nat(KNOWN.length - 14), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(KNOWN)
        damaged[13 + at] = byte
        try {
          const out = unpack(damaged)
          expect(out).toHaveLength(29)
          seen.add(createHash('sha256').update(out).digest('hex'))
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedLzma)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
    expect(seen.size).toBeGreaterThan(1)
  })
})
