import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Metrics } from './metrics.js'
import type { Spread, Tally } from './tallies.js'

const COUNT = Symbol('count')
const BEGUN = Symbol('begun')

/** A request whose route is known. */
interface Counted {
  [COUNT]: RouteCount | undefined
  [BEGUN]: number
}

/** Requests of one route, by how they ended. */
class RouteCount {
  readonly #metrics: Metrics
  readonly #route: string
  readonly #seconds: Spread
  readonly #ends = new Map<number, Tally>()

  constructor(metrics: Metrics, route: string) {
    this.#metrics = metrics
    this.#route = route
    this.#seconds = metrics.seconds.of({ route })
  }

  note(status: number, milliseconds: number): void {
    let end = this.#ends.get(status)
    if (end === undefined) {
      end = this.#metrics.requests.of({ route: this.#route, status: String(status) })
      this.#ends.set(status, end)
    }
    end.add()
    this.#seconds.note(milliseconds / 1000)
  }
}

/** Counts requests as they are answered. To wait until an answer is out would take as long as half of a small recall does. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  const beginning = (route: string): onRequestHookHandler => {
    const count = new RouteCount(metrics, route)
    return (request, _, done) => {
      const counted = request as FastifyRequest & Counted
      counted[COUNT] = count
      counted[BEGUN] = performance.now()
      done()
    }
  }
  const unknown = beginning('unknown')
  app.addHook('onRequest', function (request, reply, done) {
    if (request.is404) unknown.call(this, request, reply, done)
    else done()
  })
  app.addHook('onRoute', (route) => {
    route.onRequest = [beginning(route.url), ...listed(route.onRequest)]
  })
  app.addHook('onSend', (request, { statusCode }, _, done) => {
    countAnswer(request, statusCode)
    done()
  })
}

/** Counts a request whose answer does not pass Fastify's hooks. */
export function countAnswer(request: FastifyRequest, status: number): void {
  const { [COUNT]: count, [BEGUN]: begun } = request as FastifyRequest & Counted
  count?.note(status, performance.now() - begun)
}

/** The hooks of a route, which may be none, one or several. */
export function listed<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks]
}
