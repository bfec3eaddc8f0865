import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from '@msgpack/msgpack'
import { load, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { EVERY_MEMORY, type EveryMemory, filled } from '../../../test/helpers/every-memory.js'
import { Keeper } from '../src/durable/keeper.js'
import { KINDS, served } from '../src/memories/served.js'
import type { Question } from '../src/memories/served-memory.js'
import { folder, JSON_TYPE, MSGPACK_TYPE, PACKED_TYPE, server } from './helpers.js'

// Every class and form of memory behind a server, beside the same memory in this process: the same bits in all three kinds of bodies.

const at = folder()
const files: Record<string, string> = {}
for (const [k, kind] of EVERY_MEMORY.entries()) {
  files[`m${k}`] = join(at, `m${k}.safetensors`)
  await filled(kind, 'native').save(files[`m${k}`])
}
const app = await server({ memories: files, writable: true })
/** A memory as this process asks it, whichever it is. */
type Direct = Record<string, (...args: unknown[]) => unknown> & { readonly patternCount: number }
const directly = async (name: string) => (await load(files[name])) as unknown as Direct

async function ask(name: string, path: string, body: object) {
  const url = `/v1/memories/${name}/${path}`
  const answer = await app.inject({ method: 'POST', url, headers: JSON_TYPE, payload: JSON.stringify(body) })
  return { status: answer.statusCode, ...(answer.json() as Record<string, unknown>) } as Record<
    string,
    unknown
  > & {
    status: number
    error?: { code: string; message: string }
  }
}

type Row = Int8Array | Uint8Array | Float32Array
/** A row as JSON has it; of a pair its sides. */
const plain = (given: unknown): unknown =>
  ArrayBuffer.isView(given)
    ? Array.from(given as unknown as Row)
    : Object.fromEntries(Object.entries(given as object).map(([side, row]) => [side, Array.from(row as Row)]))
/** What a call gives, as JSON has it. */
const told = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Row)
  if (typeof value === 'number' && !Number.isFinite(value)) return null
  return value
}

function expected({ state, x, y, steps, sweeps, ...rest }: Record<string, unknown>): object {
  const end = state ?? { x: told(x), y: told(y) }
  const others = Object.entries({ ...rest, sweeps: sweeps ?? steps }).map(([name, value]) => [
    name,
    told(value),
  ])
  return { state: told(end), ...Object.fromEntries(others) }
}

/** Bytes of a row. */
function packed(kind: EveryMemory, row: Row): Buffer {
  if (kind.Class.name === 'ContinuousHopfield') return Buffer.from(Float64Array.from(row).buffer)
  const bits = row instanceof Int8Array || row instanceof Uint8Array
  if (!bits || ['BoltzmannMachine', 'RandomFeatureMemory'].includes(kind.Class.name)) {
    return Buffer.from(Float32Array.from(row).buffer)
  }
  const bytes = Buffer.alloc(Math.ceil(row.length / 8))
  for (let i = 0; i < row.length; i++) if (row[i] === 1) bytes[i >> 3] |= 1 << (i & 7)
  return bytes
}
const packedCue = (kind: EveryMemory, cue: unknown): Buffer =>
  ArrayBuffer.isView(cue)
    ? packed(kind, cue as unknown as Row)
    : // x is there, and 20 units of y, three bytes, are not.
      Buffer.concat([Buffer.of(1), packed(kind, (cue as { x: Row }).x), Buffer.alloc(3)])

const wired = (options: object): object =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, ArrayBuffer.isView(value) ? plain(value) : value]),
  )

test('examples of cues are cues', async () => {
  for (const path of Object.values(files)) {
    const { questions } = served(await load(path))
    for (const { cue } of Object.values(questions) as Question<unknown>[]) {
      const bits = randomPatterns({ count: 1, neurons: cue.width, seed: 4, packed: true }).toBytes()
      const [row] = cue.readAll('cue', cue.example(bits))
      expect(Buffer.from(cue.pack(row))).toEqual(Buffer.from(cue.example(bits)))
    }
  }
})

test('every class that a file may hold is served', () => {
  const served = new Set(KINDS.map(({ Class }) => Class.name))
  expect(served).toEqual(new Set(EVERY_MEMORY.map(({ Class }) => Class.name)))
})

