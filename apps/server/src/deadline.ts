import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { ServerError } from './errors.js'

/** The header in which a client says for how many milliseconds it waits. */
export const DEADLINE_HEADER = 'hopfield-deadline-ms'

/** Gives up a request when its time is over, or its client gone. */
class Stop {
  readonly #controller = new AbortController()
  /** When the time is over, in milliseconds of `performance.now()`. */
  #until = Number.POSITIVE_INFINITY
  #wait = 0
  /** Fires when the time is over, or before, and then once more. */
  #timer: NodeJS.Timeout | undefined
  #fires = Number.POSITIVE_INFINITY

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  begin(wait: number): void {
    this.#wait = wait
    this.#until = performance.now() + wait
    if (this.#until < this.#fires) this.#arm(wait)
  }

  /** The request is over, and another one may begin. */
  end(): void {
    this.#until = Number.POSITIVE_INFINITY
  }

  /** There will be no other request. */
  close(reason?: ServerError): void {
    clearTimeout(this.#timer)
    this.#fires = Number.NEGATIVE_INFINITY
    if (reason !== undefined) this.#controller.abort(reason)
  }

  #arm(wait: number): void {
    clearTimeout(this.#timer)
    this.#fires = performance.now() + wait
    // Whoever waits for the answer keeps the process alive.
    this.#timer = setTimeout(this.#look, Math.ceil(wait)).unref()
  }

  readonly #look = (): void => {
    this.#fires = Number.POSITIVE_INFINITY
    const left = this.#until - performance.now()
    if (left === Number.POSITIVE_INFINITY) return
    if (left > 0) this.#arm(left)
    else {
      const message = `no answer within the ${this.#wait} milliseconds of the request`
      this.#controller.abort(new ServerError('ERR_SERVER_DEADLINE', 504, message))
    }
  }
}

/**
 * The stops of a connection. They are used again for its next requests, unless they have stopped one: a controller, a timer and a listener
 * for each request would cost more than many a request does.
 */
class Stops {
  static readonly #of = new WeakMap<Socket, Stops>()
  readonly #running = new Set<Stop>()
  readonly #free: Stop[] = []
  #closed = false

  static of(socket: Socket): Stops {
    let known = Stops.#of.get(socket)
    if (known === undefined) {
      known = new Stops()
      Stops.#of.set(socket, known)
      socket.once('close', known.#close)
    }
    return known
  }

  begin(wait: number): Stop {
    const stop = this.#free.pop() ?? new Stop()
    stop.begin(wait)
    this.#running.add(stop)
    return stop
  }

  end(stop: Stop): void {
    this.#running.delete(stop)
    stop.end()
    if (stop.signal.aborted || this.#closed) stop.close()
    else this.#free.push(stop)
  }

  readonly #close = (): void => {
    this.#closed = true
    for (const stop of this.#free) stop.close()
    for (const stop of this.#running) {
      stop.close(new ServerError('ERR_SERVER_DISCONNECTED', 499, 'the client has gone'))
    }
  }
}

/** How long a request is worked on. Most need no signal: they are answered before anybody could give them up. */
export class Patience {
  /** Whether the client has said how long it waits. */
  readonly told: boolean
  readonly #wait: number
  readonly #request: FastifyRequest
  #stop: Stop | undefined

  /** @throws ServerError ERR_SERVER_BODY for a header that is no number. */
  constructor(request: FastifyRequest, most: number) {
    this.told = request.headers[DEADLINE_HEADER] !== undefined
    this.#wait = this.told ? deadlineOf(request, most) : most
    this.#request = request
  }

  /** Is aborted when the time is over, or when the client goes. */
  get signal(): AbortSignal {
    this.#stop ??= Stops.of(this.#request.raw.socket).begin(this.#wait)
    return this.#stop.signal
  }

  /** Whether somebody listens for the end of it. */
  get begun(): boolean {
    return this.#stop !== undefined
  }

  end(): void {
    if (this.#stop !== undefined) Stops.of(this.#request.raw.socket).end(this.#stop)
  }
}

/**
 * Does what a request asks for.
 * @param most milliseconds where the client says nothing, and at most.
 * @param work takes the signal, if it wants it, before it returns.
 * @throws what `work` throws, `ERR_SERVER_DEADLINE` among it.
 */
export function withinDeadline<T>(
  request: FastifyRequest,
  most: number,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  const patience = new Patience(request, most)
  let working: Promise<T>
  try {
    working = work(patience)
  } catch (error) {
    patience.end()
    throw error
  }
  return patience.begun ? working.finally(() => patience.end()) : working
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
