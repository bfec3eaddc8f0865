import { join } from 'node:path'
import { decode, encode } from '@msgpack/msgpack'
import { addNoise } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import {
  folder,
  JSON_TYPE,
  MSGPACK_TYPE,
  N,
  network,
  P,
  PACKED_TYPE,
  packed,
  server,
  vectors,
} from './helpers.js'

const at = folder()
const net = network()
const modern = vectors()
await net.save(join(at, 'letters.safetensors'))
await modern.save(join(at, 'vectors.safetensors'))
const app = await server({
  memories: { letters: join(at, 'letters.safetensors'), vectors: join(at, 'vectors.safetensors') },
  maxRows: 8,
})
const cue = addNoise(net.pattern(3), { count: 9, seed: 2 })
const asked = (path: string, payload: unknown, name = 'letters') =>
  app.inject({
    method: 'POST',
    url: `/v1/memories/${name}/${path}`,
    headers: JSON_TYPE,
    payload: JSON.stringify(payload),
  })

describe('questions', () => {
  const right = net.recall(cue, { seed: 5, stream: 2 })
  const options = { seed: 5, stream: 2 }

  test('a recall in JSON has the bits of recall', async () => {
    const { statusCode, body } = await asked('recall', { cue: Array.from(cue), ...options })
    expect(statusCode).toBe(200)
    expect(JSON.parse(body)).toEqual({ ...right, state: Array.from(right.state) })
  })

  test('a recall of base64 answers in base64', async () => {
    const patterns = net.patterns()
    const text = packed(patterns, 3).toString('base64')
    const { state, converged } = JSON.parse((await asked('recall', { cue: text })).body)
    expect([state, converged]).toEqual([text, true])
  })

  test('a recall in MessagePack takes and gives bytes', async () => {
    const { headers, rawPayload } = await app.inject({
      method: 'POST',
      url: '/v1/memories/letters/recall',
      headers: MSGPACK_TYPE,
      payload: Buffer.from(encode({ cues: [packed(net.patterns(), 1), packed(net.patterns(), 2)] })),
    })
    expect(headers['content-type']).toBe('application/msgpack')
    const { results } = decode(rawPayload) as { results: { state: Uint8Array; sweeps: number }[] }
    expect(results.map(({ state }) => Buffer.from(state))).toEqual(
      [1, 2].map((k) => packed(net.patterns(), k)),
    )
  })

  test('a recall of packed bytes gives energies, sweeps, flags and states', async () => {
    const states = Buffer.concat([4, 0].map((k) => packed(net.patterns(), k)))
    const { rawPayload } = await app.inject({
      method: 'POST',
      url: '/v1/memories/letters/recall?dynamics=synchronous&seed=7',
      headers: PACKED_TYPE,
      payload: states,
    })
    expect(rawPayload.subarray(26)).toEqual(states)
    expect([rawPayload.readDoubleLE(0), rawPayload.readDoubleLE(8)]).toEqual([
      net.energy(net.pattern(4)),
      net.energy(net.pattern(0)),
    ])
    expect([...rawPayload.subarray(24, 26)]).toEqual([1, 1])
  })

  test('cue b of several has the stream + b, whatever it is gathered with', async () => {
    const temperature = 0.4
    const cues = Array.from({ length: 8 }, () => Array.from(cue))
    const { results } = JSON.parse((await asked('recall', { cues, temperature, seed: 3, maxSweeps: 4 })).body)
    for (const [stream, { state }] of results.entries()) {
      const alone = net.recall(cue, { temperature, seed: 3, stream, maxSweeps: 4 })
      expect(state).toEqual(Array.from(alone.state))
    }
  })

  test('a seed beyond 2^53 comes as digits', async () => {
    const seed = '18446744073709551615'
    const { state } = JSON.parse((await asked('recall', { cue: Array.from(cue), seed, temperature: 1 })).body)
    expect(state).toEqual(Array.from(net.recall(cue, { seed: BigInt(seed), temperature: 1 }).state))
  })

  test('a recall with a field and a clamp is one of its own', async () => {
    const externalField = Array.from({ length: N }, (_, i) => Math.sin(i))
    const clamp = Array.from({ length: N }, (_, i) => i % 2)
    const body = { cue: Array.from(cue), externalField, clamp }
    const { state } = JSON.parse((await asked('recall', body)).body)
    expect(state).toEqual(Array.from(net.recall(cue, { externalField, clamp }).state))
  })

  test('nearest, top, overlaps and energy say what the memory says', async () => {
    const state = Array.from(cue)
    const { indices, overlaps, ids } = net.nearest([cue], { k: 3 })
    const found = { indices: Array.from(indices), similarities: Array.from(overlaps), ids }
    expect(JSON.parse((await asked('nearest', { cue: state, k: 3 })).body)).toEqual(found)
    expect(JSON.parse((await asked('top', { cue: state, k: 3 })).body)).toEqual(found)
    expect(JSON.parse((await asked('overlaps', { cue: state })).body)).toEqual({
      overlaps: Array.from(net.overlaps(cue)),
    })
    expect(JSON.parse((await asked('energy', { cues: [state, state] })).body)).toEqual({
      results: [{ energy: net.energy(cue) }, { energy: net.energy(cue) }],
    })
  })

  test('packed searches, overlaps and energies are numbers one behind the other', async () => {
    const ask = async (path: string) =>
      (
        await app.inject({
          method: 'POST',
          url: `/v1/memories/letters/${path}`,
          headers: PACKED_TYPE,
          payload: packed(net.patterns(), 2),
        })
      ).rawPayload
    const found = await ask('nearest?k=2')
    const { indices, overlaps } = net.nearest([net.pattern(2)], { k: 2 })
    expect([found.readUInt32LE(0), found.readUInt32LE(4)]).toEqual(Array.from(indices))
    expect([found.readInt32LE(8), found.readInt32LE(12)]).toEqual(Array.from(overlaps))
    const m = await ask('overlaps')
    expect(Array.from({ length: P }, (_, k) => m.readDoubleLE(8 * k))).toEqual(
      Array.from(net.overlaps(net.pattern(2))),
    )
    expect((await ask('energy')).readDoubleLE(0)).toBe(net.energy(net.pattern(2)))
  })

  test('a memory of vectors is asked in the same way', async () => {
    const query = [0.1, -0.5, 0.25, 1]
    const { state, energy, steps } = modern.recall(query, { maxSteps: 3 })
    const answer = JSON.parse((await asked('recall', { cue: query, maxSteps: 3 }, 'vectors')).body)
    expect(answer).toMatchObject({ state: Array.from(state), energy, sweeps: steps })
    const { indices, similarities } = modern.top(query, 2)
    expect(JSON.parse((await asked('top', { cue: query, k: 2 }, 'vectors')).body)).toEqual({
      indices: Array.from(indices),
      similarities: Array.from(similarities),
    })
    const bytes = Buffer.from(Float32Array.from(query).buffer)
    const { rawPayload } = await app.inject({
      method: 'POST',
      url: '/v1/memories/vectors/recall?maxSteps=3',
      headers: PACKED_TYPE,
      payload: bytes,
    })
    expect(rawPayload.subarray(13)).toEqual(Buffer.from(state.buffer))
  })

  test('tells what memories there are', async () => {
    const { memories } = (await app.inject('/v1/memories')).json()
    expect(memories).toEqual([
      {
        name: 'letters',
        class: 'HopfieldNetwork',
        neurons: N,
        patternCount: P,
        alpha: P / N,
        cue: '100 values ±1',
        pattern: '100 values ±1',
        questions: ['recall', 'nearest', 'overlaps', 'energy'],
      },
      expect.objectContaining({ name: 'vectors', class: 'ModernHopfield', dimension: 4 }),
    ])
  })
})

