import { Gatherer, HopfieldError } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import type { Patience } from '../deadline.js'
import { ServerError } from '../errors.js'
import type { Metrics } from '../metrics.js'
import type { Spread, Tally } from '../tallies.js'
import { Pace } from './pace.js'
import type { Row } from './rows/row-format.js'
import type { Question, QuestionTable, Recalled, Recalls, ServedMemory } from './served-memory.js'

/** Kinds of recalls, and numbers of neighbours, whose cues are gathered; of more the one that was asked least lately goes. */
const MOST_KINDS = 32
/** Longer options are not looked up: they hold arrays, and hardly two requests have the same. */
const LONGEST_KEY = 512

const NOTHING = (): void => {}

/** A kind of question, and whoever gathers it. */
interface Kind<Single> {
  readonly gatherer: Gatherer<Row, Single>
  readonly pace: Pace
}

/** What is asked, and for how long. */
interface Rows {
  readonly rows: readonly Row[]
  readonly stream: number
  readonly patience: Patience
  readonly options: Readonly<Record<string, unknown>>
}

/** The answer to one row of a question. */
type SingleOf<Name extends keyof QuestionTable> =
  NonNullable<QuestionTable[Name]> extends Question<infer Single> ? Single : never

type Limits = Pick<ServerConfig, 'maxBatch' | 'maxQueue' | 'maxWait' | 'threads'>

/** What is asked of one memory as it is: single rows are gathered into batches, by the kind of question. */
export class Questions {
  readonly memory: ServedMemory
  readonly #name: string
  readonly #limits: Limits
  readonly #metrics: Metrics
  readonly #rested: Tally
  readonly #restless: Tally
  readonly #energies: Spread
  /** Recalls, which are counted by how they end. */
  readonly #recall: Question<Recalled>
  readonly #kinds = new Map<string, Kind<unknown>>()
  readonly #leaving = new Set<Promise<void>>()
  #alone = 0

