import type { FastifyBaseLogger, FastifyInstance } from 'fastify'

type Factory = FastifyInstance['childLoggerFactory']
type Bindings = Parameters<Factory>[1]
type Options = Parameters<Factory>[2]

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** The log of one request, with its number. It is made with its first line: most requests have none, and making it takes a microsecond. */
class RequestLog {
  readonly #logger: FastifyBaseLogger
  readonly #bindings: Bindings
  readonly #options: Options
  #own: FastifyBaseLogger | undefined

  constructor(logger: FastifyBaseLogger, bindings: Bindings, options: Options) {
    this.#logger = logger
    this.#bindings = bindings
    this.#options = options
  }

  get own(): FastifyBaseLogger {
    this.#own ??= this.#logger.child(this.#bindings, this.#options)
    return this.#own
  }

  get level(): string {
    return this.own.level
  }

  child(bindings: Bindings, options?: Options): FastifyBaseLogger {
    return this.own.child(bindings, options)
  }
}

for (const level of LEVELS) {
  Object.defineProperty(RequestLog.prototype, level, {
    value(this: RequestLog, ...line: Parameters<FastifyBaseLogger['info']>) {
      this.own[level](...line)
    },
  })
}

/** For Fastify: the log of a request. */
export const requestLog: Factory = (logger, bindings, options) =>
  new RequestLog(logger, bindings, options) as RequestLog & FastifyBaseLogger
