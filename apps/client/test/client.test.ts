import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addNoise, HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'
import { afterAll, describe, expect, test } from 'vitest'
import { createServer } from '../../server/src/index.js'
import { HopfieldClient, ServedError } from '../src/index.js'

const N = 70
const folder = mkdtempSync(join(tmpdir(), 'hopfield-client-'))
const net = new HopfieldNetwork({ neurons: N }).store(randomPatterns({ count: 5, neurons: N }), {
  ids: ['a', 'b', 'c', 'd', 5],
})
const keys = Float32Array.from({ length: 24 }, (_, k) => Math.sin(k * k))
const modern = new ModernHopfield({ dimension: 4, beta: 3 }).store(keys)
const files = { net: join(folder, 'net.safetensors'), modern: join(folder, 'modern.safetensors') }
await net.save(files.net)
await modern.save(files.modern)
const token = 'a-token-of-some-length'
const server = await createServer({ memories: files, writeTokens: [token], logLevel: 'silent', docs: false })
await server.listen({ host: '127.0.0.1', port: 0 })
const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
const client = new HopfieldClient({ url, token })
const cue = addNoise(net.pattern(2), { count: 8, seed: 1 })

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** A client whose first requests end as told, and the requests that it made. */
function failing(...ends: (Response | Error)[]): { client: HopfieldClient; requests: Request[] } {
  const requests: Request[] = []
  const own: typeof fetch = async (input, init) => {
    requests.push(new Request(input, init))
    const end = ends.shift()
    if (end instanceof Error) throw end
    return end ?? fetch(input, init)
  }
  return { client: new HopfieldClient({ url, token, fetch: own }), requests }
}
const status = (code: number, headers = {}): Response =>
  new Response(JSON.stringify({ error: { code: 'ERR_HOPFIELD_OVERLOADED', message: 'full' } }), {
    status: code,
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('a client', () => {
  const memory = client.memory('net')

  test('gets the bits of one process, in the form of the cue', async () => {
    const right = net.recall(cue, { seed: 2n ** 60n })
    expect(await memory.recall(cue, { seed: 2n ** 60n })).toEqual(right)
    const numbers = await memory.recall(Array.from(cue))
    expect(numbers.state).toEqual(Array.from(net.recall(cue).state))
    const vector = Float32Array.of(0.1, 0.2, -0.5, 1)
    const recalled = await client.memory('modern').recall(vector, { maxSteps: 2 })
    expect(recalled.state).toEqual(modern.recall(vector, { maxSteps: 2 }).state)
    const cues = [cue, net.pattern(0), net.pattern(4)]
    expect((await memory.recallBatch(cues)).map(({ state }) => state)).toEqual(
      Array.from(net.recallBatch(cues), ({ state }) => state),
    )
  })

  test('asks for neighbours, overlaps and energies', async () => {
    expect(await memory.nearest(cue, { k: 2 })).toMatchObject({ ids: net.nearest([cue], { k: 2 }).ids })
    expect((await memory.nearestBatch([cue, net.pattern(4)])).map(({ ids }) => ids)).toEqual([['c'], [5]])
    expect(await memory.overlaps(cue)).toEqual(Array.from(net.overlaps(cue)))
    expect(await memory.energy(cue)).toBe(net.energy(cue))
    expect((await client.memories()).map(({ name }) => name)).toEqual(['net', 'modern'])
    expect(await memory.facts()).toMatchObject({ class: 'HopfieldNetwork', neurons: N })
  })

  test('stores, replaces and forgets', async () => {
    const [one, two] = [6, 7].map((seed) => randomPatterns({ count: 1, neurons: N, seed }))
    expect(await memory.store([one], { ids: ['new'] })).toMatchObject({ repeated: false, patternCount: 6 })
    await memory.replace('new', two)
    expect((await memory.nearest(two)).ids).toEqual(['new'])
    expect((await memory.forget('new')).patternCount).toBe(5)
  })

  test('submits an annealing and waits for it', async () => {
    const { id } = await client.anneal({ edges: [[0, 1, 1]], fields: [1, 0] }, { numReads: 1, numSweeps: 10 })
    expect(await client.ended(id)).toMatchObject({ state: 'done', result: { state: [1, 1], energy: -2 } })
  })

  test('throws what the server says, and does not ask again', async () => {
    const { client: asking, requests } = failing()
    const error = await asking
      .memory('net')
      .recall([1, 2])
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ServedError)
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE', status: 400 })
    expect(requests).toHaveLength(1)
    const stranger = new HopfieldClient({ url })
    await expect(stranger.memories()).rejects.toMatchObject({ status: 401 })
  })
})

describe('retries', () => {
  test('come after 429, 503 and a broken connection', async () => {
    const { client: asking, requests } = failing(status(429), status(503), new TypeError('fetch failed'))
    expect((await asking.memory('net').recall(cue)).state).toEqual(net.recall(cue).state)
    expect(requests).toHaveLength(4)
  })

  test('wait as long as Retry-After says', async () => {
    const { client: asking } = failing(status(429, { 'retry-after': '1' }))
    const began = Date.now()
    await asking.memories()
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000)
  })

  test('end with the last error', async () => {
    const { client: asking, requests } = failing(...Array.from({ length: 9 }, () => status(503)))
    await expect(asking.memories()).rejects.toMatchObject({ status: 503, code: 'ERR_HOPFIELD_OVERLOADED' })
    expect(requests).toHaveLength(5)
  })

  test('of a change have one key, so that it is made once', async () => {
    const lost: typeof fetch = async (input, init) => {
      // The change is made, and its answer is lost.
      await fetch(input, init)
      throw new TypeError('terminated')
    }
    let sent = 0
    const own: typeof fetch = (input, init) => (sent++ === 0 ? lost : fetch)(input, init)
    const asking = new HopfieldClient({ url, token, fetch: own }).memory('net')
    const answer = await asking.store([randomPatterns({ count: 1, neurons: N, seed: 9 })], { ids: ['kept'] })
    expect(answer).toMatchObject({ repeated: true, patternCount: 6 })
    await asking.forget('kept')
  })

  test('stop with the signal, and with the time of the call', async () => {
    const never = () =>
      failing(...Array.from({ length: 9 }, () => status(503, { 'retry-after': '60' }))).client
    await expect(never().memories({ timeout: 300 })).rejects.toMatchObject({ status: 503 })
    const { client: asking } = failing(status(503, { 'retry-after': '5' }))
    const signal = AbortSignal.timeout(50)
    await expect(asking.memories({ signal })).rejects.toBe(
      await new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(signal.reason))
      }),
    )
    await expect(
      client.memory('net').recall(cue, { temperature: 1, maxSweeps: 10_000 }, { timeout: 2 }),
    ).rejects.toMatchObject({ code: 'ERR_SERVER_DEADLINE' })
  })
})