describe('refusals', () => {
  const state = Array.from(cue)

  test.each([
    [
      'a value that is not ±1',
      'recall',
      { cue: [...state.slice(1), 0] },
      400,
      'ERR_HOPFIELD_VALUE',
      'cue[99]',
    ],
    ['too few values', 'recall', { cue: [1] }, 400, 'ERR_HOPFIELD_SHAPE', 'expected 100 values'],
    ['no cue', 'recall', {}, 400, 'ERR_SERVER_BODY', 'expected cue'],
    ['cue and cues', 'recall', { cue: state, cues: [state] }, 400, 'ERR_SERVER_BODY', 'expected cue'],
    ['no base64', 'recall', { cue: '&&&' }, 400, 'ERR_HOPFIELD_VALUE', 'base64'],
    ['an unknown option', 'recall', { cue: state, sweeps: 3 }, 400, 'ERR_SERVER_BODY', 'additional'],
    ['an option of vectors', 'recall', { cue: state, maxSteps: 3 }, 400, 'ERR_HOPFIELD_OPTION', 'maxSteps'],
    ['too many sweeps', 'recall', { cue: state, maxSweeps: 1e6 }, 400, 'ERR_SERVER_BODY', '<= 10000'],
    ['too many cues', 'energy', { cues: Array(9).fill(state) }, 413, 'ERR_SERVER_TOO_LARGE', 'at most 8'],
    ['a k of none', 'nearest', { cue: state, k: 0 }, 400, 'ERR_SERVER_BODY', '>= 1'],
  ])('%s', async (_, path, body, status, code, message) => {
    const answer = await asked(path, body)
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code])
    expect(answer.json().error.message).toContain(message)
  })

  test('a memory and a path that are not there', async () => {
    const nowhere = await asked('recall', { cue: state }, '..%2f..%2fetc%2fpasswd')
    expect([nowhere.statusCode, nowhere.json().error.code]).toEqual([404, 'ERR_SERVER_NOT_FOUND'])
    expect((await app.inject('/v2')).json().error.code).toBe('ERR_SERVER_NOT_FOUND')
  })

  test('a stream where nothing is drawn at random', async () => {
    const { statusCode, body } = await asked('recall', { cue: [1, 0, 0, 0], stream: 3 }, 'vectors')
    expect([statusCode, JSON.parse(body).error.code]).toEqual([400, 'ERR_HOPFIELD_OPTION'])
  })

  test('a bit behind the last neuron', async () => {
    const payload = packed(net.patterns(), 0)
    payload[12] |= 0x80
    const url = '/v1/memories/letters/recall'
    const answer = await app.inject({ method: 'POST', url, headers: PACKED_TYPE, payload })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'ERR_HOPFIELD_VALUE'])
  })

  test('a deadline that comes first, and one that is no number', async () => {
    const patient = await server({
      memories: { letters: join(at, 'letters.safetensors') },
      maxSweeps: 100_000,
    })
    const ask = (deadline: string) =>
      patient.inject({
        method: 'POST',
        url: '/v1/memories/letters/recall',
        headers: { ...JSON_TYPE, 'hopfield-deadline-ms': deadline },
        payload: JSON.stringify({ cue: state, temperature: 1, maxSweeps: 100_000 }),
      })
    const late = await ask('1')
    expect([late.statusCode, late.json().error.code]).toEqual([504, 'ERR_SERVER_DEADLINE'])
    expect((await ask('soon')).json().error.code).toBe('ERR_SERVER_BODY')
  })
})

describe('operation', () => {
  test('is alive and ready, and counts what it does', async () => {
    expect((await app.inject('/health')).statusCode).toBe(200)
    expect((await app.inject('/ready')).json()).toEqual({ status: 'ready' })
    const { body } = await app.inject('/metrics')
    for (const name of [
      'hopfield_requests_total{route="/v1/memories/:name/recall",status="200"}',
      'hopfield_batch_rows_bucket',
      'hopfield_wait_seconds_sum',
      'hopfield_recalls_total{memory="letters",converged="yes"}',
      'hopfield_recall_energy_per_neuron_count{memory="letters"}',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(body).toContain(name)
    }
  })
})
