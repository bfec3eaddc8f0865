import { join } from 'node:path'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { load } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { EVERY_MEMORY, filled } from '../../../test/helpers/every-memory.js'
import { served } from '../src/memories/served.js'
import { folder, MSGPACK_TYPE, PACKED_TYPE, server } from './helpers.js'

// Bodies that no client means, to one memory of each class and form of rows.

const at = folder()
const NAMES = [
  'HopfieldNetwork, hebbian',
  'DenseAssociativeMemory, epanechnikov',
  'ModernHopfield, cosine, values',
  'ModernHopfield, epanechnikov',
  'ContinuousHopfield, learned',
  'ContinuousHopfield, weights of its own',
  'BidirectionalMemory',
  'SparseAssociativeMemory, willshaw, pairs',
  'SparseAssociativeMemory, covariance',
  'RestrictedBoltzmannMachine, 0/1 units',
  'RandomFeatureMemory, unit vectors',
  'RandomFeatureMemory, ±1',
  'BoltzmannMachine, with hidden units',
]
const files: Record<string, string> = {}
for (const [k, name] of NAMES.entries()) {
  const kind = EVERY_MEMORY.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`no memory ${name}`)
  files[`m${k}`] = join(at, `m${k}.safetensors`)
  await filled(kind, 'native').save(files[`m${k}`])
}
const app = await server({ memories: files, writable: true, maxBody: 10_000 })

async function post(path: string, headers: Record<string, string>, payload: Uint8Array) {
  const url = `/v1/memories/${path}`
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url,
    headers,
    payload: Buffer.from(payload),
  })
  if (statusCode === 200) return undefined
  const { error } = JSON.parse(body) as { error: { code: string; message: string } }
  return { statusCode, ...error }
}

describe.each(NAMES.map((name, k) => [name, `m${k}`] as const))('%s', (_, name) => {
  test('answers any body, or refuses it with a code', async () => {
    const { questions } = served(await load(files[name]))
    const width = questions.recall.cue.bytes
    const value = fc.anything({ maxDepth: 2, withTypedArray: true })
    const row = fc.oneof(
      value,
      fc.uint8Array({ minLength: width, maxLength: width }),
      fc.array(fc.constantFrom(0, 1, -1, 0.5, 1e300, null), { minLength: 24, maxLength: 24 }),
      fc.dictionary(
        fc.constantFrom('x', 'y', 'key', 'value', 'input', 'output', 'active', '__proto__'),
        value,
      ),
    )
    const path = fc.constantFrom(...Object.keys(questions), 'nearest', 'store', 'replace', 'forget')
    const names = fc.constantFrom('cue', 'cues', 'pattern', 'patterns', 'id')
    await fc.assert(
      fc.asyncProperty(path, fc.dictionary(names, row, { maxKeys: 2 }), async (path, body) => {
        let bytes: Uint8Array
        try {
          bytes = encode(body)
        } catch {
          return
        }
        for (const [headers, payload] of [
          [MSGPACK_TYPE, bytes],
          [PACKED_TYPE, bytes],
        ] as const) {
          const refused = await post(`${name}/${path}`, headers, payload)
          if (refused === undefined) continue
          expect(refused.statusCode).toBeLessThan(500)
          expect(refused.code).toMatch(/^ERR_(HOPFIELD|SERVER)_[A-Z_]+$/)
        }
      }),
      { numRuns: 150, seed: 18 },
    )
  })

  test('refuses a row by itself, so that no other of its batch fails with it', async () => {
    const { questions } = served(await load(files[name]))
    for (const [path, { cue }] of Object.entries(questions) as [string, typeof questions.recall][]) {
      const bytes = cue.bytes
      const patterns = [0, 1, 0x7f, 0x80, 0xff, 0x3f, 0x55].map((byte) => new Uint8Array(bytes).fill(byte))
      const numbers = [0, -0, 1, -1, 0.5, 1e-45, 3.4e38, -3.4e38, 1e99].flatMap((x) => {
        const single = bytes % 4 === 0 ? [new Uint8Array(new Float32Array(bytes / 4).fill(x).buffer)] : []
        const double = bytes % 8 === 0 ? [new Uint8Array(new Float64Array(bytes / 8).fill(x).buffer)] : []
        return [...single, ...double]
      })
      for (const row of [...patterns, ...numbers]) {
        const refused = await post(`${name}/${path}`, PACKED_TYPE, row)
        // Of what a batch was refused for the message would name the call of the memory.
        if (refused !== undefined)
          expect([path, refused.message]).toEqual([path, expect.stringMatching(/^(body|cue)/)])
      }
    }
  })
})
