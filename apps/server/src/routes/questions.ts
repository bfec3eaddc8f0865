import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServerConfig } from '../config.js'
import { type Patience, withinDeadline } from '../deadline.js'
import type { Questions } from '../memories/questions.js'
import type { Shelf } from '../memories/shelf.js'
import { oneOrAll, packFound, packNumbers, packRecalled, send, sendPacked, stateIn } from '../wire/answers.js'
import { type Asked, asked, tooMany } from '../wire/asked.js'
import { answers, NAME, question, recallOptions } from './schemas.js'

/** Numbers of one answer: 32 MB. */
const MOST_NUMBERS = 2 ** 22

/** What a route does with its rows. */
type Work = (
  questions: Questions,
  question: Asked,
  patience: Patience,
  reply: FastifyReply,
) => Promise<FastifyReply>

/** recall, nearest, overlaps, energy. */
export function addQuestions(app: FastifyInstance, shelf: Shelf, config: ServerConfig): void {
  const add = (path: string, summary: string, options: Parameters<typeof question>[0], work: Work) => {
    const schema = {
      summary,
      tags: ['questions'],
      params: NAME,
      ...question(options),
      response: answers('The result of one cue; of several { results }.'),
    }
    app.post(`/v1/memories/:name/${path}`, { schema }, async (request: FastifyRequest, reply) => {
      const { questions } = shelf.get((request.params as { name: string }).name)
      const given = asked(request, questions.memory, config.maxRows)
      return await withinDeadline(request, config.maxDeadline, (patience) =>
        work(questions, given, patience, reply),
      )
    })
  }

  add('recall', 'Recall from cues', recallOptions(config), async (questions, given, patience, reply) => {
    const { rows, form, wire } = given
    const { memory } = questions
    const { stream = 0, ...options } = given.options as { stream?: number }
    const found = await questions.recall(rows, options, stream, patience)
    if (wire === 'packed') return sendPacked(reply, packRecalled(memory, found))
    const results = found.map(({ state, ...rest }) => ({ state: stateIn(form, memory, state), ...rest }))
    return send(reply, wire, oneOrAll(given, results))
  })

  const k = { k: { type: 'integer', minimum: 1, maximum: 65_536, description: 'How many; 1 by default.' } }
  for (const path of ['nearest', 'top']) {
    const summary = path === 'nearest' ? 'The stored patterns most like a state' : 'The same as nearest'
    add(path, summary, k, async (questions, given, patience, reply) => {
      const { k = 1 } = given.options as { k?: number }
      limit(given, Math.min(k, questions.memory.patternCount))
      const found = await questions.nearest(given.rows, k, patience)
      if (given.wire === 'packed') return sendPacked(reply, packFound(found))
      const results = found.map(({ indices, similarities, ids }) => ({
        indices: Array.from(indices),
        similarities: Array.from(similarities),
        ...(ids && { ids: ids.map((id) => id ?? null) }),
      }))
      return send(reply, given.wire, oneOrAll(given, results))
    })
  }

  const overlaps = 'The overlap of a state with every pattern'
  add('overlaps', overlaps, {}, async (questions, given, patience, reply) => {
    limit(given, questions.memory.patternCount)
    const found = await questions.overlaps(given.rows, patience)
    if (given.wire === 'packed') return sendPacked(reply, packNumbers(found))
    return send(
      reply,
      given.wire,
      oneOrAll(
        given,
        found.map((row) => ({ overlaps: Array.from(row) })),
      ),
    )
  })

  add('energy', 'The energy of a state', {}, async (questions, given, patience, reply) => {
    const found = await questions.energies(given.rows, patience)
    if (given.wire === 'packed') return sendPacked(reply, packNumbers(found.map((energy) => [energy])))
    return send(
      reply,
      given.wire,
      oneOrAll(
        given,
        found.map((energy) => ({ energy })),
      ),
    )
  })
}

/** Refuses an answer that would be too large, before there is room for it. */
function limit({ rows }: Asked, width: number): void {
  const most = Math.max(1, Math.floor(MOST_NUMBERS / Math.max(1, width)))
  if (rows.length > most) throw tooMany(rows.length, most)
}
