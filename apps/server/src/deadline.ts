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

/** How long a request is worked on. Most need no signal: they are answered before anybody could give them up. */
export class Patience {
  /** Whether the client has said how long it waits. */
  readonly told: boolean
  readonly #wait: number
  readonly #request: FastifyRequest
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined

  /** @throws ServerError ERR_SERVER_BODY for a header that is no number. */
  constructor(request: FastifyRequest, most: number) {
    this.told = request.headers[DEADLINE_HEADER] !== undefined
    this.#wait = this.told ? deadlineOf(request, most) : most
    this.#request = request
  }

  /** Is aborted when the time is over, or when the client goes. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      const wait = this.#wait
      this.#controller = controller
      givenUpWith(this.#request.raw.socket).add(controller)
      this.#timer = setTimeout(() => {
        controller.abort(
          new ServerError(
            'ERR_SERVER_DEADLINE',
            504,
            `no answer within the ${wait} milliseconds of the request`,
          ),
        )
      }, wait)
    }
    return this.#controller.signal
  }

  end(): void {
    if (this.#controller === undefined) return
    clearTimeout(this.#timer)
    givenUpWith(this.#request.raw.socket).delete(this.#controller)
  }
}

/**
 * Does what a request asks for.
 * @param most milliseconds where the client says nothing, and at most.
 * @throws what `work` throws, `ERR_SERVER_DEADLINE` among it.
 */
export async function withinDeadline<T>(
  request: FastifyRequest,
  most: number,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  const patience = new Patience(request, most)
  try {
    return await work(patience)
  } finally {
    patience.end()
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
