import type { FastifyRequest } from 'fastify'
import { ServerError } from '../errors.js'
import type { Form, Row, RowFormat } from '../memories/rows/row-format.js'

export const MSGPACK = 'application/msgpack'
export const PACKED = 'application/octet-stream'
/** Names of MessagePack that other programs use. */
export const MSGPACK_NAMES = [MSGPACK, 'application/x-msgpack', 'application/vnd.msgpack']

/** How an answer is written. */
export type Wire = 'json' | 'msgpack' | 'packed'

/** Rows of a question, and how the answer is to look. */
export interface Asked {
  readonly rows: readonly Row[]
  /** One row by itself: its result is the answer, and no list. */
  readonly lone: boolean
  readonly form: Form
  readonly wire: Wire
  /** What else the question says. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What a body of a question has in JSON and MessagePack. */
interface Body extends Record<string, unknown> {
  readonly cue?: unknown
  readonly cues?: unknown
}

/**
 * Reads the rows of a question.
 * @throws HopfieldError naming what is no row; ServerError.
 */
export function asked(request: FastifyRequest, cues: RowFormat, maxRows: number): Asked {
  const { body } = request
  if (body instanceof Uint8Array) {
    const count = body.length / cues.bytes
    if (count > maxRows) throw tooMany(Math.floor(count), maxRows)
    const rows = cues.readAll('body', body)
    const options = request.query as Record<string, unknown>
    return { rows, lone: rows.length === 1, form: 'bytes', wire: wireOf(request, 'packed'), options }
  }
  const { cue, cues: several, ...options } = (body ?? {}) as Body
  if ((cue === undefined) === (several === undefined)) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: expected cue, one state, or cues, an array of them')
  }
  if (several !== undefined && !Array.isArray(several)) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: cues: expected an array of states')
  }
  const given: readonly unknown[] = several ?? [cue]
  if (given.length > maxRows) throw tooMany(given.length, maxRows)
  if (given.length === 0) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: cues: expected at least one state')
  }
  const lone = several === undefined
  const rows = given.map((one, b) => cues.read(lone ? 'cue' : `cues[${b}]`, one))
  const form = formOf(given[0])
  const wire = wireOf(request, isMsgpack(request.headers['content-type']) ? 'msgpack' : 'json')
  return { rows, lone, form: wire === 'json' && form === 'bytes' ? 'base64' : form, wire, options }
}

/** How a row is written; of a pair its first side says it. */
function formOf(given: unknown): Form {
  if (typeof given === 'string') return 'base64'
  if (given instanceof Uint8Array) return 'bytes'
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return 'numbers'
  return formOf(Object.values(given)[0])
}

/** How the client wants its answer: as it asks, or else as it says. */
export function wireOf(request: FastifyRequest, usual: Wire): Wire {
  const { accept } = request.headers
  if (accept === undefined || accept === '*/*') return usual
  if (accept.includes(PACKED)) return 'packed'
  if (MSGPACK_NAMES.some((name) => accept.includes(name))) return 'msgpack'
  if (accept.includes('application/json')) return 'json'
  return usual
}

function isMsgpack(type: string | undefined): boolean {
  return type !== undefined && MSGPACK_NAMES.some((name) => type.startsWith(name))
}

export function tooMany(count: number, most: number): ServerError {
  return new ServerError(
    'ERR_SERVER_TOO_LARGE',
    413,
    `expected at most ${most} rows in a request, got ${count}; send them in several`,
  )
}
