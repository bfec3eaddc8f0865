import type { FastifyRequest } from 'fastify'
import { ServerError } from '../errors.js'
import type { Row, ServedMemory } from '../memories/served-memory.js'

export const MSGPACK = 'application/msgpack'
export const PACKED = 'application/octet-stream'
/** Names of MessagePack that other programs use. */
export const MSGPACK_NAMES = [MSGPACK, 'application/x-msgpack', 'application/vnd.msgpack']

/** How states are written: as numbers, as base64, or as bytes. */
export type Form = 'numbers' | 'base64' | 'bytes'
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
export function asked(request: FastifyRequest, memory: ServedMemory, maxRows: number): Asked {
  const { body } = request
  if (body instanceof Uint8Array) {
    const count = body.length / memory.rowBytes
    if (count > maxRows) throw tooMany(Math.floor(count), maxRows)
    const rows = memory.rows(body)
    const options = request.query as Record<string, unknown>
    return { rows, lone: rows.length === 1, form: 'bytes', wire: wireOf(request, 'packed'), options }
  }
  const { cue, cues, ...options } = (body ?? {}) as Body
  if ((cue === undefined) === (cues === undefined)) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: expected cue, one state, or cues, an array of them')
  }
  if (cues !== undefined && !Array.isArray(cues)) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: cues: expected an array of states')
  }
  const given: readonly unknown[] = cues ?? [cue]
  if (given.length > maxRows) throw tooMany(given.length, maxRows)
  if (given.length === 0) {
    throw new ServerError('ERR_SERVER_BODY', 400, 'body: cues: expected at least one state')
  }
  const lone = cues === undefined
  const rows = given.map((one, b) => memory.row(lone ? 'cue' : `cues[${b}]`, one))
  const [first] = given
  const form = typeof first === 'string' ? 'base64' : first instanceof Uint8Array ? 'bytes' : 'numbers'
  const wire = wireOf(request, isMsgpack(request.headers['content-type']) ? 'msgpack' : 'json')
  return { rows, lone, form: wire === 'json' && form === 'bytes' ? 'base64' : form, wire, options }
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
