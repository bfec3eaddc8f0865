import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { PACKED } from './asked.js'

/** Milliseconds that a connection may wait for its next request. */
export const KEEP_ALIVE = 72_000

/** The header `date`, the same for a second. */
let date: string | undefined

function dateNow(): string {
  if (date === undefined) {
    const now = new Date()
    date = now.toUTCString()
    setTimeout(() => {
      date = undefined
    }, 1000 - now.getMilliseconds()).unref()
  }
  return date
}

/**
 * Answers 200 with bytes, given as a text with one character per byte. If the connection is free and is kept alive, header and text are
 * written to its socket in one call. Node's own `end` makes a list of buffers and waits until they are sent; that takes longer than many
 * answers take to compute. The response is then marked as ended: Node's HTTP server listens for `finish`, and goes on with the next request.
 *
 * Headers that were set before are not sent.
 */
export function sendInOnePiece(response: ServerResponse, text: string): void {
  const { socket } = response
  // A response behind another one of its connection has no socket yet. One of a test may have none at all.
  if (!(socket instanceof Socket) || !socket.writable || !response.shouldKeepAlive || response.headersSent) {
    response.writeHead(200, ['content-type', PACKED, 'content-length', String(text.length)])
    response.end(text, 'latin1')
    return
  }
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: ${PACKED}\r\ncontent-length: ${text.length}\r\nDate: ${dateNow()}\r\n` +
      `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE / 1000}\r\n\r\n${text}`,
    'latin1',
  )
  response.finished = true
  response.emit('finish')
}
