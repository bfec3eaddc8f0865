import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as compression from '../../src/platform/node/compression.js'
import { inflate, crc32 as webCrc32 } from '../../src/platform/web/compression.js'
import { sha256 } from '../../src/platform/web/digest.js'
import { callEvery, callLater, nextTurn } from '../../src/platform/web/event-loop.js'
import { environment, isSharedArrayBuffer, processors } from '../../src/platform/web/system.js'

const SEED = { seed: 1, numRuns: 60 }
const bytes = fc.uint8Array({ maxLength: 400 })

describe.each(['platform', 'kernels'])('twins in src/%s', (folder) => {
  const place = new URL(`../../src/${folder}/`, import.meta.url)
  it.each(readdirSync(new URL('web', place)))('%s exports what its twin exports', async (name) => {
    const names = async (side: string): Promise<string[]> =>
      Object.keys(await import(new URL(`${side}/${name}`, place).href)).sort()
    expect(await names('web')).toEqual(await names('node'))
  })
})

describe('the digest of browsers', () => {
  it('is the one of Node, in whatever pieces the bytes come', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (pieces) => {
        const digest = sha256()
        for (const piece of pieces) digest.update(piece)
        expect(digest.hex()).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'))
      }),
      SEED,
    )
  })

  it.each([0, 55, 56, 63, 64, 119, 120, 100_000])('is the one of Node for %i bytes', (length) => {
    const data = randomBytes(length)
    const digest = sha256()
    digest.update(data)
    expect(digest.hex()).toBe(createHash('sha256').update(data).digest('hex'))
  })
})

describe('the checksum of browsers', () => {
  it('is the one of Node', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(webCrc32(data)).toBe(crc32(data))
      }),
      SEED,
    )
  })
})

describe('the inflation of browsers', () => {
  /** Few different bytes, so that there is something to deflate. */
  const compressible = fc.array(fc.nat(3), { maxLength: 3000 }).map((list) => Uint8Array.from(list))

  it.each([0, 1, 6, 9])('undoes what Node deflates at level %i', (level) => {
    fc.assert(
      fc.property(fc.oneof(bytes, compressible), (data) => {
        expect(inflate(deflateRawSync(data, { level }), data.length)).toEqual(data)
      }),
      SEED,
    )
  })

  it('undoes fixed codes, long distances and long lengths', () => {
    const data = new Uint8Array(70_000)
    for (let k = 0; k < data.length; k++) data[k] = ((k % 32_768) * 2_654_435_761) >>> 13
    for (const packed of [deflateRawSync(data), deflateRawSync(data, { strategy: 4 })]) {
      expect(inflate(packed, data.length)).toEqual(data)
    }
  })

  it('takes and refuses what Node takes and refuses, of damaged streams, cut ones, and those of another size', () => {
    fc.assert(
      fc.property(
        compressible,
        fc.nat(),
        fc.nat(255),
        fc.integer({ min: -1, max: 1 }),
        (data, at, byte, more) => {
          const packed = Uint8Array.from(deflateRawSync(data))
          packed[at % packed.length] = byte
          for (const stream of [packed, packed.subarray(0, at % packed.length)]) {
            const size = Math.max(0, data.length + more)
            expect(inflate(stream, size)).toEqual(asPlain(compression.inflate(stream, size)))
          }
        },
      ),
      { ...SEED, numRuns: 400 },
    )
  })
})

function asPlain(data: Uint8Array | undefined): Uint8Array | undefined {
  return data && Uint8Array.from(data)
}

describe('the event loop of browsers', () => {
  it('gives timers a turn', async () => {
    let over = false
    setTimeout(() => {
      over = true
    })
    const since = performance.now()
    while (!over && performance.now() - since < 5000) await nextTurn()
    expect(over).toBe(true)
  })

  it('calls once, unless that is cancelled', async () => {
    const calls: number[] = []
    callLater(() => calls.push(0), 0)
    callLater(() => calls.push(1), 0).cancel()
    callLater(() => calls.push(2), 1)
    callLater(() => calls.push(3), 1).cancel()
    const ticks = callEvery(() => calls.push(4), 1)
    while (calls.filter((call) => call === 4).length < 2) await nextTurn()
    ticks.cancel()
    expect(calls).toEqual(expect.arrayContaining([0, 2, 4, 4]))
    expect(calls).not.toEqual(expect.arrayContaining([1]))
    expect(calls).not.toEqual(expect.arrayContaining([3]))
  })
})

describe('the system of browsers', () => {
  it('has processors, and no environment', () => {
    expect(processors()).toBeGreaterThan(0)
    expect(environment('PATH')).toBeUndefined()
  })

  it('knows shared buffers of every realm, and nothing else', () => {
    const other = runInContext('new SharedArrayBuffer(8)', createContext())
    const disguised = Object.defineProperty({}, Symbol.toStringTag, { value: 'SharedArrayBuffer' })
    expect([new SharedArrayBuffer(8), other].map(isSharedArrayBuffer)).toEqual([true, true])
    for (const value of [
      new ArrayBuffer(8),
      disguised,
      SharedArrayBuffer.prototype,
      undefined,
      null,
      1,
      {},
    ]) {
      expect(isSharedArrayBuffer(value), String(value)).toBe(false)
    }
  })
})

// What the tests above compare with is Node's own.
it('compares with an inflation that refuses trailing bytes', () => {
  const packed = Buffer.concat([deflateRawSync(Uint8Array.of(1, 2)), Buffer.of(0)])
  expect(inflateRawSync(packed)).toHaveLength(2)
  expect(compression.inflate(packed, 2)).toBeUndefined()
  expect(inflate(packed, 2)).toBeUndefined()
})
