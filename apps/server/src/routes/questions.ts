import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ServerConfig } from '../config.js'
import { type Patience, withinDeadline } from '../deadline.js'
import type { Questions } from '../memories/questions.js'
import type { ServedMemory } from '../memories/served-memory.js'
import type { Shelf } from '../memories/shelf.js'
import { oneOrAll, packFound, packNumbers, packRecalled, send, sendPacked, stateIn } from '../wire/answers.js'
import { type Asked, asked, type Form, tooMany } from '../wire/asked.js'
import { answers, NAME, question, recallOptions } from './schemas.js'

/** Numbers of one answer: 32 MB. */
const MOST_NUMBERS = 2 ** 22

/** A kind of question: what is asked of a memory, and how its results are written. */
interface Kind<Found> {
  readonly summary: string
  /** Options beside the rows, as schemas. */
  readonly options: Parameters<typeof question>[0]
  ask(questions: Questions, given: Asked, patience: Patience): Promise<Found[]>
  /** Results as bytes. */
  packed(found: readonly Found[], memory: ServedMemory): Uint8Array
  /** One of them in JSON and MessagePack. */
  plain(found: Found, memory: ServedMemory, form: Form): unknown
}

/** recall, nearest, overlaps, energy. */
export function addQuestions(app: FastifyInstance, shelf: Shelf, config: ServerConfig): void {
  const add = <Found>(path: string, kind: Kind<Found>) => {
    const schema = {
      summary: kind.summary,
      tags: ['questions'],
      params: NAME,
      ...question(kind.options),
      response: answers('The result of one cue; of several { results }.'),
    }
    app.post(`/v1/memories/:name/${path}`, { schema }, (request, reply) => {
      const { questions } = shelf.get((request.params as { name: string }).name)
      const { memory } = questions
      const given = asked(request, memory, config.maxRows)
      const found = withinDeadline(request, config.maxDeadline, (patience) =>
        kind.ask(questions, given, patience),
      )
      // Resolves to nothing: a promise of the reply would wait for its end.
      return found.then((those) => answer(reply, kind, those, given, memory))
    })
  }

  add('recall', {
    summary: 'Recall from cues',
    options: recallOptions(config),
    ask: (questions, { rows, options }, patience) => questions.recall(rows, options, patience),
    packed: (found, memory) => packRecalled(memory, found),
    plain: ({ state, ...rest }, memory, form) => ({ state: stateIn(form, memory, state), ...rest }),
  })

  const k = { k: { type: 'integer', minimum: 1, maximum: 65_536, description: 'How many; 1 by default.' } }
  for (const path of ['nearest', 'top']) {
    add(path, {
      summary: path === 'nearest' ? 'The stored patterns most like a state' : 'The same as nearest',
      options: k,
      ask: (questions, given, patience) => {
        const { k = 1 } = given.options as { k?: number }
        limit(given, Math.min(k, questions.memory.patternCount))
        return questions.nearest(given.rows, k, patience)
      },
      packed: packFound,
      plain: ({ indices, similarities, ids }) => ({
        indices: Array.from(indices),
        similarities: Array.from(similarities),
        ...(ids && { ids: ids.map((id) => id ?? null) }),
      }),
    })
  }

  add('overlaps', {
    summary: 'The overlap of a state with every pattern',
    options: {},
    ask: (questions, given, patience) => {
      limit(given, questions.memory.patternCount)
      return questions.overlaps(given.rows, patience)
    },
    packed: packNumbers,
    plain: (overlaps) => ({ overlaps: Array.from(overlaps) }),
  })

  add('energy', {
    summary: 'The energy of a state',
    options: {},
    ask: (questions, { rows }, patience) => questions.energies(rows, patience),
    packed: (found) => packNumbers(found.map((energy) => [energy])),
    plain: (energy) => ({ energy }),
  })
}

function answer<Found>(
  reply: FastifyReply,
  { packed, plain }: Kind<Found>,
  found: readonly Found[],
  given: Asked,
  memory: ServedMemory,
): void {
  const { wire, form } = given
  if (wire === 'packed') sendPacked(reply, packed(found, memory))
  else
    send(
      reply,
      wire,
      oneOrAll(
        given,
        found.map((one) => plain(one, memory, form)),
      ),
    )
}

/** Refuses an answer that would be too large, before there is room for it. */
function limit({ rows }: Asked, width: number): void {
  const most = Math.max(1, Math.floor(MOST_NUMBERS / Math.max(1, width)))
  if (rows.length > most) throw tooMany(rows.length, most)
}
