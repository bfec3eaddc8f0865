import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addNoise,
  BidirectionalMemory,
  ContinuousHopfield,
  HopfieldNetwork,
  ModernHopfield,
  RandomFeatureMemory,
  RestrictedBoltzmannMachine,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from 'hopfield-native'
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
const M = 30
const [xs, ys] = [N, M].map((neurons) => randomPatterns({ count: 3, neurons, seed: 8 }))
const pairs = new BidirectionalMemory({ inputs: N, outputs: M }).store(xs, ys, { ids: [0, 1, 2] })
const graded = new ContinuousHopfield({ neurons: N }).store(xs)
const codes = new SparseAssociativeMemory({ neurons: N, rule: 'willshaw' })
codes.store(randomCodes({ count: 4, neurons: N, active: 5 }))
const valued = new ModernHopfield({ dimension: 4, valueDimension: 2, beta: 3 }).store(
  keys,
  keys.subarray(0, 12),
)
const features = new RandomFeatureMemory({ dimension: 4, frequencies: 50 }).store(keys)
const machine = new RestrictedBoltzmannMachine({ visible: 6, hidden: 4, weightScale: 1 })
const all = { net, modern, pairs, graded, codes, valued, features, machine }
const files: Record<string, string> = {}
for (const [name, memory] of Object.entries(all)) {
  files[name] = join(folder, `${name}.safetensors`)
  await memory.save(files[name])
}
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
    expect((await client.memories()).map(({ name }) => name)).toEqual(Object.keys(all))
    expect(await memory.facts()).toMatchObject({ class: 'HopfieldNetwork', neurons: N })
  })

  test('recalls either side of pairs, in the form of the other', async () => {
    const served = client.memory('pairs')
    const [x, y] = [xs.slice(0, N), ys.slice(M, 2 * M)]
    const right = pairs.recall({ x })
    const { state, energy } = await served.recall({ x })
    expect([state, energy]).toEqual([{ x: right.x, y: right.y }, right.energy])
    const [fromY] = await served.recallBatch([{ y }])
    expect(fromY.state).toEqual({ x: xs.slice(N, 2 * N), y })
    expect((await served.recall({ x, y })).state).toEqual({
      x: pairs.recall({ x, y }).x,
      y: pairs.recall({ x, y }).y,
    })
    expect(await served.overlaps({ y })).toEqual({ y: Array.from(pairs.overlaps({ y }).y ?? []) })
    expect(await served.energy({ x, y })).toBe(pairs.energy(x, y))
    expect(await served.replace(1, { x, y })).toMatchObject({ patternCount: 3 })
  })

  test('gets all rows of a result in the form of the cue', async () => {
    const cue = Float64Array.from(xs.slice(0, N), (spin) => spin / 3)
    const { sweeps, ...course } = await client.memory('graded').recall(cue, { maxSteps: 50 })
    expect({ ...course, steps: sweeps }).toEqual(graded.recall(cue, { maxSteps: 50 }))
    const visible = Float32Array.of(1, 0, 0.5, 1, 0, 1)
    const { sweeps: steps, ...completed } = await client.memory('machine').recall(visible)
    expect({ ...completed, steps }).toEqual(machine.recall(visible))
    expect(await client.memory('machine').freeEnergy(visible)).toBe(machine.freeEnergy(visible))
    const code = Array.from(codes.pattern(2))
    expect(await client.memory('codes').recall(code, { winners: 5 })).toEqual({
      state: code,
      active: Array.from(codes.recall(code).active),
      converged: true,
      sweeps: 1,
    })
  })

  test('stores keys with values, and vectors that have no ids', async () => {
    const key = Float32Array.of(9, 0, 0, 0)
    const value = Float32Array.of(1, 2)
    await client.memory('valued').store([{ key, value }], { ids: ['far'] })
    expect((await client.memory('valued').recall(key)).state).toEqual(value)
    const served = client.memory('features')
    const before = await served.density(key)
    expect(before).toBe(features.density(key))
    await served.store([key])
    expect(await served.density(key)).toBe(features.store(key).density(key))
    await served.forget({ pattern: key })
    expect(await served.density(key)).toBe(before)
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
