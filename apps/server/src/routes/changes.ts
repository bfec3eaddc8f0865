import type { FastifyInstance } from 'fastify'
import type { Id } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import { withinDeadline } from '../deadline.js'
import type { Change } from '../durable/changes.js'
import { ServerError } from '../errors.js'
import type { OpenMemory } from '../memories/open-memory.js'
import type { Row, RowFormat } from '../memories/rows/row-format.js'
import type { Changes } from '../memories/served-memory.js'
import type { Shelf } from '../memories/shelf.js'
import { send } from '../wire/answers.js'
import { MSGPACK, PACKED, tooMany, wireOf } from '../wire/asked.js'
import { HEADERS, keyOf } from './idempotency.js'
import { ANYTHING, ERRORS, ID, NAME, object, ROW, ROWS } from './schemas.js'

type Body = Readonly<Record<string, unknown>>

/** store, replace, forget, compact: for those who may write. */
export function addChanges(app: FastifyInstance, shelf: Shelf, config: ServerConfig): void {
  const add = (
    path: string,
    summary: string,
    body: object,
    read: (changes: Changes, given: Body | Uint8Array) => Change,
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
      const change = read(changesOf(memory, path), request.body as Body | Uint8Array)
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
    { ...either(store), [PACKED]: { schema: ANYTHING } },
    ({ pattern: format }, given) => {
      if (given instanceof Uint8Array) {
        const count = Math.floor(given.length / format.bytes)
        if (count > config.maxRows) throw tooMany(count, config.maxRows)
        format.readAll('body', given)
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
      const rows = all.map((one, k) => format.read(lone ? 'pattern' : `patterns[${k}]`, one))
      const names = lone ? (id === undefined ? undefined : [id]) : ids
      return { kind: 'store', rows: joined(format, rows), ...(names && { ids: names }) }
    },
  )

  add(
    'replace',
    'Put another pattern in the place of one',
    either(object({ id: ID, pattern: ROW }, ['id', 'pattern'])),
    ({ pattern: format }, given) => {
      const { id, pattern } = given as { id: Id; pattern: unknown }
      return { kind: 'replace', id, rows: joined(format, [format.read('pattern', pattern)]) }
    },
  )

  add(
    'forget',
    'Remove a pattern, by its id; where patterns have none, by itself',
    either(object({ id: ID, pattern: ROW })),
    ({ pattern: format }, given) => {
      const { id, pattern } = given as { id?: Id; pattern?: unknown }
      if ((id === undefined) === (pattern === undefined)) {
        throw new ServerError('ERR_SERVER_BODY', 400, 'body: expected id, or pattern')
      }
      if (id !== undefined) return { kind: 'forget', id }
      return { kind: 'forget', rows: joined(format, [format.read('pattern', pattern)]) }
    },
  )

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

/** @throws ServerError ERR_SERVER_NOT_FOUND if nothing can be stored in the memory. */
function changesOf({ name, questions }: OpenMemory, path: string): Changes {
  const { changes, kind } = questions.memory
  if (changes !== undefined) return changes
  const why = `${name} is a ${kind}, which has no ${path}: nothing can be stored in it`
  throw new ServerError('ERR_SERVER_NOT_FOUND', 404, why)
}

function joined(format: RowFormat, rows: readonly Row[]): Uint8Array {
  return Buffer.concat(rows.map((row) => format.pack(row)))
}
