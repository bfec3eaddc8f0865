import { Gatherer, HopfieldError } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import type { Patience } from '../deadline.js'
import type { Metrics } from '../metrics.js'
import type { Spread, Tally } from '../tallies.js'
import { Pace } from './pace.js'
import type { Each, Found, Recalled, Recalls, Row, ServedMemory } from './served-memory.js'

/** Kinds of recalls, and numbers of neighbours, whose cues are gathered; of more the one that was asked least lately goes. */
const MOST_KINDS = 32
/** Longer options are not looked up: they hold arrays, and hardly two requests have the same. */
const LONGEST_KEY = 512

type Run<Single> = (rows: readonly Row[], streams: Float64Array, here: boolean) => Promise<Each<Single>>

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
  readonly options?: object
}

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
  }

  /** @param options of the recall, and the stream of the first row. */
  recall(rows: readonly Row[], options: RecallOptions, patience: Patience): Promise<Recalled[]> {
    const { key, stream, given } = readRecall(options)
    if (key.length > LONGEST_KEY) return this.#recallAlone(rows, given, stream, patience.signal)
    const run: Run<Recalled> = (batch, streams, here) => this.#recalled(batch, given, streams, here)
    return this.#all('recall', key, run, { rows, stream, patience, options: given })
  }

  nearest(rows: readonly Row[], k: number, patience: Patience): Promise<Found[]> {
    const run: Run<Found> = (batch, _, here) => this.memory.nearest(batch, k, here)
    return this.#all('nearest', `nearest ${k}`, run, { rows, stream: 0, patience })
  }

  overlaps(rows: readonly Row[], patience: Patience): Promise<Float64Array[]> {
    const run: Run<Float64Array> = (batch, _, here) => this.memory.overlaps(batch, here)
    return this.#all('overlaps', 'overlaps', run, { rows, stream: 0, patience })
  }

  energies(rows: readonly Row[], patience: Patience): Promise<number[]> {
    const run: Run<number> = (batch, _, here) => this.memory.energies(batch, here)
    return this.#all('energy', 'energy', run, { rows, stream: 0, patience })
  }

  /** Resolves when all that was asked is answered. */
  async close(): Promise<void> {
    await Promise.all([
      ...this.#leaving,
      ...Array.from(this.#kinds.values(), ({ gatherer }) => gatherer.close()),
    ])
  }

  async #recalled(
    rows: readonly Row[],
    options: object,
    streams: Float64Array,
    here: boolean,
    signal?: AbortSignal,
  ): Promise<Recalls> {
    const found = await this.memory.recall(rows, options, streams, here, signal)
    const { converged, energies } = found
    let rested = 0
    for (let k = 0; k < rows.length; k++) {
      rested += converged[k]
      if (Number.isFinite(energies[k])) this.#energies.note(energies[k] / this.memory.width)
    }
    this.#rested.add(rested)
    this.#restless.add(rows.length - rested)
    return found
  }

  #all<Single>(question: string, key: string, run: Run<Single>, asked: Rows): Promise<Single[]> {
    const { rows, stream, patience, options } = asked
    const { gatherer, pace } = this.#kindOf(question, key, run, options)
    const { size } = gatherer
    // All of a request, or nothing.
    if (size + rows.length > this.#limits.maxQueue) throw this.#overloaded(size)
    const quick = !patience.told && pace.here(size + rows.length)
    const ask = (row: Row, b: number) => {
      if (!quick) return gatherer.ask(row, { stream: stream + b, signal: patience.signal })
      return stream + b === 0 ? gatherer.ask(row) : gatherer.ask(row, { stream: stream + b })
    }
    return rows.length === 1 ? ask(rows[0], 0).then(listed) : Promise.all(rows.map(ask))
  }

  #kindOf<Single>(
    question: string,
    key: string,
    run: Run<Single>,
    options: object | undefined,
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
    const about = { memory: this.#name, question }
    const sizes = this.#metrics.batchRows.of(about)
    const waits = this.#metrics.waits.of(about)
    const pace = new Pace(this.memory.width * this.memory.patternCount, options)
    const gatherer = new Gatherer<Row, Single, Row>(
      {
        take: (_: string, row: Row) => row,
        run: (rows: readonly Row[], streams: Float64Array, since: number) => {
          const here = pace.here(rows.length)
          const began = performance.now()
          sizes.note(rows.length)
          waits.note((began - since) / 1000)
          const answers = run(rows, streams, here)
          if (here) pace.note(rows.length, performance.now() - began)
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
  async #recallAlone(
    rows: readonly Row[],
    options: object,
    stream: number,
    signal: AbortSignal,
  ): Promise<Recalled[]> {
    if (this.#alone >= MOST_KINDS) throw this.#overloaded(this.#alone)
    this.#alone++
    try {
      const streams = Float64Array.from(rows, (_, b) => stream + b)
      const found = await this.#recalled(rows, options, streams, false, signal)
      return rows.map((_, b) => found.at(b))
    } finally {
      this.#alone--
    }
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
  readonly stream: number
  /** The rest, as the memory takes it. */
  readonly given: object
}

/** Queries with the same text are the same object, and are read once. */
const read = new WeakMap<RecallOptions, ReadRecall>()

function readRecall(options: RecallOptions): ReadRecall {
  let known = read.get(options)
  if (known === undefined) {
    const { stream = 0, ...rest } = options
    // A seed beyond 2^53 comes as decimal digits.
    const given = typeof rest.seed === 'string' ? { ...rest, seed: BigInt(rest.seed) } : rest
    known = { key: `recall ${JSON.stringify(rest)}`, stream, given }
    read.set(options, known)
  }
  return known
}

function listed<One>(one: One): One[] {
  return [one]
}
