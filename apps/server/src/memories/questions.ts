import { Gatherer, HopfieldError } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import type { Metrics } from '../metrics.js'
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

type Run<Single> = (rows: readonly Row[], streams: Float64Array) => Promise<Each<Single>>

type Limits = Pick<ServerConfig, 'maxBatch' | 'maxQueue' | 'maxWait' | 'threads'>

/** What is asked of one memory as it is: single rows are gathered into batches, by the kind of question. */
export class Questions {
  readonly memory: ServedMemory
  readonly #name: string
  readonly #limits: Limits
  readonly #metrics: Metrics
  readonly #gatherers = new Map<string, Gatherer<Row, unknown>>()
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
    signal: AbortSignal | undefined,
  ): Promise<Recalled[]> {
    const key = JSON.stringify(options)
    const given = { ...options, ...seedOf(options) }
    const found =
      key.length > LONGEST_KEY
        ? await this.#recallAlone(rows, given, stream, signal)
        : await this.#all<Recalled>(
            'recall',
            `recall ${key}`,
            (batch, streams) => this.memory.recall(batch, given, streams),
            { rows, stream, signal },
          )
    for (const { converged } of found) (converged ? this.#rested : this.#restless).inc()
    for (const { energy } of found) {
      if (Number.isFinite(energy)) this.#energies.observe(energy / this.memory.width)
    }
    return found
  }

  nearest(rows: readonly Row[], k: number, signal: AbortSignal | undefined): Promise<Found[]> {
    const run = (batch: readonly Row[]) => this.memory.nearest(batch, k)
    return this.#all('nearest', `nearest ${k}`, run, { rows, stream: 0, signal })
  }

  overlaps(rows: readonly Row[], signal: AbortSignal | undefined): Promise<Float64Array[]> {
    const run = (batch: readonly Row[]) => this.memory.overlaps(batch)
    return this.#all('overlaps', 'overlaps', run, { rows, stream: 0, signal })
  }

  energies(rows: readonly Row[], signal: AbortSignal | undefined): Promise<number[]> {
    const run = (batch: readonly Row[]) => this.memory.energies(batch)
    return this.#all('energy', 'energy', run, { rows, stream: 0, signal })
  }

  /** Resolves when all that was asked is answered. */
  async close(): Promise<void> {
    await Promise.all([...this.#leaving, ...Array.from(this.#gatherers.values(), (one) => one.close())])
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

  #all<Single>(
    question: string,
    key: string,
    run: Run<Single>,
    asked: { rows: readonly Row[]; stream: number; signal: AbortSignal | undefined },
  ): Promise<Single[]> {
    const { rows, stream, signal } = asked
    const gatherer = this.#gathererOf(question, key, run)
    // All of a request, or nothing.
    if (gatherer.size + rows.length > this.#limits.maxQueue) throw this.#overloaded(gatherer.size)
    return Promise.all(
      rows.map((row, b) =>
        gatherer.ask(row, signal === undefined ? { stream: stream + b } : { stream: stream + b, signal }),
      ),
    )
  }

  #gathererOf<Single>(question: string, key: string, run: Run<Single>): Gatherer<Row, Single> {
    const known = this.#gatherers.get(key)
    if (known !== undefined) {
      if (this.#gatherers.size > MOST_KINDS / 2) {
        this.#gatherers.delete(key)
        this.#gatherers.set(key, known)
      }
      return known as Gatherer<Row, Single>
    }
    if (this.#gatherers.size === MOST_KINDS) {
      const [oldest, gatherer] = this.#gatherers.entries().next().value as [string, Gatherer<Row, unknown>]
      this.#gatherers.delete(oldest)
      const leaving = gatherer.close().finally(() => this.#leaving.delete(leaving))
      this.#leaving.add(leaving)
    }
    const { maxBatch: maxSize, maxQueue, maxWait, threads } = this.#limits
    const sizes = this.#metrics.batchRows.labels(this.#name, question)
    const waits = this.#metrics.waits.labels(this.#name, question)
    const made = new Gatherer<Row, Single, Waiting>(
      {
        take: (_: string, row: Row): Waiting => ({ row, since: performance.now() }),
        run: (waiting: readonly Waiting[], streams: Float64Array) => {
          sizes.observe(waiting.length)
          waits.observe((performance.now() - waiting[0].since) / 1000)
          return run(
            waiting.map(({ row }) => row),
            streams,
          )
        },
      },
      { maxSize, maxQueue, maxWait, threads },
    )
    this.#gatherers.set(key, made as Gatherer<Row, unknown>)
    return made
  }

  /** A recall with options of its own, which an abort stops. */
  async #recallAlone(
    rows: readonly Row[],
    options: object,
    stream: number,
    signal: AbortSignal | undefined,
  ): Promise<Recalled[]> {
    if (this.#alone >= MOST_KINDS) throw this.#overloaded(this.#alone)
    this.#alone++
    try {
      const streams = Float64Array.from(rows, (_, b) => stream + b)
      const found = await this.memory.recall(rows, options, streams, signal)
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
