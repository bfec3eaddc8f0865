import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createServer } from '../src/index.js'
import { fromMsgpack } from '../src/wire/msgpack.js'
import { folder, MSGPACK_TYPE, network, PACKED_TYPE, server } from './helpers.js'

const at = folder()
const path = join(at, 'letters.safetensors')
await network().save(path)
const memories = { letters: path }
const [READ, WRITE] = ['a token that reads'.replaceAll(' ', '-'), 'a token that writes'.replaceAll(' ', '-')]

describe('tokens', async () => {
  const app = await server({ memories, readTokens: [READ], writeTokens: [WRITE] })
  const ask = (authorization?: string) =>
    app.inject({ url: '/v1/memories', headers: authorization === undefined ? {} : { authorization } })

  test('nobody reads without one', async () => {
    for (const given of [undefined, 'Bearer', `Bearer ${READ}x`, `Basic ${READ}`, 'Bearer \u00e9']) {
      const { statusCode, headers, body } = await ask(given)
      expect([statusCode, headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(JSON.parse(body).error.code).toBe('ERR_SERVER_UNAUTHORIZED')
    }
  })

  test('either token reads, and health wants none', async () => {
    expect((await ask(`Bearer ${READ}`)).statusCode).toBe(200)
    expect((await ask(`bearer ${WRITE}`)).statusCode).toBe(200)
    expect((await app.inject('/health')).statusCode).toBe(200)
    expect((await app.inject('/metrics')).statusCode).toBe(401)
  })

  test('without a token it listens to this machine alone', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.4', 'example.org']) {
      await expect(createServer({ memories, host })).rejects.toThrow('refusing to listen')
    }
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      await (await createServer({ memories, host, logLevel: 'silent', docs: false })).close()
    }
  })

  test('without a token it does not answer to a name that may lead elsewhere', async () => {
    const open = await server({ memories })
    const answers = ['evil.example', 'localhost:7700', '[::1]:7700'].map(async (host) => {
      return (await open.inject({ url: '/v1/memories', headers: { host } })).statusCode
    })
    expect(await Promise.all(answers)).toEqual([403, 200, 200])
  })

  test('pages of other origins may not call unless told so', async () => {
    const origin = 'https://page.example'
    const open = await server({ memories })
    const closed = await open.inject({ url: '/v1/memories', headers: { origin } })
    expect(closed.headers['access-control-allow-origin']).toBeUndefined()
    const told = await server({ memories, cors: [origin] })
    const { headers } = await told.inject({ url: '/v1/memories', headers: { origin } })
    expect(headers['access-control-allow-origin']).toBe(origin)
  })

  test('more than the rate is refused with Retry-After', async () => {
    const slow = await server({ memories, rate: 2 })
    const all = await Promise.all([1, 2, 3].map(() => slow.inject('/v1/memories')))
    const refused = all.find(({ statusCode }) => statusCode === 429)
    expect(refused?.json().error.code).toBe('ERR_SERVER_RATE')
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await slow.inject('/health')).statusCode).toBe(200)
  })
})

