import type { FastifyInstance } from 'fastify'
import { type JobOptions, type Jobs, MOST_VARIABLES, type Problem } from '../jobs.js'
import { send } from '../wire/answers.js'
import { MSGPACK, wireOf } from '../wire/asked.js'
import { HEADERS, keyOf } from './idempotency.js'
import { ERRORS, object } from './schemas.js'

const PROBLEM = object({
  edges: {
    type: 'array',
    description: 'J as pairs [i, j, J_ij], each once.',
    items: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'number' } },
  },
  fields: { type: 'array', items: { type: 'number' }, maxItems: MOST_VARIABLES },
  variables: { type: 'integer', minimum: 1, maximum: MOST_VARIABLES },
  offset: { type: 'number' },
})
const OPTIONS = object({
  numReads: { type: 'integer', minimum: 1, maximum: 8192 },
  numSweeps: { type: 'integer', minimum: 1, maximum: 2 ** 24 },
  maxTime: { type: 'number', minimum: 0, description: 'Milliseconds.' },
  target: { type: 'number', description: 'An energy that is good enough.' },
  seed: { type: ['integer', 'string'], pattern: '^\\d{1,20}$', minimum: 0 },
})
const ID = object({ id: { type: 'string', maxLength: 64 } }, ['id'])

/** Annealing as a job: submit, look, cancel. */
export function addJobs(app: FastifyInstance, jobs: Jobs): void {
  const response = (status: number) => ({
    ...ERRORS,
    [status]: { description: 'The job: { id, state, progress, result }.' },
  })
  const schema = object({ problem: PROBLEM, options: OPTIONS }, ['problem'])
  app.post(
    '/v1/jobs/anneal',
    {
      schema: {
        summary: 'Look for the state of least energy: E = −Σ J_ij s_i s_j − Σ b_i s_i',
        tags: ['jobs'],
        headers: HEADERS,
        body: { content: { 'application/json': { schema }, [MSGPACK]: { schema } } },
        response: response(202),
      },
    },
    async (request, reply) => {
      const { problem, options = {} } = request.body as { problem: Problem; options?: JobOptions }
      const report = jobs.submit(problem, options, keyOf(request))
      return send(
        reply.code(202).header('location', `/v1/jobs/${report.id}`),
        wireOf(request, 'json'),
        report,
      )
    },
  )
  const one = { params: ID, tags: ['jobs'], response: response(200) }
  app.get('/v1/jobs/:id', { schema: { summary: 'A job, with its result', ...one } }, async (request, reply) =>
    send(reply, wireOf(request, 'json'), jobs.report((request.params as { id: string }).id)),
  )
  app.delete('/v1/jobs/:id', { schema: { summary: 'Stop a job', ...one } }, async (request, reply) =>
    send(reply, wireOf(request, 'json'), jobs.cancel((request.params as { id: string }).id)),
  )
}
