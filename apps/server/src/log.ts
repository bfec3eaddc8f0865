import { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify'
import { pino } from 'pino'

type Factory = NonNullable<FastifyServerOptions['childLoggerFactory']>
type Bindings = Parameters<Factory>[1]
type Options = Parameters<Factory>[2]

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** The log of one request, with its number. It is made with its first line: most requests have none, and making it takes a microsecond. */
class RequestLog {
  readonly #log: FastifyBaseLogger
  readonly #bindings: Bindings
  readonly #options: Options
  #own: FastifyBaseLogger | undefined

  constructor(log: FastifyBaseLogger, bindings: Bindings, options: Options) {
    this.#log = log
    this.#bindings = bindings
    this.#options = options
  }

  get own(): FastifyBaseLogger {
    this.#own ??= this.#log.child(this.#bindings, this.#options)
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

/** How Fastify logs, and what is to be its log where it has none. */
interface Logging {
  readonly options: Pick<FastifyServerOptions, 'logger' | 'childLoggerFactory' | 'logController'>
  readonly log?: FastifyBaseLogger
}

/**
 * Lines of a level, and of each request at `debug` and `trace`. At other levels Fastify is given no log: with one it waits for the end of
 * each answer, for a line that it does not write.
 */
export function logging(level: string): Logging {
  if (level === 'silent') return { options: {} }
  if (level === 'debug' || level === 'trace') return { options: { logger: { level } } }
  const log: FastifyBaseLogger = pino({ level })
  const childLoggerFactory: Factory = (_, bindings, options) =>
    new RequestLog(log, bindings, options) as RequestLog & FastifyBaseLogger
  return {
    options: { childLoggerFactory, logController: new LogController({ disableRequestLogging: true }) },
    log,
  }
}
