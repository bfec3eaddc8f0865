import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { countAnswer } from '../counting.js'
import { DEADLINE_HEADER } from '../deadline.js'
import type { Questions } from '../memories/questions.js'
import type { Row, RowFormat } from '../memories/rows/row-format.js'
import { PACKED, wireOf } from '../wire/asked.js'
import { sendInOnePiece } from '../wire/one-piece.js'

/** Most bytes of an answer that is sent as text. */
const SHORT = 4096

/** What is done with one cue in packed bytes. */
interface PackedCue<Single> {
  /** What is asked of the memory of a name; undefined if there is none. */
  questions(name: string): Questions | undefined
  /** How its cues are read; undefined where it has none of this kind. */
  format(questions: Questions): RowFormat | undefined
  /** @throws as the question does; or a rejection. */
  ask(request: FastifyRequest, questions: Questions, row: Row): Promise<Single>
  /** The answer: bytes, or a text with a character for each. */
  packed(found: Single, questions: Questions): Buffer | string
}

/**
 * Answers a request whose body is one cue in packed bytes, and lets every other one pass, as well as whatever is unusual or wrong about
 * this one. Its header says all that there is to know, so nothing has to be found out about the body. What Fastify does to read a body of
 * any kind, to look at each part of a request by a schema and to send an answer of any kind takes longer than many an answer does.
 */
export function takePackedCue<Single>(
  maxBody: number,
  { questions: find, format, ask, packed }: PackedCue<Single>,
): onRequestHookHandler {
  const isUsual = usual(maxBody)
  return (request, reply, done) => {
    const questions = find((request.params as { name: string }).name)
    const cue = questions && format(questions)
    if (questions === undefined || cue === undefined || !isUsual(request, cue.bytes)) return done()
    const fail = (error: unknown): void => void reply.send(error)
    const answer = (found: Single): void => {
      try {
        send(request, reply, packed(found, questions))
      } catch (error) {
        fail(error)
      }
    }
    read(request, cue.bytes, (body) => {
      try {
        ask(request, questions, cue.readAll('body', body)[0]).then(answer, fail)
      } catch (error) {
        fail(error)
      }
    })
  }
}

/** Whether a request is for packed bytes with a body of one row, and has nothing else to say but a query that its schema allows. */
function usual(maxBody: number): (request: FastifyRequest, size: number) => boolean {
  /** Queries that are allowed. The same text is the same object. */
  const allowed = new WeakSet<object>()
  return (request, size) => {
    const { headers } = request.raw
    if (headers['content-type'] !== PACKED || Number(headers['content-length']) !== size) return false
    if (size === 0 || size > maxBody || headers[DEADLINE_HEADER] !== undefined) return false
    if (wireOf(request, 'packed') !== 'packed') return false
    const query = request.query as object
    if (allowed.has(query)) return true
    if (request.validateInput(query, 'querystring') !== true) return false
    allowed.add(query)
    return true
  }
}

/** Reads a body of a known size. Of one that ends early Node closes the connection. */
function read({ raw }: FastifyRequest, size: number, use: (body: Uint8Array) => void): void {
  const parts: Buffer[] = []
  let length = 0
  raw.on('data', (part: Buffer) => {
    // Most come whole.
    if (part.length === size) return use(part)
    length += part.length
    parts.push(part)
    if (length === size) use(Buffer.concat(parts))
  })
}

function send(request: FastifyRequest, { raw }: FastifyReply, answer: Buffer | string): void {
  countAnswer(request, 200)
  if (typeof answer === 'string') sendInOnePiece(raw, answer)
  else if (answer.length <= SHORT) sendInOnePiece(raw, answer.toString('latin1'))
  else {
    raw.writeHead(200, ['content-type', PACKED, 'content-length', String(answer.length)])
    raw.end(answer)
  }
}
