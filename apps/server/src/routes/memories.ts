import type { FastifyInstance } from 'fastify'
import type { Shelf } from '../memories/shelf.js'
import { ERRORS, NAME } from './schemas.js'

/** What memories there are. */
export function addMemories(app: FastifyInstance, shelf: Shelf): void {
  app.get(
    '/v1/memories',
    { schema: { summary: 'The memories of this server', tags: ['memories'], response: ERRORS } },
    async () => ({
      memories: shelf.all().map(({ name, questions }) => ({ name, ...questions.memory.facts() })),
    }),
  )
  app.get(
    '/v1/memories/:name',
    { schema: { summary: 'One of them', tags: ['memories'], params: NAME, response: ERRORS } },
    async (request) => {
      const { name, questions } = shelf.get((request.params as { name: string }).name)
      return { name, ...questions.memory.facts() }
    },
  )
}
