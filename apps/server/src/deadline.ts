import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { ServerError } from './errors.js'

/** The header in which a client says for how many milliseconds it waits. */
export const DEADLINE_HEADER = 'hopfield-deadline-ms'

/** What ends when a connection does. */
const onSocket = new WeakMap<Socket, Set<AbortController>>()

/** Requests of a connection, which are given up when it closes. One listener a connection: one a request would cost more. */
function givenUpWith(socket: Socket): Set<AbortController> {
  let running = onSocket.get(socket)
  if (running === undefined) {
    running = new Set()
    onSocket.set(socket, running)
    const those = running
    socket.once('close', () => {
      for (const controller of those) {
        controller.abort(new ServerError('ERR_SERVER_DISCONNECTED', 499, 'the client has gone'))
      }
    })
  }
  return running
}

/**
 * Does what a request asks for, with a signal that is aborted when its time is over, or when the client goes.
 * @param most milliseconds where the client says nothing, and at most.
 * @throws ServerError ERR_SERVER_BODY for a header that is no number; what `work` throws, `ERR_SERVER_DEADLINE` among it.
 */
export async function withinDeadline<T>(
  request: FastifyRequest,
  most: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const wait = deadlineOf(request, most)
  const running = givenUpWith(request.raw.socket)
  const controller = new AbortController()
  running.add(controller)
  const timer = setTimeout(() => {
    controller.abort(
      new ServerError('ERR_SERVER_DEADLINE', 504, `no answer within the ${wait} milliseconds of the request`),
    )
  }, wait)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    running.delete(controller)
  }
}

function deadlineOf(request: FastifyRequest, most: number): number {
  const text = request.headers[DEADLINE_HEADER]
  if (text === undefined) return most
  const wait = Number(text)
  if (typeof text === 'string' && /^\d{1,9}$/.test(text) && wait > 0) return Math.min(wait, most)
  throw new ServerError(
    'ERR_SERVER_BODY',
    400,
    `${DEADLINE_HEADER}: expected a whole number of milliseconds from 1 on, got ${JSON.stringify(text)}`,
  )
}