  constructor(name: string, memory: ServedMemory, limits: Limits, metrics: Metrics) {
    this.#name = name
    this.memory = memory
    this.#limits = limits
    this.#metrics = metrics
    this.#rested = metrics.recalls.of({ memory: name, converged: 'yes' })
    this.#restless = metrics.recalls.of({ memory: name, converged: 'no' })
    this.#energies = metrics.energies.of({ memory: name })
    const { recall } = memory.questions
    this.#recall = {
      cue: recall.cue,
      work: () => recall.work(),
      run: async (rows, options, how) => this.#counted(await recall.run(rows, options, how), rows.length),
    }
  }

  /** @throws ServerError ERR_SERVER_NOT_FOUND if the memory answers no such question. */
  get<Name extends keyof QuestionTable>(name: Name): NonNullable<QuestionTable[Name]> {
    const { kind, questions } = this.memory
    const found = questions[name]
    if (found !== undefined) return found
    throw new ServerError(
      'ERR_SERVER_NOT_FOUND',
      404,
      `${this.#name} is a ${kind}, which has no ${name}: it has ${Object.keys(questions).join(', ')}`,
    )
  }

  /**
   * @param options of the recall, and the stream of the first row.
   * @returns what becomes of each row.
   * @throws HopfieldError for cues and options that the memory does not have.
   */
  recall(rows: readonly Row[], options: RecallOptions, patience: Patience): Promise<Recalled>[] {
    const { key, stream, given } = readRecall(options)
    const { random, check } = this.memory.questions.recall
    if (!random && stream !== undefined) throw this.#drawsNothing()
    check?.(rows, given)
    const asked = { rows, stream: stream ?? 0, patience, options: given }
    if (key.length > LONGEST_KEY) return this.#recallAlone(asked)
    return this.#all('recall', key, this.#recall, asked)
  }

  /** What else can be asked, of each row. */
  ask<Name extends Exclude<keyof QuestionTable, 'recall'>>(
    name: Name,
    rows: readonly Row[],
    options: { readonly k?: number },
    patience: Patience,
  ): Promise<SingleOf<Name>>[] {
    const question = this.get(name) as Question<SingleOf<Name>>
    const key = options.k === undefined ? name : `${name} ${options.k}`
    return this.#all(name, key, question, { rows, stream: 0, patience, options })
  }

  /** Resolves when all that was asked is answered. */
  async close(): Promise<void> {
    await Promise.all([
      ...this.#leaving,
      ...Array.from(this.#kinds.values(), ({ gatherer }) => gatherer.close()),
    ])
  }

  #counted(found: Recalls, count: number): Recalls {
    const { converged, energies } = found
    const { width } = this.memory.questions.recall.state
    let rested = 0
    for (let k = 0; k < count; k++) {
      rested += converged[k]
      if (energies !== undefined && Number.isFinite(energies[k])) this.#energies.note(energies[k] / width)
    }
    this.#rested.add(rested)
    this.#restless.add(count - rested)
    return found
  }

  #all<Single>(name: string, key: string, question: Question<Single>, asked: Rows): Promise<Single>[] {
    const { rows, stream, patience } = asked
    const { gatherer, pace } = this.#kindOf(name, key, question, asked.options)
    const { size } = gatherer
    // All of a request, or nothing.
    if (size + rows.length > this.#limits.maxQueue) throw this.#overloaded(size)
    const quick = !patience.told && pace.here(size + rows.length)
    return rows.map((row, b) => {
      if (!quick) return gatherer.ask(row, { stream: stream + b, signal: patience.signal })
      return stream + b === 0 ? gatherer.ask(row) : gatherer.ask(row, { stream: stream + b })
    })
  }

  #kindOf<Single>(
    name: string,
    key: string,
    question: Question<Single>,
    options: Readonly<Record<string, unknown>>,
  ): Kind<Single> {
    const known = this.#kinds.get(key)
    if (known !== undefined) {
      if (this.#kinds.size > MOST_KINDS / 2) {
        this.#kinds.delete(key)
        this.#kinds.set(key, known)
      }
      return known as Kind<Single>
    }
    if (this.#kinds.size === MOST_KINDS) {
      const [oldest, { gatherer }] = this.#kinds.entries().next().value as [string, Kind<unknown>]
      this.#kinds.delete(oldest)
      const leaving = gatherer.close().finally(() => this.#leaving.delete(leaving))
      this.#leaving.add(leaving)
    }
    const { maxBatch: maxSize, maxQueue, maxWait, threads } = this.#limits
    const about = { memory: this.#name, question: name }
    const sizes = this.#metrics.batchRows.of(about)
    const waits = this.#metrics.waits.of(about)
    const pace = new Pace(question.work(), options)
    const gatherer = new Gatherer<Row, Single, Row>(
      {
        take: (_: string, row: Row) => row,
        run: (rows: readonly Row[], streams: Float64Array, since: number) => {
          const here = pace.here(rows.length)
          const began = performance.now()
          sizes.note(rows.length)
          waits.note((began - since) / 1000)
          const answers = question.run(rows, options, { streams, here })
          const took = performance.now() - began
          // A refusal says nothing of how long answers take, and so the same question is refused in the same words each time.
          if (here) answers.then(() => pace.note(rows.length, took), NOTHING)
          else pace.away(rows.length)
          return answers
        },
      },
      { maxSize, maxQueue, maxWait, threads },
    )
    const made = { gatherer, pace }
    this.#kinds.set(key, made as Kind<unknown>)
    return made
  }

  /** A recall with options of its own, which an abort stops. */
  #recallAlone({ rows, options, stream, patience }: Rows): Promise<Recalled>[] {
    if (this.#alone >= MOST_KINDS) throw this.#overloaded(this.#alone)
    this.#alone++
    const streams = Float64Array.from(rows, (_, b) => stream + b)
    const how = { streams, here: false, signal: patience.signal }
    const found = this.#recall.run(rows, options, how).finally(() => this.#alone--)
    return rows.map((_, b) => found.then((those) => those.at(b)))
  }

  #drawsNothing(): HopfieldError {
    return new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `recall: stream: a ${this.memory.kind} draws nothing at random`,
    )
  }

  #overloaded(waiting: number): HopfieldError {
    return new HopfieldError(
      'ERR_HOPFIELD_OVERLOADED',
      `${waiting} cues are waiting for ${this.#name}; send fewer at once, or later`,
    )
  }
}

interface RecallOptions {
  readonly stream?: number
  readonly seed?: unknown
}

/** What the options of a recall say. */
interface ReadRecall {
  /** The same for recalls that may be gathered. */
  readonly key: string
  readonly stream: number | undefined
  /** The rest, as the memory takes it. */
  readonly given: Readonly<Record<string, unknown>>
}

/** Queries with the same text are the same object, and are read once. */
const read = new WeakMap<RecallOptions, ReadRecall>()

function readRecall(options: RecallOptions): ReadRecall {
  let known = read.get(options)
  if (known === undefined) {
    const { stream, ...rest } = options
    // A seed beyond 2^53 comes as decimal digits.
    const given = typeof rest.seed === 'string' ? { ...rest, seed: BigInt(rest.seed) } : rest
    known = { key: `recall ${JSON.stringify(rest)}`, stream, given }
    read.set(options, known)
  }
  return known
}
