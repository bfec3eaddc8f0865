import { Gatherer, HopfieldError } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import type { Patience } from '../deadline.js'
import type { Metrics } from '../metrics.js'
import { Pace } from './pace.js'
import type { Each, Found, Recalled, Row, ServedMemory } from './served-memory.js'

/** Kinds of recalls, and numbers of neighbours, whose cues are gathered; of more the one that was asked least lately goes. */
const MOST_KINDS = 32
/** Longer options are not looked up: they hold arrays, and hardly two requests have the same. */
const LONGEST_KEY = 512

/** A row that waits. */
interface Waiting {
  readonly row: Row
  readonly since: number
}

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
  readonly #kinds = new Map<string, Kind<unknown>>()
  readonly #leaving = new Set<Promise<void>>()
  #alone = 0

  constructor(name: string, memory: ServedMemory, limits: Limits, metrics: Metrics) {
    this.#name = name
    this.memory = memory
    this.#limits = limits
    this.#metrics = metrics
  }

  async recall(
    rows: readonly Row[],
    options: object,
    stream: number,
    patience: Patience,
  ): Promise<Recalled[]> {
    const key = JSON.stringify(options)
    const given = { ...options, ...seedOf(options) }
    const found =
      key.length > LONGEST_KEY
        ? await this.#recallAlone(rows, given, stream, patience.signal)
        : await this.#all<Recalled>(
            'recall',
            `recall ${key}`,
            (batch, streams, here) => this.memory.recall(batch, given, streams, here),
            { rows, stream, patience, options },
          )
    for (const { converged } of found) (converged ? this.#rested : this.#restless).inc()
    for (const { energy } of found) {
      if (Number.isFinite(energy)) this.#energies.observe(energy / this.memory.width)
    }
    return found
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

  get #rested() {
    return this.#metrics.recalls.labels(this.#name, 'yes')
  }

  get #restless() {
    return this.#metrics.recalls.labels(this.#name, 'no')
  }

  get #energies() {
    return this.#metrics.energies.labels(this.#name)
  }

  #all<Single>(question: string, key: string, run: Run<Single>, asked: Rows): Promise<Single[]> {
    const { rows, stream, patience, options } = asked
    const { gatherer, pace } = this.#kindOf(question, key, run, options)
    const { size } = gatherer
    // All of a request, or nothing.
    if (size + rows.length > this.#limits.maxQueue) throw this.#overloaded(size)
    const quick = !patience.told && pace.here(size + rows.length)
    const ask = (row: Row, b: number) =>
      gatherer.ask(row, quick ? { stream: stream + b } : { stream: stream + b, signal: patience.signal })
    return rows.length === 1 ? ask(rows[0], 0).then((one) => [one]) : Promise.all(rows.map(ask))
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
    const sizes = this.#metrics.batchRows.labels(this.#name, question)
    const waits = this.#metrics.waits.labels(this.#name, question)
    const pace = new Pace(this.memory.width * this.memory.patternCount, options)
    const gatherer = new Gatherer<Row, Single, Waiting>(
      {
        take: (_: string, row: Row): Waiting => ({ row, since: performance.now() }),
        run: (waiting: readonly Waiting[], streams: Float64Array) => {
          sizes.observe(waiting.length)
          waits.observe((performance.now() - waiting[0].since) / 1000)
          const rows = waiting.map(({ row }) => row)
          const here = pace.here(rows.length)
          const began = performance.now()
          const answers = run(rows, streams, here)
          if (here) pace.note(rows.length, performance.now() - began)
          else pace.away()
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
      const found = await this.memory.recall(rows, options, streams, false, signal)
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

/** A seed beyond 2^53 comes as decimal digits. */
function seedOf(options: { seed?: unknown }): { seed?: bigint } {
  return typeof options.seed === 'string' ? { seed: BigInt(options.seed) } : {}
}
