import fastify, { type FastifyInstance, type FastifyRequest, type onRequestHookHandler } from 'fastify'
import { DEFAULTS, type ServerConfig } from './config.js'
import { countRequests, listed } from './counting.js'
import { ServerError, wireError } from './errors.js'
import { Jobs } from './jobs.js'
import { logging } from './log.js'
import { OpenMemory } from './memories/open-memory.js'
import { Shelf } from './memories/shelf.js'
import { Metrics } from './metrics.js'
import { addChanges } from './routes/changes.js'
import { addHealth } from './routes/health.js'
import { addJobs } from './routes/jobs.js'
import { addMemories } from './routes/memories.js'
import { addQuestions } from './routes/questions.js'
import { cutSlowReaders } from './security/slow-readers.js'
import { checkExposure, Tokens } from './security/tokens.js'
import { version } from './version.js'
import { MSGPACK_NAMES, PACKED } from './wire/asked.js'
import { fromMsgpack } from './wire/msgpack.js'
import { KEEP_ALIVE } from './wire/one-piece.js'
import { readQuery } from './wire/query.js'

/** Options of `createServer`: `memories`, and of the rest what is not as usual. */
export type ServerOptions = Partial<ServerConfig> & Pick<ServerConfig, 'memories'>

/**
 * A server that does not listen yet: `await server.listen({ host, port })`, and `await server.close()`, which answers what it took.
 * @throws ServerError where it would be reached by anybody; HopfieldError ERR_HOPFIELD_FILE for a memory that cannot be opened.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const config: ServerConfig = { ...DEFAULTS, ...options }
  checkExposure(config)
  const tokens = new Tokens(config)
  const metrics = new Metrics()
  const app = fastifyOf(config)
  const opened = new Map<string, OpenMemory>()
  const { log } = app
  const around = { config, metrics, log, writable: tokens.writable }
  try {
    for (const [name, path] of Object.entries(config.memories)) {
      opened.set(name, await OpenMemory.open(name, path, around))
    }
  } catch (error) {
    await new Shelf(opened).close()
    throw error
  }
  const shelf = new Shelf(opened)
  const jobs = new Jobs(config)
  let closing = false
  let idle: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    closing = true
    // A connection whose last answer is out would be kept for another request.
    idle = setInterval(() => app.server.closeIdleConnections(), 20)
  })
  app.addHook('onClose', async () => {
    clearInterval(idle)
    await jobs.close()
    await shelf.close()
    metrics.registry.clear()
  })
  cutSlowReaders(app, config.requestTimeout)
  readBodies(app)
  answerErrors(app)
  await protect(app, config, tokens)
  countRequests(app, metrics)
  if (config.docs) await describeRoutes(app)
  addHealth(app, shelf, metrics, () => closing)
  addMemories(app, shelf)
  addQuestions(app, shelf, config)
  addChanges(app, shelf, config)
  addJobs(app, jobs)
  await app.ready()
  return app
}

function fastifyOf({ maxBody, requestTimeout, logLevel }: ServerConfig): FastifyInstance {
  const { options, log } = logging(logLevel)
  const app = fastify({
    bodyLimit: maxBody,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: Math.min(10_000, requestTimeout), connectionsCheckingInterval: 1000 },
    forceCloseConnections: 'idle',
    // A line for each request would cost more than the request; `--log-level debug` has them.
    ...options,
    routerOptions: { maxParamLength: 256, querystringParser: readQuery },
    // Answers have their shape already; a serialiser for each of them would take a good part of the start.
    schemaController: {
      compilersFactory: { buildSerializer: () => () => (answer) => JSON.stringify(answer) },
    },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allowUnionTypes: true,
        // They are constants. To compile the schema of schemas would take a tenth of the start.
        validateSchema: false,
      },
    },
  })
  if (log !== undefined) app.log = log
  return app
}

/** Bodies in MessagePack and packed bytes; those in JSON Fastify reads itself. */
function readBodies(app: FastifyInstance): void {
  app.addContentTypeParser([...MSGPACK_NAMES], { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, fromMsgpack(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser(PACKED, { parseAs: 'buffer' }, (_, body, done) => done(null, body))
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, code, message, retryAfter } = wireError(error)
    if (status >= 500 && status !== 503 && status !== 504) request.log.error(error)
    if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter)
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(status).type('application/json; charset=utf-8').send({ error: { code, message } })
  })
  app.setNotFoundHandler((request) => {
    throw new ServerError('ERR_SERVER_NOT_FOUND', 404, `there is no ${request.method} ${pathOf(request)}`)
  })
}

/** A path without what stands behind it. */
function pathOf({ url }: FastifyRequest): string {
  return JSON.stringify(url.split('?', 1)[0].slice(0, 100))
}

/** Routes that everybody may ask. */
const OPEN = new Set(['/health', '/ready'])

async function protect(app: FastifyInstance, config: ServerConfig, tokens: Tokens): Promise<void> {
  // A hook of each route knows what the route is; asking Fastify at each request would take longer than the check.
  app.addHook('onRoute', (route) => {
    if (OPEN.has(route.url)) return
    const { writes } = (route.config ?? {}) as { writes?: boolean }
    const wanted = writes === true ? 'write' : 'read'
    const check: onRequestHookHandler = (request, _, done) => {
      tokens.check(request, wanted)
      done()
    }
    route.onRequest = [check, ...listed(route.onRequest)]
  })
  app.addHook('onRequest', (request, _, done) => {
    if (request.is404) tokens.check(request, 'read')
    done()
  })
  // What few servers have is loaded by those alone.
  if (config.rate > 0) {
    await app.register(import('@fastify/rate-limit'), {
      max: config.rate,
      timeWindow: 1000,
      // A client is a token, or else an address.
      keyGenerator: ({ headers, ip }) => headers.authorization ?? ip,
      allowList: ({ routeOptions }) => routeOptions.url !== undefined && OPEN.has(routeOptions.url),
      errorResponseBuilder: (_, { after }) =>
        new ServerError(
          'ERR_SERVER_RATE',
          429,
          `more than ${config.rate} requests per second; again in ${after}`,
        ),
    })
  }
  if (config.cors.length > 0) {
    await app.register(import('@fastify/cors'), {
      origin: [...config.cors],
      methods: ['GET', 'POST', 'DELETE'],
    })
  }
}

async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(import('@fastify/swagger'), {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'hopfield-native', version, description: 'Associative memories over HTTP.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  })
  await app.register(import('@fastify/swagger-ui'), { routePrefix: '/docs' })
}