describe('hostile bodies', async () => {
  const app = await server({ memories, maxBody: 10_000 })
  const url = '/v1/memories/letters/recall'
  const post = (headers: Record<string, string>, payload: Uint8Array) =>
    app.inject({ method: 'POST', url, headers, payload: Buffer.from(payload) })

  /** Every body but a right one ends in a 4xx with a code. */
  async function refused(headers: Record<string, string>, payload: Uint8Array): Promise<void> {
    const { statusCode, body } = await post(headers, payload)
    if (statusCode === 200) return
    expect(statusCode).toBeGreaterThanOrEqual(400)
    expect(statusCode).toBeLessThan(500)
    const { error } = JSON.parse(body)
    expect(error.code).toMatch(/^ERR_(HOPFIELD|SERVER)_[A-Z_]+$/)
    expect(error.message.length).toBeGreaterThan(5)
  }

  test('random bytes as MessagePack and as packed states', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        await refused(MSGPACK_TYPE, bytes)
        await refused(PACKED_TYPE, bytes)
      }),
      { numRuns: 1000, seed: 18 },
    )
  })

  test('right MessagePack with bytes changed, cut or added', async () => {
    const good = encode({ cue: new Uint8Array(13), seed: 3, temperature: { from: 1, to: 0 } })
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255), end: fc.nat(good.length + 4) })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to, end }) => {
        const bytes = new Uint8Array(end)
        bytes.set(good.subarray(0, end))
        if (at < end) bytes[at] = to
        await refused(MSGPACK_TYPE, bytes)
      }),
      { numRuns: 1000, seed: 19 },
    )
  })

  test('values of any kind in the places of options', async () => {
    const body = fc.dictionary(
      fc.constantFrom('cue', 'cues', 'seed', 'temperature', 'k', 'order', 'clamp', '__proto__', 'x'),
      fc.anything({ maxDepth: 2, withTypedArray: true, withNullPrototype: true }),
    )
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        let bytes: Uint8Array
        try {
          bytes = encode(given)
        } catch {
          return
        }
        await refused(MSGPACK_TYPE, bytes)
      }),
      { numRuns: 500, seed: 20 },
    )
  })

  test('changes of such bodies leave the memory and its log as they were', async () => {
    const own = join(at, 'own.safetensors')
    await network().save(own)
    const writing = await server({ memories: { own }, writable: true })
    const log =
      readdirSync(at).find((name) => name.startsWith('own.safetensors.') && name.endsWith('.log')) ?? ''
    const state = async () => [
      statSync(join(at, log)).size,
      (await writing.inject('/v1/memories/own')).json().patternCount,
    ]
    const good = encode({ id: 'p1', pattern: new Uint8Array(13) })
    const body = fc.record({
      path: fc.constantFrom('store', 'replace', 'forget'),
      at: fc.nat(good.length - 1),
      to: fc.nat(255),
      end: fc.nat(good.length + 2),
    })
    let refusals = 0
    await fc.assert(
      fc.asyncProperty(body, async ({ path, at, to, end }) => {
        const payload = Buffer.alloc(end)
        payload.set(good.subarray(0, end))
        if (at < end) payload[at] = to
        const before = await state()
        const url = `/v1/memories/own/${path}`
        const answer = await writing.inject({ method: 'POST', url, headers: MSGPACK_TYPE, payload })
        if (answer.statusCode === 200) return
        refusals++
        expect(answer.statusCode).toBeLessThan(500)
        expect(await state()).toEqual(before)
      }),
      { numRuns: 500, seed: 22 },
    )
    expect(refusals).toBeGreaterThan(300)
  })

  test.each([
    ['an array of 2^32 - 1 values', [0xdd, 255, 255, 255, 255]],
    ['a map of 2^32 - 1 pairs', [0xdf, 255, 255, 255, 255]],
    ['bytes that are not there', [0xc6, 255, 255, 255, 255]],
    ['arrays in arrays', Array(5000).fill(0x91)],
    ['many arrays that claim many values', Array.from({ length: 100 }, () => [0xdc, 0, 200]).flat()],
    ['nothing', []],
    ['two values', [1, 2]],
    ['a byte that begins no value', [0xc1]],
  ])('%s', async (_, bytes) => {
    const { statusCode, body } = await post(MSGPACK_TYPE, Uint8Array.from(bytes))
    expect([statusCode, JSON.parse(body).error.code]).toEqual([400, 'ERR_SERVER_BODY'])
  })

  test('a body beyond the limit, and one of an unknown kind', async () => {
    const large = await post(PACKED_TYPE, new Uint8Array(10_001))
    expect([large.statusCode, large.json().error.code]).toEqual([413, 'ERR_SERVER_TOO_LARGE'])
    const other = await post({ 'content-type': 'text/html' }, new Uint8Array(1))
    expect([other.statusCode, other.json().error.code]).toEqual([415, 'ERR_SERVER_MEDIA_TYPE'])
    const json = await post({ 'content-type': 'application/json' }, Buffer.from('{"cue":'))
    expect([json.statusCode, json.json().error.code]).toEqual([400, 'ERR_SERVER_BODY'])
  })

  test('what is MessagePack passes the look at its sizes', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 5, withTypedArray: true }), (value) => {
        let bytes: Uint8Array
        try {
          bytes = encode(value, { ignoreUndefined: true })
          decode(bytes)
        } catch {
          return
        }
        expect(fromMsgpack(bytes)).toEqual(decode(bytes))
      }),
      { numRuns: 300, seed: 21 },
    )
  })
})
