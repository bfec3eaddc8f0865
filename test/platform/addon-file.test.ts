import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { host, prebuildFor } from '../../src/platform/node/addon.js'
import { inspect, readHeader, readIdentity } from '../../src/platform/node/addon-file.js'
import { VERSION } from '../../src/platform/version.js'
import { BACKENDS } from '../helpers/backends.js'

const IDENTITY = `hopfield-native addon ${VERSION} 0123456789abcdef`
const LINUX = { platform: 'linux', arch: 'x64', libc: 'glibc' }

/** A file of `size` bytes with words at its end, and with numbers of 2, 4 or 8 bytes in its header. */
function file(
  size: number,
  words: string,
  numbers: [at: number, bytes: number, value: number][],
): Uint8Array {
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  for (const [at, bytes, value] of numbers) {
    if (bytes === 2) view.setUint16(at, value, true)
    else if (bytes === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
  }
  out.set(new TextEncoder().encode(words), size - words.length - 1)
  return out
}

/** Headers as linkers write them, of files of 1000 bytes. */
function elf({ processor = 62, bytes = 1000, words = `libc.so.6\0${IDENTITY}` } = {}): Uint8Array {
  return file(1000, words, [
    [0, 4, 0x464c457f],
    [4, 2, 0x0102],
    [18, 2, processor],
    [40, 8, bytes - 128],
    [58, 2, 64],
    [60, 2, 2],
  ])
}
const MACH_O = file(1000, IDENTITY, [
  [0, 4, 0xfeedfacf],
  [4, 4, 0x0100000c],
  [16, 4, 2],
  // A command of another kind comes first.
  [32, 4, 2],
  [36, 4, 24],
  [56, 4, 0x19],
  [60, 4, 72],
  [96, 8, 600],
  [104, 8, 400],
])
const PE = file(1000, IDENTITY, [
  [0, 2, 0x5a4d],
  [60, 4, 64],
  [64, 4, 0x4550],
  [68, 2, 0x8664],
  [70, 2, 2],
  [84, 2, 16],
  [104 + 16, 4, 100],
  [104 + 20, 4, 500],
  [144 + 16, 4, 300],
  [144 + 20, 4, 700],
])

describe('a binary tells before it is loaded', () => {
  it('its format, its processor and its size', () => {
    expect(readHeader(elf())).toEqual({ format: 'ELF', processor: 62, bytes: 1000 })
    expect(readHeader(MACH_O)).toEqual({ format: 'Mach-O', processor: 0x0100000c, bytes: 1000 })
    expect(readHeader(PE)).toEqual({ format: 'PE', processor: 0x8664, bytes: 1000 })
  })

  it('who it is', () => {
    for (const binary of [elf(), MACH_O, PE]) expect(readIdentity(binary)).toBe(IDENTITY)
    expect(inspect(elf(), LINUX, VERSION)).toEqual({ identity: IDENTITY })
    expect(inspect(MACH_O, { platform: 'darwin', arch: 'arm64', libc: undefined }, VERSION)).toEqual({
      identity: IDENTITY,
    })
    expect(inspect(PE, { platform: 'win32', arch: 'x64', libc: undefined }, VERSION)).toEqual({
      identity: IDENTITY,
    })
  })

  it.each<[string, Uint8Array, object, string]>([
    ['a text', new TextEncoder().encode('#!/bin/sh\nexit\n'), LINUX, 'it is no binary'],
    ['an empty file', new Uint8Array(0), LINUX, 'it is no binary'],
    ['a file that is cut off', elf({ bytes: 1001 }), LINUX, 'it is cut off: 1000 bytes of 1001'],
    ['one of another system', MACH_O, LINUX, 'it is a Mach-O file, and linux loads ELF files'],
    ['one of another system', elf(), { ...LINUX, platform: 'win32' }, 'it is a ELF file, and win32 loads PE'],
    ['one of another processor', elf({ processor: 183 }), LINUX, 'it is for arm64, and this process is x64'],
    ['one of another C library', elf({ words: IDENTITY }), LINUX, 'it is for musl, and this process runs on'],
    ['one of another C library', elf(), { ...LINUX, libc: 'musl' }, 'it is for glibc, and this process runs'],
    ['another addon', elf({ words: 'libc.so.6' }), LINUX, 'it is not an addon of hopfield-native'],
    [
      'that of another version',
      elf({ words: `libc.so.6\0${IDENTITY.replace(VERSION, '0.0.9')}` }),
      LINUX,
      `it belongs to version 0.0.9, and this is version ${VERSION}`,
    ],
    [
      'one with other words behind the mark',
      elf({ words: 'libc.so.6\0hopfield-native addon ' }),
      LINUX,
      'it is not an addon of hopfield-native',
    ],
  ])('and %s is refused', (_, bytes, where, problem) => {
    expect(inspect(bytes, where as typeof LINUX, VERSION)).toEqual({
      problem: expect.stringContaining(problem),
    })
  })

  it('and no bytes make the reader throw', () => {
    for (const binary of [elf(), MACH_O, PE]) {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(220), fc.nat(255)), { minLength: 1, maxLength: 6 }),
          fc.nat(1000),
          (changes, end) => {
            const spoilt = binary.slice(0, end)
            for (const [at, value] of changes) if (at < end) spoilt[at] = value
            const seen = inspect(spoilt, LINUX, VERSION)
            return 'identity' in seen || seen.problem.length > 0
          },
        ),
        { seed: 13, numRuns: 300 },
      )
    }
  })
})

describe.runIf(BACKENDS.includes('native'))('the addon that was built', () => {
  const built = readFileSync(new URL('../../build/Release/hopfield.node', import.meta.url))

  it('is one of this version for this machine', () => {
    expect(inspect(built, host(), VERSION)).toEqual({ identity: expect.stringContaining(VERSION) })
  })

  it('is refused wherever it is cut off', () => {
    const ends = [0, 1, 4, 63, 64, 4096, built.length - 1]
    for (let k = 1; k < 64; k++) ends.push(Math.floor((built.length * k) / 64))
    for (const end of ends) expect(inspect(built.subarray(0, end), host(), VERSION)).toHaveProperty('problem')
  })
})

it('has a name that tells platform, processor and C library', () => {
  expect(prebuildFor(LINUX).replaceAll('\\', '/')).toBe('prebuilds/linux-x64/hopfield-native.glibc.node')
  expect(prebuildFor({ platform: 'darwin', arch: 'arm64', libc: undefined }).replaceAll('\\', '/')).toBe(
    'prebuilds/darwin-arm64/hopfield-native.node',
  )
})
