import type { FastifyInstance } from 'fastify'
import type { Shelf } from '../memories/shelf.js'
import type { Metrics } from '../metrics.js'

/** Whether the process lives, whether it wants requests, and how it does. */
export function addHealth(
  app: FastifyInstance,
  shelf: Shelf,
  metrics: Metrics,
  closing: () => boolean,
): void {
  const schema = (summary: string) => ({ schema: { summary, tags: ['operation'] } })
  app.get('/health', schema('200 while the process lives'), async () => ({ status: 'alive' }))
  app.get('/ready', schema('200 while requests are welcome, else 503'), async (_, reply) => {
    const fault = closing() ? 'the server is shutting down' : shelf.fault
    if (fault === undefined) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', reason: fault })
  })
  app.get('/metrics', schema('What Prometheus reads'), async (_, reply) => {
    for (const { name, questions } of shelf.all()) {
      metrics.patterns.set({ memory: name }, questions.memory.patternCount)
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}
