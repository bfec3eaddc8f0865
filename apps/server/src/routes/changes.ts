import type { FastifyInstance } from 'fastify'
import type { Id } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import { withinDeadline } from '../deadline.js'
import type { Change } from '../durable/changes.js'
import { ServerError } from '../errors.js'
import type { Row, ServedMemory } from '../memories/served-memory.js'
import type { Shelf } from '../memories/shelf.js'
import { send } from '../wire/answers.js'
import { MSGPACK, PACKED, tooMany, wireOf } from '../wire/asked.js'
import { HEADERS, keyOf } from './idempotency.js'
import { ERRORS, ID, NAME, object, ROW, ROWS } from './schemas.js'

type Body = Readonly<Record<string, unknown>>

/** store, replace, forget, compact: for those who may write. */
export function addChanges(app: FastifyInstance, shelf: Shelf, config: ServerConfig): void {
  const add = (
    path: string,
    summary: string,
    body: object,
    read: (memory: ServedMemory, given: Body | Uint8Array) => Change,
  ) => {
    const schema = {
      summary,
      tags: ['changes'],
      params: NAME,
      headers: HEADERS,
      body: { content: body },
      response: {
        ...ERRORS,
        200: { description: 'The change is on the disk: { sequence, repeated, patternCount }.' },
      },
    }
    app.post(`/v1/memories/:name/${path}`, { schema, config: { writes: true } }, async (request, reply) => {
      const memory = shelf.get((request.params as { name: string }).name)
      const change = read(memory.questions.memory, request.body as Body | Uint8Array)
      const acknowledged = await withinDeadline(request, config.maxDeadline, (patience) =>
        memory.change(change, keyOf(request), patience.signal),
      )
      const { patternCount } = memory.questions.memory
      return send(reply, wireOf(request, 'json'), { ...acknowledged, patternCount })
    })
  }
  const either = (schema: object) => ({ 'application/json': { schema }, [MSGPACK]: { schema } })

  const store = object({ pattern: ROW, patterns: ROWS, id: ID, ids: { type: 'array', items: ID } })
  add(
    'store',
    'Store patterns, with ids or without; all of them or none',
    { ...either(store), [PACKED]: { schema: {} } },
    (memory, given) => {
      if (given instanceof Uint8Array) {
        const count = Math.floor(given.length / memory.rowBytes)
        if (count > config.maxRows) throw tooMany(count, config.maxRows)
        memory.rows(given)
        return { kind: 'store', rows: given }
      }
      const { pattern, patterns, id, ids } = given as {
        patterns?: unknown[]
        ids?: Id[]
        pattern?: unknown
        id?: Id
      }
      const lone = patterns === undefined
      if (lone === (pattern === undefined) || (lone ? ids : id) !== undefined) {
        throw new ServerError('ERR_SERVER_BODY', 400, 'body: expected pattern and id, or patterns and ids')
      }
      const all = patterns ?? [pattern]
      if (all.length > config.maxRows) throw tooMany(all.length, config.maxRows)
      const rows = all.map((one, k) => memory.row(lone ? 'pattern' : `patterns[${k}]`, one))
      const names = lone ? (id === undefined ? undefined : [id]) : ids
      return { kind: 'store', rows: joined(memory, rows), ...(names && { ids: names }) }
    },
  )

  add(
    'replace',
    'Put another pattern in the place of one',
    either(object({ id: ID, pattern: ROW }, ['id', 'pattern'])),
    (memory, given) => {
      const { id, pattern } = given as { id: Id; pattern: unknown }
      return { kind: 'replace', id, rows: joined(memory, [memory.row('pattern', pattern)]) }
    },
  )

  add('forget', 'Remove a pattern', either(object({ id: ID }, ['id'])), (_, given) => ({
    kind: 'forget',
    id: (given as { id: Id }).id,
  }))

  app.post(
    '/v1/memories/:name/compact',
    {
      schema: {
        summary: 'Write all changes into the file of the memory, and begin a new log',
        tags: ['changes'],
        params: NAME,
        response: ERRORS,
      },
      config: { writes: true },
    },
    async (request) => {
      await shelf.get((request.params as { name: string }).name).compact()
      return { compacted: true }
    },
  )
}

function joined(memory: ServedMemory, rows: readonly Row[]): Uint8Array {
  return Buffer.concat(rows.map((row) => memory.bytes(row)))
}