describe.each(EVERY_MEMORY.map((kind, k) => [kind.name, kind, `m${k}`] as const))('%s', (_, kind, name) => {
  const cues = [0, 1, 2].map((b) => kind.cue(b))
  /** The random stream of cue b, where there is any. */
  const drawn = (stream: number): object =>
    ['HopfieldNetwork', 'DenseAssociativeMemory'].includes(kind.Class.name) ? { stream } : {}

  test('recalls in JSON and MessagePack', async () => {
    const memory = await directly(name)
    for (const options of kind.options) {
      const right = cues.map((cue, stream) => {
        return expected(memory['recall'](cue, { ...options, ...drawn(stream) }) as Record<string, unknown>)
      })
      const body = { cues: cues.map(plain), ...wired(options) }
      expect(await ask(name, 'recall', body)).toEqual({ status: 200, results: right })
      expect(await ask(name, 'recall', { cue: plain(cues[0]), ...wired(options) })).toEqual({
        status: 200,
        ...right[0],
      })
      const url = `/v1/memories/${name}/recall`
      const payload = Buffer.from(encode(body))
      const answer = await app.inject({ method: 'POST', url, headers: MSGPACK_TYPE, payload })
      const { results } = decode(answer.rawPayload) as { results: { energy?: number }[] }
      // MessagePack has NaN and Infinity, which JSON has as null.
      const finite = results.map((one) =>
        one.energy !== undefined && !Number.isFinite(one.energy) ? { ...one, energy: null } : one,
      )
      expect(finite).toEqual(right)
    }
  })

  test('recalls from packed bytes', async () => {
    const memory = await directly(name)
    const [plainOptions] = kind.options.map((options) => JSON.stringify(options))
    const options = JSON.parse(plainOptions) as Record<string, string>
    const query = new URLSearchParams(options).toString()
    const { rawPayload, statusCode } = await app.inject({
      method: 'POST',
      url: `/v1/memories/${name}/recall?${query}`,
      headers: PACKED_TYPE,
      payload: Buffer.concat(cues.map((cue) => packedCue(kind, cue))),
    })
    expect(statusCode).toBe(200)
    const right = cues.map(
      (cue, k) => memory['recall'](cue, { ...options, ...drawn(k) }) as Record<string, unknown>,
    )
    const energies = right.map(({ energy = Number.NaN }) => energy)
    expect([0, 1, 2].map((k) => rawPayload.readDoubleLE(8 * k))).toEqual(energies)
    const sweeps = right.map(({ sweeps, steps }) => sweeps ?? steps)
    expect([0, 1, 2].map((k) => rawPayload.readUInt32LE(24 + 4 * k))).toEqual(sweeps)
    expect([...rawPayload.subarray(36, 39)]).toEqual(right.map(({ converged }) => (converged ? 1 : 0)))
    const states = right.flatMap(({ state, x, y }) =>
      (state === undefined ? [x, y] : [state]).map((row) => packed(kind, row as Row)),
    )
    expect(rawPayload.subarray(39)).toEqual(Buffer.concat(states))
  })

  test('answers its other questions, and says of the rest that it has none', async () => {
    const memory = await directly(name)
    const { questions } = await (await app.inject(`/v1/memories/${name}`)).json()
    const cue = cues[1]
    const full =
      kind.Class.name === 'BidirectionalMemory' ? { x: kind.pattern(7)[0], y: kind.pattern(8)[1] } : cue
    const calls: Record<string, () => unknown> = {
      nearest: () => {
        const found = (memory['top'] ? memory['topBatch']([cue], 2) : memory['nearest']([cue], { k: 2 })) as {
          indices: Uint32Array
          ids?: unknown[]
        } & Record<'overlaps' | 'similarities', ArrayLike<number>>
        const { indices, ids } = found
        const similarities = Array.from(found.overlaps ?? found.similarities)
        return {
          indices: Array.from(indices),
          similarities,
          ...(ids && { ids: ids.map((id) => id ?? null) }),
        }
      },
      overlaps: () => {
        const found = memory['overlaps'](cue)
        return { overlaps: ArrayBuffer.isView(found) ? told(found) : plain(found) }
      },
      energy: () => {
        const pair = full as { x: Row; y: Row }
        return { energy: told(pair.x ? memory['energy'](pair.x, pair.y) : memory['energy'](energyCue)) }
      },
      'free-energy': () => ({ freeEnergy: memory['freeEnergy'](cue) }),
      density: () => ({ density: memory['density'](cue) }),
    }
    // Hidden units have energies too.
    const units = kind.Class.name === 'BoltzmannMachine' && kind.name.includes('hidden') ? 9 : 0
    const energyCue = units > 0 ? Int8Array.of(...(cue as Int8Array), ...Array(units).fill(1)) : cue
    for (const [path, call] of Object.entries(calls)) {
      const asked = path === 'energy' ? (units > 0 ? energyCue : full) : cue
      const answer = await ask(name, path, { cue: plain(asked), ...(path === 'nearest' && { k: 2 }) })
      if (!questions.includes(path)) {
        expect([answer.status, answer.error?.code]).toEqual([404, 'ERR_SERVER_NOT_FOUND'])
        expect(answer.error?.message).toContain(
          `is a ${kind.Class.name}, which has no ${path}: it has recall`,
        )
        continue
      }
      let right: unknown
      try {
        right = { status: 200, ...(call() as object) }
      } catch (error) {
        const { code, message } = error as { code: string; message: string }
        right = { status: 400, error: { code, message: expect.stringContaining(message.slice(-20)) } }
      }
      expect(answer).toEqual(right)
    }
  })

  test('learns and forgets as in this process, and after a restart', async () => {
    const memory = await directly(name)
    const { pattern } = await (await app.inject(`/v1/memories/${name}`)).json()
    const features = kind.Class.name === 'RandomFeatureMemory'
    if (pattern === undefined) {
      const { status, error } = await ask(name, 'store', { pattern: [1] })
      expect([status, error?.code]).toEqual([404, 'ERR_SERVER_NOT_FOUND'])
      return
    }
    const sides = { ModernHopfield: ['key', 'value'], SparseAssociativeMemory: ['input', 'output'] }
    const rowsOf = (k: number): unknown[] => (features ? [kind.cue(k)] : kind.pattern(k))
    const body = (k: number): unknown => {
      const rows = rowsOf(k)
      const [first, second] = sides[kind.Class.name as 'ModernHopfield'] ?? ['x', 'y']
      return rows.length === 1 ? plain(rows[0]) : plain({ [first]: rows[0], [second]: rows[1] })
    }
    /** The same change on both sides: both do it, or both refuse it with the same code. */
    const both = async (path: string, given: object, change: () => unknown) => {
      const answer = await ask(name, path, given)
      let code: string | undefined
      try {
        await change()
      } catch (error) {
        code = (error as { code: string }).code
      }
      expect([path, answer.error?.code]).toEqual([path, code])
    }
    const ids = (id: string) => (features ? {} : { id })
    const named = (id: string) => (features ? [] : [{ ids: [id] }])
    await both('store', { pattern: body(7), ...ids('new') }, () =>
      memory['store'](...rowsOf(7), ...named('new')),
    )
    await both('store', { pattern: body(8), ...ids('other') }, () =>
      memory['store'](...rowsOf(8), ...named('other')),
    )
    if (features) {
      await both('forget', { pattern: body(7) }, () => memory['forget'](...rowsOf(7)))
      expect((await ask(name, 'forget', { id: 'new' })).error?.code).toBe('ERR_HOPFIELD_OPTION')
    } else if (memory.patternCount > 5) {
      await both('replace', { id: 'new', pattern: body(9) }, () =>
        memory['replace']({ id: 'new' }, ...rowsOf(9)),
      )
      await both('forget', { id: 'p1' }, () => memory['forget']({ id: 'p1' }))
      expect((await ask(name, 'forget', { pattern: body(7) })).error?.code).toBe('ERR_HOPFIELD_OPTION')
    }
    const bytes = Buffer.from(memory['toBytes']() as Uint8Array)
    const options = { writable: false, compactAfter: 1, maxQueue: 1, onSync() {}, onFailure() {} }
    const copy = `${files[name]}.copy`
    await (await Keeper.open(files[name], options)).memory.save(copy)
    expect(readFileSync(copy).equals(bytes)).toBe(true)
    expect(await ask(name, 'compact', {})).toMatchObject({ status: 200 })
    expect(readFileSync(files[name]).equals(bytes)).toBe(true)
  })
})
