import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ServerConfig } from '../config.js'
import { type Patience, withinDeadline } from '../deadline.js'
import type { Questions } from '../memories/questions.js'
import type { Form } from '../memories/rows/row-format.js'
import { answering } from '../memories/served.js'
import type { Found, QuestionTable, ServedMemory } from '../memories/served-memory.js'
import type { Shelf } from '../memories/shelf.js'
import {
  oneOrAll,
  packFound,
  packNumbers,
  packRecalled,
  send,
  sendPacked,
  writtenFound,
  writtenOverlaps,
  writtenRecall,
} from '../wire/answers.js'
import { type Asked, asked, tooMany } from '../wire/asked.js'
import { takePackedCue } from './packed-cue.js'
import { answers, NAME, question, recallOptions } from './schemas.js'

/** Numbers of one answer: 32 MB. */
const MOST_NUMBERS = 2 ** 22

/** A kind of question: what is asked of a memory, and how its results are written. */
interface Kind<Single> {
  readonly summary: string
  /** The schemas of its body and its query. */
  readonly schemas: ReturnType<typeof question>
  /** What becomes of each row. */
  ask(questions: Questions, given: Asked, patience: Patience): Promise<Single>[]
  /** Results as bytes. */
  packed(found: readonly Single[], memory: ServedMemory): Buffer
  /** One of them as a text with a character for each byte, where there is one already. */
  text?(found: Single): string | undefined
  /** One of them in JSON and MessagePack. */
  plain(found: Single, memory: ServedMemory, form: Form): unknown
}

/** recall, nearest, overlaps, energy and what else memories answer. */
export function addQuestions(app: FastifyInstance, shelf: Shelf, config: ServerConfig): void {
  // Their hooks add headers to answers, which the short way does not have.
  const addsHeaders = config.cors.length > 0 || config.rate > 0
  const add = <Single>(name: keyof QuestionTable, kind: Kind<Single>, path: string = name) => {
    const schema = {
      summary: kind.summary,
      description: `Of ${answering(name).join(', ')}.`,
      tags: ['questions'],
      params: NAME,
      ...kind.schemas,
      response: answers('The result of one cue; of several { results }.'),
    }
    const short = takePackedCue(config.maxBody, {
      questions: (of) => shelf.find(of)?.questions,
      format: ({ memory }) => memory.questions[name]?.cue,
      ask: (request, questions, row) => {
        const options = request.query as Asked['options']
        const given: Asked = { rows: [row], lone: true, form: 'bytes', wire: 'packed', options }
        return withinDeadline(
          request,
          config.maxDeadline,
          (patience) => kind.ask(questions, given, patience)[0],
        )
      },
      packed: (found, { memory }) => kind.text?.(found) ?? kind.packed([found], memory),
    })
    const onRequest = addsHeaders ? [] : [short]
    app.post(`/v1/memories/:name/${path}`, { schema, onRequest }, (request, reply) => {
      const { questions } = shelf.get((request.params as { name: string }).name)
      const { memory } = questions
      const given = asked(request, questions.get(name).cue, config.maxRows)
      const found = withinDeadline(request, config.maxDeadline, (patience) =>
        Promise.all(kind.ask(questions, given, patience)),
      )
      // Resolves to nothing: a promise of the reply would wait for its end.
      return found.then((those) => answer(reply, kind, those, given, memory))
    })
  }

  add('recall', {
    summary: 'Recall from cues',
    schemas: question(recallOptions(config)),
    ask: (questions, { rows, options }, patience) => questions.recall(rows, options, patience),
    packed: (found, { questions }) => packRecalled(questions.recall, found),
    text: ({ packed }) => packed,
    plain: (found, { questions }, form) => writtenRecall(form, questions.recall, found),
  })

  const neighbours = question({
    k: { type: 'integer', minimum: 1, maximum: 65_536, description: 'How many; 1 by default.' },
  })
  for (const path of ['nearest', 'top']) {
    const nearest: Kind<Found> = {
      summary: path === 'nearest' ? 'The stored patterns most like a state' : 'The same as nearest',
      schemas: neighbours,
      ask: (questions, given, patience) => {
        const { k = 1 } = given.options as { k?: number }
        limit(given, Math.min(k, questions.memory.patternCount))
        return questions.ask('nearest', given.rows, { k }, patience)
      },
      packed: packFound,
      plain: writtenFound,
    }
    add('nearest', nearest, path)
  }

  const plain = question({})
  add('overlaps', {
    summary: 'The overlap of a state with every pattern; of a pair of each side that is given',
    schemas: plain,
    ask: (questions, given, patience) => {
      // Of a pair each side has overlaps.
      limit(given, 2 * questions.memory.patternCount)
      return questions.ask('overlaps', given.rows, {}, patience)
    },
    packed: (found) => packNumbers(found),
    plain: (overlaps) => ({ overlaps: writtenOverlaps(overlaps) }),
  })

  for (const [name, field, summary] of MEASURES) {
    add(name, {
      summary,
      schemas: plain,
      ask: (questions, { rows }, patience) => questions.ask(name, rows, {}, patience),
      packed: (found) => packNumbers(found.map((value) => [value])),
      plain: (value) => ({ [field]: value }),
    })
  }
}

/** Questions whose answer is a number: what it is called in JSON. */
const MEASURES = [
  ['energy', 'energy', 'The energy of a state'],
  ['free-energy', 'freeEnergy', 'F of visible rows: −ln p − ln Z'],
  ['density', 'density', 'The estimated density at a state: about how many stored vectors it is like'],
] as const

function answer<Single>(
  reply: FastifyReply,
  { packed, plain }: Kind<Single>,
  found: readonly Single[],
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
